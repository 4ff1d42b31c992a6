"""A staged programme is written whole; members hand in essays and take them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.burden.actions import charge, lift
from zhibu.web.burden.loads import branches
from zhibu.web.core.scope import Scope
from zhibu.web.learning import lectures
from zhibu.web.learning.models import Essay, StudyCell, StudyProgramme
from zhibu.web.members.about_me import own_row
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation


@action("learning.keep")
def arrange(
    *, by: Scope, title: str, document: str, cells: Sequence[Mapping[str, Any]], minutes: int | None = None
) -> StudyProgramme:
    """For the own organisation and those below. `minutes`: what organising one topic costs a branch, as its sender has
    weighed it."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    made = StudyProgramme.objects.create(organisation=own, title=title, document=document, added_on=by.on)
    for one in cells:
        StudyCell.objects.create(programme=made, **one)
    if minutes:
        _charge(by, made, own, minutes)
    _write(by, f"学习安排：{title}，{len(cells)} 个专题", made)
    return made


def _charge(by: Scope, made: StudyProgramme, own: Organisation, minutes: int) -> None:
    """Each topic by itself: they are due on different days."""
    below = branches(by, own.path).count()
    for number, cell in enumerate(StudyCell.objects.within(by).filter(programme=made).order_by("pk"), 1):
        charge(
            by=by, thing=made, part=f"{number}", kind="学习安排", title=f"{made.title}：{cell.topic}"[:120],
            units=below, minutes=minutes, starts_on=min(by.on, cell.due_on), ends_on=cell.due_on,
            to={"kinds": list(BRANCH_KINDS)},
        )  # fmt: skip


@action("learning.keep")
def end_programme(*, by: Scope, programme: StudyProgramme) -> None:
    rows = StudyProgramme.objects.within(by).filter(ended_on=None).select_related("organisation")
    kept = reached(rows, programme.pk)
    kept.ended_on = by.on
    kept.save(update_fields=["ended_on"])
    lift(by=by, thing=kept)
    _write(by, f"结束学习安排：{kept.title}", kept)


@action("learning.mark")
def hand_in(*, by: Scope, cell: StudyCell, title: str, text: str) -> Essay:
    """The reader's own essay; written again it replaces what stood there. Raises NotAllowed, Unfit."""
    member = own_row(by.user_id)
    if member is None or not lectures.binding(member).filter(pk=cell.programme_id).exists():
        raise NotAllowed("不是所在支部的学习安排")
    if not cell.essay:
        raise Unfit("title", "这个专题不收体会文章")
    rows = Essay.objects.unscoped("the reader's own").filter(cell=cell, member=member)
    made = rows.first() or Essay(cell=cell, member=member)
    made.title, made.text, made.handed_in_on = title, text, by.on
    made.save()
    write(
        by=by, action="learning.mark", sentence=f"交体会文章：{cell.topic}", thing=made,
        organisation=member.organisation, happened_on=by.on,
    )  # fmt: skip
    return made


@action("learning.mark")
def take_back(*, by: Scope, essay: Essay) -> None:
    member = own_row(by.user_id)
    rows = Essay.objects.unscoped("the reader's own").filter(member=member).select_related("cell")
    kept = reached(rows, essay.pk, "只能撤回自己的文章")
    write(
        by=by, action="learning.mark", sentence=f"撤回体会文章：{kept.cell.topic}", thing=kept,
        organisation=member.organisation if member else None, happened_on=by.on,
    )  # fmt: skip
    kept.delete()


def _write(by: Scope, sentence: str, one: StudyProgramme) -> None:
    write(by=by, action="learning.keep", sentence=sentence, thing=one, organisation=one.organisation, happened_on=by.on)
