"""Fields that forms of several apps have."""

from __future__ import annotations

from django import forms


def day(label: str, missing: str = "") -> forms.DateField:
    """A date of the browser's own picker. With `missing`, the sentence for a reader who left it empty, it must be
    given."""
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(
        label=label, required=bool(missing), widget=widget, error_messages={"required": missing} if missing else {}
    )
