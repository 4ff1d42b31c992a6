"""Nothing that leaves as a table can run as a formula."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from zhibu.web.core.sheets import Sheet, as_csv, download, file_name, workbook

NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    " =1",
    '=HYPERLINK("http://x")',
    "http://x",
    "mailto:a@b",
    "{=1}",
    "\x00",
    "\x01abc",
    "😀",
    "a" * 40_000,
    "\ufffe",
    "_x0041_",
]


def sheet(rows: list[list[object]]) -> Sheet:
    return Sheet("表名", "=条件", ["=栏"], rows)  # type: ignore[arg-type]


def test_no_text_of_a_workbook_is_a_formula() -> None:
    page = openpyxl.load_workbook(io.BytesIO(workbook(sheet([[one] for one in NASTY])))).active
    assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize(
    "given, written",
    [
        ("=1", "'=1"),
        ("﹦1", "'﹦1"),
        ("\u00a0\u200b+1", "'\u00a0\u200b+1"),
        ("\u3164-1", "'\u3164-1"),
        ("\tx", "'\tx"),
        ("\rx", "'\nx"),
        ("甲\r\n @1", "甲\n' @1"),
        ("x=1", "x=1"),
        ("党员-1", "党员-1"),
        ("甲\ud800", "甲 "),
    ],
)
def test_texts_of_a_csv_have_an_apostrophe(given: str, written: str) -> None:
    text = as_csv(sheet([[given]])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[3] == [written]
    assert text.endswith(f'"{written}"\r\n')


def test_numbers_stay_numbers_and_days_are_words() -> None:
    page = openpyxl.load_workbook(
        io.BytesIO(workbook(sheet([[-1, 2.5, Decimal("3.25"), date(2026, 11, 21), None, ""]])))
    ).active
    assert [cell.value for cell in page[4]] == [-1, 2.5, 3.25, "2026-11-21", None, None] or [
        cell.value for cell in page[4]
    ] == [-1, 2.5, 3.25, "2026-11-21"]
    assert b"-1,2.5" in as_csv(sheet([[-1, 2.5]]))


def test_identity_numbers_are_texts() -> None:
    page = openpyxl.load_workbook(io.BytesIO(workbook(sheet([["990001198001010012"]])))).active
    assert page["A4"].value == "990001198001010012"
    assert page["A4"].data_type == "s"


@pytest.mark.parametrize("unit", ["../../etc", 'a"b\r\nc', "云河/街道:*?", "x" * 400])
def test_file_names_are_harmless(unit: str) -> None:
    name = file_name(unit, "名册", "2026-11", date(2026, 11, 21))
    assert not set(name) & set('\\/:*?"<>|\r\n')
    assert name.endswith(".xlsx")
    header = download(b"", name)["Content-Disposition"]
    assert header.startswith("attachment")
    assert "\n" not in header


def test_the_name_of_a_file() -> None:
    assert (
        file_name("云河街道", "挂图作战", "2026-11", date(2026, 11, 21)) == "云河街道_挂图作战_2026-11_2026-11-21.xlsx"
    )
