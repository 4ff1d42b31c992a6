"""The header is found wherever it is, under other names, over two rows; rows that are no data are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhibu.web.imports.books.check import open_all
from zhibu.web.imports.books.columns import KINDS
from zhibu.web.imports.tests.helpers import COUNTY, EVENTS, GOOD_ID, MEMBERS, ORGANISATIONS, book, reasons, walk

ROW = ["张某", GOOD_ID, "1980.1.1", "正式党员", "甲村党支部", "2005.7.1", "2006.7.1"]


def _county(folder: Path) -> Path:
    return book(folder / "组织.xlsx", [ORGANISATIONS, *COUNTY])


def test_the_header_may_stand_far_down_and_right(tmp_path: Path) -> None:
    rows = [[]] * 12 + [["", "", *MEMBERS], ["", "", *ROW]]
    found = walk(_county(tmp_path), book(tmp_path / "m.xlsx", rows))["members"]
    assert [(row.row, row.reason) for row in found] == [(14, "")]


@pytest.mark.parametrize(
    "titles",
    [
        ["党员姓名", "身份证号", "出生年月日", "党员类别", "所属党支部", "入党时间", "转正时间"],
        ["*姓名", "公民身份号码（18位）", "出生日期：", "人员类别", "所在支部", "加入中国共产党日期", "转正日期"],
        ["姓 名", "居民身份证号码", "出生 日期", "党员类型", "支部名称", "入党日期(年月日)", "转为正式党员时间"],
    ],
)
def test_other_names_of_the_columns(tmp_path: Path, titles: list[str]) -> None:
    found = walk(_county(tmp_path), book(tmp_path / "m.xlsx", [titles, ROW]))["members"]
    assert [row.reason for row in found] == [""]
    assert found[0].value.given["full_on"].year == 2006


def test_a_header_over_two_rows(tmp_path: Path) -> None:
    top = ["党支部", "日期", "活动类型", "主题", "人数", "", "录入日期"]
    below = ["", "", "", "", "应到", "实到", ""]
    row = ["甲村党支部", "2026.3.5", "党课", "学习", 10, 12, "2026.3.6"]
    found = walk(_county(tmp_path), book(tmp_path / "e.xlsx", [top, below, row]))["events"]
    assert "实到大于应到" in reasons(found)[3]


def test_rows_that_are_no_data(tmp_path: Path) -> None:
    headings = ["序号", *MEMBERS]
    rows = [
        ["某县党员信息采集表"],
        ["填报单位：某县"],
        headings,
        [1, *ROW],
        [],
        headings,
        [2],
        ["", "合计", "1人"],
        ["合 计", "1人"],
        ["填表人：李某", "", "", "审核人：王某"],
    ]
    books = open_all([("m", book(tmp_path / "m.xlsx", rows))])
    assert [number for number, _ in books[0].tables[0].rows()] == [4]
    assert dict(books[0].tables[0].skipped) == {"blank": 2, "header": 1, "total": 2, "footer": 1}


def test_a_row_with_only_the_superior_is_data(tmp_path: Path) -> None:
    found = walk(
        book(
            tmp_path / "o.xlsx",
            [["序号", *ORGANISATIONS], *([n, *row] for n, row in enumerate(COUNTY)), [3, "", "党支部", COUNTY[0][0]]],
        )
    )
    assert "名称为空" in reasons(found["organisations"])[4]


def test_several_sheets_and_three_kinds_in_one_file(tmp_path: Path) -> None:
    event = ["甲村党支部", "2026.3.5", "党课", "学习", 10, 9, "2026.3.6"]
    path = book(tmp_path / "all.xlsx", [ORGANISATIONS, *COUNTY], [MEMBERS, ROW], [EVENTS, event], [["封面"]])
    assert {kind: len(rows) for kind, rows in walk(path).items() if kind in KINDS[:4]} == {
        "organisations": 2,
        "members": 1,
        "events": 1,
        "units": 0,
    }


def test_ditto_and_merged_cells_are_filled_downwards(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "e.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, EVENTS)
        sheet.merge_range(1, 0, 3, 0, "甲村党支部")
        for row, kind in enumerate(("党课", "支委会", "党员大会"), 1):
            sheet.write_row(row, 1, [f"2026.3.{row}", kind, "", 9, 8, "2026.3.9"])
        sheet.write_row(4, 0, ["同上", "2026.3.8", "主题党日", "", 9, 8, "2026.3.9"])
    found = walk(_county(tmp_path), path)["events"]
    assert [(row.value.branch_name, row.reason) for row in found] == [("甲村党支部", "")] * 4


def test_a_missing_column_is_named_with_the_nearest_heading(tmp_path: Path) -> None:
    path = book(
        tmp_path / "m.xlsx",
        [["姓名", "身份证号", "入党时间", "转正时间", "手机"], ["张某", GOOD_ID, "2005.7.1", "", ""]],
    )
    assert (
        open_all([("m", path)])[0].refusal
        == "像是党员信息表（第 1 行是表头），但缺“所在党支部”一列。加上“所在党支部”一列再传"
    )


def test_a_book_of_something_else(tmp_path: Path) -> None:
    path = book(tmp_path / "x.xlsx", [["菜名", "价格"], ["豆腐", 3]])
    assert open_all([("x", path)])[0].refusal.startswith("没有找到表头")


def test_csv_in_the_encodings_of_excel(tmp_path: Path) -> None:
    rows = "\n".join(",".join(map(str, row)) for row in (MEMBERS, ROW))
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(rows.encode(encoding))
        assert [row.reason for row in walk(_county(tmp_path), path)["members"]] == [""], encoding


def test_unknown_columns_are_noted(tmp_path: Path) -> None:
    books = open_all([("m", book(tmp_path / "m.xlsx", [[*MEMBERS, "星座"], ROW]))])
    assert books[0].notes == ["没有用到的列：星座"]
