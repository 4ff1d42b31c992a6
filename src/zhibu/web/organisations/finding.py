"""Finding organisations by what somebody typed: a name, a short name, a code, pinyin initials. Always within rows of a
scope: what lies outside is not there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.organisations.pinyin import is_spelling

LISTED = 8  # suggested at once
NEAR = 5  # named to a reader whose words fit nothing
CODE = re.compile(r"[A-Za-z0-9_.-]{1,20}")


class NotFound(ValueError):
    """In words for the reader: nothing, or more than one thing, is called so."""


@dataclass(slots=True)
class Found:
    organisation: Organisation
    path: str  # 云岭县委 › 大营镇党委
    words: str = ""  # what `named` takes for this one and no other


def reached(scope: Scope) -> QuerySet[Organisation]:
    """What a form of this scope may name: all within reach that still exists."""
    return Organisation.objects.within(scope).filter(dissolved_on=None)


def own(scope: Scope) -> Organisation | None:
    """The organisation of the post itself, whatever the post may do there."""
    return Organisation.objects.unscoped("a post's own organisation").filter(pk=scope.organisation_id).first()


def matching(rows: QuerySet[Organisation], words: str) -> QuerySet[Organisation]:
    """Every word must occur somewhere; exact codes and names that begin with the words come first."""
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


def named(rows: QuerySet[Organisation], text: str) -> Organisation:
    """The one whose code, else whose name, else whose short name is exactly `text`.

    Raises NotFound, naming up to five of `rows` that come near.
    """
    found = all_named(rows, [text])[text]
    if found is None:
        raise NotFound(refusal(rows, text))
    return found


def all_named(rows: QuerySet[Organisation], texts: Collection[str]) -> dict[str, Organisation | None]:
    """text → the one it names; None where it names none, or more than one. One query."""
    asked = [text for text in texts if text]
    hits = rows.filter(Q(code__in=asked) | Q(name__in=asked) | Q(short_name__in=asked)) if asked else rows.none()
    known: dict[str, dict[str, list[Organisation]]] = {"code": {}, "name": {}, "short_name": {}}
    for one in hits:
        for column, called in known.items():
            called.setdefault(getattr(one, column), []).append(one)
    told: dict[str, Organisation | None] = dict.fromkeys(texts)
    for text in asked:
        same = next((called[text] for called in known.values() if text in called), [])
        told[text] = same[0] if len(same) == 1 else None
    return told


def elsewhere(text: str) -> Organisation | None:
    """The one in the whole tree of that code or whole name.

    Raises NotFound when more than one has the name.
    """
    rows = Organisation.objects.unscoped("who is sent to lies outside the reach of who sends").filter(dissolved_on=None)
    rows = rows.filter(Q(code=text) | Q(name=text))
    found = all_named(rows, [text])[text]
    if found is None and rows.exists():
        raise NotFound(f"叫“{text}”的党组织不止一个，写代码")
    return found


def near(rows: QuerySet[Organisation], text: str) -> list[Organisation]:
    """Up to five that contain the text, or, where none does, its first half."""
    found = list(matching(rows, text)[:NEAR]) if text else []
    if not found and len(text) >= 4 and not CODE.fullmatch(text):
        found = list(matching(rows, text[: len(text) // 2])[:NEAR])
    return found


def suggested(scope: Scope, text: str, below: str = "") -> list[Found]:
    """What may be meant by a few letters, the likeliest first, each with the words to put into the form: its name, or
    its code where the reach has another of that name. `below`: only under the organisation of that code."""
    rows = reached(scope)
    chosen = rows
    if below:
        top = rows.filter(code=below).first()
        chosen = rows.filter(subtree("path", top.path)) if top else rows.none()
    found = with_paths(matching(chosen, text)[:LISTED]) if text else []
    names = rows.filter(name__in=[one.organisation.name for one in found]).order_by().values_list("name")
    shared = set(names.annotate(n=Count("pk")).filter(n__gt=1).values_list("name", flat=True))
    for one in found:
        one.words = one.organisation.code if one.organisation.name in shared else one.organisation.name
    return found


def with_paths(rows: Iterable[Organisation]) -> list[Found]:
    """Each with the names of its superiors: one query for all."""
    rows = list(rows)
    wanted = {path for row in rows for path in tree.ancestor_paths(row.path)}
    names = tree.names(wanted)
    return [Found(row, " › ".join(names.get(path, "") for path in tree.ancestor_paths(row.path))) for row in rows]


def refusal(rows: QuerySet[Organisation], text: str) -> str:
    """Why `text` names none of the rows, and what comes near."""
    others = near(rows, text)
    if sum(text in (one.name, one.short_name) for one in others) > 1:
        return f"叫“{text}”的党组织不止一个，写代码：{_list(others)}"
    what = f"代码为 {text} " if CODE.fullmatch(text) else f"叫“{text}”"
    said = f"本级管理范围内没有{what}的党组织"
    return f"{said}。相近的有：{_list(others)}" if others else f"{said}。名称和代码在“组织”一页可以查到"


def _list(rows: Iterable[Organisation]) -> str:
    return "、".join(f"{one.name}（{one.code}）" for one in rows)
