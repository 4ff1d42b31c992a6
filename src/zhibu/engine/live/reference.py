"""The evaluator of `Live` that takes the reference's own steps, and judges again only what a change can touch.

What a verdict reads is known: the subject's rows (the columns its rule uses, its life and validity), the events of the
subject that the rule wants or is triggered by, the waivers of subject and rule. A change touches a rule when it changes
one of these, and of a calendar's periods those to which the event belongs or on which the waiver lies. These are judged
before and after; no verdict is kept. Facts stay Arrow tables, of which only the rows of changed subjects become Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from zhibu.engine import holidays as calendars
from zhibu.engine import scores, tree
from zhibu.engine.backends.memory import of
from zhibu.engine.facts import ROW, Facts
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.holidays import Holidays
from zhibu.engine.judge import judge, wanted
from zhibu.engine.live.change import Applied, Change, Moved, Name, Place
from zhibu.engine.live.reads import Reads, Touches, always, any_of
from zhibu.engine.live.rows import Rows, Step
from zhibu.engine.live.world import Changing
from zhibu.engine.owed import owed
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.subjects import row_on
from zhibu.engine.verdict import CONCLUDED, Verdict

Subject = tuple[str, str]  # organisation, person or unit; id
Touched = Mapping[Subject, Mapping[int, list[Touches]]]  # by number of the bound rule
Told = dict[Subject, list[Verdict]]
Known = dict[int, dict[tuple[str, bool], Verdict]]  # by number of the bound rule; label, provisional


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
        self._rules: dict[str, list[tuple[int, Bound]]] = {subject: [] for subject in SUBJECTS}
        for number, bound in enumerate(rows.plan.rules):
            self._rules[bound.rule.subject].append((number, bound))
        self._reads = {subject: Reads(subject, rules, rows.plan.as_of) for subject, rules in self._rules.items()}

    # --- what is, as of now ---

    @property
    def plan(self) -> Plan:
        return self._rows.plan

    def verdicts(self, organisation: str) -> list[Verdict]:
        return self._of(("organisation", organisation))

    def latest(self, organisation: str, rule: Name) -> list[Verdict]:
        if organisation not in self._world.histories["organisation"]:
            return []
        bounds = [bound for _, bound in self._rules["organisation"] if (bound.rule.rulebook, bound.rule.id) == rule]
        due = [(period, row, bound) for bound in bounds for period, row in owed(self._world, bound, organisation)]
        due.sort(key=lambda one: (one[0].ends_on, one[0].starts_on), reverse=True)
        found = []
        for period, row, bound in due:
            found.append(judge(self._world, bound, organisation, period, row).verdict)
            if found[-1].status in CONCLUDED and found[-1].status != "missed":
                break
        return found

    def _of(self, one: Subject) -> list[Verdict]:
        subject, identity = one
        if identity not in self._world.histories[subject]:
            return []
        return [verdict for _, bound in self._rules[subject] for verdict in of(self._world, bound, identity)]

    def every(self) -> Iterator[Verdict]:
        return (one for found in self._everybody().values() for one in found)

    def _everybody(self) -> Told:
        subjects = [(subject, identity) for subject in SUBJECTS for identity in self._world.histories[subject]]
        return {one: self._of(one) for one in subjects}

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
        group = tree.as_text(self._rows.as_written("organisations", row)[column]) if column else None
        return Place(row["parent_id"], group, row[ROW])

    # --- changes ---

    def apply(self, changes: Sequence[Change]) -> Applied:
        steps = self._rows.steps(changes)
        self._rows.check_ids(steps)
        if self._rows.must_bind_anew(steps):
            return self._bind_anew(steps)
        subjects, touched = self._subjects(steps), self._touched(steps)
        known = self._known(steps)
        before, old = self._places(subjects), self._judged(touched, known)
        self._shift(steps)
        try:
            self._world.check(steps)
        except Exception:
            self._shift([step.back for step in reversed(steps)])
            raise
        after = self._places(subjects) if any(step.table == "organisations" for step in steps) else before
        return self._applied(steps, (before, after), (old, self._judged(touched, known)))

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
            moved.append(Moved(*one, _but(old, new), _but(new, old), *(side.get(one) for side in places)))
        return Applied(tuple(moved), tuple(step.back.change for step in reversed(steps)))

    def _shift(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._rows.shift(step)
            self._world.shift(step)

    # --- what they touch ---

    def _orgs(self) -> list[Subject]:
        return [("organisation", org) for org in self._world.histories["organisation"]]

    def _subjects(self, steps: list[Step]) -> list[Subject]:
        return list(dict.fromkeys(one for step in steps for one in _named(step)))

    def _places(self, subjects: Iterable[Subject]) -> dict[Subject, Place | None]:
        return {one: self._place(one[1]) for one in subjects if one[0] == "organisation"}

    def _touched(self, steps: list[Step]) -> Touched:
        found: dict[Subject, dict[int, list[Touches]]] = defaultdict(lambda: defaultdict(list))
        for step in steps:
            for subject, identity in _named(step):
                for number, touches in self._reads[subject].touched(step, identity):
                    found[subject, identity][number].append(touches)
        return found

    def _known(self, steps: list[Step]) -> Known:
        """Where a row of a subject only decides which periods are owed, they need not be judged before and after."""
        tables = {table: subject for subject, (table, _, _, _) in SUBJECTS.items()}
        if len(steps) != 1 or steps[0].table not in tables:
            return {}
        subject = tables[steps[0].table]
        anew = self._reads[subject].judged_anew(steps[0])
        return {number: {} for number, _ in self._rules[subject] if number not in anew}

    def _judged(self, touched: Touched, known: Known) -> Told:
        """The verdicts of the periods touched, as of now."""
        return {
            one: [verdict for number, own in rules.items() for verdict in self._rule(one, number, own, known)]
            for one, rules in touched.items()
        }

    def _rule(self, one: Subject, number: int, touches: list[Touches], known: Known) -> Iterator[Verdict]:
        subject, identity = one
        if identity not in self._world.histories[subject]:
            return
        bound, own, found = self.plan.rules[number], None, known.get(number, {})
        concerned = None if always in touches else any_of(touches)
        for period, row in owed(self._world, bound, identity, concerned):
            if (verdict := found.get((period.label, period.provisional))) is None:
                own = wanted(self._world, bound.rule, identity) if own is None else own
                verdict = judge(self._world, bound, identity, period, row, own).verdict
                found[period.label, period.provisional] = verdict
            yield verdict


def _named(step: Step) -> list[Subject]:
    """The subjects whose verdicts, place or score a step can concern."""
    rows = [row for row in (step.old, step.new) if row is not None]
    if step.table == "waivers":
        found = [(row["subject"], row["subject_id"]) for row in rows]
    elif step.table == "adjustments":
        found = [("organisation", row["subject_id"]) for row in rows]
    else:
        kinds = [(subject, own[1]) for subject, own in SUBJECTS.items() if step.table in (own[0], "events")]
        found = [(subject, row[identity]) for row in rows for subject, identity in kinds if row[identity] is not None]
    return list(dict.fromkeys(found))


def _but(these: list[Verdict], those: list[Verdict]) -> tuple[Verdict, ...]:
    """The first without those that are among the second."""
    others = {one.order: one for one in those}
    return tuple(one for one in these if (other := others.get(one.order)) is not one and other != one)
