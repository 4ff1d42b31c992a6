from __future__ import annotations

from typing import Any

from django import forms


class DecideForm(forms.Form):
    answer = forms.CharField(
        label="批准人的话", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不批准时写明原因，申请人看得到",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.data.get("do") == "refuse" and not found.get("answer"):
            self.add_error("answer", "写明不批准的原因")
        return found
