"""Taking in the checkpoints of an installation below; and how a form tells that an action refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict

from zhibu.web.audit.actions import NotAllowed, Unfit

LONGEST = 600_000  # characters: some two thousand checkpoints


class TakeForm(forms.Form):
    text = forms.CharField(
        label="检查点",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        error_messages={"required": "粘贴下级送来的检查点", "max_length": "太长了，请分几次收存"},
    )
    key = forms.CharField(
        label="公钥", required=False, max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def tried[T](form: forms.Form, act: Callable[[], T]) -> T | None:
    """What the action gives back; None when it refused, with its words on the form."""
    try:
        with transaction.atomic():
            return act()
    except Unfit as refusal:
        _sent(form).add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    except NotAllowed as refusal:
        _sent(form).add_error(None, str(refusal))
    return None


def carried_out(form: forms.Form, act: Callable[..., object], **more: Any) -> bool:
    """Whether the form was right and the action, given its values, was done; else the reason stands on the form."""
    if _sent(form).is_valid():
        tried(form, lambda: act(**more, **form.cleaned_data))
    return not form.errors


def _sent(form: forms.Form) -> forms.Form:
    """The form, judged. An empty POST (`request.POST or None`) is a form with nothing typed, not one never sent."""
    if not form.is_bound:
        form.is_bound, form.data = True, QueryDict()
    form.is_valid()
    return form
