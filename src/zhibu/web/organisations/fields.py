"""The one way a form asks for an organisation: by name, short name or code, within reach of who asks.

With the script the box suggests as one types (`/pick/`, pinyin initials too); without it, it is a plain box.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import QuerySet

from zhibu.web.core.fields import suggest
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import Organisation

HINT = "写名称、简称或代码；写几个字或拼音首字母，可以从列出的里选"
MANY = "一行一个，写名称、简称或代码"
MOST = 500  # of one list


class _Within:
    """What both fields have: the reach, said by `at` before the form is used; without it nothing can be read."""

    rows: QuerySet[Organisation]
    widget: Any

    def at(self, scope: Scope, below: Organisation | None = None) -> None:
        """`below`: only that organisation and what is under it."""
        rows = finding.reached(scope)
        self.rows = rows if below is None else rows.filter(subtree("path", below.path))
        suggest(self, scope.action, below.code if below else "")


class PlaceField(_Within, forms.CharField):
    """One organisation; None when it may be left empty and is. `missing`: the sentence for who left it empty."""

    def __init__(self, label: str, missing: str = "", help_text: str = HINT, **more: Any):
        said = {"required": missing} if missing else None
        super().__init__(
            label=label, max_length=120, required=bool(missing), error_messages=said, help_text=help_text, **more
        )

    def clean(self, value: Any) -> Organisation | None:  # type: ignore[override]
        text = " ".join(super().clean(value).split())
        try:
            return self.found(text) if text else None
        except finding.NotFound as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def found(self, text: str) -> Organisation:
        """Raises NotFound."""
        return finding.named(self.rows, text)


class AnywhereField(PlaceField):
    """Out of reach too, but then by its code or whole name, as on a letter. Nothing out of reach is suggested."""

    def found(self, text: str) -> Organisation:
        return finding.elsewhere(text) or super().found(text)


class PlacesField(_Within, forms.CharField):
    """A list of organisations, each once: one on a line, or several with commas or blanks between them."""

    def __init__(self, label: str, missing: str = "", help_text: str = MANY, most: int = MOST, **more: Any):
        said = {"required": missing} if missing else None
        super().__init__(
            label=label, max_length=60_000, required=bool(missing), error_messages=said, help_text=help_text,
            widget=forms.Textarea(attrs={"rows": 6}), **more,
        )  # fmt: skip
        self.most = most

    def clean(self, value: Any) -> list[Organisation]:  # type: ignore[override]
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        parts = {line: list(filter(None, re.split(r"[，、,\s]", line))) for line in lines if line}
        pieces = {piece for some in parts.values() for piece in some}
        if len(pieces) > self.most:
            raise forms.ValidationError(f"最多 {self.most} 个单位，现在是 {len(pieces)} 个")
        known = finding.all_named(self.rows, {*parts, *pieces})
        told = [text for line, some in parts.items() for text in ([line] if known[line] else some)]
        if missing := [text for text in dict.fromkeys(told) if known[text] is None]:
            raise forms.ValidationError(_refusal(self.rows, missing))
        return list({one.pk: one for text in told if (one := known[text])}.values())


def _refusal(rows: QuerySet[Organisation], missing: list[str]) -> str:
    if len(missing) == 1:
        return finding.refusal(rows, missing[0])
    return f"本级管理范围内没有这些：{'、'.join(missing[:5])}。名称和代码在“组织”一页可以查到"


class ScopedForm(forms.Form):
    """A form that knows who asks; its fields for organisations look within that reach."""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.scope = scope
        for field in self.fields.values():
            if isinstance(field, PlaceField | PlacesField):
                field.at(scope)
