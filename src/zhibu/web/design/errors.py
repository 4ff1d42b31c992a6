"""Django's stock error messages, said our way (ux.md 6): name the field, say what to write, no 请, no 无效.

A message a form wrote itself is left alone.
"""

from django import forms
from django.forms import widgets
from django.forms.boundfield import BoundField

CHOICES = (widgets.Select, widgets.RadioSelect, widgets.CheckboxSelectMultiple)


def words_of(bound: BoundField) -> list[str]:
    """The errors of a field, as they are read beside it and in the summary."""
    return [word for error in bound.errors.as_data() for word in _words(bound, error)]


def _words(bound: BoundField, error: forms.ValidationError) -> list[str]:
    known = STOCK.get(error.code or "")
    if known is None or not _is_stock(bound.field, error):
        return list(error.messages)
    return [known(bound, error.params or {})]


def _is_stock(field: forms.Field, error: forms.ValidationError) -> bool:
    """Whether the message is Django's own, not one the form gave for this code."""
    stock = {}
    for base in reversed(type(field).__mro__):
        stock.update(getattr(base, "default_error_messages", {}))
    theirs = field.error_messages.get(error.code)
    return theirs is None or theirs == stock.get(error.code)


def _required(bound: BoundField, _params: dict) -> str:
    widget = bound.field.widget
    if isinstance(widget, widgets.CheckboxInput):
        return f"勾选“{bound.label}”"
    verb = "选择" if isinstance(widget, CHOICES) else "添加" if isinstance(widget, widgets.FileInput) else "填写"
    return f"{verb}{bound.label}"


def _invalid(bound: BoundField, _params: dict) -> str:
    field = bound.field
    if isinstance(field, forms.DateTimeField):
        return f"{bound.label}写成 2026-11-21 19:00 的样子"
    if isinstance(field, forms.DateField):
        return f"{bound.label}写成 2026-11-21 的样子，核对月份和日子"
    if isinstance(field, forms.TimeField):
        return f"{bound.label}写成 19:00 的样子"
    if isinstance(field, forms.IntegerField):
        return f"{bound.label}填数字，例如 38"
    return f"{bound.label}写得不对，核对后再填"


STOCK = {
    "required": _required,
    "invalid": _invalid,
    "max_length": lambda bound, params: (
        f"{bound.label}最多 {params.get('limit_value')} 个字，现在 {params.get('show_value')} 个"
    ),
    "min_length": lambda bound, params: (
        f"{bound.label}至少 {params.get('limit_value')} 个字，现在 {params.get('show_value')} 个"
    ),
    "max_value": lambda bound, params: f"{bound.label}最大是 {params.get('limit_value')}",
    "min_value": lambda bound, params: f"{bound.label}最小是 {params.get('limit_value')}",
    "invalid_choice": lambda bound, _params: f"{bound.label}里没有这个选项，重新选一个",
    "empty": lambda bound, _params: f"{bound.label}：选中的文件是空的，换一个",
    "missing": lambda bound, _params: f"{bound.label}：没有传上，重新选一次文件",
}
