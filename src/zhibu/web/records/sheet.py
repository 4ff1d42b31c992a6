"""The attendance sheet of the form: one select a person, and one choice for all who were not selected.

Not a Django form: a thousand bound fields would be slow, and the sheet changes with the date.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from zhibu.web.members.models import Member
from zhibu.web.records.models import Attendance

PREFIX = "state-"
OUT = "out"  # not expected at this meeting: no row is stored
State = Attendance.State
CHOICES = (("", "没有记"), *State.choices, (OUT, "不在应到之列"))
REST = (
    (State.PRESENT, "到会"),
    (State.LEAVE, "请假"),
    (OUT, "不在应到之列（如支委会只要委员到会）"),
)
_VALUES = {value for value, _ in CHOICES}
_COMMITTEE_ONLY = {"committee_meeting"}


@dataclass(frozen=True, slots=True)
class Row:
    member: Member
    state: str

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.member.pk}"


class Sheet:
    """`states` as chosen, `rest` for the others. `settled` is what will be stored."""

    choices = CHOICES

    def __init__(self, members: Sequence[Member], states: Mapping[int, str], rest: str = ""):
        self.rows = [Row(member, states.get(member.pk, "")) for member in members]
        self.rest = rest

    @property
    def open_rows(self) -> list[Row]:
        """Those nobody has said anything about."""
        return [row for row in self.rows if not row.state]

    @property
    def expected(self) -> int:
        return sum(row.state not in (OUT, State.EXCUSED) for row in self.rows)

    @property
    def touched(self) -> bool:
        """Whether somebody is already marked as not there, so the list should be seen."""
        return any(row.state in (State.LEAVE, State.AWAY, State.ABSENT) for row in self.rows)

    @property
    def missing(self) -> int:
        return 0 if self.rest else len(self.open_rows)

    @property
    def settled(self) -> dict[int, str]:
        states = {row.member.pk: row.state or self.rest for row in self.rows}
        return {pk: state for pk, state in states.items() if state and state != OUT}


def usual(members: Sequence[Member], types: Collection[str]) -> dict[int, str]:
    """What is known before anybody ticks: the old and frail are asked nothing (JY-11); a committee meets alone."""
    states = {member.pk: str(State.EXCUSED) for member in members if member.frail}
    committee = {member.pk for member in members if member.branch_post}
    if types and set(types) <= _COMMITTEE_ONLY and committee:
        states |= {member.pk: OUT for member in members if member.pk not in committee}
    return states


def typed_states(data: Mapping[str, str]) -> dict[int, str]:
    """What was posted, by member. Raises ValueError on a name or a value that the form never offers."""
    states = {}
    for name in data:
        if name.startswith(PREFIX):
            pk, state = name.removeprefix(PREFIX), data[name]
            if not (pk.isascii() and pk.isdigit() and len(pk) < 19) or state not in _VALUES:
                raise ValueError(name)
            states[int(pk)] = state
    return states
