"""A draft to be tried: YAML texts beside the published ones. Mistakes are told by line, what was typed stays."""

from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.regulations.drafts import Draft, Mistake, mistakes
from zhibu.web.regulations.models import Rulebook, Scheme
from zhibu.web.regulations.queries import published, scheme_versions

LONGEST = 200_000  # characters of a text: ten times the longest pack
SHOWN = 20  # mistakes of one text


class Versions(forms.ModelChoiceField):
    def label_from_instance(self, row: Scheme) -> str:
        day = row.published_at.astimezone().date()
        return f"{row.title}（{day} 发布，{'已被替换' if row.withdrawn_at else '现行'}）"


class Books(forms.ModelChoiceField):
    def label_from_instance(self, row: Rulebook) -> str:
        return f"{row.title}（{row.since} 起施行）"


class Text(forms.CharField):
    """Line ends as the engine counts them."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "class": "draft-text", "wrap": "off"})


class TrialForm(forms.Form):
    year = forms.TypedChoiceField(label="用哪一年的记录试", coerce=int)
    against = Versions(Scheme.objects.none(), label="跟哪一版考核方案比", empty_label=None)
    on = forms.DateField(
        label="规则书以哪一天有效的为准",
        required=False,
        help_text="不填就用现行的",
        widget=forms.DateInput({"type": "date"}),
    )
    scheme_text = Text(
        label="考核方案草案",
        max_length=LONGEST,
        strip=False,
        widget=_area(22),
        help_text="已填好所比的那一版，直接改权重、规则、等次、加减分",
        error_messages={"required": "草案是空的，选好版本后点“取这一版的原文”"},
    )
    replaces = Books(Rulebook.objects.none(), label="也改一部规则书", required=False, empty_label="不改，只试考核方案")
    book_text = Text(label="规则书草案", max_length=LONGEST, strip=False, required=False, widget=_area(22))

    def __init__(self, years: list[int], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year} 年") for year in years]
        self.fields["against"].queryset = scheme_versions().only("title", "published_at", "withdrawn_at", "text")
        self.fields["replaces"].queryset = published().order_by("title", "since")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("replaces") and not data.get("book_text", "").strip():
            self.add_error("book_text", "规则书草案是空的，点“取规则书原文”，或者选“不改”")
        if self.errors:
            return data
        for one in mistakes(self.draft):
            self._tell(one)
        return data

    @property
    def draft(self) -> Draft:
        data = self.cleaned_data
        book = data["book_text"] if data["book_text"].strip() else ""
        return Draft(data["scheme_text"], data["against"], book, data["replaces"], data["on"])

    def _tell(self, one: Mistake) -> None:
        field = {"scheme": "scheme_text", "book": "book_text"}.get(one.text)
        if field is None or len(self.errors.get(field, ())) < SHOWN:
            self.add_error(field, f"第 {one.line} 行{self._quoted(field, one.line)}：{one.said}" if field else one.said)

    def _quoted(self, field: str, line: int) -> str:
        """The line itself, for a text area shows no numbers."""
        lines = self.cleaned_data.get(field, "").split("\n")
        text = lines[line - 1].strip()[:40] if 0 < line <= len(lines) else ""
        return f"（{text}）" if text else ""
