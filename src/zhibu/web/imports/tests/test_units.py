"""The book of units: judged, put in, changed, taken back; the rules follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhibu.web.access.queries import system_scope
from zhibu.web.coverage import gaps
from zhibu.web.coverage.models import Covering, Responsibility, Unit, UnitVerdict
from zhibu.web.coverage.tests.conftest import Lands
from zhibu.web.imports import actions
from zhibu.web.imports.models import Batch
from zhibu.web.imports.tests.helpers import book

pytestmark = pytest.mark.django_db
HEADINGS = [
    "序号", "单位名称", "单位类别", "责任党委", "统一社会信用代码", "片区", "党员人数", "正式党员人数", "规模以上",
    "组建方式", "覆盖的党组织", "组建日期", "工会",
]  # fmt: skip
CODE = "91350100M000100Y43"
TOWN = "中共云岭县大营镇委员会"


def _row(name: str, *, kind: str = "非公企业", committee: str = TOWN, **more: object) -> list[object]:
    given = dict.fromkeys(HEADINGS[4:], "") | more
    return ["1", name, kind, committee, *given.values()]


def _put(lands: Lands, folder: Path, *rows: list[object], who: str = "officer") -> Batch:
    by, path = lands.cast.scope(who), book(folder / "单位.xlsx", [HEADINGS, *rows])
    return actions.apply(by=by, batch=actions.check(by=by, files=[path]))


def _reasons(lands: Lands, folder: Path, *rows: list[object], who: str = "officer") -> dict[int, str]:
    by, path = lands.cast.scope(who), book(folder / "单位.xlsx", [HEADINGS, *rows])
    batch = actions.check(by=by, files=[path])
    assert batch.books.get().kind == "units"
    return {one["row"]: one["reason"] for one in batch.report["units"]["rejected"]}


def test_units_go_in_with_committee_and_organisation_and_come_out(lands: Lands, tmp_path: Path) -> None:
    firm = {"组建方式": "单独组建", "覆盖的党组织": "云岭建材党支部", "组建日期": "2026.4.1"}
    batch = _put(
        lands, tmp_path,
        _row("甲厂", 统一社会信用代码=CODE, 片区="大营镇", 党员人数="4名", 规模以上="是", 工会="无", **firm),
        _row("乙厂", 党员人数=3), _row("丙会", kind="社会团体", committee="", 党员人数=5, 正式党员人数=4),
    )  # fmt: skip
    rows = {one.name: one for one in Unit.objects.unscoped("test")}
    first = rows["甲厂"]
    assert (first.credit_code, first.above_scale, first.union, first.youth) == (CODE, True, False, None)
    assert first.place_id == lands.town.pk and first.operating and rows["丙会"].organisation_id == lands.cast.county.pk
    assert Responsibility.objects.unscoped("test").count() == 2
    assert [one.name for one in gaps.orphans(lands.cast.scope("officer"))] == ["丙会"]
    assert Covering.objects.unscoped("test").get().unit_id == first.pk
    found = UnitVerdict.objects.unscoped("test").filter(year=2026, rule="enterprise-organisation")
    assert dict(found.values_list("unit__name", "status")) == {"甲厂": "met", "乙厂": "missed"}
    assert batch.report["entered"]["units"]["new"] == 3
    actions.undo(by=lands.cast.scope("officer"), batch=batch)
    assert not Unit.objects.unscoped("test").exists() and not UnitVerdict.objects.unscoped("test").exists()


def test_the_same_book_again_changes_nothing_and_a_filled_cell_updates(lands: Lands, tmp_path: Path) -> None:
    rows = [_row("甲厂", 统一社会信用代码=CODE, 党员人数=4), _row("乙厂", 党员人数=2)]
    _put(lands, tmp_path, *rows)
    again = _put(lands, tmp_path, *rows)
    assert again.report["entered"]["units"] == {"same": 2, "changed": 0, "new": 0}
    batch = _put(lands, tmp_path, _row("甲厂更名", 统一社会信用代码=CODE), _row("乙厂", 党员人数=3))
    units = Unit.objects.unscoped("test")
    assert dict(units.values_list("name", "party_members")) == {"甲厂更名": 4, "乙厂": 3}
    due = UnitVerdict.objects.unscoped("test").filter(rule="enterprise-organisation", year=2026, unit__name="乙厂")
    assert due.get().status == "missed"
    actions.undo(by=lands.cast.scope("officer"), batch=batch)
    assert dict(units.values_list("name", "party_members")) == {"甲厂": 4, "乙厂": 2} and not due.exists()


def test_bad_rows_say_what_would_be_right(lands: Lands, tmp_path: Path) -> None:
    found = _reasons(
        lands, tmp_path,
        _row("甲厂", 统一社会信用代码=CODE[:-1] + "4"), _row("乙厂", kind="小店"), _row("丙厂", 片区="火星"),
        _row("丁厂", committee="中共火星委员会"), _row("=1+1"), _row("戊厂", 党员人数=2, 正式党员人数=3),
        _row("己厂", 组建方式="单独"), _row("庚厂", 覆盖的党组织="云岭建材党支部"), _row("辛厂"), _row("辛厂"),
        _row("壬厂", 统一社会信用代码=CODE), _row("癸厂", 统一社会信用代码=CODE),
    )  # fmt: skip
    for row, word in {
        2: "校验码", 3: "填非公企业", 4: "没有登记", 5: "责任党委不存在", 6: "公式", 7: "多于党员",
        8: "没有写覆盖的党组织", 9: "没有写组建方式", 11: "第 10 行", 13: "第 12 行",
    }.items():  # fmt: skip
        assert word in found[row], (row, found.get(row))
    assert set(found) == {2, 3, 4, 5, 6, 7, 8, 9, 11, 13}


def test_nobody_reaches_beyond_the_own_subtree(lands: Lands, tmp_path: Path) -> None:
    lands.unit("园区的厂", lands.committee, credit_code=CODE)
    found = _reasons(
        lands, tmp_path, _row("别名", 统一社会信用代码=CODE), _row("新厂", committee=lands.committee.name),
        _row("镇上的厂", 片区="工业园区"), who="committee_officer",
    )  # fmt: skip
    assert "本范围以外" in found[2] and "责任党委不存在" in found[3] and "没有登记" in found[4]


def test_a_unit_keeps_its_committee_whatever_the_book_says(lands: Lands, tmp_path: Path) -> None:
    lands.unit("某厂", lands.committee)
    assert "在单位页办理" in _reasons(lands, tmp_path, _row("某厂"))[2]


def test_later_work_stands_in_the_way_of_the_undo(lands: Lands, tmp_path: Path) -> None:
    from zhibu.web.coverage import sending

    batch = _put(lands, tmp_path, _row("甲厂"))
    unit = Unit.objects.unscoped("test").get()
    sending.send(by=system_scope(), unit=unit, kind="liaison", name="某人", starts_on=lands.cast.scope("officer").on)
    with pytest.raises(actions.CannotDo, match="用到了这一批"):
        actions.undo(by=lands.cast.scope("officer"), batch=batch)
