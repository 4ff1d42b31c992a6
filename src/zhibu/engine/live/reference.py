"""The evaluator of `Live` that takes the reference's own steps, and judges again only what a change can touch.

Where the compiled kernel covers the rules and the rows, it judges the subjects of a change whole (kernels.py). Else
what a verdict reads is known: the subject's rows (the columns its rule uses, its life and validity), the events of
the subject that the rule wants or is triggered by, the waivers of subject and rule. A change touches a rule when it
changes one of these, and of a calendar's periods those to which the event belongs or on which the waiver lies. These
are judged before and after; no verdict is kept. Only rows of changed subjects become Python, of their events those of
the types that the rules touched ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from zhibu.engine import escalation, scores, tree
from zhibu.engine import holidays as calendars
from zhibu.engine.facts import ROW, Facts
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.holidays import Holidays
from zhibu.engine.live.change import Applied, Change, Moved, Name, Place
from zhibu.engine.live.differences import differing
from zhibu.engine.live.judging import Before, Judging, Told
from zhibu.engine.live.kernels import kernels
from zhibu.engine.live.rows import Rows
from zhibu.engine.live.steps import Step, Subject, named
from zhibu.engine.live.world import Changing
from zhibu.engine.plan import Plan
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.subjects import row_on
from zhibu.engine.verdict import CONCLUDED, Verdict


class Reference:
    """Raises EngineError like `evaluate` when rules and facts do not fit."""

    def __init__(
        self,
        rulebooks: Iterable[Rulebook],
        facts: Facts,
        window: tuple[date, date],
        as_of: date,
        *,
        scheme: Scheme | None = None,
        holidays: Holidays | None = None,
    ):
        days = holidays or calendars.official()
        self._scheme = scheme
        self._open(Rows(tuple(rulebooks), facts, window, as_of, scheme, days))

    def _open(self, rows: Rows) -> None:
        self._rows, self._world = rows, Changing(rows.plan, rows.bound, rows.written)
        self._judging = Judging(self._world)
        self._kernels = kernels(self._world, self._judging)

    # --- what is, as of now ---

    @property
    def plan(self) -> Plan:
        return self._rows.plan

    def verdicts(self, organisation: str) -> list[Verdict]:
        return self._judging.whole(("organisation", organisation))

    def run(self, organisation: str, rule: Name) -> tuple[int, date] | None:
        if self._kernels and self._kernels.knows(organisation):
            return self._kernels.run(organisation, rule)
        missed = escalation.run(one for one in self._judging.latest(organisation, rule) if one.status in CONCLUDED)
        return (len(missed), missed[-1].starts_on) if missed else None

    def every(self) -> Iterator[Verdict]:
        return (one for found in self._everybody().values() for one in found)

    def _everybody(self) -> Told:
        subjects = [(subject, identity) for subject in SUBJECTS for identity in self._world.histories[subject]]
        return {one: self._judging.whole(one) for one in subjects}

    def adjusted(self, organisation: str) -> tuple[Fraction, Fraction]:
        rows = self._world.adjustments.get(organisation, ())
        return scores.adjusted(self.plan, self._scheme, rows) if self._scheme else scores.NOTHING

    def exists(self, organisation: str) -> bool:
        return organisation in self._world.histories["organisation"]

    def places(self) -> Iterator[tuple[str, Place]]:
        """As bound: before any change."""
        here = tree.holding(self.plan.facts["organisations"], self.plan.day)
        groups = dict(zip(*(self.plan.tree[name].to_pylist() for name in ("org_id", "peer_group")), strict=True))
        cells = (here[name].to_pylist() for name in ("org_id", "parent_id", ROW))
        return ((org, Place(parent, groups[org], row)) for org, parent, row in zip(*cells, strict=True))

    def _place(self, org: str) -> Place | None:
        row = row_on(self._world.histories["organisation"].get(org, ()), self.plan.day)
        column = self._scheme.peer_group if self._scheme else None
        if row is None:
            return None
        group = tree.as_text(self._rows.as_written("organisations", row, column)) if column else None
        return Place(row["parent_id"], group, row[ROW])

    # --- changes ---

    def apply(self, changes: Sequence[Change]) -> Applied:
        steps = self._rows.steps(changes)
        self._rows.check_ids(steps)
        if self._rows.must_bind_anew(steps):
            return self._bind_anew(steps)
        subjects = [one for step in steps for one in named(step)]
        places, before = self._places(subjects), self._before(steps)
        self._shift(steps)
        try:
            self._world.check(steps)
        except Exception:
            self._shift([step.back for step in reversed(steps)])
            raise
        after = self._places(subjects) if any(step.table == "organisations" for step in steps) else places
        return self._applied(steps, (places, after), self._judged(before))

    def _before(self, steps: list[Step]) -> Before | None:
        """None where the kernel judges."""
        return None if self._kernels and self._kernels.before(steps) else self._judging.before(steps)

    def _judged(self, before: Before | None) -> tuple[Told, Told]:
        """The verdicts of before, and of now."""
        if before is not None:
            return self._judging.after(before)
        assert self._kernels
        return self._kernels.after()

    def _bind_anew(self, steps: list[Step]) -> Applied:
        """A column has come to life or died: rules may bind differently, so everything is judged before and after."""
        before, old = self._places(self._orgs()), self._everybody()
        self._shift(steps)
        try:
            self._world.check(steps)
            self._open(self._rows.bound_anew())
        except Exception:
            self._shift([step.back for step in reversed(steps)])
            raise
        return self._applied(steps, (before, self._places([*self._orgs(), *before])), (old, self._everybody()))

    def _applied(
        self, steps: list[Step], places: tuple[dict[Subject, Place | None], ...], told: tuple[Told, Told]
    ) -> Applied:
        subjects = dict.fromkeys([*places[0], *places[1], *told[0], *told[1]])
        moved = []
        for one in subjects:
            old, new = (side.get(one, []) for side in told)
            moved.append(Moved(*one, *differing(old, new), *(side.get(one) for side in places)))
        return Applied(tuple(moved), tuple(step.back.change for step in reversed(steps)))

    def _shift(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._rows.shift(step)
            self._world.shift(step)

    def _orgs(self) -> list[Subject]:
        return [("organisation", org) for org in self._world.histories["organisation"]]

    def _places(self, subjects: Iterable[Subject]) -> dict[Subject, Place | None]:
        return {one: self._place(one[1]) for one in subjects if one[0] == "organisation"}
