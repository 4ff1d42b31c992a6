"""Form fields that read what people type: full-width digits, Chinese dates, pasted markup."""

from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.records import cleaning


class Line(forms.CharField):
    """One line of plain text."""

    def to_python(self, value: Any) -> str:
        return cleaning.line(super().to_python(value))


class Prose(forms.CharField):
    """Several lines of plain text."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return cleaning.plain(super().to_python(value))


class _Lenient:
    def to_python(self, value: Any) -> Any:
        return super().to_python(cleaning.number(value) if isinstance(value, str) else value)  # type: ignore[misc]


class Day(_Lenient, forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d")


class Clock(_Lenient, forms.TimeField):
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class Heads(_Lenient, forms.IntegerField):
    """A number of people."""


class Hours(_Lenient, forms.DecimalField):
    pass
