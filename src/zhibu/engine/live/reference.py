"""The evaluator of `Live` that takes the reference's own steps, and judges again only what a change can touch.

What a verdict reads is known: the subject's rows (the columns its rule uses, its life and validity), the events of the
subject that the rule wants or is triggered by, the waivers of subject and rule. A change touches a rule when it changes
one of these, and of a calendar's periods those to which the event belongs or on which the waiver lies. These are judged
before and after; no verdict is kept. Facts stay Arrow tables, of which only the rows of changed subjects become Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from zhibu.engine import holidays as calendars
from zhibu.engine import scores, tree
from zhibu.engine.backends.memory import of
from zhibu.engine.facts import ROW, Facts
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.holidays import Holidays
from zhibu.engine.judge import belongs, judge, satisfying
from zhibu.engine.live.change import Applied, Change, Moved, Name, Place
from zhibu.engine.live.rows import Rows, Step
from zhibu.engine.live.world import Changing
from zhibu.engine.owed import owed
from zhibu.engine.periods import Period
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import After, Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.subjects import row_on
from zhibu.engine.uses import of_rule
from zhibu.engine.verdict import Verdict

Subject = tuple[str, str]  # organisation, person or unit; id
Touches = Callable[[Period], bool]  # which periods of a rule to judge again
Touched = Mapping[Subject, Mapping[int, list[Touches]]]  # by number of the bound rule
Told = dict[Subject, list[Verdict]]


def always(_: Period) -> bool:
    return True


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
        self._rows, self._world = rows, Changing(rows.plan, rows.bound)
        self._rules: dict[str, list[tuple[int, Bound, _Reads]]] = defaultdict(list)
        for number, bound in enumerate(rows.plan.rules):
            self._rules[bound.rule.subject].append((number, bound, _Reads(bound)))

    # --- what is, as of now ---

    @property
    def plan(self) -> Plan:
        return self._rows.plan

    def verdicts(self, organisation: str, rule: Name | None = None) -> list[Verdict]:
        return self._of(("organisation", organisation), rule)

    def _of(self, one: Subject, rule: Name | None = None) -> list[Verdict]:
        subject, identity = one
        if identity not in self._world.histories[subject]:
            return []
        bounds = [bound for _, bound, _ in self._rules[subject] if rule in (None, (bound.rule.rulebook, bound.rule.id))]
        return [verdict for bound in bounds for verdict in of(self._world, bound, identity)]

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
        group = tree.as_text(self._rows.written("organisations", row)[column]) if column else None
        return Place(row["parent_id"], group, self._rows.number(row))

    # --- changes ---

    def apply(self, changes: Sequence[Change]) -> Applied:
        steps = self._rows.steps(changes)
        self._rows.check_ids(steps)
        if self._rows.must_bind_anew(steps):
            return self._bind_anew(steps)
        subjects, touched = self._subjects(steps), self._touched(steps)
        before, old = self._places(subjects), self._judged(touched)
        self._shift(steps)
        try:
            self._rows.check_histories(steps)
        except Exception:
            self._shift([step.back for step in reversed(steps)])
            raise
        return self._applied(steps, (before, self._places(subjects)), (old, self._judged(touched)))

    def _bind_anew(self, steps: list[Step]) -> Applied:
        """A column has come to life or died: rules may bind differently, so everything is judged before and after."""
        before, old = self._places(self._orgs()), self._everybody()
        self._shift(steps)
        try:
            self._rows.check_histories(steps)
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
            gone = tuple(verdict for verdict in old if verdict not in new)
            come = tuple(verdict for verdict in new if verdict not in old)
            moved.append(Moved(*one, gone, come, *(side.get(one) for side in places)))
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
                for number, _, reads in self._rules[subject]:
                    if (touches := reads.touched(step, subject, identity, self.plan.as_of)) is not None:
                        found[subject, identity][number].append(touches)
        return found

    def _judged(self, touched: Touched) -> Told:
        """The verdicts of the periods touched, as of now."""
        return {
            one: [verdict for number, touches in rules.items() for verdict in self._rule(one, number, touches)]
            for one, rules in touched.items()
        }

    def _rule(self, one: Subject, number: int, touches: list[Touches]) -> Iterator[Verdict]:
        subject, identity = one
        if identity not in self._world.histories[subject]:
            return
        bound, own = self.plan.rules[number], None
        for period, row in owed(self._world, bound, identity):
            if any(touch(period) for touch in touches):
                own = satisfying(self._world, bound.rule, identity) if own is None else own
                yield judge(self._world, bound, identity, period, row, own).verdict


def _named(step: Step) -> Iterator[Subject]:
    """The subjects whose verdicts, place or score a step can concern."""
    for row in (step.old, step.new):
        if row is None:
            continue
        if step.table == "waivers":
            yield row["subject"], row["subject_id"]
        elif step.table == "adjustments":
            yield "organisation", row["subject_id"]
        for subject, (table, identity, _, _) in SUBJECTS.items():
            if step.table in (table, "events") and row[identity] is not None:
                yield subject, row[identity]


class _Reads:
    """What a rule reads, so that a change elsewhere leaves its verdicts alone."""

    def __init__(self, bound: Bound):
        self.rule = rule = bound.rule
        table, _, first, last = SUBJECTS[rule.subject]
        own = {use.column for use in of_rule(rule) if use.table == table}
        self.columns = own | {first, last, "valid_from", "valid_to"}
        self.wanted = frozenset(rule.needs.event) if rule.needs else frozenset()
        self.trigger = rule.clock.event if isinstance(rule.clock, After) else None

    def touched(self, step: Step, subject: str, identity: str, as_of: date) -> Touches | None:
        """Which periods; None when the rule does not read what the step changes."""
        if step.table == "events":
            return self._event(step, SUBJECTS[subject][1], identity, as_of)
        if step.table == "waivers":
            return self._waiver(step, subject, identity)
        if step.table == SUBJECTS[self.rule.subject][0]:
            return always if self._row(step) else None
        return None

    def _row(self, step: Step) -> bool:
        _, column, _, _ = SUBJECTS[self.rule.subject]
        old, new = step.old, step.new
        if old is None or new is None or old[column] != new[column]:
            return True
        return any(old[name] != new[name] for name in self.columns)

    def _event(self, step: Step, column: str, identity: str, as_of: date) -> Touches | None:
        seen = [row for row in (step.old, step.new) if row and row[column] == identity and row["recorded_on"] <= as_of]
        if any(self.trigger in row["types"] for row in seen):
            return always
        wanted = [row for row in seen if not self.wanted.isdisjoint(row["types"])]
        return (lambda period: any(belongs(row, period) for row in wanted)) if wanted else None

    def _waiver(self, step: Step, subject: str, identity: str) -> Touches | None:
        mine = (subject, identity, self.rule.name)
        rows = [row for row in (step.old, step.new) if row and (row["subject"], row["subject_id"], row["rule"]) == mine]
        return (lambda period: any(row["from"] <= period.ends_on <= row["to"] for row in rows)) if rows else None
