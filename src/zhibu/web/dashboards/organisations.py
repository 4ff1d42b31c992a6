"""Finding an organisation: by name, short name, code or pinyin initials, within the reach of the asker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Organisation
from zhibu.web.organisations.pinyin import is_spelling


@dataclass(frozen=True, slots=True)
class Asked:
    q: str = ""
    kind: str = ""
    sector: str = ""
    area: Organisation | None = None

    @property
    def anything(self) -> bool:
        return bool(self.q or self.kind or self.sector or self.area)


@dataclass(frozen=True, slots=True)
class Found:
    organisation: Organisation
    path: str  # 云岭县委 › 大营镇党委


def search(scope: Scope, asked: Asked) -> QuerySet[Organisation]:
    """Exact codes and names that begin with the words come first."""
    rows = Organisation.objects.within(scope).filter(dissolved_on=None)
    if asked.area:
        rows = rows.filter(subtree("path", asked.area.path)).exclude(pk=asked.area.pk)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.sector:
        rows = rows.filter(sector=asked.sector)
    return _matching(rows, asked.q) if asked.q else rows


def _matching(rows: QuerySet[Organisation], words: str) -> QuerySet[Organisation]:
    """Every word must occur somewhere."""
    for word in words.split()[:4]:
        there = Q(name__icontains=word) | Q(short_name__icontains=word) | Q(code__istartswith=word)
        if is_spelling(word):
            there |= Q(initials__contains=word.lower())
        rows = rows.filter(there)
    first = Case(
        When(code__iexact=words, then=Value(0)),
        When(Q(short_name__startswith=words) | Q(name__startswith=words), then=Value(1)),
        When(initials__startswith=words.lower(), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return rows.order_by(first, "path")


def with_paths(rows: Iterable[Organisation]) -> list[Found]:
    """Each with the names of its superiors: one query for all."""
    rows = list(rows)
    wanted = {path for row in rows for path in tree.ancestor_paths(row.path)}
    names = tree.names(wanted)
    return [Found(row, " › ".join(names.get(path, "") for path in tree.ancestor_paths(row.path))) for row in rows]


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
