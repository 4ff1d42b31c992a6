"""Small books typed in a test, and the walk over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from zhibu.web.imports.books.check import Check, open_all
from zhibu.web.imports.books.columns import KINDS
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.known import Known, Nothing
from zhibu.web.imports.sample.mistakes import Formula

DATA = Path(__file__).parents[5] / "tests" / "data" / "yunling"
YUNLING = [DATA / "党组织信息表.xlsx", DATA / "党员信息表.xlsx", DATA / "2025年组织生活台账.xlsx"]
TODAY = date(2026, 11, 21)

ORGANISATIONS = ["党组织名称", "党组织类别", "上级党组织", "领域", "建立日期", "届满日期"]
MEMBERS = ["姓名", "公民身份号码", "出生日期", "人员类别", "所在党支部", "加入党组织日期", "转为正式党员日期"]
EVENTS = ["党支部", "日期", "活动类型", "主题", "应到人数", "实到人数", "录入日期"]
COUNTY = [
    ["中共某县委员会", "党委", "", "党政机关", "1990.1.1", "2028.1.1"],
    ["甲村党支部", "党支部", "中共某县委员会", "村", "1995.1.1", "2027.1.1"],
]
GOOD_ID = "990001198001010019"


def book(path: Path, *sheets: Sequence[Sequence[Any]]) -> Path:
    """Write rows as they are; a str is a string cell, a Formula a formula."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for rows in sheets:
            sheet = workbook.add_worksheet()
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, Formula):
                        sheet.write_formula(place, column, cell.text, None, "")
                    elif isinstance(cell, date):
                        sheet.write_datetime(place, column, cell, day)
                    elif cell != "":
                        sheet.write(place, column, cell)
    return path


def walk(*paths: Path, known: Known | None = None, today: date = TODAY) -> dict[str, list[Checked]]:
    """Every judged row by kind; the files must be readable."""
    books = open_all([(path.name, path) for path in paths])
    assert not [one.refusal for one in books if one.refusal]
    found: dict[str, list[Checked]] = {kind: [] for kind in KINDS}
    for part in Check(books, known or Nothing(), today).parts():
        found[part.kind].extend(part.rows)
    return found


def reasons(rows: list[Checked]) -> dict[int, str]:
    return {row.row: row.reason for row in rows if not row.accepted}


def one_member(folder: Path, *cells: Any, headings: Sequence[str] = MEMBERS) -> Checked:
    """The judgement of a single member of 甲村党支部."""
    paths = [book(folder / "o.xlsx", [ORGANISATIONS, *COUNTY]), book(folder / "m.xlsx", [headings, list(cells)])]
    return walk(*paths)["members"][0]


def one_event(folder: Path, *cells: Any, headings: Sequence[str] = EVENTS) -> Checked:
    paths = [book(folder / "o.xlsx", [ORGANISATIONS, *COUNTY]), book(folder / "e.xlsx", [headings, list(cells)])]
    return walk(*paths)["events"][0]
