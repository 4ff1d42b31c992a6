"""A member's row is put right, after the person asked for it or because somebody saw the mistake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhibu.web.audit.actions import NotAllowed, action, reached, write
from zhibu.web.core import announce
from zhibu.web.core.scope import Scope
from zhibu.web.core.sealed import digests, stored_as
from zhibu.web.members import numbers
from zhibu.web.members.models import Member
from zhibu.web.organisations.pinyin import initials

# What a person can have corrected: property of the member → Chinese word.
WORDS = {
    "name": "姓名", "sex": "性别", "id_number": "公民身份号码", "phone": "手机号码", "born_on": "出生日期",
    "education": "学历", "joined_on": "加入党组织日期", "full_on": "转为正式党员日期",
}  # fmt: skip
DAYS = ("born_on", "joined_on", "full_on")


@action("members.correct")
def correct(*, by: Scope, member: Member, values: Mapping[str, str], why: str) -> Member:
    """Set these values (days as 2026-11-21). Raises NotAllowed: out of reach, or another row has the identity number.

    Numbers stand in the log with their middle hidden.
    """
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    if taken(here, values.get("id_number", "")):
        raise NotAllowed("这个身份号码已登记在另一名党员名下，请核对")
    old = {name: _former(here, name) for name in values}
    for name, value in values.items():
        setattr(here, name, _plain(name, value))
    if "name" in values:
        here.initials = initials(here.name, longest=40)
    columns = [column for name in values for column in stored_as(Member, name)]
    here.save(update_fields=[*columns, *(["initials"] if "name" in values else [])])
    new = {name: _said(name, value) for name, value in values.items()}
    what = "、".join(WORDS[name] for name in values)
    write(
        by=by, action="members.correct", sentence=f"更正党员资料：{what}（{why}）", thing=here,
        organisation=here.organisation, old=old, new=new,
    )  # fmt: skip
    announce.facts_changed({here.organisation_id})
    return here


def taken(member: Member, number: str) -> bool:
    """Whether another row has this identity number, also one withheld."""
    rows = Member.objects.everything("one identity number, one member").exclude(pk=member.pk)
    return bool(number) and rows.filter(id_digest__in=digests(Member, "id_number", number)).exists()


def _plain(name: str, value: str) -> Any:
    if name in DAYS:
        return date.fromisoformat(value) if value else None
    return numbers.tidy(value) if name in numbers.WORDS else value


def _former(member: Member, name: str) -> str:
    return numbers.masked(member, name) if name in numbers.WORDS else str(getattr(member, name) or "")


def _said(name: str, value: str) -> str:
    return numbers.MASKS[name](value) if name in numbers.MASKS else value
