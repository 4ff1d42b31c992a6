"""The verdicts a change can touch: what was owed before it and is owed after it, judged by the reference's one step.

Where a change of a subject's row only moves what is owed, the periods owed before and after need no judging: only those
that went, and those that came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from zhibu.engine.backends.memory import of
from zhibu.engine.conditions import Row
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.judge import judge, wanted
from zhibu.engine.live.change import Name
from zhibu.engine.live.reads import Reads, Touches, always, any_of
from zhibu.engine.live.steps import Step, Subject, named
from zhibu.engine.live.world import Changing
from zhibu.engine.owed import owed
from zhibu.engine.periods import Period
from zhibu.engine.plan import Bound
from zhibu.engine.rulebooks.model import After, Rule
from zhibu.engine.verdict import CONCLUDED, Verdict

Key = tuple[str, str, int]  # subject, its id, number of the bound rule
Due = dict[Key, list[tuple[Period, Row]]]
Told = dict[Subject, list[Verdict]]
TABLES = frozenset(own[0] for own in SUBJECTS.values())


class Before(NamedTuple):
    """The rules touched and their periods, the rules that judge alike before and after, what is owed, what stays so."""

    touched: Mapping[Key, list[Touches]]
    alike: set[int]
    due: Due
    staying: Due
    old: Told


class Judging:
    """As the world is when asked."""

    def __init__(self, world: Changing):
        self._world, self.fresh = world, Told()  # `fresh`: what the last change has judged, still true
        self._rules: dict[str, list[Bound]] = {subject: [] for subject in SUBJECTS}
        self._triggered: set[int] = set()  # rules whose periods come from events
        self._types: list[dict[str, None]] = []  # of the events that a rule asks for
        numbered: dict[str, list[tuple[int, Bound]]] = {subject: [] for subject in SUBJECTS}
        for number, bound in enumerate(world.plan.rules):
            self._rules[bound.rule.subject].append(bound)
            if isinstance(bound.rule.clock, After) and bound.rule.clock.event is not None:
                self._triggered.add(number)
            self._types.append(dict.fromkeys(_types(bound.rule)))
            numbered[bound.rule.subject].append((number, bound))
        self.reads = {subject: Reads(subject, rules, world) for subject, rules in numbered.items()}

    def whole(self, one: Subject) -> list[Verdict]:
        """All verdicts of a subject."""
        subject, identity = one
        if identity not in self._world.histories[subject]:
            return []
        return [verdict for bound in self._rules[subject] for verdict in of(self._world, bound, identity)]

    def latest(self, organisation: str, name: Name) -> list[Verdict]:
        """Those of a rule, the latest first (escalation.run), to the first that breaks a run."""
        if organisation not in self._world.histories["organisation"]:
            return []
        due: list[tuple[Period, Row, Bound, list[Row]]] = []
        for bound in self._rules["organisation"]:
            if (bound.rule.rulebook, bound.rule.id) == name:
                own = wanted(self._world, bound.rule, organisation)
                due += [(*one, bound, own) for one in owed(self._world, bound, organisation)]
        fresh = {one.period: one for one in self.fresh.get(("organisation", organisation), ()) if one[2:4] == name}
        found: list[Verdict] = []
        for period, row, bound, own in sorted(due, key=lambda one: (one[0].ends_on, one[0].starts_on), reverse=True):
            known = fresh.get(period.label)
            found.append(known or judge(self._world, bound, organisation, period, row, own).verdict)
            if found[-1].status in CONCLUDED and found[-1].status != "missed":
                break
        return found

    def before(self, steps: Sequence[Step]) -> Before:
        """What the steps may touch, judged."""
        touched, alike = self.touched(steps), self.alike(steps)
        due = self.due(touched, {})
        old = self.told({key: own for key, own in due.items() if key[2] not in alike})
        return Before(touched, alike, due, self.staying(steps, due), old)

    def after(self, was: Before) -> tuple[Told, Told]:
        """The verdicts of before the steps, and of after."""
        gone, come = parted(was.due, self.due(was.touched, was.staying), was.alike)
        self.fresh = self.told(come)
        return both(was.old, self.told(gone)), self.fresh

    def touched(self, steps: Sequence[Step]) -> Mapping[Key, list[Touches]]:
        """The rules of subjects that read what the steps change, and the periods concerned."""
        found: dict[Key, list[Touches]] = defaultdict(list)
        for step in steps:
            for subject, identity in named(step):
                for number, touches in self.reads[subject].touched(step, identity):
                    found[subject, identity, number].append(touches)
        self._wake(found)
        return found

    def _wake(self, keys: Iterable[Key]) -> None:
        types: dict[Subject, dict[str, None]] = defaultdict(dict)
        for subject, identity, number in keys:
            types[subject, identity].update(self._types[number])
        for one, own in types.items():
            self._world.wake(*one, own)

    def alike(self, steps: Sequence[Step]) -> set[int]:
        """The rules that judge alike, before and after, what is owed before and after."""
        return set().union(*(reads.only_owed(steps[0]) for reads in self.reads.values())) if len(steps) == 1 else set()

    def staying(self, steps: Sequence[Step], due: Due) -> Due:
        """What is owed before the steps and will be after them: no row of a subject changes, and no event triggers."""
        if any(step.table in TABLES for step in steps):
            return {}
        return {key: own for key, own in due.items() if key[2] not in self._triggered}

    def due(self, touched: Mapping[Key, list[Touches]], known: Due) -> Due:
        """The periods touched that are owed; of some rules this may be known."""
        found: Due = {}
        for (subject, identity, number), touches in touched.items():
            if (subject, identity, number) in known:
                found[subject, identity, number] = known[subject, identity, number]
                continue
            concerned = None if always in touches else any_of(touches)
            there = identity in self._world.histories[subject]
            bound = self._world.plan.rules[number]
            found[subject, identity, number] = owed(self._world, bound, identity, concerned) if there else []
        return found

    def told(self, due: Due) -> Told:
        """Their verdicts."""
        found: Told = defaultdict(list)
        for (subject, identity, number), periods in due.items():
            bound = self._world.plan.rules[number]
            own = wanted(self._world, bound.rule, identity) if periods else []
            verdicts = (judge(self._world, bound, identity, *period, own).verdict for period in periods)
            found[subject, identity] += verdicts
        return found


def _types(rule: Rule) -> Iterator[str]:
    if isinstance(rule.clock, After) and rule.clock.event is not None:
        yield rule.clock.event
    yield from rule.needs.event if rule.needs else ()


def parted(before: Due, after: Due, alike: set[int]) -> tuple[Due, Due]:
    """Of what was owed and is owed: what went, what came. Of rules that judge otherwise, all that is owed has come."""
    gone, come = {}, dict(after)
    for key in after:
        if key[2] in alike:
            gone[key], come[key] = _but(before[key], after[key]), _but(after[key], before[key])
    return gone, come


def _but(these: list[tuple[Period, Row]], those: list[tuple[Period, Row]]) -> list[tuple[Period, Row]]:
    others = {period for period, _ in those}  # empty where a rule comes to bind, or ceases to
    return [one for one in these if one[0] not in others] if others else these


def both(some: Told, others: Told) -> Told:
    return {one: [*some.get(one, ()), *others.get(one, ())] for one in {**some, **others}}
