"""The ballots of one round as they are read out: heads and papers, then each name with its votes."""

from __future__ import annotations

from typing import Any

from django import forms

from zhibu.engine.ballots import LEFT_OUT_CLASSES
from zhibu.web.procedures.counting import Asked

MOST_HEADS = 100_000
MOST_ROWS = 20
USUAL, WRITTEN_IN = 4, 2  # rows of candidates where their number is not known; of names the voters wrote in
HEADS = {
    "voters": "有选举权的党员（全部）", "present": "实到会", "seats": "这一轮应选名额", "issued": "发出选票",
    "returned": "收回选票", "spoiled": "其中废票",
}  # fmt: skip
HINTS = {"spoiled": "所选人数多于应选名额的票"}


class BallotForm(forms.Form):
    """`rows` of candidates; those left empty are nobody. What the numbers can't be is said by the arithmetic."""

    prefix = "b"

    def __init__(self, *args: Any, what: Asked, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.what = what
        for name, label in HEADS.items():
            self.fields[name] = _whole(label, must=name != "spoiled", hint=HINTS.get(name, ""))
        self.fields["seats"].initial = what.seats
        for why, label in LEFT_OUT_CLASSES.items():
            self.fields[f"out_{why}"] = _whole(label)
        listed = min(max(len(what.tied), what.candidates or USUAL), MOST_ROWS)
        if what.tied or not what.ballots.surplus:
            listed = max(len(what.tied), what.seats or 1)
        self.rows = [(f"{at}", True) for at in range(listed)] + [(f"w{at}", False) for at in range(WRITTEN_IN)]
        for at, (key, listed_here) in enumerate(self.rows):
            said = f"候选人 {at + 1}" if listed_here else "另选他人"
            widget = forms.TextInput(attrs={"autocomplete": "off", "list": "roster"})
            tied = what.tied[at] if listed_here and at < len(what.tied) else None
            self.fields[f"name_{key}"] = forms.CharField(
                label=said, required=False, max_length=40, widget=widget, initial=tied
            )
            self.fields[f"votes_{key}"] = _whole("得票")

    @property
    def heads(self) -> list[forms.BoundField]:
        return [self[name] for name in HEADS]

    @property
    def left_out(self) -> list[forms.BoundField]:
        return [self[f"out_{why}"] for why in LEFT_OUT_CLASSES]

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"name_{key}"], self[f"votes_{key}"]) for key, _ in self.rows]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for key, _ in self.rows:
            name, votes = data.get(f"name_{key}"), data.get(f"votes_{key}")
            if name and votes is None and f"votes_{key}" not in self.errors:
                self.add_error(f"votes_{key}", f"写上{name}的得票；没有得票的写 0")
            elif not name and votes:
                self.add_error(f"name_{key}", f"这 {votes} 票是投给谁的，写上姓名")
        return data

    def typed(self) -> dict[str, Any]:
        """For `counting.counted`, as JSON."""
        data = self.cleaned_data
        return {
            **{name: data[name] or 0 for name in HEADS},
            "left_out": {why: data[f"out_{why}"] for why in LEFT_OUT_CLASSES if data.get(f"out_{why}")},
            "candidates": [
                {"name": data[f"name_{key}"], "votes": data[f"votes_{key}"], "nominated": listed}
                for key, listed in self.rows
                if data[f"name_{key}"]
            ],
        }


def _whole(label: str, *, must: bool = False, hint: str = "") -> forms.IntegerField:
    missing = {"required": f"填写{label}"}
    return forms.IntegerField(
        label=label, required=must, min_value=0, max_value=MOST_HEADS, help_text=hint, error_messages=missing
    )
