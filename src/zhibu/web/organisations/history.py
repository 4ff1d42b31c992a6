"""沿革: what an organisation was from a day to a day, and the tree as it stood on any day.

Stored are the present and the steps that led to it (`Change`); the past is unrolled from the present backwards, so a
mistyped figure that is corrected today is right in the past too. Scopes always use the tree of today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Change, Kind, Organisation, Sector

DAY = timedelta(days=1)
NAMES = ("name", "short_name")
TERM = (
    "secretary_name", "secretary_since", "committee_size", "groups", "elected_on", "term_years", "term_ends_on",
)  # fmt: skip
DAYS = frozenset(("secretary_since", "elected_on", "term_ends_on"))
FACTS = ("kind", "sector", "superior", *TERM)  # what rules may read; `superior` is a code
WRITTEN = frozenset((*NAMES, *FACTS))

Row = dict[str, Any]
Step = tuple[date, Mapping[str, Any]]  # the day, and what was before


@dataclass(frozen=True, slots=True)
class Spell:
    """Both days are inclusive; null is open."""

    first: date | None
    last: date | None
    row: Row


def unrolled(now: Row, steps: Sequence[Step], columns: Iterable[str] = WRITTEN) -> list[Spell]:
    """The spells of one organisation, the earliest first: `now` is its present, `steps` come by day.

    Steps that altered none of the columns begin no spell; of several on one day only the last result is a spell.
    """
    asked, found, row, last = frozenset(columns), list[Spell](), now, None
    for on, old in reversed(steps):
        before = row | {name: read(name, value) for name, value in old.items() if name in asked}
        if before == row:
            continue
        if last is None or on <= last:
            found.append(Spell(on, last, row))
            last = on - DAY
        row = before
    found.append(Spell(None, last, row))
    return found[::-1]


def read(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in DAYS and value else value


def steps_of(chosen: Iterable[int] | None = None) -> dict[int, list[Step]]:
    """Organisation → its steps by day, of those that changed at all; None: of all."""
    rows = Change.objects.unscoped("what organisations were").exclude(old={}).order_by("on", "pk")
    rows = rows if chosen is None else rows.filter(organisation__in=chosen)
    found: dict[int, list[Step]] = defaultdict(list)
    for pk, on, old in rows.values_list("organisation", "on", "old"):
        found[pk].append((on, old))
    return found


def changes(organisation: Organisation) -> list[Change]:
    """The latest first. Names of the organisations it joined are shown to everybody."""
    rows = Change.objects.unscoped("of an organisation that was reached").filter(organisation=organisation)
    return list(rows.select_related("into").defer("taken").order_by("-on", "-pk"))


def spells(organisation: Organisation) -> list[Spell]:
    """Name, kind, sector and superior (a code) from day to day, the earliest first."""
    above = tree.superior(organisation)
    shown = (*NAMES, "kind", "sector", "superior")
    now = {name: getattr(organisation, name) for name in shown[:-1]} | {"superior": above.code if above else None}
    steps = [(one.on, one.old) for one in reversed(changes(organisation))]
    return unrolled(now, steps, shown)


@dataclass(slots=True)
class Then:
    """An organisation as it was on the day asked for; `path` is of codes, from the root of the reach."""

    code: str
    name: str
    short_name: str
    kind: str
    sector: str
    superior: str | None
    path: tuple[str, ...] = ()

    @property
    def depth(self) -> int:
        return len(self.path) - 1

    @property
    def indent(self) -> str:
        return "\u3000" * self.depth

    @property
    def kind_word(self) -> str:
        return str(Kind(self.kind).label) if self.kind in Kind.values else ""

    @property
    def sector_word(self) -> str:
        return str(Sector(self.sector).label) if self.sector in Sector.values else ""


def as_of(scope: Scope, day: date) -> list[Then]:
    """The organisations within reach that existed on a day, each after its superior of that day."""
    rows = Organisation.objects.within(scope).filter(held(day, starts="founded_on", ends="dissolved_on"))
    later = Change.objects.within(scope).filter(on__gt=day).order_by("-on", "-pk")
    olds: dict[int, Row] = defaultdict(dict)
    for pk, old in later.values_list("organisation", "old"):
        olds[pk] |= {name: value for name, value in old.items() if name in WRITTEN}
    names = ("pk", "path", "code", "name", "short_name", "kind", "sector")
    present = list(rows.order_by("path").values(*names))
    codes = {one["path"]: one["code"] for one in present}
    found = []
    for one in present:
        row = one | {"superior": codes.get(tree.parent_path(one["path"]))} | olds.get(one["pk"], {})
        found.append(Then(*(row[name] for name in ("code", *names[3:], "superior"))))
    return _in_order(found)


def _in_order(found: list[Then]) -> list[Then]:
    """Superiors before subordinates. Those whose superior is out of reach come first of their own."""
    here = {one.code for one in found}
    below: dict[str | None, list[Then]] = defaultdict(list)
    for one in found:
        below[one.superior if one.superior in here else None].append(one)
    ordered, waiting = list[Then](), [(one, ()) for one in reversed(below[None])]
    while waiting:
        one, above = waiting.pop()
        one.path = (*above, one.code)
        ordered.append(one)
        waiting += [(child, one.path) for child in reversed(below[one.code])]
    return ordered


def first_inside(organisation: Organisation, above: Organisation, since: date) -> date | None:
    """The first day from `since` on at which `above` stood below the organisation or was it; None: on none.

    Who is hung under another from an earlier day must not stand above it on any day since.
    """
    moved = Change.objects.unscoped("the tree keeps itself").filter(on__gt=since, kind=Change.Kind.MOVED)
    later: dict[str, list[Step]] = defaultdict(list)
    for code, on, old in moved.order_by("on", "pk").values_list("organisation__code", "on", "old"):
        later[code].append((on, old))
    now = _Present()
    for day in sorted({since, *(on for steps in later.values() for on, _ in steps)}):
        code: str | None = above.code
        while code is not None:
            if code == organisation.code:
                return day
            next_step = next((old for on, old in later.get(code, ()) if on > day and "superior" in old), None)
            code = next_step["superior"] if next_step else now.superior(code)
    return None


class _Present:
    """Superiors of today by code, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def superior(self, code: str) -> str | None:
        if code not in self._known:
            rows = Organisation.objects.unscoped("the tree keeps itself")
            path = rows.filter(code=code).values_list("path", flat=True).first() or ""
            line = [*tree.ancestor_paths(path), path]
            codes = dict(rows.filter(path__in=line).values_list("path", "code"))
            for above, one in zip([None, *line], line, strict=False):
                self._known[codes.get(one, code)] = codes.get(above) if above else None
        return self._known[code]


def left_after(organisation: Organisation, day: date) -> Change | None:
    """The last subordinate that was still below it after a day and has another superior now."""
    moved = Change.objects.unscoped("the tree keeps itself").filter(Q(old__superior=organisation.code), on__gt=day)
    return moved.select_related("organisation").order_by("on", "pk").last()
