"""/processing/ 个人信息处理登记: what is kept of whom, for everybody to read; and its workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.personal import configuration, queries

HEADINGS = (
    "表", "内容", "用途", "依据", "依据的出处", "谁能看到", "隐去", "敏感", "保存期限", "删除时",
)  # fmt: skip
WIDTHS = (16, 20, 34, 26, 40, 40, 24, 6, 30, 40)


@page("processing.view")
def processing(request: HttpRequest) -> HttpResponse:
    tables = queries.register()
    context = {
        "tables": tables,
        "count": sum(len(table.rows) for table in tables),
        "terms": configuration.terms(),
        "grades": configuration.GRADES,
    }
    return htmx.page(request, "personal/processing.html", context)


@page("processing.view")
def download(request: HttpRequest) -> HttpResponse:
    """No person's data is in it, so no line is written."""
    rows = [_row(table, row) for table in queries.register() for row in table.rows]
    on = request.scope.on
    content = sheets.workbook(sheets.Sheet("个人信息处理登记", f"截至 {on.isoformat()}", HEADINGS, rows, WIDTHS))
    return sheets.download(content, sheets.file_name("", "个人信息处理登记", "", on))


def _row(table: queries.Table, row: queries.Row) -> list[sheets.Cell]:
    field = row.field
    return [
        table.entry.title, field.word, field.purpose, table.ground["name"],
        f"{table.ground['source']}（{configuration.GRADES[table.ground['grade']]}）", row.viewers, field.mask,
        "是" if field.sensitive else "", table.entry.kept, field.erase_words,
    ]  # fmt: skip
