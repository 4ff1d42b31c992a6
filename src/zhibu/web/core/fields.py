"""Fields that forms of several apps have."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import URLValidator
from django.urls import reverse

PICK = ("", "选一项")  # the first of a list in which nothing is chosen beforehand
ADDRESS = "链接要以 https:// 开头，从浏览器地址栏整条复制"


def day(label: str, missing: str = "") -> forms.DateField:
    """A date of the browser's own picker. With `missing`, the sentence for a reader who left it empty, it must be
    given."""
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(
        label=label, required=bool(missing), widget=widget, error_messages={"required": missing} if missing else {}
    )


def line(label: str, longest: int, missing: str = "") -> forms.CharField:
    """One line of text. With `missing`, the sentence for a reader who left it empty, it must be given."""
    said = {"required": missing} if missing else None
    return forms.CharField(label=label, max_length=longest, required=bool(missing), error_messages=said)


def address(label: str = "链接") -> forms.URLField:
    """An https address somebody pastes. Shown as a link, never fetched."""
    return forms.URLField(
        label=label, required=False, max_length=300, assume_scheme="https",
        validators=[URLValidator(schemes=["https"], message=ADDRESS)], error_messages={"invalid": ADDRESS},
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )  # fmt: skip


def suggest(field: Any, needs: str, below: str = "") -> None:
    """The script offers, in this field, organisations at which the asker may do `needs`, as one types (`/pick/`);
    `below`: only under the one of that code. What is then typed or taken means, the form says."""
    asked = {"for": needs} | ({"below": below} if below else {})
    field.widget.attrs["data-places"] = f"{reverse('pick')}?{urlencode(asked)}"
