"""The whole in a page: how many rise and fall, grade by grade, group by group, dimension by dimension, rule by rule.

Plain numbers and words, for a terminal, a page and run.json. Scores are hundredths as published; means of scores are
rounded half-up once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhibu.engine.packed.native import Numbers
from zhibu.engine.scheme import Scheme
from zhibu.engine.whatif.comparison import Comparison, Moved, Published
from zhibu.engine.whatif.moves import Moves, moves
from zhibu.engine.whatif.scored import Scored
from zhibu.engine.whatif.sides import How, rules_of

BINS = tuple(range(0, 100, 10))  # tens of points; the last takes what is above


@dataclass(frozen=True, slots=True)
class Pair[T]:
    before: T
    after: T


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A peer group; None: organisations without one. `change`: of the mean, None where it is not on both sides."""

    group: str | None
    scored: Pair[int]
    mean: Pair[float | None]
    change: float | None
    rise: int
    fall: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """Weights None: the scheme does not have it. `points`: what its weight does to totals, mean of those compared."""

    id: str
    title: str
    weight: Pair[float | None]
    scored: Pair[int]
    mean: Pair[float | None]
    points: float


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that is not the same on both sides. `organisations`: whose verdicts differ; `gain`, `lose`: whose total it
    raises or lowers; `points`: what it does to totals, mean of those compared; statuses: how many verdicts of each."""

    rulebook: str
    rule: str
    title: str
    how: How
    organisations: int
    gain: int
    lose: int
    points: float
    statuses: Pair[dict[str, int]]


@dataclass(frozen=True, slots=True)
class Summary:
    """`compared` have a score on both sides. `grades`: (grade before, grade after, organisations), None is none.
    `bins`: (from points, before, after). `steps` of escalation: (step, before, after). `others`: mean points of bonus,
    deduction and floor, where they change."""

    organisations: int
    compared: int
    scored: Pair[int]
    mean: Pair[float | None]
    rise: int
    fall: int
    stay: int
    appear: int
    vanish: int
    up: int
    down: int
    other: int
    higher: int
    lower: int
    losers: int
    grades: tuple[tuple[str | None, str | None, int], ...]
    groups: tuple[GroupLine, ...]
    dimensions: tuple[DimensionLine, ...]
    rules: tuple[RuleLine, ...]
    others: tuple[tuple[str, float], ...]
    bins: tuple[tuple[int, int, int], ...]
    steps: tuple[tuple[str, int, int], ...]

    @property
    def regraded(self) -> int:
        return self.up + self.down + self.other

    @property
    def regraded_share(self) -> float:
        return self.regraded / self.compared if self.compared else 0.0

    @property
    def most_affected(self) -> GroupLine | None:
        """The peer group whose mean changes most."""
        lines = [line for line in self.groups if line.change]
        return max(lines, key=lambda line: abs(line.change or 0), default=None)


def summary(found: Comparison, chosen: Numbers | None = None) -> Summary:
    """`chosen`: a truth for each organisation in `found.every`; numbers are of these alone. Ranks and grades stay those
    among all organisations."""
    everybody = np.ones(len(found.every), bool) if chosen is None else chosen
    mine = everybody[found.at]
    way, before, after = moves(found), found.before, found.after
    counts = {
        name: int((getattr(way, name) & mine).sum())
        for name in ("rise", "fall", "stay", "appear", "vanish", "up", "down", "other", "higher", "lower")
    }
    return Summary(
        organisations=int((mine & (before.present | after.present)).sum()),
        compared=_compared(found, mine),
        scored=Pair(*(int((side.present & mine).sum()) for side in (before, after))),
        mean=Pair(*(_mean(side.total[side.present & mine]) for side in (before, after))),
        losers=int((way.loses & mine).sum()),
        grades=_matrix(before, after, mine),
        groups=_groups(found, way, mine),
        dimensions=_dimensions(found, mine),
        rules=tuple(_rule(found, one, mine) for one in found.moved),
        others=_others(found, mine),
        bins=_bins(before, after, mine),
        steps=_steps(found, everybody),
        **counts,
    )


def _compared(found: Comparison, mine: Numbers) -> int:
    return int(np.count_nonzero(mine & found.before.present & found.after.present))


def _mean(values: Numbers) -> float | None:
    """Of cents, in points with two decimals, half-up."""
    if not len(values):
        return None
    return (2 * int(values.sum()) + len(values)) // (2 * len(values)) / 100


def _per(values: int, count: int) -> float:
    """Cents over organisations, in points with four decimals: parts of a mean."""
    return round(values / count / 100, 4) if count else 0.0


def _matrix(before: Published, after: Published, mine: Numbers) -> tuple[tuple[str | None, str | None, int], ...]:
    both = mine & before.present & after.present
    width = len(after.grades) + 1
    counts = np.bincount((before.grade[both] + 1) * width + after.grade[both] + 1)
    names, names_ = (None, *before.grades), (None, *after.grades)
    cells = [(names[place // width], names_[place % width], int(counts[place])) for place in np.flatnonzero(counts)]
    return tuple(sorted(cells, key=lambda cell: (_last(before.grades, cell[0]), _last(after.grades, cell[1]))))


def _last(grades: tuple[str, ...], grade: str | None) -> int:
    return len(grades) if grade is None else grades.index(grade)


def _bins(before: Published, after: Published, mine: Numbers) -> tuple[tuple[int, int, int], ...]:
    columns = [
        np.bincount(np.minimum(side.total[side.present & mine] // 1000, len(BINS) - 1), minlength=len(BINS))
        for side in (before, after)
    ]
    return tuple((low, int(one), int(other)) for low, one, other in zip(BINS, *columns, strict=True))


# --- groups --------------------------------------------------------------------------------------------------------


def _groups(found: Comparison, way: Moves, mine: Numbers) -> tuple[GroupLine, ...]:
    names = sorted({*found.before.groups, *found.after.groups})
    groups: list[str | None] = [*names, None]
    codes = [_onto(side, names) for side in (found.before, found.after)]
    here = np.where(found.after.present, codes[1], codes[0])
    moved = {
        name: np.bincount(here[getattr(way, name) & mine], minlength=len(groups))
        for name in ("rise", "fall", "up", "down")
    }
    sides = [
        _sums(side, code, mine, len(groups)) for side, code in zip((found.before, found.after), codes, strict=True)
    ]
    lines = []
    for place, group in enumerate(groups):
        counts = Pair(*(int(count[place]) for count, _ in sides))
        means = Pair(*(_mean_of(int(total[place]), int(count[place])) for count, total in sides))
        if counts.before or counts.after:
            numbers = [int(moved[name][place]) for name in ("rise", "fall", "up", "down")]
            lines.append(GroupLine(group, counts, means, _change(means), *numbers))
    return tuple(sorted(lines, key=lambda line: -abs(line.change or 0)))


def _onto(side: Published, names: list[str]) -> Numbers:
    place = {group: number for number, group in enumerate(names)}
    own = np.array([*(place[group] for group in side.groups), len(names)], np.int32)
    return own[side.group]


def _sums(side: Published, code: Numbers, mine: Numbers, count: int) -> tuple[Numbers, Numbers]:
    here = side.present & mine
    counts = np.bincount(code[here], minlength=count)
    halves = np.divmod(side.total[here], 2**28)  # whose sums are exact as doubles
    high, low = (np.bincount(code[here], half, count).astype(np.int64) for half in halves)
    return counts, high * 2**28 + low


def _mean_of(total: int, count: int) -> float | None:
    return (2 * total + count) // (2 * count) / 100 if count else None


def _change(means: Pair[float | None]) -> float | None:
    if means.before is None or means.after is None:
        return None
    return round(means.after - means.before, 2)


# --- dimensions, rules, the rest --------------------------------------------------------------------------------------


def _dimensions(found: Comparison, mine: Numbers) -> tuple[DimensionLine, ...]:
    before, after = (side.scheme for side in found.sides)
    names = list(dict.fromkeys(one.id for scheme in (after, before) for one in scheme.dimensions))
    titles = {one.id: one.title for scheme in (before, after) for one in scheme.dimensions}
    return tuple(
        DimensionLine(
            name,
            titles[name],
            Pair(_weight(before, name), _weight(after, name)),
            Pair(*(_has(side, name, mine) for side in (found.before, found.after))),
            Pair(*(_dimension_mean(side, name, mine) for side in (found.before, found.after))),
            _points(found, mine, "weight", name),
        )
        for name in names
    )


def _weight(scheme: Scheme, name: str) -> float | None:
    return next((float(one.weight) for one in scheme.dimensions if one.id == name), None)


def _has(side: Published, name: str, mine: Numbers) -> int:
    return int((side.dimensions[name][0] & mine).sum()) if name in side.dimensions else 0


def _dimension_mean(side: Published, name: str, mine: Numbers) -> float | None:
    if name not in side.dimensions:
        return None
    has, values = side.dimensions[name]
    return _mean(values[has & mine])


def _points(found: Comparison, mine: Numbers, kind: str, *name: str) -> float:
    """Mean of a reason over all organisations compared."""
    chosen = mine[found.moving]
    total = 0
    for part, values in zip(found.parts.parts, found.parts.cents, strict=True):
        own = (part.dimension,) if kind == "weight" else (part.rulebook, part.rule) if kind == "rule" else ()
        if part.kind == kind and own == name:
            total += int(values[chosen].sum())
    return _per(total, _compared(found, mine))


def _rule(found: Comparison, moved: Moved, mine: Numbers) -> RuleLine:
    differs = found.differs(moved) & mine
    chosen = mine[found.moving]
    effect = np.zeros(np.count_nonzero(chosen), np.int64)
    for part, values in zip(found.parts.parts, found.parts.cents, strict=True):
        if (part.rulebook, part.rule) == (moved.rulebook, moved.rule):
            effect += values[chosen]
    return RuleLine(
        *(moved.rulebook, moved.rule, titles(found).get((moved.rulebook, moved.rule), moved.rule), moved.how),
        organisations=int(differs.sum()),
        gain=int((effect > 0).sum()),
        lose=int((effect < 0).sum()),
        points=_per(int(effect.sum()), _compared(found, mine)),
        statuses=Pair(*(found.totals(moved, mine))),
    )


def titles(found: Comparison) -> dict[tuple[str, str], str]:
    """(rulebook, rule) → its title, the drafted one where there is one."""
    pairs = [(name, versions) for side in found.sides for name, versions in rules_of(side).items()]
    return {name: versions[-1][1].title for name, versions in pairs}


def _others(found: Comparison, mine: Numbers) -> tuple[tuple[str, float], ...]:
    kinds = [part.kind for part in found.parts.parts if part.kind not in ("rule", "weight")]
    return tuple((kind, _points(found, mine, kind)) for kind in kinds)


# --- escalation -----------------------------------------------------------------------------------------------------


def _steps(found: Comparison, chosen: Numbers) -> tuple[tuple[str, int, int], ...]:
    before, after = (_proposed(side, chosen) for side in found.scored)
    names = dict.fromkeys([*after, *before])
    return tuple((name, before.get(name, 0), after.get(name, 0)) for name in names)


def _proposed(side: Scored, chosen: Numbers) -> dict[str, int]:
    """How many proposals of each step. Organisations without a score have them too."""
    ladder = side.scheme.escalation
    if ladder is None:
        return {}
    lengths = [length for length, _ in ladder.steps]
    counts = dict.fromkeys((name for _, name in ladder.steps), 0)
    for (rulebook, rule), group in zip(side.columns.names, side.columns.groups, strict=True):
        if any(pattern.fits(rulebook, rule) for pattern in ladder.rules):
            run = group.run[chosen[group.run_of]]
            reached = np.searchsorted(lengths, run, side="right")
            for place, (_, name) in enumerate(ladder.steps, 1):
                counts[name] += int((reached == place).sum())
    return counts
