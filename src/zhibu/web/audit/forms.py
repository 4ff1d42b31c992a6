"""Taking in the checkpoints of an installation below."""

from __future__ import annotations

from django import forms

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
