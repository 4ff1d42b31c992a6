"""Reading for the pages: requests, restrictions, the register as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zhibu.web.core.crypto import CryptoError
from zhibu.web.core.scope import Scope
from zhibu.web.members.correcting import WORDS
from zhibu.web.members.masks import UNREADABLE
from zhibu.web.members.models import Member
from zhibu.web.members.numbers import MASKS
from zhibu.web.personal.models import Request, Standing
from zhibu.web.personal.register import Entry, Field, entries, grounds, viewers


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the register as a page shows it."""

    field: Field
    viewers: str


@dataclass(frozen=True, slots=True)
class Table:
    entry: Entry
    ground: dict[str, str]
    rows: list[Row]


def register() -> list[Table]:
    return [
        Table(entry, grounds()[entry.ground], [Row(field, viewers(field.sees)) for field in entry.fields])
        for entry in entries().values()
    ]


def own(scope: Scope) -> QuerySet[Request]:
    return Request.objects.unscoped("a person's own requests").filter(user_id=scope.user_id).order_by("-pk")


def waiting(scope: Scope) -> QuerySet[Request]:
    """What the post has to answer, the nearest deadline first."""
    return _within(scope).filter(state=Request.State.ASKED).order_by("due_on", "pk")


def answered(scope: Scope) -> QuerySet[Request]:
    return _within(scope).exclude(state=Request.State.ASKED).order_by("-answered_at", "-pk")


def _within(scope: Scope) -> QuerySet[Request]:
    return Request.objects.within(scope.doing("requests.view")).select_related("organisation", "user")


def restricted(scope: Scope) -> QuerySet[Standing]:
    """Those the post may bring back. Number, branch and day; the name is processing, and stays away."""
    rows = Standing.objects.within(scope.doing("members.restrict")).filter(state=Standing.State.RESTRICTED)
    return rows.select_related("member__organisation", "request").order_by("-since", "pk")


def wanted(request: Request) -> list[tuple[str, str]]:
    """What is to be put right, in words; numbers with their middle hidden. A damaged row says so."""
    try:
        values = request.wanted
    except CryptoError:
        return [(UNREADABLE, "请重新提出")]
    return [(WORDS[name], _shown(name, value)) for name, value in values.items()]


def _shown(name: str, value: str) -> str:
    if name == "sex":
        return str(dict(Member._meta.get_field("sex").choices)[value])
    return MASKS[name](value) if name in MASKS else value


def days_left(request: Request, today: date) -> int:
    return (request.due_on - today).days


def go_over(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: requests still to be answered follow a merged organisation (合并)."""
    waiting = Request.objects.unscoped("a merged organisation brings what waits").filter(state=Request.State.ASKED)
    return {"requests": waiting.filter(organisation=organisation).update(organisation=into)}
