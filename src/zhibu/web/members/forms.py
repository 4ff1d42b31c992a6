from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.members import numbers
from zhibu.web.regulations.words import words


def reasons() -> list[tuple[str, str]]:
    """The list of `packs/words.yaml`, group `look_reasons`; a county edits it there."""
    return list(words().get("look_reasons", {}).items())


class ReasonForm(forms.Form):
    """Why whole numbers are needed. `said` is the sentence for the log and for the member."""

    why = forms.ChoiceField(label="事由", error_messages={"required": "选择事由"})
    more = forms.CharField(label="说明", max_length=200, required=False, help_text="本人在“我的”里看得到")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = [("", "选择事由"), *reasons()]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("why") == "look_other" and len(found.get("more", "").strip()) < 4:
            self.add_error("more", "选了“其他”，写明做什么用，至少 4 个字")
        return found

    @property
    def said(self) -> str:
        why, more = dict(reasons())[self.cleaned_data["why"]], " ".join(self.cleaned_data["more"].split())
        return f"{why}：{more}" if more else why


class UnmaskForm(ReasonForm):
    what = forms.ChoiceField(label="看哪个号码", choices=list(numbers.WORDS.items()), widget=forms.RadioSelect)
    field_order = ("what", "why", "more")


class FindForm(forms.Form):
    number = forms.CharField(
        label="身份号码或手机号码", max_length=30,
        error_messages={"required": "填写完整的号码", "max_length": "号码太长，核对后再填"},
    )  # fmt: skip

    def clean_number(self) -> str:
        number = numbers.tidy(self.cleaned_data["number"])
        if not numbers.is_number(number):
            raise forms.ValidationError("填写完整的 18 位身份号码或手机号码，只填几位查不到")
        return str(self.cleaned_data["number"])
