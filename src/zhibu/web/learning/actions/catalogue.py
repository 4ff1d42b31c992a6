"""The reading list is kept; a reader marks; the branch posts on its study corner."""

from __future__ import annotations

from datetime import date

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.learning import readings
from zhibu.web.learning.models import CornerPost, Reading, ReadMark
from zhibu.web.library.models import Document
from zhibu.web.members.about_me import own_row
from zhibu.web.organisations.models import Organisation


@action("learning.catalogue")
def put(
    *, by: Scope, title: str, kind: str, edition: str, audience: str, document: Document | None, new_until: date | None,
    link: str = "",
) -> Reading:  # fmt: skip
    """On the list of the own organisation, for all below. Raises Unfit: it is there, or the day is over."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if new_until and new_until < by.on:
        raise Unfit("new_until", "这一天已经过去，填今天以后的日期，或者空着")
    if Reading.objects.within(by).filter(organisation=own, title=title, edition=edition, ended_on=None).exists():
        raise Unfit("title", f"目录里已有“{title}”")
    made = Reading.objects.create(
        organisation=own, title=title, kind=kind, edition=edition, audience=audience, document=document,
        new_until=new_until, link=link, added_on=by.on,
    )  # fmt: skip
    _write(by, "learning.catalogue", f"列入学习目录：{title}", made)
    return made


@action("learning.catalogue")
def drop(*, by: Scope, reading: Reading) -> None:
    kept = reached(Reading.objects.within(by).filter(ended_on=None).select_related("organisation"), reading.pk)
    kept.ended_on = by.on
    kept.save(update_fields=["ended_on"])
    _write(by, "learning.catalogue", f"移出学习目录：{kept.title}", kept)


@action("learning.mark")
def mark(*, by: Scope, reading: Reading) -> bool:
    """The reader's own mark, set, or taken off when it is set. Whether it is set now. Raises NotAllowed."""
    member = own_row(by.user_id)
    if member is None or not readings.binding(member).filter(pk=reading.pk).exists():
        raise NotAllowed("这一篇不在本人的学习目录里")
    rows = ReadMark.objects.unscoped("the reader's own").filter(member=member, reading=reading)
    set_ = rows.first() is None
    if set_:
        ReadMark.objects.create(member=member, reading=reading, read_on=by.on)
    else:
        rows.get().delete()
    # The log says that somebody used the page, not what he has read: that is nobody's but his own.
    write(by=by, action="learning.mark", sentence="改动自己的已学标记", thing=None, organisation=member.organisation)
    return set_


@action("learning.corner")
def post(*, by: Scope, title: str, text: str, author: str) -> CornerPost:
    own = reached(Organisation.objects.within(by), by.organisation_id)
    made = CornerPost.objects.create(organisation=own, title=title, text=text, author=author, posted_on=by.on)
    _write(by, "learning.corner", f"学习园地：{title}", made)
    return made


@action("learning.corner")
def take_down(*, by: Scope, post: CornerPost, why: str) -> None:
    kept = reached(CornerPost.objects.within(by).filter(withdrawn_on=None).select_related("organisation"), post.pk)
    kept.withdrawn_on, kept.withdrawn_why = by.on, why
    kept.save(update_fields=["withdrawn_on", "withdrawn_why"])
    _write(by, "learning.corner", f"学习园地撤下：{kept.title}", kept)


def _write(by: Scope, name: str, sentence: str, thing: Reading | CornerPost) -> None:
    write(by=by, action=name, sentence=sentence, thing=thing, organisation=thing.organisation, happened_on=by.on)
