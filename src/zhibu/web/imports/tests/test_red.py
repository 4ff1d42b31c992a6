"""The user's own book comes back: red cells, comments, 问题说明; the bad rows alone can be put right and sent again."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from zhibu.web.imports import checking, red, store
from zhibu.web.imports.books.check import Check as Walk
from zhibu.web.imports.books.check import OpenBook, open_all
from zhibu.web.imports.books.known import Nothing
from zhibu.web.imports.models import Batch
from zhibu.web.imports.sample.mistakes import Formula
from zhibu.web.imports.tests import hostile
from zhibu.web.imports.tests.helpers import COUNTY, GOOD_ID, MEMBERS, ORGANISATIONS, TODAY, YUNLING, book, walk

GOOD = ["张某", GOOD_ID, "1980.1.1", "正式党员", "甲村党支部", "2005.7.1", "2006.7.1"]


def _found(folder: Path, *paths: Path) -> tuple[list[OpenBook], list[list[dict]]]:
    books = open_all([(path.name, path) for path in paths])
    folder.mkdir(exist_ok=True)
    checking.walk(Walk(books, Nothing(), TODAY), str(folder))
    lines = list(store.findings(Batch(folder=str(folder))))
    return books, [[line for line in lines if line["book"] == place] for place in range(len(books))]


@pytest.fixture
def members(tmp_path: Path):
    bad = [Formula('=HYPERLINK("http://x")'), "990001198001010018", *GOOD[2:5], "2005.7.1", "2004.7.1"]
    rows = [["某县党员信息采集表"], MEMBERS, GOOD, bad]
    books, lines = _found(
        tmp_path / "f", book(tmp_path / "o.xlsx", [ORGANISATIONS, *COUNTY]), book(tmp_path / "m.xlsx", rows)
    )
    return books[1], lines[1]


def test_the_whole_book_is_marked(members) -> None:
    sheet = openpyxl.load_workbook(BytesIO(red.marked(*members))).worksheets[0]
    assert sheet["A1"].value == "某县党员信息采集表"
    assert sheet["H2"].value == "问题说明"
    assert sheet["H3"].value is None
    assert sheet["H4"].value.split("；") == [
        "姓名为公式，改为文字",
        "身份证校验码错误（第 18 位对不上），多为抄错一位",
        "转正早于入党（2005-07-01 入党，2004-07-01 转正），核对两处",
    ]
    for cell in ("A4", "B4", "G4"):
        assert sheet[cell].fill.fgColor.rgb == "FFFFC7CE", cell
        assert sheet[cell].comment.text
    assert not sheet["C4"].comment


def test_no_formula_leaves_in_either_form(members) -> None:
    for content in (red.marked(*members), red.only_bad(*members)):
        for sheet in openpyxl.load_workbook(BytesIO(content)).worksheets:
            assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_bad_rows_alone(members, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(BytesIO(red.only_bad(*members))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [*MEMBERS, "问题说明"]
    assert sheet.max_row == 2
    assert sheet["B2"].value == "990001198001010018"


def test_the_bad_rows_put_right_are_accepted_when_sent_again(members, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(BytesIO(red.only_bad(*members)))
    sheet = workbook.worksheets[0]
    sheet["A2"], sheet["B2"], sheet["G2"] = "李某", GOOD_ID, "2006.7.1"
    workbook.save(tmp_path / "again.xlsx")
    found = walk(tmp_path / "o.xlsx", tmp_path / "again.xlsx")["members"]
    assert [row.reason for row in found] == [""]


def test_a_marked_book_sent_again_is_not_marked_twice(members, tmp_path: Path) -> None:
    (tmp_path / "again.xlsx").write_bytes(red.marked(*members))
    books, lines = _found(tmp_path / "g", tmp_path / "o.xlsx", tmp_path / "again.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(red.marked(books[1], lines[1]))).worksheets[0]
    assert [cell.value for cell in sheet[2]].count("问题说明") == 1


@pytest.mark.slow
def test_the_given_books_come_back(tmp_path: Path) -> None:
    books, lines = _found(tmp_path / "f", *YUNLING)
    for opened, found, count in zip(books, lines, (3, 7, 4), strict=True):
        sheet = openpyxl.load_workbook(BytesIO(red.marked(opened, found))).worksheets[0]
        last = sheet.max_column
        assert sum(bool(sheet.cell(row, last).value) for row in range(4, sheet.max_row + 1)) == count
        assert openpyxl.load_workbook(BytesIO(red.only_bad(opened, found))).worksheets[0].max_row == count + 1


def test_an_old_or_plain_book_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    rows = [MEMBERS, [*GOOD[:5], "2005.2.30", "=1+1"]]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="gb18030")
    books, lines = _found(tmp_path / "f", book(tmp_path / "o.xlsx", [ORGANISATIONS, *COUNTY]), path)
    sheet = openpyxl.load_workbook(BytesIO(red.marked(books[1], lines[1]))).worksheets[0]
    assert sheet["G2"].value == "=1+1" and sheet["G2"].data_type == "s"
    assert "2005.2.30" in sheet["H2"].value


def test_formatting_down_to_the_last_cell_costs_nothing(tmp_path: Path) -> None:
    content = dict(hostile.harmless(tmp_path))["formatting down to the last cell"]
    path = tmp_path / "o.xlsx"
    path.write_bytes(content)
    books, _ = _found(tmp_path / "f", path)
    line = {"sheet": books[0].tables[0].sheet.name, "row": 2, "accepted": False, "findings": [[0, "试", "error"]]}
    sheet = openpyxl.load_workbook(BytesIO(red.marked(books[0], [line])), read_only=True).worksheets[0]
    assert next(sheet.iter_rows(min_row=2, max_row=2, values_only=True))[6] == "试"
