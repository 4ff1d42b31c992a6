"""Opinions are asked, given and matters closed; talks are noted; reserves, exchanges and careers are kept."""

from __future__ import annotations

from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.burden.actions import charge, lift
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.offices.models import Career, Exchange, Opinion, Reserve, Talk
from zhibu.web.organisations.models import Organisation


@action("opinions.ask")
def ask(
    *, by: Scope, organisation: Organisation, kind: str, matter: str, due_on: date, minutes: int | None = None
) -> Opinion:
    """Ask an organisation about a personnel matter, to be answered in writing by a day. `minutes`: what answering costs
    it, as the asker has weighed it. Raises Unfit for a past day."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if due_on < by.on:
        raise Unfit("due_on", f"答复期限已过，填 {by.on} 或以后")
    opinion = Opinion.objects.create(
        organisation=here, kind=Opinion.Kind(kind), matter=matter, asked_by=by.unit,
        asked_on=by.on, due_on=due_on,
    )  # fmt: skip
    if minutes:
        charge(
            by=by, thing=opinion, kind="征求意见", title=opinion.get_kind_display(), units=1, minutes=minutes,
            starts_on=by.on, ends_on=due_on, to={"units": [here.pk]},
        )  # fmt: skip  # the matter is read by its sides alone, the burden by everybody
    write(
        by=by, action="opinions.ask", sentence=f"就{opinion.get_kind_display()}征求 {here.name} 的意见", thing=opinion,
        organisation=here, new={"kind": opinion.kind, "matter": matter, "due_on": due_on, "minutes": minutes},
    )  # fmt: skip
    return opinion


@action("opinions.ask")
def recall(*, by: Scope, opinion: Opinion, reason: str) -> Opinion:
    """Asked by mistake, or the matter fell away: closed unanswered, with the reason. Raises Unfit: it is answered."""
    found = _open(by, opinion)
    if found.replied_on:
        raise Unfit("reason", f"{found.organisation.name} {found.replied_on} 已经答复，不能撤回，写采纳情况办结")
    found.closed_on, found.outcome = by.on, f"撤回：{reason}"[:200]
    found.save(update_fields=["closed_on", "outcome"])
    lift(by=by, thing=found)
    write(
        by=by, action="opinions.ask", sentence=f"撤回向 {found.organisation.name} 征求的意见", thing=found,
        organisation=found.organisation, new={"reason": reason},
    )  # fmt: skip
    return found


@action("opinions.reply")
def reply(*, by: Scope, opinion: Opinion, text: str, participants: str = "") -> Opinion:
    """The written opinion of the organisation asked; once. Raises Unfit."""
    found = _open(by, opinion)
    if found.organisation_id != by.organisation_id:
        raise Unfit("text", f"由{found.organisation.name}答复")
    if found.replied_on:
        raise Unfit("text", f"{found.replied_on} 已经答复")
    if not text.strip():
        raise Unfit("text", "写下书面意见；没有意见的，写“没有意见”")
    if found.kind == Opinion.Kind.APPRAISE and not participants.strip():
        raise Unfit("participants", "考核、民主评议、民主推荐要有本组织的人参加，写明是谁")
    found.reply, found.participants, found.replied_on = text.strip(), participants.strip(), by.on
    found.save(update_fields=["reply", "participants", "replied_on"])
    write(
        by=by, action="opinions.reply", sentence=f"{found.organisation.name} 答复意见", thing=found,
        organisation=found.organisation, new={"reply": found.reply},
    )  # fmt: skip
    return found


@action("opinions.close")
def close(*, by: Scope, opinion: Opinion, outcome: str) -> Opinion:
    """The matter is settled. It can't be without the written opinion (M246). Raises Unfit."""
    found = _open(by, opinion)
    if not found.replied_on:
        raise Unfit(
            "outcome", f"还没有收到{found.organisation.name}的书面意见，不能办结。期限是 {found.due_on}，可以催办"
        )
    found.closed_on, found.outcome = by.on, outcome
    found.save(update_fields=["closed_on", "outcome"])
    write(
        by=by, action="opinions.close", sentence=f"办结：{found.matter[:60]}", thing=found,
        organisation=found.organisation, new={"outcome": outcome},
    )  # fmt: skip
    return found


def _open(by: Scope, opinion: Opinion) -> Opinion:
    found = reached(Opinion.objects.within(by).select_related("organisation"), opinion.pk)
    if found.closed_on:
        raise Unfit("outcome", f"{found.closed_on} 已经办结")
    return found


@action("talks.keep")
def hold(*, by: Scope, talk: Talk, held_on: date, talker: str, notes: str = "") -> Talk:
    """Note the talk with a new full-time deputy. Raises Unfit: before the appointment, in the future, held already."""
    found = reached(Talk.objects.within(by).select_related("tenure__office__organisation"), talk.pk)
    tenure = found.tenure
    if found.held_on:
        raise Unfit("held_on", f"{found.held_on} 已经谈过")
    if not tenure.starts_on <= held_on <= by.on:
        raise Unfit("held_on", f"谈话日期在 {tenure.starts_on}（任职）和 {by.on}（今天）之间")
    found.held_on, found.talker, found.notes = held_on, talker, notes
    found.save(update_fields=["held_on", "talker", "notes"])
    here = tenure.office.organisation
    write(
        by=by, action="talks.keep", sentence=f"{here.name} 新任专职副书记任职谈话", thing=found, organisation=here,
        new={"talker": talker}, happened_on=held_on,
    )  # fmt: skip
    return found


@action("reserves.keep")
def list_reserve(
    *, by: Scope, organisation: Organisation, post: str, source: str, starts_on: date, name: str = "",
    member: Member | None = None, training: str = "",
) -> Reserve:  # fmt: skip
    """Put a person on the reserve register. Raises Unfit: no name, or he is on it already."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if member is not None:
        member = reached(Member.objects.within(by.doing("members.view")), member.pk)
    called = member.name if member else name.strip()
    if not called:
        raise Unfit("name", "从名册里选一个人，或者填写姓名")
    if Reserve.objects.within(by).filter(organisation=here, post=post, name=called, ends_on=None).exists():
        raise Unfit("name", f"{called}已在后备名单里")
    reserve = Reserve.objects.create(
        organisation=here, post=Reserve.Post(post), source=Reserve.Source(source), member=member, name=called,
        starts_on=starts_on, training=training,
    )  # fmt: skip
    write(
        by=by, action="reserves.keep", sentence=f"{here.name} 列入{reserve.get_post_display()}：{called}",
        thing=reserve, organisation=here, new={"post": reserve.post, "source": reserve.source}, happened_on=starts_on,
    )  # fmt: skip
    return reserve


@action("reserves.keep")
def release(*, by: Scope, reserve: Reserve, ends_on: date, reason: str) -> Reserve:
    """Off the register with this day. Raises Unfit."""
    found = reached(Reserve.objects.within(by).select_related("organisation"), reserve.pk)
    if found.ends_on or ends_on < found.starts_on:
        raise Unfit("ends_on", f"{found.ends_on} 已调出" if found.ends_on else f"{found.starts_on} 才列入")
    found.ends_on, found.end_reason = ends_on, reason
    found.save(update_fields=["ends_on", "end_reason"])
    write(
        by=by, action="reserves.keep", sentence=f"{found.organisation.name} 调出{found.get_post_display()}",
        thing=found, organisation=found.organisation, new={"ends_on": ends_on, "reason": reason}, happened_on=ends_on,
    )  # fmt: skip
    return found


@action("offices.keep")
def plan_exchange(
    *, by: Scope, organisation: Organisation, name: str, way: str, to: str, planned_on: date, document: str = ""
) -> Exchange:
    """Plan that somebody changes between Party work and administration."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    plan = Exchange.objects.create(
        organisation=here, name=name, way=Exchange.Way(way), to=to, planned_on=planned_on, document=document
    )
    write(
        by=by, action="offices.keep", sentence=f"{here.name} 列交流计划：{name}{plan.get_way_display()}", thing=plan,
        organisation=here, new={"way": plan.way, "to": to, "planned_on": planned_on},
    )  # fmt: skip
    return plan


@action("offices.keep")
def carry_out(*, by: Scope, exchange: Exchange, done_on: date, document: str) -> Exchange:
    """The plan is carried out. Raises Unfit: in the future, or done already."""
    found = reached(Exchange.objects.within(by).select_related("organisation"), exchange.pk)
    if found.done_on or done_on > by.on:
        raise Unfit("done_on", f"{found.done_on} 已经完成" if found.done_on else "完成日期还没到")
    found.done_on, found.document = done_on, document
    found.save(update_fields=["done_on", "document"])
    write(
        by=by, action="offices.keep", sentence=f"{found.organisation.name} 完成交流：{found.name}", thing=found,
        organisation=found.organisation, new={"done_on": done_on, "document": document}, happened_on=done_on,
    )  # fmt: skip
    return found


@action("offices.keep")
def note_career(
    *, by: Scope, organisation: Organisation, name: str, heading: str, happened_on: date, text: str, document: str = ""
) -> Career:
    """Note what happened to a village cadre under one of the four headings. Raises Unfit for a future day."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if happened_on > by.on:
        raise Unfit("happened_on", "日期还没到，发生了再记")
    note = Career.objects.create(
        organisation=here, name=name, heading=Career.Heading(heading), happened_on=happened_on, text=text,
        document=document,
    )  # fmt: skip
    write(
        by=by, action="offices.keep", sentence=f"{here.name} 记村干部履历：{note.get_heading_display()}", thing=note,
        organisation=here, new={"heading": note.heading, "text": text}, happened_on=happened_on,
    )  # fmt: skip
    return note
