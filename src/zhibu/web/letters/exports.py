"""The board of a template as a workbook: what the page shows, with its line in the log."""

from __future__ import annotations

from itertools import batched

from django.db.models import QuerySet

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.letters import queries
from zhibu.web.letters.models import Letter, LetterTemplate
from zhibu.web.letters.scores import ROUNDING, Row, board

MOST = 20_000
AT_ONCE = 500  # keys of one query


def letters_of(scope: Scope, template: LetterTemplate) -> QuerySet[Letter]:
    """Those that stand, of a template within reach, as the tree stands."""
    return queries.letters(scope).filter(queries.STANDING, template=template).order_by("unit__path", "pk")


@action("letters.export")
def workbook(*, by: Scope, template: LetterTemplate) -> bytes:
    kept = reached(queries.templates(by), template.pk)
    blocks = queries.blocks(kept)
    found = list(letters_of(by, kept)[:MOST])
    rows = [_cells(one, by) for some in batched(found, AT_ONCE) for one in board(kept, blocks, some)]
    heads = ("单位", "签订情况", "上级签字日期", "单位签字日期", "年终考核", *(_words(one.title) for one in blocks),
             "得分", "总分", "得分率（%）")  # fmt: skip
    write(
        by=by, action="letters.export", sentence=f"导出责任书考核结果 {len(rows)} 个单位：{kept.title}", thing=kept,
        organisation=kept.organisation, new={"rows": len(rows)},
    )  # fmt: skip
    title = f"{kept.year} 年{kept.title}"
    return sheets.workbook(
        sheets.Sheet(title, f"截至 {by.on}；{ROUNDING}", heads, rows, [28, *(14,) * (len(heads) - 1)])
    )


def _words(title: str) -> str:
    return f"{title}（得分）"


def _cells(row: Row, by: Scope) -> list[sheets.Cell]:
    one = row.letter
    told = row.check.get_state_display() if row.check else ""
    return [
        one.unit.name, one.words(by.on), one.above_signed_on, one.unit_signed_on, told, *(got for got, _ in row.blocks),
        row.got, row.full, row.rate,
    ]  # fmt: skip
