"""Finding an organisation: by name, short name, code or pinyin initials, within the reach of the asker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import Kind, Organisation


@dataclass(frozen=True, slots=True)
class Asked:
    q: str = ""
    kind: str = ""
    sector: str = ""
    area: Organisation | None = None

    @property
    def anything(self) -> bool:
        return bool(self.q or self.kind or self.sector or self.area)


def search(scope: Scope, asked: Asked) -> QuerySet[Organisation]:
    """The likeliest first (`organisations.finding`)."""
    rows = Organisation.objects.within(scope).filter(dissolved_on=None)
    if asked.area:
        rows = rows.filter(subtree("path", asked.area.path)).exclude(pk=asked.area.pk)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.sector:
        rows = rows.filter(sector=asked.sector)
    return finding.matching(rows, asked.q) if asked.q else rows


def counts(scope: Scope) -> list[tuple[str, str, int]]:
    """(kind, word, number) of what is within reach."""
    rows = Organisation.objects.within(scope).filter(dissolved_on=None).order_by()
    found = dict(rows.values_list("kind").annotate(n=Count("pk")))
    return [(kind.value, kind.label, found[kind.value]) for kind in Kind if found.get(kind.value)]


def areas(scope: Scope) -> QuerySet[Organisation]:
    """Committees to search below: those that have subordinates, the upper ones first."""
    rows = Organisation.objects.within(scope).filter(numchild__gt=0, dissolved_on=None)
    return rows.exclude(kind__in=(Kind.BRANCH, Kind.JOINT_BRANCH)).order_by("depth", "path")


def recent(scope: Scope, codes: Iterable[str]) -> list[Organisation]:
    """Organisations opened in this session, the latest first; those out of reach by now are left out."""
    codes = list(codes)
    found = {one.code: one for one in Organisation.objects.within(scope).filter(code__in=codes)} if codes else {}
    return [found[code] for code in codes if code in found]
