"""A selection is opened with its panel, lectures are sent in, judges mark, the best go to the library."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.burden.actions import charge
from zhibu.web.burden.loads import branches
from zhibu.web.core.scope import Scope
from zhibu.web.files import actions as files
from zhibu.web.files.models import Attachment
from zhibu.web.files.queries import attachments
from zhibu.web.files.receive import Received, Upload, received
from zhibu.web.learning import lectures
from zhibu.web.learning.models import LectureContest, LectureEntry, LectureJudge, LectureMark
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation

Items = Sequence[tuple[str, int]]


@action("learning.select")
def open_contest(
    *, by: Scope, title: str, document: str, closes_on: date, items: Items, minutes: int | None = None
) -> LectureContest:
    """Those below may send in lectures. `minutes`: what it costs a branch, as it was weighed. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if closes_on < by.on:
        raise Unfit("closes_on", "报送截止不能早于今天")
    made = LectureContest.objects.create(
        organisation=own, title=title, document=document, closes_on=closes_on, items=[list(one) for one in items]
    )
    if minutes:
        charge(
            by=by, thing=made, kind="党课评选", title=title, units=branches(by, own.path).count(), minutes=minutes,
            starts_on=by.on, ends_on=closes_on, to={"kinds": list(BRANCH_KINDS)},
        )  # fmt: skip
    _write(by, "learning.select", f"党课评选：{title}", made)
    return made


@action("learning.select")
def seat_judge(*, by: Scope, contest: LectureContest, user: User) -> LectureJudge:
    """Raises Unfit: over, or in the panel already."""
    kept = _kept(by, contest)
    if LectureJudge.objects.within(by).filter(contest=kept, user=user).exists():
        raise Unfit("username", f"{user.name}已是评委")
    made = LectureJudge.objects.create(contest=kept, user=user)
    _write(by, "learning.select", f"{kept.title}：请评委", kept)
    return made


@action("learning.enter")
def enter(*, by: Scope, contest: LectureContest, title: str, speaker: str, text: str) -> LectureEntry:
    """Send in a lecture of the own organisation. Raises Unfit after the last day, NotAllowed for others' selections."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    there = reached(lectures.contests(by), contest.pk, "不是本级或上级的评选")
    if not own.path.startswith(there.organisation.path):
        raise NotAllowed("不是本级或上级的评选")
    if not there.is_open(by.on):
        raise Unfit("title", f"{there.closes_on} 已截止")
    if LectureEntry.objects.within(by).filter(organisation=own, contest=there, title=title).exists():
        raise Unfit("title", f"已报送过“{title}”")
    made = LectureEntry.objects.create(
        organisation=own, contest=there, title=title, speaker=speaker, text=text, entered_on=by.on
    )
    _write(by, "learning.enter", f"报送党课：{title}", made)
    return made


def attach(*, by: Scope, entry: LectureEntry, upload: Upload) -> Attachment:
    """Judged before the transaction. Raises NotAllowed, Unfit, the files' Refused."""
    with received(upload) as file:
        return _attach(by=by, entry=entry, file=file)


@action("learning.enter")
def _attach(*, by: Scope, entry: LectureEntry, file: Received) -> Attachment:
    kept = _own(by, entry)
    made = files.keep(by=by, thing=kept, organisation=kept.organisation, file=file)
    write(
        by=by, action="learning.enter", sentence=f"党课加附件：{kept.title}", thing=kept,
        organisation=kept.organisation, new=made.told,
    )  # fmt: skip
    return made


@action("learning.enter")
def pull_out(*, by: Scope, entry: LectureEntry) -> None:
    """Take an entry back while the selection takes entries. Its files go along."""
    kept = _own(by, entry)
    for one in attachments(kept):
        files.remove(attachment=one)
    _write(by, "learning.enter", f"撤回参评党课：{kept.title}", kept)
    kept.delete()


@action("learning.judge")
def mark_lecture(
    *, by: Scope, judge: LectureJudge, entry: LectureEntry, points: Sequence[int], remark: str
) -> LectureMark:
    """A judge's own marks, written anew when they were there. Raises NotAllowed, Unfit."""
    seat = reached(lectures.panels(by.user_id), judge.pk, "这次评选没有请这个账号作评委")
    kept = reached(lectures.to_mark(seat), entry.pk, "不是这次评选的党课")
    for told, (what, most) in zip(points, seat.contest.items, strict=True):
        if not 0 <= told <= most:
            raise Unfit("points", f"“{what}”打 0 到 {most} 分")
    rows = LectureMark.objects.unscoped("the judge's own").filter(judge=seat, entry=kept)
    made = rows.first() or LectureMark(judge=seat, entry=kept)
    made.points, made.total, made.remark = list(points), sum(points), remark
    made.save()
    write(
        by=by, action="learning.judge", sentence=f"评分：{kept.title}", thing=made,
        organisation=seat.contest.organisation, happened_on=by.on,
    )  # fmt: skip
    return made


@action("learning.select")
def choose(*, by: Scope, contest: LectureContest, chosen: Sequence[int]) -> int:
    """End the selection: the chosen entries go to the library. Raises Unfit while entries still come in, or
    for none."""
    kept = _kept(by, contest)
    if by.on <= kept.closes_on:
        raise Unfit("chosen", f"{kept.closes_on} 截止报送，第二天起可以定")
    rows = list(LectureEntry.objects.unscoped(lectures.FROM_ABOVE).filter(contest=kept, pk__in=chosen))
    if not rows:
        raise Unfit("chosen", "勾上评为精品的党课")
    for one in rows:
        one.best = True
        one.save(update_fields=["best"])
    kept.ended_on = by.on
    kept.save(update_fields=["ended_on"])
    _write(by, "learning.select", f"{kept.title}：评出精品党课 {len(rows)} 堂", kept)
    return len(rows)


def _kept(by: Scope, contest: LectureContest) -> LectureContest:
    rows = LectureContest.objects.within(by).select_for_update(of=("self",)).select_related("organisation")
    kept = reached(rows, contest.pk)
    if kept.ended_on:
        raise Unfit("title", f"{kept.ended_on} 已结束")
    return kept


def _own(by: Scope, entry: LectureEntry) -> LectureEntry:
    rows = LectureEntry.objects.within(by).filter(organisation=by.organisation_id)
    rows = rows.select_for_update(of=("self",)).select_related("organisation", "contest")
    kept = reached(rows, entry.pk, "由报送的单位自己改")
    if not kept.contest.is_open(by.on):
        raise Unfit("title", f"{kept.contest.closes_on} 已截止，不再改动")
    return kept


def _write(by: Scope, name: str, sentence: str, thing: LectureContest | LectureEntry) -> None:
    write(by=by, action=name, sentence=sentence, thing=thing, organisation=thing.organisation, happened_on=by.on)
