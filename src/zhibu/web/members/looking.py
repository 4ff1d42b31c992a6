"""Whole numbers, one at a time: opened with a reason, found by the exact number. Every try has its audit line, also one
that a limit refused: a mask with its middle hidden is soon guessed by whoever may search without end."""

from __future__ import annotations

from dataclasses import dataclass

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.members import limits, numbers
from zhibu.web.members.models import Look, Member, Seen
from zhibu.web.members.queries import on_roster
from zhibu.web.organisations.models import Organisation

TOO_MANY = "24 小时内的次数用完了，已记录。确有需要，请上级党委办理"


@dataclass(frozen=True, slots=True)
class Opened:
    """`number` is for this answer only; with `refused` there is none."""

    member: Member
    number: str = ""
    refused: str = ""


@action("members.unmask")
def unmask(*, by: Scope, member: Member, what: str, reason: str) -> Opened:
    """One number of one member. `what`: id_number or phone. Raises NotAllowed; CryptoError when it can't be opened."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    word = numbers.WORDS[what]
    if limits.reached(by.user_id, Look.Kind.OPEN):
        _write(
            by,
            "members.unmask",
            f"查看{word}超过次数，没有显示",
            here,
            {"what": what, "reason": reason, "shown": False},
        )
        return Opened(here, refused=TOO_MANY)
    number = numbers.whole(here, what)
    look = note(by, Look.Kind.OPEN, what=word, reason=reason)
    Seen.objects.create(look=look, member=here)
    _write(by, "members.unmask", f"查看{word}：{reason}", here, {"what": what, "reason": reason, "shown": True})
    return Opened(here, number)


@dataclass(frozen=True, slots=True)
class Found:
    members: tuple[Member, ...] = ()
    refused: str = ""


@action("members.find")
def find(*, by: Scope, number: str) -> Found:
    """Members on the roster with exactly this identity number or phone. The number itself is written nowhere."""
    place = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    if limits.reached(by.user_id, Look.Kind.FIND):
        _write(by, "members.find", "按号码查找超过次数，没有查", place, {"found": None})
        return Found(refused=TOO_MANY)
    rows = numbers.by_number(on_roster(by, None), number)
    members = tuple(rows.select_related("organisation").order_by("organisation__path", "pk")[:20])
    note(by, Look.Kind.FIND, count=len(members))
    _write(by, "members.find", f"按号码查找党员：{len(members)} 人", place, {"found": [one.pk for one in members]})
    return Found(members)


def note(
    by: Scope, kind: Look.Kind, *, what: str = "", reason: str = "", count: int = 1, approved: bool = False
) -> Look:
    return Look.objects.create(
        kind=kind, user_id=by.user_id, title=by.title, at=clock.now(), what=what, reason=reason[:300], count=count,
        approved=approved,
    )  # fmt: skip


def _write(by: Scope, name: str, sentence: str, thing: Member | Organisation | None, new: dict) -> None:
    place = thing.organisation if isinstance(thing, Member) else thing
    write(by=by, action=name, sentence=sentence, thing=thing or Member(), organisation=place, new=new)
