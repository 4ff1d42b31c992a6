from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.organisations.models import Kind
from zhibu.web.parties.models import Part

KINDS = [choice for choice in Kind.choices if choice[0] != Kind.GROUP]


class DivisionForm(forms.Form):
    """One list of kinds for each part."""

    document = forms.CharField(label="依据文件", max_length=200, error_messages={"required": "写明文件名称和文号"})

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for part in Part:
            self.fields[part.value] = forms.MultipleChoiceField(
                label=part.label, choices=KINDS, required=False, widget=forms.CheckboxSelectMultiple
            )

    @property
    def parts(self) -> dict[str, list[str]]:
        return {part.value: self.cleaned_data[part.value] for part in Part}
