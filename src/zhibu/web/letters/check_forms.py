"""The forms of a check: one page for all clauses, the fields of each named by its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from zhibu.web.core.fields import day, line
from zhibu.web.letters.checking import Judged, Told
from zhibu.web.letters.forms import points
from zhibu.web.letters.models import LetterMark
from zhibu.web.letters.wording import Line
from zhibu.web.review.forms import prose


@dataclass(frozen=True, slots=True)
class Row:
    """A clause on the page, with its fields."""

    line: Line
    fields: tuple[forms.BoundField, ...]


class ReportForm(forms.Form):
    """`lines`: the clauses that stand; `marks`: what was said before."""

    def __init__(self, *args: Any, lines: Sequence[Line], marks: Mapping[int, LetterMark], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for one in lines:
            pk, mark = one.clause.pk, marks.get(one.clause.pk)
            proof = mark and ((mark.record and mark.record.number) or (mark.paper and mark.paper.title))
            self.fields[f"did_{pk}"] = prose("办了什么", "", 1000, 2)
            self.fields[f"did_{pk}"].wanted = True  # type: ignore[attr-defined]  # to send; not to keep a draft
            self.fields[f"percent_{pk}"] = forms.IntegerField(
                label="完成百分之几", required=False, min_value=0, max_value=100,
                error_messages={
                    "invalid": "写 0 到 100 的整数", "min_value": "最小 0", "max_value": "最大 100",
                },
            )  # fmt: skip
            self.fields[f"proof_{pk}"] = line("佐证", 120)
            self.initial |= {
                f"did_{pk}": mark.did if mark else "", f"percent_{pk}": mark.percent if mark else None,
                f"proof_{pk}": proof or "",
            }  # fmt: skip

    def rows(self) -> list[Row]:
        names = ("did", "percent", "proof")
        return [Row(one, tuple(self[f"{name}_{one.clause.pk}"] for name in names)) for one in self.lines]

    def told(self) -> dict[int, Told]:
        got = self.cleaned_data
        return {
            pk: Told(got[f"did_{pk}"], got[f"percent_{pk}"], got[f"proof_{pk}"])
            for pk in (one.clause.pk for one in self.lines)
        }  # fmt: skip


class JudgeForm(forms.Form):
    """`scored`: at the year's end. `answered`: to the unit's opinion, after which nothing is asked of it any more."""

    def __init__(
        self, *args: Any, lines: Sequence[Line], marks: Mapping[int, LetterMark], scored: bool, answered: bool,
        **kwargs: Any,
    ):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.lines, self.scored, self.answered = lines, scored, answered
        for one in lines:
            pk, mark = one.clause.pk, marks.get(one.clause.pk)
            if scored:
                self.fields[f"points_{pk}"] = points("得分")
                given = mark.points if mark and mark.points is not None else one.points
                self.initial[f"points_{pk}"] = f"{given.normalize():f}"
            self.fields[f"reason_{pk}"] = line("理由" if scored else "意见", 300)
            self.initial[f"reason_{pk}"] = mark.reason if mark else ""
        if answered:
            self.fields["reply"] = prose("对单位意见的答复", "写明采纳了什么，没有采纳的为什么", 1000, 4)
        else:
            self.fields["answer_by"] = day("单位答复期限", "写给单位到哪天看结果、提意见")

    def rows(self) -> list[Row]:
        names = ("points", "reason") if self.scored else ("reason",)
        return [Row(one, tuple(self[f"{name}_{one.clause.pk}"] for name in names)) for one in self.lines]

    def judged(self) -> dict[int, Judged]:
        got = self.cleaned_data
        return {
            pk: Judged(got.get(f"points_{pk}"), got[f"reason_{pk}"]) for pk in (one.clause.pk for one in self.lines)
        }


class AnswerForm(forms.Form):
    text = prose("意见", "写明哪一条、为什么", 1000, 4)
