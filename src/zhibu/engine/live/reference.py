"""The evaluator of `Live` that takes the reference's own steps, and judges again only what a change can touch.

What a verdict reads is known: the subject's rows (the columns its rule uses, its life and validity), the events of the
subject that the rule wants or is triggered by, the waivers of subject and rule. A change touches a rule when it changes
one of these, and of a calendar's periods those to which the event belongs or on which the waiver lies. All facts stay
in memory as rows: for a county, not for the country.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from zhibu.engine import holidays as calendars
from zhibu.engine import scores
from zhibu.engine.backends.memory import of
from zhibu.engine.facts import Facts
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.holidays import Holidays
from zhibu.engine.judge import belongs, judge, satisfying
from zhibu.engine.live.change import Applied, Change, Moved, Place
from zhibu.engine.live.rows import Rows, Step
from zhibu.engine.live.world import Changing
from zhibu.engine.owed import owed
from zhibu.engine.periods import Period
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import After, Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.subjects import row_on
from zhibu.engine.tree import as_text
from zhibu.engine.uses import of_rule
from zhibu.engine.verdict import Verdict

Subject = tuple[str, str]  # organisation, person or unit; id
Touches = Callable[[Period], bool]  # which periods of a rule to judge again
Found = dict[int, list[Verdict]]  # by number of the bound rule


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
        self._books, self._days = tuple(rulebooks), (window, as_of)
        self._scheme, self._holidays = scheme, holidays or calendars.official()
        self._open(Rows(self._books, facts, window, as_of, scheme, self._holidays))

    def _open(self, rows: Rows) -> None:
        self._rows, self._world = rows, Changing(rows.plan)
        self._rules: dict[str, list[tuple[int, Bound, _Reads]]] = defaultdict(list)
        for number, bound in enumerate(rows.plan.rules):
            self._rules[bound.rule.subject].append((number, bound, _Reads(bound)))
        self._found: dict[Subject, Found] = {
            (subject, identity): self._anew(subject, identity)
            for subject in SUBJECTS
            for identity in list(self._world.histories[subject])
        }

    def _anew(self, subject: str, identity: str) -> Found:
        found = {number: of(self._world, bound, identity) for number, bound, _ in self._rules[subject]}
        return {number: verdicts for number, verdicts in found.items() if verdicts}

    # --- what is, as of now ---

    @property
    def plan(self) -> Plan:
        return self._rows.plan

    def verdicts(self, organisation: str) -> list[Verdict]:
        return self.of_subject("organisation", organisation)

    def of_subject(self, subject: str, identity: str) -> list[Verdict]:
        return [one for found in self._found.get((subject, identity), {}).values() for one in found]

    def every(self) -> Iterator[Verdict]:
        return (one for subject, identity in self._found for one in self.of_subject(subject, identity))

    def adjusted(self, organisation: str) -> tuple[Fraction, Fraction]:
        rows = self._world.adjustments.get(organisation, ())
        return scores.adjusted(self.plan, self._scheme, rows) if self._scheme else scores.NOTHING

    def exists(self, organisation: str) -> bool:
        return bool(self._world.histories["organisation"].get(organisation))

    def places(self) -> Iterator[tuple[str, Place]]:
        for org in self._world.histories["organisation"]:
            if place := self._place(org):
                yield org, place

    def _place(self, org: str) -> Place | None:
        row = row_on(self._world.histories["organisation"].get(org, ()), self.plan.day)
        column = self._scheme.peer_group if self._scheme else None
        if row is None:
            return None
        group = as_text(self._rows.written("organisations", row)[column]) if column else None
        return Place(row["parent_id"], group, self._rows.number(row))

    # --- changes ---

    def apply(self, changes: Sequence[Change]) -> Applied:
        steps = self._rows.steps(changes)
        self._rows.check_ids(steps)
        subjects, anew = self._subjects(steps), self._rows.must_bind_anew(steps)
        before: dict[str, Place | None] = dict(self.places()) if anew else {}
        before |= {org: self._place(org) for subject, org in subjects if subject == "organisation"}
        self._shift(steps)
        try:
            self._rows.check_histories(steps)
            told = self._everybody() if anew else self._some(steps)
        except Exception:
            self._shift([step.back for step in reversed(steps)])
            raise
        subjects += [*told, *(("organisation", org) for org in before)]
        moved = tuple(self._moved(one, told, before, anew) for one in dict.fromkeys(subjects))
        return Applied(moved, tuple(step.back.change for step in reversed(steps)))

    def _shift(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._rows.shift(step)
            self._world.shift(step)

    def _subjects(self, steps: Iterable[Step]) -> list[Subject]:
        return list(dict.fromkeys(one for step in steps for one in _named(step)))

    def _moved(self, one: Subject, told: dict[Subject, Found], before: dict[str, Place | None], anew: bool) -> Moved:
        subject, identity = one
        old, new = self._found.get(one, {}), told.get(one, self._found.get(one, {}))
        self._found[one] = new
        if not new:
            del self._found[one]
        gone, come = _differing(old, new)
        if subject != "organisation":
            return Moved(subject, identity, gone, come)
        after = self._place(identity)
        return Moved(subject, identity, gone, come, before.get(identity, None if anew else after), after)

    def _everybody(self) -> dict[Subject, Found]:
        """A column has come to life or died: rules may bind differently, so everything is bound and judged anew."""
        found = self._found
        self._open(self._rows.bound_anew())
        told, self._found = self._found, found
        return {one: told.get(one, {}) for one in [*found, *told]}

    def _some(self, steps: list[Step]) -> dict[Subject, Found]:
        touched: dict[Subject, dict[int, list[Touches]]] = defaultdict(lambda: defaultdict(list))
        for step in steps:
            for (subject, identity), number, touches in self._touched(step):
                touched[subject, identity][number].append(touches)
        return {one: self._judged(one, rules) for one, rules in touched.items()}

    def _touched(self, step: Step) -> Iterator[tuple[Subject, int, Touches]]:
        for subject, identity in _named(step):
            for number, _, reads in self._rules[subject]:
                if (touches := reads.touched(step, subject, identity, self.plan.as_of)) is not None:
                    yield (subject, identity), number, touches

    def _judged(self, one: Subject, rules: dict[int, list[Touches]]) -> Found:
        found = dict(self._found.get(one, {}))
        for number, touches in rules.items():
            found[number] = self._rule(one, self.plan.rules[number], found.get(number, []), touches)
            if not found[number]:
                del found[number]
        return found

    def _rule(self, one: Subject, bound: Bound, old: list[Verdict], touches: list[Touches]) -> list[Verdict]:
        if one[1] not in self._world.histories[one[0]]:
            return []
        if always in touches:
            return of(self._world, bound, one[1])
        kept = {verdict.period: verdict for verdict in old}
        own = satisfying(self._world, bound.rule, one[1])
        return [
            judge(self._world, bound, one[1], period, row, own).verdict
            if any(one_(period) for one_ in touches)
            else kept[period.label]
            for period, row in owed(self._world, bound, one[1])
        ]


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


def _differing(old: Found, new: Found) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]]:
    gone: list[Verdict] = []
    come: list[Verdict] = []
    for number in sorted({*old, *new}):
        before, after = old.get(number, []), new.get(number, [])
        if before is not after:
            gone += [one for one in before if one not in after]
            come += [one for one in after if one not in before]
    return tuple(gone), tuple(come)


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
            return always if self._row(step, identity) else None
        return None

    def _row(self, step: Step, identity: str) -> bool:
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
