"""两个覆盖: rates of two kinds of units, numerator and denominator beside each; no unit, no rate.

FG-02 (中办发〔2012〕11号, known at second hand): organisation coverage = units with an organisation of their own or a
joint one, over units really operating; the rate of own organisations likewise. Work coverage has no formula in the
texts at hand: here it is units with an organisation of whatever mode, or with an instructor or liaison person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from zhibu.web.core.scope import Scope
from zhibu.web.coverage.models import Benchmark, Mode, Unit, UnitKind
from zhibu.web.coverage.queries import working
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

KINDS = (UnitKind.NPE, UnitKind.SOCIAL_ORG)
CENT = Decimal("0.01")


def percent(part: int, whole: int) -> Decimal | None:
    """To two places, half up; None of nothing."""
    return None if not whole else (Decimal(100 * part) / whole).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Rate:
    part: int
    whole: int
    benchmark: Benchmark | None = None

    @property
    def value(self) -> Decimal | None:
        return percent(self.part, self.whole)

    @property
    def gap(self) -> Decimal | None:
        """Percentage points above the benchmark; below it, negative."""
        return None if self.value is None or self.benchmark is None else self.value - self.benchmark.percent

    @property
    def gap_words(self) -> str:
        return "--" if self.gap is None else f"{self.gap:+.2f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Rates:
    """Of one kind of unit, in one part of the county."""

    kind: str
    title: str
    code: str  # of the committee or authority; empty: all within reach
    organisation: Rate
    own: Rate
    work: Rate
    modes: dict[str, int]

    @property
    def beside(self) -> int:
        """Covered, and not counted by FG-02."""
        return self.modes[Mode.ATTACHED] + self.modes[Mode.SENT]


def of(kind: str, units: Iterable[Unit], title: str = "", code: str = "", **against: Benchmark | None) -> Rates:
    """`units`: as `working` gives them. `against`: benchmarks by measure."""
    found = [unit for unit in units if unit.kind == kind]
    modes = Counter(unit.mode for unit in found if unit.mode)
    work = sum(bool(unit.mode or unit.sent) for unit in found)
    return Rates(
        kind, title, code,
        Rate(modes[Mode.OWN] + modes[Mode.JOINT], len(found), against.get("organisation")),
        Rate(modes[Mode.OWN], len(found)),
        Rate(work, len(found), against.get("work")),
        {mode: modes[mode] for mode in Mode.values},
    )  # fmt: skip


def rates(scope: Scope) -> list[Rates]:
    """The whole reach, for both kinds."""
    units = list(working(scope))
    return [of(kind, units, UnitKind(kind).label, **benchmarks(scope, kind)) for kind in KINDS]


def by_committee(scope: Scope, kind: str) -> list[Rates]:
    """By the committee a unit hangs on: the territory (M236)."""
    return _grouped(kind, ((unit.organisation, unit) for unit in working(scope)))


def by_authority(scope: Scope, kind: str) -> list[Rates]:
    """By the authority of the trade, where it is known (M070)."""
    return _grouped(kind, ((unit.authority, unit) for unit in working(scope)))


def _grouped(kind: str, pairs: Iterable[tuple[Organisation | None, Unit]]) -> list[Rates]:
    groups: dict[int, list[Unit]] = defaultdict(list)
    heads: dict[int, Organisation] = {}
    for head, unit in pairs:
        if head and unit.kind == kind:
            heads[head.pk] = head
            groups[head.pk].append(unit)
    ordered = sorted(groups, key=lambda pk: heads[pk].path)
    return [of(kind, groups[pk], heads[pk].short_name or heads[pk].name, heads[pk].code) for pk in ordered]


def benchmarks(scope: Scope, kind: str) -> dict[str, Benchmark]:
    """The latest figure of each measure, of the own organisation, else of the nearest above: what the county entered
    holds for its towns."""
    here = Organisation.objects.unscoped("the own one").filter(pk=scope.organisation_id).first()
    if here is None:
        return {}
    paths = [*tree.ancestor_paths(here.path), here.path]
    rows = Benchmark.objects.unscoped("figures of superiors hold below").filter(
        organisation__path__in=paths, kind=kind, as_of__lte=scope.on
    )
    found: dict[str, Benchmark] = {}
    for one in rows.select_related("organisation").order_by("organisation__depth", "as_of"):
        found[one.measure] = one  # the last one stands: nearest, then latest
    return found


@dataclass(frozen=True, slots=True)
class Companions:
    """Yes, no and not known, of the units of one kind with a Party organisation (M228)."""

    word: str
    yes: int
    no: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Means:
    premises: Rate  # of enterprises with an organisation of their own (M272)
    schools: Rate  # of enterprises above scale (M273)
    companions: list[Companions]


def means(scope: Scope) -> Means:
    units = list(working(scope))
    firms = [unit for unit in units if unit.kind != UnitKind.SOCIAL_ORG]
    own = [unit for unit in firms if unit.mode == Mode.OWN]
    large = [unit for unit in firms if unit.above_scale]
    covered = [unit for unit in units if unit.mode]
    companions = []
    for name, word in (("union", "工会"), ("youth", "团组织"), ("women", "妇联组织")):
        counts = Counter(getattr(unit, name) for unit in covered)
        companions.append(Companions(word, counts[True], counts[False], counts[None]))
    return Means(
        Rate(sum(bool(unit.premises) for unit in own), len(own)),
        Rate(sum(unit.school is True for unit in large), len(large)),
        companions,
    )
