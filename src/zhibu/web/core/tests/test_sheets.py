"""Nothing that leaves as a table can run as a formula."""

from __future__ import annotations

import csv
import io
import random
import string
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from zhibu.web.core.sheets import RISKY, Sheet, as_csv, download, file_name, workbook

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


def generated(number: int) -> list[str]:
    draw = random.Random(11)
    letters = string.printable + "＝＋－＠\x00\x0b"
    return ["".join(draw.choices(letters, k=draw.randrange(1, 12))) for _ in range(number)]


def test_ten_thousand_strings_make_no_formula() -> None:
    texts = NASTY + generated(10_000)
    page = openpyxl.load_workbook(io.BytesIO(workbook(sheet([[one] for one in texts])))).active
    cells = [cell for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    rows = csv.reader(io.StringIO(as_csv(sheet([[one] for one in texts])).decode("utf-8-sig"), newline=""))
    assert not [cell for row in rows for cell in row if cell.lstrip(" ").startswith(RISKY)]


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
