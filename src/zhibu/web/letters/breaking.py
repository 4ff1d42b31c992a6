"""A clause becomes tasks of the unit: each down to a person, with a measure and a day. The task itself is `tasks`'."""

from __future__ import annotations

from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.letters import queries
from zhibu.web.letters.models import Letter, LetterTask
from zhibu.web.letters.wording import line_of
from zhibu.web.organisations.models import Organisation
from zhibu.web.tasks.actions import issue

OWNERS = "只有承担责任书的单位可以分解"


@action("letters.report")
def break_down(
    *, by: Scope, letter: Letter, clause: int, title: str, unit: Organisation, person: str, measure: str, due_on: date
) -> LetterTask:
    """One leaf: who of which unit does what, measured how, by when. What is split further keeps the same rule
    (`Order.named`). Raises Unfit, NotAllowed."""
    kept = reached(queries.owned(by).select_for_update(of=("self",)), letter.pk, OWNERS)
    found = line_of(kept, clause)
    if not kept.signed or found is None or found[1].dropped:
        raise Unfit("title", "签订以后、还要求的条款才能分解")
    if due_on > found[1].due_on:
        raise Unfit("due_on", f"期限不能晚于这一条的期限（{found[1].due_on}）")
    order = issue(
        by=by.doing("tasks.issue"), title=title, units=[unit], decided_on=by.on, due_on=due_on, measure=measure,
        person=person, section=found[0].block.title, document=kept.template.title, named=True,
    )  # fmt: skip
    made = LetterTask.objects.create(letter=kept, clause=found[1].clause, order=order, linked_on=by.on)
    write(
        by=by, action="letters.report", sentence=f"责任书条款分解任务：{title}", thing=made, organisation=kept.unit,
        new={"clause": found[1].text, "due_on": due_on}, happened_on=by.on,
    )  # fmt: skip
    return made
