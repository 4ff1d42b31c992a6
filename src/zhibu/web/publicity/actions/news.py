"""News is handed in, adopted or returned, sent again, withdrawn, offered to committees of other lines."""

from __future__ import annotations

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.publicity.models import Level, News
from zhibu.web.records.actions import along

State = News.State
EVENT = "information"  # packs/words.yaml: the kind of activity that rules ask for


@action("publicity.write")
def send(*, by: Scope, kind: str, title: str, text: str) -> News:
    """Hand in at the own organisation, today. Its activity record is made along, so that it counts once."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    made = News.objects.create(organisation=own, kind=kind, title=title, text=text, sent_on=by.on)
    told = f"报送{made.get_kind_display()}：{title}"
    made.record = along.store(by=by, organisation=own, kind=EVENT, held_on=by.on, topic=title, content=told)
    made.save(update_fields=["record"])
    _write(by, made, told, new={"kind": kind, "title": title, "record": made.record.number})
    return made


@action("publicity.write")
def correct(*, by: Scope, news: News, kind: str, title: str, text: str) -> News:
    """Send a returned one again, or mend one nobody has looked at. Raises Unfit when it was adopted or withdrawn."""
    kept = _own(by, news)
    if kept.state not in (State.SENT, State.RETURNED):
        raise Unfit("title", f"{kept.get_state_display()}的信息不能再改。有新情况，另报一期")
    again = kept.state == State.RETURNED
    old = {"kind": kept.kind, "title": kept.title, "state": kept.state}
    kept.kind, kept.title, kept.text, kept.state = kind, title, text, State.SENT
    if again:
        kept.resent_on, kept.answer = by.on, ""
    kept.save()
    _write(by, kept, f"{'重新报送' if again else '修改'}信息：{title}", old=old, new={"kind": kind, "title": title})
    return kept


@action("publicity.write")
def withdraw(*, by: Scope, news: News, reason: str) -> News:
    """Take it back: its record no longer counts. Raises Unfit when it was adopted."""
    kept = _own(by, news)
    if kept.state not in (State.SENT, State.RETURNED):
        raise Unfit("reason", f"{kept.get_state_display()}的信息不能撤回")
    kept.state, kept.answer, kept.shared_on = State.WITHDRAWN, reason, None
    kept.save(update_fields=["state", "answer", "shared_on"])
    if kept.record:
        along.take_back(by=by, record=kept.record, reason=reason)
    _write(by, kept, f"撤回信息：{kept.title}：{reason}", new={"reason": reason})
    return kept


@action("publicity.write")
def share(*, by: Scope, news: News, shared: bool) -> News:
    """Offer it to committees of other lines, or no longer. Raises Unfit for a withdrawn one."""
    kept = _own(by, news)
    if shared and kept.state == State.WITHDRAWN:
        raise Unfit("", "已撤回的信息不能互通")
    kept.shared_on = by.on if shared else None
    kept.save(update_fields=["shared_on"])
    _write(by, kept, f"{'互通' if shared else '停止互通'}信息：{kept.title}", new={"shared": shared})
    return kept


@action("publicity.judge")
def adopt(*, by: Scope, news: News, level: str, published_in: str) -> News:
    """Say where it was published and of what level. May be said again: a second, higher publication. Raises Unfit."""
    kept = _below(by, news)
    if kept.state not in (State.SENT, State.ADOPTED):
        raise Unfit("level", f"这一期{kept.get_state_display()}，要等下级重新报送")
    if kept.state == State.ADOPTED and Level.values.index(level) < Level.values.index(kept.level):
        raise Unfit("level", f"已经登记为{kept.get_level_display()}级采用，只能改登更高的级别")
    old = {"level": kept.level, "published_in": kept.published_in}
    kept.state, kept.level, kept.published_in = State.ADOPTED, level, published_in
    new = {"level": level, "published_in": published_in}
    _answered(by, kept, f"采用信息（{Level(level).label}）：{kept.title}", new, old)
    return kept


@action("publicity.judge")
def send_back(*, by: Scope, news: News, reason: str) -> News:
    """Return it with a reason. That it was handed in on its day stays a fact. Raises Unfit when it does not wait."""
    kept = _below(by, news)
    if kept.state != State.SENT:
        raise Unfit("reason", f"这一期{kept.get_state_display()}，不能退回")
    kept.state, kept.answer = State.RETURNED, reason
    _answered(by, kept, f"退回信息：{kept.title}：{reason}", {"reason": reason}, {})
    return kept


def _answered(by: Scope, kept: News, sentence: str, new: dict[str, object], old: dict[str, object]) -> None:
    here = Organisation.objects.unscoped("a post's own organisation").get(pk=by.organisation_id)
    kept.answered_on, kept.answered_by = by.on, here.name[:120]
    kept.save()
    write(
        by=by, action="publicity.judge", sentence=sentence, thing=kept, organisation=kept.organisation, old=old,
        new=new, happened_on=by.on,
    )  # fmt: skip


def _own(by: Scope, news: News) -> News:
    rows = News.objects.within(by).filter(organisation=by.organisation_id).select_related("organisation")
    return reached(rows.select_for_update(of=("self",)), news.pk, "只能改本组织报送的信息")


def _below(by: Scope, news: News) -> News:
    rows = News.objects.within(by).select_related("organisation").select_for_update(of=("self",))
    return reached(rows, news.pk, "只能处理下级报送的信息")


def _write(by: Scope, news: News, sentence: str, **values: object) -> None:
    write(
        by=by, action="publicity.write", sentence=sentence, thing=news, organisation=news.organisation,
        happened_on=by.on, **values,  # type: ignore[arg-type]
    )  # fmt: skip
