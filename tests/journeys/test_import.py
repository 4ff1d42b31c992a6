"""A committee officer hands in books: checked, previewed, the bad rows come back red, the good ones go in, undone."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zhibu.web.conftest import Cast
from zhibu.web.members.models import Member

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HEADINGS = [
    "序号",
    "姓名",
    "性别",
    "公民身份号码",
    "出生日期",
    "人员类别",
    "所在党支部",
    "加入党组织日期",
    "转为正式党员日期",
]


def book(folder: Path, branch: str) -> Path:
    """Two good members and one whose number's last digit is wrong."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["大营镇党员信息采集表"])
    sheet.append(HEADINGS)
    for number, (name, identity) in enumerate(
        [("赵一", "990101198001010013"), ("钱二", "990101198001010030"), ("孙三", "990101198001010039")], 1
    ):
        sheet.append([number, name, "男", identity, "1980.1.1", "正式", branch, "2005.7.1", "2006.7.1"])
    path = folder / "党员信息表.xlsx"
    workbook.save(path)
    return path


def check_digit(number: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11]


@pytest.mark.parametrize("width", [375, 1366])
def test_good_rows_go_in_and_bad_ones_come_back_red(
    county: Cast, open_page: Callable[..., Any], tmp_path: Path, width: int
) -> None:
    path = book(tmp_path, county.branch.name)
    _make_two_numbers_right(path)
    page = open_page("/imports/new/", county.client("committee_officer"), width)
    page.locator("input[type=file]").first.set_input_files(str(path))
    page.locator("main button.btn-primary").first.click()
    page.wait_for_url("**/imports/*/")
    body = page.locator("main").inner_text()
    assert "校验码" in body and "孙三" not in _names()
    with page.expect_download() as download:
        page.locator("main a", has_text="标红").first.click()
    marked = openpyxl.load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active
    headings = [cell.value for cell in marked[2]]
    assert "问题说明" in headings
    wrong = marked.cell(5, 4)
    assert wrong.fill.fgColor.rgb[-6:] != "000000" and wrong.comment is not None
    assert "校验码" in str(marked.cell(5, headings.index("问题说明") + 1).value)
    page.locator("main button", has_text="导入").first.click()
    page.get_by_text("撤销").first.wait_for()
    assert {"赵一", "钱二"} <= _names() and "孙三" not in _names()
    page.locator("main button", has_text="撤销").first.click()
    if page.locator("main button.btn-danger").count():
        page.locator("main button.btn-danger").first.click()
    page.get_by_text("已撤销").first.wait_for()
    assert not {"赵一", "钱二"} & _names()


def _make_two_numbers_right(path: Path) -> None:
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.active
    for row in (3, 4):
        number = sheet.cell(row, 4).value[:17]
        sheet.cell(row, 4).value = number + check_digit(number)
    bad = sheet.cell(5, 4).value[:17]
    sheet.cell(5, 4).value = bad + ("1" if check_digit(bad) != "1" else "2")
    workbook.save(path)


def _names() -> set[str]:
    return set(Member.objects.unscoped("test").values_list("name", flat=True))
