"""Asking for a trial; taking its list out."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from zhibu.web.assessment.models import Trial
from zhibu.web.assessment.trials import Losers
from zhibu.web.audit.actions import action, write
from zhibu.web.core import announce, clock, sheets
from zhibu.web.core.scope import Scope
from zhibu.web.regulations.drafts import Draft

HEADINGS = ("组织", "代码", "同类", "原得分", "试算得分", "差", "原名次", "试算名次", "原等次", "试算等次", "原因")
WIDTHS = (28, 12, 12, 10, 10, 10, 8, 10, 10, 10, 80)
MOST = 20_000  # rows of a workbook


@action("trials.make")
def try_out(*, by: Scope, year: int, draft: Draft) -> Trial:
    """Save the draft and have it computed once that is done; a small county waits for it, a large one does not."""
    now = clock.now()
    trial = Trial.objects.create(
        organisation_id=by.organisation_id,
        by_id=by.user_id,
        post_id=by.post_id,
        created_at=now,
        told_at=now,
        year=year,
        against=draft.against,
        on=draft.on,
        scheme_text=draft.scheme,
        replaces=draft.replaces if draft.book else None,
        book_text=draft.book,
        state=Trial.State.WORKING,
    )
    write(
        by=by,
        action="trials.make",
        sentence=f"试算 {year} 年度考核方案草案",
        thing=trial,
        organisation=trial.organisation,
        new={"against": draft.against.pk, "on": draft.on},
    )
    transaction.on_commit(lambda: announce.trial_asked(trial.pk))
    return trial


@action("trials.view")
def export(*, by: Scope, trial: Trial) -> bytes:
    """The organisations that lose, with their reasons, as a workbook."""
    filters = f"{trial.result['after']['title']}（草案）比 {trial.result['before']['title']}，{trial.year} 年度"
    rows = [_row(row) for row in Losers(trial).rows(0, MOST)]
    sheet = sheets.Sheet("试算变差的组织", filters, HEADINGS, rows, WIDTHS)
    write(
        by=by,
        action="trials.export",
        sentence=f"导出{sheet.title}",
        thing=trial,
        organisation=trial.organisation,
        new={"rows": len(rows)},
    )
    return sheets.workbook(sheet)


def _row(row: dict) -> list[sheets.Cell]:
    before, after = row["before"] or {}, row["after"] or {}
    pairs: Iterable[str] = ("total", "rank", "grade")
    (total, total_), (rank, rank_), (grade, grade_) = ((before.get(name), after.get(name)) for name in pairs)
    why = "；".join(f"{reason['points']} {reason['text']}" for reason in row["reasons"])
    group = after.get("group") or before.get("group")
    return [row["name"], row["code"], group, total, total_, row["difference"], rank, rank_, grade, grade_, why]
