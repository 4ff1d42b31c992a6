"""What a step changes elsewhere, in its own transaction: name → function. A register that is not wired yet is told to
people instead ("still to be done by hand"), never pretended.

The step is the authority: its effect runs with the one action it needs, at the organisation of the case only, and
leaves that register's own audit line under the name of the person who recorded the step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from zhibu.engine.rulebooks.model import Scalar
from zhibu.web.audit.actions import Unfit
from zhibu.web.core.scope import ONE, Area, Grant, Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures.models import Case, StepRecord


class CannotFollow(ValueError):
    """The register can't be changed; `str()` says why and what would do. The step is not recorded."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an effect is given: the case, the record, and the values as they stand after it."""

    case: Case
    record: StepRecord
    values: Mapping[str, Scalar]
    extra: Mapping[str, str] = field(default_factory=dict)  # what the register alone asks; stored nowhere here

    @property
    def on(self) -> date:
        return self.record.done

    @property
    def document(self) -> str:
        """Number and day of the papers of the step: the register's own note of what it rests on."""
        named = [" ".join(filter(None, [one["title"], one.get("number", "")])) for one in self.record.papers]
        return "；".join(named)[:200] or f"{self.case.title} {self.case.number}"


@dataclass(frozen=True, slots=True)
class Effect:
    """`do` gives what `undo` needs. Without `undo` the step can't be taken back here."""

    needs: tuple[str, ...]  # actions of the policy
    do: Callable[[Scope, Done], dict[str, Any]]
    undo: Callable[[Scope, Done], None] | None = None
    undo_needs: tuple[str, ...] = ()
    asks: Mapping[str, str] = field(default_factory=dict)  # of the person who records the step: name → label


# What procedures may name, with the words for what has to be done where nothing is wired.
WORDS: dict[str, str] = {
    "members.admit": "在党员名册登记为预备党员",
    "members.make_full": "在党员名册改为正式党员",
    "members.extend_probation": "在党员名册延长预备期",
    "members.drop_probationary": "在党员名册取消预备党员资格",
    "members.send": "在党员名册登记转出",
    "members.receive": "在党员名册登记转入",
    "members.refuse": "在党员名册登记退回",
    "members.leave": "在党员名册登记离开",
    "offices.elected": "登记新一届班子、任期",
    "organisations.set_up": "在组织一页登记新党组织",
    "organisations.rename": "在组织一页改名称",
    "organisations.convert": "在组织一页改设置形式",
    "organisations.move": "在组织一页调整隶属关系",
    "organisations.merge": "在组织一页登记合并",
    "organisations.abolish": "在组织一页登记撤销",
}
NAMES = frozenset(WORDS)


def run(*, by: Scope, name: str, done: Done) -> tuple[dict[str, Any], str]:
    """(what its undo needs, what people must still do). Raises CannotFollow."""
    effect = EFFECTS.get(name)
    if effect is None:
        return {}, WORDS.get(name, name)
    try:
        return effect.do(_for(by, effect.needs, _at(name, done.case)), done), ""
    except Unfit:
        raise
    except (PermissionError, ValueError) as refusal:
        raise CannotFollow(str(refusal)) from refusal


def asked(name: str | None) -> Mapping[str, str]:
    """What the register of an effect asks beside the step's own values: name → label."""
    effect = EFFECTS.get(name or "")
    return effect.asks if effect else {}


def take_back(*, by: Scope, done: Done) -> None:
    """Undo what the record changed. Raises CannotFollow where that can't be done here."""
    name = done.record.effect
    if not name or done.record.effect_left:
        return
    effect = EFFECTS.get(name)
    if effect is None or effect.undo is None:
        raise CannotFollow(
            f"这一步已经{WORDS.get(name, name)}，在这里撤不回。先在那里改回来，再按实际情况补记后面的步骤"
        )
    try:
        effect.undo(_for(by, effect.undo_needs, _at(name, done.case)), done)
    except (PermissionError, ValueError) as refusal:
        raise CannotFollow(str(refusal)) from refusal


def _at(name: str, case: Case) -> Organisation:
    """Where a register is changed: at the organisation of the case; a receipt is noted, or refused, where one goes."""
    receives = name in ("members.receive", "members.refuse") and case.receiver is not None
    return case.receiver if receives else case.organisation


def _for(by: Scope, needs: tuple[str, ...], at: Organisation) -> Scope:
    """The asker with these actions at this one organisation."""
    given = Grant("procedure", (Area(at.path, ONE),), frozenset(needs))
    return replace(by, grants=(*by.grants, given))


EFFECTS: dict[str, Effect] = {}  # filled by `wired.py`


def member_of(done: Done) -> Member:
    """The person of the case, on the roster of its organisation. Raises CannotFollow."""
    rows = Member.objects.unscoped("the person of the case").select_related("organisation")
    found = rows.filter(pk=done.case.member_id, organisation=done.case.organisation_id).first()
    if found is None:
        raise CannotFollow("这件事没有对应的在册党员，名册没有改。先在名册里登记，再记这一步")
    return found


def day_of(done: Done, step: str) -> date:
    """The day of the last record of that step in the case; without one, the day of this step."""
    rows = StepRecord.objects.unscoped("of a case that was reached").filter(case=done.case, undone_at=None, step=step)
    return rows.order_by("-pk").values_list("done", flat=True).first() or done.on
