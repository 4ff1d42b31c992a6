"""How a reader writes bodies down, a line each, and which they are; and whether a name is the uniform one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhibu.web.audit.actions import Unfit
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import Organisation
from zhibu.web.responsibilities.models import Charter

MOST = 200
_GAPS = re.compile("○○+")  # in a uniform name: the name of the place


@dataclass(frozen=True, slots=True)
class Named:
    """`name` is empty for a code alone; `code`, a code or a name of an organisation, for a body without one here."""

    name: str
    code: str


def bodies(text: str) -> list[Named]:
    """A line is a code (`D000012`), a name (`县总工会`), or both (`县总工会，D000012`).

    Raises ValueError in words for the reader.
    """
    told: dict[Named, None] = {}
    for line in filter(None, (" ".join(one.split()) for one in text.splitlines())):
        name, _, code = (part.strip() for part in line.replace(",", "，").partition("，"))
        if not code and finding.CODE.fullmatch(name):
            name, code = "", name
        if "，" in code or not (name or code):
            raise ValueError(f"“{line[:40]}”没有看懂，写成“县总工会，D000012”，逗号后面是党组织的名称或代码")
        if max(len(name), len(code)) > 120:
            raise ValueError(f"“{name[:20]}…”太长，名称不超过 120 字")
        told[Named(name, code)] = None
    if not told:
        raise ValueError("至少写一个单位")
    if len(told) > MOST:
        raise ValueError(f"一次最多 {MOST} 个单位，现在是 {len(told)} 个")
    return list(told)


def found(by: Scope, charter: Charter, named: Sequence[Named]) -> list[tuple[str, Organisation | None]]:
    """(name, Party organisation) of each; a whole name of an organisation is that organisation, without another name.

    Raises Unfit for what should be an organisation below the charter's and is not.
    """
    rows = finding.reached(by).filter(subtree("path", charter.organisation.path))
    places = finding.all_named(rows, {one.code for one in named if one.code})
    if missing := sorted(text for text, place in places.items() if place is None):
        raise Unfit("bodies", finding.refusal(rows, missing[0]))
    names = {one.name for one in named if not one.code}
    whole = finding.all_named(rows.filter(name__in=names), names)
    return [_told(one, places[one.code] if one.code else whole[one.name]) for one in named]


def _told(one: Named, place: Organisation | None) -> tuple[str, Organisation | None]:
    return ("", place) if place and not one.code else (one.name, place)


def conforms(name: str, form: str) -> bool:
    """Whether `name` is what `form` asks for; ○○ stands for at least one character. No form: nothing to conform to."""
    if not form:
        return True
    first, *rest = _GAPS.split(form)
    if not rest or not name.startswith(first):
        return name == form
    at = len(first)
    for part in rest[:-1]:
        found = name.find(part, at + 1)  # the first place is the best: it leaves the most for what follows
        if found < 0:
            return False
        at = found + len(part)
    return name.endswith(rest[-1]) and len(name) - len(rest[-1]) > at
