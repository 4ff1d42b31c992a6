"""Forms made from a procedure: what a step asks, and nothing else. Names: `v_<value>`, `p_<paper>`, `vote_<column>`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from zhibu.engine.procedures.model import SKIPPED, YES, Lasts, Paper, Procedure, Share, Step, Value, VoteGate
from zhibu.web.core.fields import PICK, day, suggest
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.fields import PlaceField, ScopedForm
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures import effects
from zhibu.web.procedures.actions import Entry
from zhibu.web.procedures.casework import BORN, plain
from zhibu.web.procedures.library import Versions

LONGEST = 200_000  # characters of a text
MOST_HEADS = 100_000
# effect → the value in which its procedure names another organisation (`reorganising.py`, `passing.py`)
PLACES = {"organisations.move": "to", "organisations.merge": "into", "members.send": "destination"}
WHAT = {"seats": "应选名额", "returned": "收回的票"}
HEADS = {
    "due": "应到会有表决权的人数", "present": "到会有表决权的人数", "yes": "赞成", "no": "反对", "abstain": "弃权",
    "written_yes": "因故未到会、事先书面赞成的",
}  # fmt: skip


def value_field(value: Value) -> forms.Field:
    """Never required: what must be there is said by the engine, together with everything else that is missing."""
    match value.type:
        case "date":
            return day(value.title)
        case "whole":
            return forms.IntegerField(label=value.title, required=False, min_value=-(10**9), max_value=10**9)
        case "money":
            return forms.DecimalField(label=value.title, required=False, max_digits=14, decimal_places=2)
        case "flag":
            return forms.ChoiceField(label=value.title, required=False, choices=[PICK, ("yes", "是"), ("no", "否")])
        case "choice":
            return forms.ChoiceField(label=value.title, required=False, choices=[PICK, *value.options.items()])
    return forms.CharField(label=value.title, required=False, max_length=300)


def told_values(data: dict[str, Any], values: list[Value]) -> dict[str, Any]:
    """The values that were filled in, as JSON."""
    found = {}
    for one in values:
        given = data.get(f"v_{one.id}")
        if given not in (None, ""):
            found[one.id] = given == "yes" if one.type == "flag" else plain(given)
    return found


COUNTED = ("due", "present", "yes")  # heads that are never nought by silence


class OpenForm(forms.Form):
    """Who or what it is about, and what the procedure asks at the start."""

    member = forms.ChoiceField(label="本支部的党员", required=False)
    name = forms.CharField(label="姓名", max_length=40, required=False)
    born_on = day("出生日期")
    opened = day("开始日期", "填写开始日期，如：递交申请的那一天")
    written_later = forms.BooleanField(label="这是以前办的事，现在补录（步骤可以早于开始日期）", required=False)

    def __init__(self, *args: Any, scope: Scope, here: Organisation, book: Procedure, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.book, self.scope = book, scope
        if book.subject == "person":
            rows = Member.objects.within(scope.doing("members.view")).filter(organisation=here, left_on=None)
            people = rows.order_by("initials", "pk").values_list("pk", "name")
            self.fields["member"].choices = [("", "不在名册里"), *((str(pk), name) for pk, name in people)]
            if all(one.id != BORN for one in book.values):
                del self.fields["born_on"]
        else:
            del self.fields["member"], self.fields["born_on"]
            self.fields["name"].label = "单位名称" if book.subject == "unit" else "拟设或涉及的党组织名称"
        follows = {one.effect for step in book.steps for one in (step, *step.outcomes)}
        naming = {PLACES[word] for word in follows & PLACES.keys()}
        for value in self.asked:
            self.fields[f"v_{value.id}"] = value_field(value)
            self.fields[f"v_{value.id}"].required = True
            if value.id in naming:
                suggest(self.fields[f"v_{value.id}"], scope.action)

    @property
    def asked(self) -> list[Value]:
        return [one for one in self.book.values if one.at_start and one.id != BORN]

    @property
    def asked_fields(self) -> list[forms.BoundField]:
        return [self[f"v_{one.id}"] for one in self.asked]

    def told(self) -> dict[str, Any]:
        """For `actions.open_case`."""
        data = self.cleaned_data
        member = data.get("member")
        rows = Member.objects.within(self.scope.doing("members.view"))
        return {
            "member": rows.filter(pk=member).first() if member else None,
            "name": data.get("name", ""),
            "born_on": data.get("born_on"),
            "opened": data["opened"],
            "written_later": data["written_later"],
            "values": told_values(data, self.asked),
        }


class StepForm(forms.Form):
    """One step: its day, its outcome, what it asks, its papers, its votes."""

    done = day("办理日期", "填写这一步办完的日期")
    begun = day("从哪天开始")
    outcome = forms.ChoiceField(label="结果", required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="说明", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="晚于期限、有一般要求没有做到，或者跳过这一步时写明",
    )  # fmt: skip

    def __init__(
        self, *args: Any, step: Step, versions: Versions, there: frozenset[str] = frozenset(), optional: bool = False,
        counted: tuple[str, ...] = (), **kwargs: Any,
    ):  # fmt: skip
        """`counted`: values that ballots give; they are not typed, nor is a show of hands."""
        super().__init__(*args, **kwargs)
        self.step, self.there, self.counted = step, there, counted
        self.gates = [*step.gates, *(gate for one in step.outcomes for gate in one.gates)]
        self.values = [one for one in _asked(step, versions) if one.id not in counted]
        self.papers = _papers(step, versions)
        must = not optional and self.data.get(self.add_prefix("outcome")) != SKIPPED
        self.fields["done"].required = not optional
        if any(isinstance(gate, Lasts) for gate in self.gates):
            self.fields["begun"].required = must
        else:
            del self.fields["begun"]
        self._choose()
        for value in self.values:
            self.fields[f"v_{value.id}"] = value_field(value)
            self.fields[f"v_{value.id}"].required = must and value.id in step.asks
        for column, label in self._heads().items():
            self.fields[f"vote_{column}"] = forms.IntegerField(
                label=label, required=must and column in COUNTED, min_value=0, max_value=MOST_HEADS
            )
        for name, label in self._extra().items():
            self.fields[f"x_{name}"] = forms.CharField(
                label=label, required=False, max_length=40, help_text="只交给名册，这里不留",
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip
        for paper in self.papers:
            self.fields[f"p_{paper.id}"] = forms.BooleanField(label=paper.title, required=False)
            self.fields[f"pn_{paper.id}"] = forms.CharField(label="文号", required=False, max_length=60)
            self.fields[f"pd_{paper.id}"] = day("日期")

    def _choose(self) -> None:
        choices = [(one.id, one.title) for one in self.step.outcomes]
        if self.step.skippable:
            choices.append((SKIPPED, "不办这一步（写明理由）"))
        if len(choices) > 1:
            self.fields["outcome"].choices = choices
            self.fields["outcome"].initial = YES
        else:
            del self.fields["outcome"]

    def _heads(self) -> dict[str, str]:
        votes = [gate for gate in self.gates if isinstance(gate, VoteGate)]
        if not votes or self.counted:
            return {}
        shares: list[Share] = [one for gate in votes for one in (gate.quorum, gate.passes) if one]
        heads = {name: label for name, label in HEADS.items() if name != "written_yes" or any(g.written for g in votes)}
        return heads | {name: label for name, label in WHAT.items() if any(one.of == name for one in shares)}

    def _extra(self) -> dict[str, str]:
        names = [self.step.effect, *(one.effect for one in self.step.outcomes)]
        return {name: label for effect in names for name, label in effects.asked(effect).items()}

    # --- for the template

    @property
    def extra_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("x_")]

    @property
    def value_fields(self) -> list[forms.BoundField]:
        return [self[f"v_{one.id}"] for one in self.values]

    @property
    def vote_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("vote_")]

    @property
    def paper_rows(self) -> list[dict[str, Any]]:
        """(paper, whether it is there already, its three fields), the needed first."""
        return [
            {
                "paper": one, "there": one.id in self.there, "needed": one.id in self.step.needs,
                "tick": self[f"p_{one.id}"], "number": self[f"pn_{one.id}"], "on": self[f"pd_{one.id}"],
            }
            for one in self.papers
        ]  # fmt: skip

    # --- for the action

    def entry(self, ballots: dict[str, Any] | None = None) -> Entry:
        data = self.cleaned_data
        return Entry(
            done=data["done"],
            begun=data.get("begun"),
            outcome=data.get("outcome") or YES,
            values=told_values(data, self.values),
            votes=self._votes(),
            ballots=ballots,
            papers=tuple(self._handed_in()),
            reason=data["reason"],
            extra={name[2:]: data[name] for name in self.fields if name.startswith("x_") and data.get(name)},
        )

    def _votes(self) -> dict[str, int | None] | None:
        told = {name[5:]: self.cleaned_data.get(name) for name in self.fields if name.startswith("vote_")}
        if all(one is None for one in told.values()):
            return None
        return {name: one if one is not None or name in WHAT else 0 for name, one in told.items()}

    def _handed_in(self) -> list[dict[str, str]]:
        data, found = self.cleaned_data, []
        for one in self.papers:
            number, on = data.get(f"pn_{one.id}", ""), data.get(f"pd_{one.id}")
            if data.get(f"p_{one.id}") or number or on or one.id in self.step.makes:
                found.append({"id": one.id, "title": one.title, "number": number, "on": on.isoformat() if on else ""})
        return found


def _asked(step: Step, versions: Versions) -> list[Value]:
    ids = [*step.asks, *step.may_ask, *(name for one in step.outcomes for name in one.asks)]
    known = {one.id: one for version in versions for one in version.values}
    return [known[name] for name in dict.fromkeys(ids) if name in known]


def _papers(step: Step, versions: Versions) -> list[Paper]:
    known = {one.id: one for version in versions for one in version.papers}
    return [known[name] for name in dict.fromkeys([*step.needs, *step.makes]) if name in known]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由", min_length=2, max_length=200,
        error_messages={"required": "写明理由", "min_length": "写明理由，至少 2 个字"},
    )  # fmt: skip


class MoveForm(ScopedForm):
    to = PlaceField("接收的党组织", "填写接收的党组织")
    on = day("转出日期", "填写转出日期")
    reason = forms.CharField(label="事由", max_length=200, error_messages={"required": "写明事由，如：组织关系转移"})


class Text(forms.CharField):
    """Line ends as the engine counts them."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "class": "draft-text", "wrap": "off"})


class TextForm(forms.Form):
    """A procedure of one's own, and the case that was walked through it."""

    text = Text(
        label="程序原文（YAML）", max_length=LONGEST, strip=False, widget=_area(24),
        error_messages={"required": "贴上程序的原文"},
    )  # fmt: skip
    cases = Text(
        label="核对用的实例（YAML）", max_length=LONGEST, strip=False, required=False, widget=_area(12),
        help_text="至少一个走通的例子；写不出例子的，在下面写明理由",
    )  # fmt: skip
    proof = forms.CharField(label="没有实例的理由", max_length=200, required=False)


class TryForm(forms.Form):
    """Day by day on paper: nothing is kept."""

    opened = day("开始办理的日期", "填写开始日期")
    on = day("看哪一天的情况", "填写看哪一天的情况")
    text = Text(
        label="自己的程序原文（YAML，可不填）", max_length=LONGEST, strip=False, required=False, widget=_area(12)
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
