"""How a reader writes bodies down, a line each, and which they are; and whether a name is the uniform one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhibu.web.audit.actions import Unfit
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.responsibilities.models import Charter

MOST = 200
CODE = re.compile(r"[A-Za-z0-9_.-]{1,20}")
PLACE = "○○"  # in a uniform name: the name of the place


@dataclass(frozen=True, slots=True)
class Named:
    """`name` is empty for a Party organisation itself; `code` for a body without one here."""

    name: str
    code: str


def bodies(text: str) -> list[Named]:
    """A line is a code (`D000012`), a name (`县总工会`), or both (`县总工会，D000012`).

    Raises ValueError in words for the reader.
    """
    told: dict[Named, None] = {}
    for line in filter(None, (" ".join(one.split()) for one in text.splitlines())):
        name, _, code = (part.strip() for part in line.replace(",", "，").partition("，"))
        if not code and CODE.fullmatch(name):
            name, code = "", name
        if code and not CODE.fullmatch(code):
            raise ValueError(f"“{line[:40]}”没有看懂，写成“县总工会，D000012”，逗号后面是党组织代码")
        if len(name) > 120:
            raise ValueError(f"“{name[:20]}…”太长，名称不超过 120 字")
        told[Named(name, code)] = None
    if not told:
        raise ValueError("至少写一个单位")
    if len(told) > MOST:
        raise ValueError(f"一次最多 {MOST} 个单位，现在是 {len(told)} 个")
    return list(told)


def found(by: Scope, charter: Charter, named: Sequence[Named]) -> list[tuple[str, Organisation | None]]:
    """(name, Party organisation) of each. Raises Unfit for a code that is not below the charter's organisation."""
    codes = {one.code for one in named if one.code}
    rows = Organisation.objects.below(by, charter.organisation.path).filter(code__in=codes, dissolved_on=None)
    places = {one.code: one for one in rows}
    if missing := sorted(codes - places.keys()):
        raise Unfit("bodies", f"{charter.organisation.name}和下级里没有这些代码：{'、'.join(missing[:5])}")
    return [(one.name, places.get(one.code)) for one in named]


def conforms(name: str, form: str) -> bool:
    """Whether `name` is what `form` asks for; ○○ stands for at least one character. No form: nothing to conform to."""
    if not form:
        return True
    parts = (re.escape(part) for part in re.split(f"{PLACE}+", form))
    return re.fullmatch(".+".join(parts), name) is not None
