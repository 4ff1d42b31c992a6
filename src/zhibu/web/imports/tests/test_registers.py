"""Books of other registers: 任职, 党费, 办理. In, the same again, out and in, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from zhibu.web.access.queries import system_scope
from zhibu.web.conftest import Cast
from zhibu.web.dues.models import Base, Payment
from zhibu.web.imports import actions, exporting, queries
from zhibu.web.imports.models import Batch
from zhibu.web.imports.tests.helpers import book
from zhibu.web.members.models import Member
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures.models import Case, StepRecord
from zhibu.web.procedures.publishing import publish

pytestmark = pytest.mark.django_db
WHY = "test"
TENURES = ["党组织", "职务", "核定职数", "姓名", "任职日期", "离任日期", "产生方式", "兼行政主要负责人", "任职文件"]
BASES = ["姓名", "交纳类别", "交纳基数", "从哪天起"]
PAYMENTS = ["姓名", "月份", "金额", "交纳日期", "收据号", "种类"]
CASES = ["程序", "党组织", "姓名", "出生日期", "开始日期", "步骤", "办理日期", "填写的内容", "材料", "补录说明"]
BRANCH, TOWN = "大营镇槐树村党支部", "中共云岭县大营镇委员会"
Rows = Sequence[Sequence[object]]


def _check(cast: Cast, folder: Path, rows: Rows, who: str = "officer") -> Batch:
    return actions.check(by=cast.scope(who), files=[book(folder / "表.xlsx", rows)])


def _put(cast: Cast, folder: Path, rows: Rows, who: str = "officer") -> Batch:
    batch = _check(cast, folder, rows, who)
    return actions.apply(by=cast.scope(who), batch=batch)


def _bad(batch: Batch, kind: str) -> dict[int, str]:
    assert batch.books.get().kind == kind
    return {one["row"]: one["reason"] for one in batch.report[kind]["rejected"]}


def _same_again(cast: Cast, folder: Path, kind: str, rows: int, who: str = "officer") -> None:
    """What the register gives out goes in unchanged, as often as one likes."""
    path = folder / "out.xlsx"
    path.write_bytes(exporting.export(by=cast.scope(who), kind=kind))
    batch = actions.check(by=cast.scope(who), files=[path])
    assert not batch.report[kind]["rejected"] and not batch.report[kind]["warned"], batch.report[kind]
    batch = actions.apply(by=cast.scope(who), batch=batch)
    entered = batch.report["entered"][kind]
    assert entered.get("same") == rows and not entered.get("new") and not entered.get("changed")


# --- 任职 -----------------------------------------------------------------------------------------------------------


def _tenure(name: str, starts: str, **more: object) -> list[object]:
    told: dict[str, Any] = {"党组织": BRANCH, "职务": "书记", "产生方式": "选举", "任职文件": "批复 1 号"} | more
    return [told.get(one, {"姓名": name, "任职日期": starts}.get(one, "")) for one in TENURES]


def test_tenures_bring_offices_and_keep_the_secretary_in_step(cast: Cast, tmp_path: Path) -> None:
    one = Member.objects.unscoped(WHY).filter(organisation=cast.branch).first()
    assert one
    before = Organisation.objects.unscoped(WHY).get(pk=cast.branch.pk).secretary_name
    rows = [
        TENURES, _tenure("旧书记", "2019.3.1", 离任日期="2022.3.1"),
        _tenure(one.name, "2022.3.2", 兼行政主要负责人="是"),
        _tenure("委员甲", "2022.3.2", 职务="组织委员", 核定职数="1名"),
    ]  # fmt: skip
    batch = _put(cast, tmp_path, rows)
    assert batch.report["entered"]["tenures"]["new"] == 3
    office = Office.objects.unscoped(WHY).get(title="书记")
    assert (office.kind, office.seats, office.starts_on) == ("secretary", 1, date(2019, 3, 1))
    now = Tenure.objects.unscoped(WHY).get(office=office, ends_on=None)
    assert (now.name, now.member, now.head) == (one.name, one, True)
    here = Organisation.objects.unscoped(WHY).get(pk=cast.branch.pk)
    assert (here.secretary_name, here.secretary_since) == (one.name, date(2022, 3, 2))
    _same_again(cast, tmp_path, "tenures", 3)
    actions.undo(by=cast.scope("officer"), batch=batch)
    assert not Tenure.objects.unscoped(WHY).exists() and not Office.objects.unscoped(WHY).exists()
    assert Organisation.objects.unscoped(WHY).get(pk=cast.branch.pk).secretary_name == before


def test_a_later_book_ends_a_tenure_and_the_next_sits_down(cast: Cast, tmp_path: Path) -> None:
    _put(cast, tmp_path, [TENURES, _tenure("旧书记", "2019.3.1")])
    batch = _put(
        cast, tmp_path,
        [TENURES, _tenure("新书记", "2026.3.2"), _tenure("旧书记", "2019.3.1", 离任日期="2026.3.1")],
    )  # fmt: skip
    assert batch.report["entered"]["tenures"] == {"new": 1, "changed": 1}
    assert Organisation.objects.unscoped(WHY).get(pk=cast.branch.pk).secretary_name == "新书记"
    actions.undo(by=cast.scope("officer"), batch=batch)
    assert Tenure.objects.unscoped(WHY).get().ends_on is None
    assert Organisation.objects.unscoped(WHY).get(pk=cast.branch.pk).secretary_name == "旧书记"


def test_bad_tenures_say_what_would_be_right(cast: Cast, tmp_path: Path) -> None:
    found = _bad(
        _check(
            cast, tmp_path,
            [
                TENURES, _tenure("甲", "2022.3.2"), _tenure("乙", "2023.3.2"), _tenure("甲", "2022.3.2"),
                _tenure("丙", "2022.3.2", 职务="纪检委员"), _tenure("丁", "2030.1.1"), _tenure("=1+1", "2022.1.1"),
                _tenure("戊", "2022.3.2", 离任日期="2021.1.1"), _tenure("己", "2022.3.2", 党组织="火星支部"),
                _tenure("庚", "2022.3.2", 职务="宣传委员", 核定职数="一百亿"),
                _tenure("辛", "2022.3.2", 职务="组织委员", 核定职数=2, 产生方式="抓阄"),
                _tenure("壬" * 50, "2022.3.2", 职务="副书记", 核定职数=1, 离任日期="2023.1.1"),
            ],
        ),
        "tenures",
    )  # fmt: skip
    for row, word in {
        3: "已经满了", 4: "第 2 行", 5: "核定职数", 6: "还没有到", 7: "公式", 8: "离任早于任职", 9: "不存在",
        10: "不是人数", 11: "选举、任命",
    }.items():  # fmt: skip
        assert word in found[row], (row, found.get(row))
    assert set(found) == set(range(3, 12))


def test_an_officer_of_a_town_keeps_to_the_town(cast: Cast, tmp_path: Path) -> None:
    rows = [TENURES, _tenure("甲", "2022.3.2", 党组织="石门镇柳树村党支部")]
    assert "不存在" in _bad(_check(cast, tmp_path, rows, "committee_officer"), "tenures")[2]


def test_offices_and_branches_of_one_call(cast: Cast, tmp_path: Path) -> None:
    first = book(
        tmp_path / "o.xlsx",
        [["党组织名称", "党组织类别", "上级党组织", "建立日期"], ["新村党支部", "党支部", TOWN, "2020.1.1"]],
    )
    second = book(tmp_path / "t.xlsx", [TENURES, _tenure("甲", "2022.3.2", 党组织="新村党支部")])
    by = cast.scope("officer")
    batch = actions.apply(by=by, batch=actions.check(by=by, files=[first, second]))
    here = Organisation.objects.unscoped(WHY).get(name="新村党支部")
    assert here.secretary_name == "甲" and Office.objects.unscoped(WHY).get().organisation == here
    actions.undo(by=by, batch=batch)
    assert not Organisation.objects.unscoped(WHY).filter(name="新村党支部").exists()


# --- 党费 -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def people(cast: Cast) -> list[str]:
    rows = Member.objects.unscoped(WHY).filter(organisation=cast.branch).order_by("pk")
    return list(rows.values_list("name", flat=True))


def test_bases_belong_to_the_branch(cast: Cast, tmp_path: Path, people: list[str]) -> None:
    rows = [BASES, [people[0], "按月领取工资", "4,200.50元", "2026.1.1"], [people[1], "农民", "0.5", "2026.1.1"]]
    assert "书记、副书记导入" in _bad(_check(cast, tmp_path, rows, "officer"), "bases")[2]
    batch = _put(cast, tmp_path, rows, "secretary")
    base = Base.objects.unscoped(WHY).get(member__name=people[0])
    assert (base.amount, base.kind, base.since) == (Decimal("4200.50"), "monthly", date(2026, 1, 1))
    _same_again(cast, tmp_path, "bases", 2, "secretary")
    assert not queries.batches(cast.scope("officer")).filter(pk=batch.pk).exists()
    assert queries.batches(cast.scope("secretary")).filter(pk=batch.pk).exists()
    later = _put(cast, tmp_path, [BASES, [people[0], "按月领取工资", 5000, "2026.1.1"]], "secretary")
    base.refresh_from_db()
    assert base.amount == 5000
    actions.undo(by=cast.scope("secretary"), batch=later)
    base.refresh_from_db()
    assert base.amount == Decimal("4200.50")
    actions.undo(by=cast.scope("secretary"), batch=batch)
    assert not Base.objects.unscoped(WHY).exists()


def test_bad_bases_name_no_sum(cast: Cast, tmp_path: Path, people: list[str]) -> None:
    rows = [
        BASES, [people[0], "按月领取工资", "=4200", "2026.1.1"], [people[0], "按月领取工资", "", "2026.1.1"],
        [people[0], "大款", 4321, "2026.1.1"], ["无此人", "农民", 0.5, "2026.1.1"],
        [people[1], "农民", 4321, "2026.1.1"],
        [people[2], "农民", 0.5, "1950.1.1"], [people[3], "农民", 0.5, "2026.1.1"], [people[3], "农民", 1, "2026.1.1"],
        [people[4], "按月领取工资", "1e400", "2026.1.1"], [people[4], "按月领取工资", "NaN", "2026.1.1"],
    ]  # fmt: skip
    found = _bad(_check(cast, tmp_path, rows, "secretary"), "bases")
    for row, word in {
        2: "元数", 3: "交纳基数", 4: "填按月领取工资", 5: "名册里没有", 6: "范围内", 7: "没有这种", 9: "第 8 行",
        10: "元数", 11: "元数",
    }.items():  # fmt: skip
        assert word in found[row], (row, found.get(row))
    assert 8 not in found and "4321" not in " ".join(found.values())


def test_payments_get_receipts_and_are_never_altered(cast: Cast, tmp_path: Path, people: list[str]) -> None:
    rows = [
        PAYMENTS, [people[0], "2026-01", "20", "2026.1.5", "", ""], [people[0], "2026年2月", 20, "2026.1.5", "", ""],
        [people[1], date(2026, 1, 1), "20元", "2026.1.6", "旧 007", "按月党费"],
        [people[1], "", 100, "2026.1.6", "", "自愿多交"],
    ]  # fmt: skip
    batch = _put(cast, tmp_path, rows, "secretary")
    made = list(Payment.objects.unscoped(WHY).order_by("pk"))
    assert [one.receipt for one in made] == [f"{cast.branch.code}-2026-{n}" for n in ("0001", "0001")] + [
        "旧007", f"{cast.branch.code}-2026-0002",
    ]  # fmt: skip
    assert [one.month for one in made] == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 1), None]
    assert {one.collected_by_id for one in made} == {cast.posts["secretary"].user_id}
    again = _put(cast, tmp_path, rows, "secretary")
    assert again.report["entered"]["payments"] == {"new": 0, "same": 4}
    _same_again(cast, tmp_path, "payments", 4, "secretary")
    found = _bad(
        _check(cast, tmp_path, [PAYMENTS, [people[0], "2026-01", 30, "2026.1.5", "", ""]], "secretary"), "payments"
    )
    assert "已在 2026-01-05 收过" in found[2]
    actions.undo(by=cast.scope("secretary"), batch=batch)
    assert not Payment.objects.unscoped(WHY).exists()


def test_payments_against_the_base(cast: Cast, tmp_path: Path, people: list[str]) -> None:
    _put(cast, tmp_path, [BASES, [people[0], "按月领取工资", 2000, "2026.1.1"]], "secretary")
    rows = [
        PAYMENTS, [people[0], "2026-03", 9, "2026.3.5", "", ""], [people[0], "2026-04", 10, "2026.4.5", "", ""],
        [people[0], "2027-08", 10, "2026.4.5", "", ""], [people[0], "2026.1", 10, "2026.4.5", "", ""],
        [people[0], 2026.1, 10, "2026.4.5", "", ""], [people[0], "2026-05", 0, "2026.4.5", "", ""],
        [people[0], "2026-06", 10, "2026.4.5", f"{cast.branch.code}-x", ""],
        [people[0], "2026-07", 10, "2027.4.5", "", ""],
        [people[0], "2026-04", 10, "2026.4.5", "", ""], [people[0], "2026-08", 10, "2026.4.5", "R1", ""],
        [people[1], "2026-08", 10, "2026.4.5", "R1", ""], [people[0], "2026-09", 10, "2026.4.5", "=1+1", ""],
    ]  # fmt: skip
    found = _bad(_check(cast, tmp_path, rows, "secretary"), "payments")
    for row, word in {
        2: "应交数不符", 4: "还早", 6: "按文本填写", 7: "大于 0", 8: "本系统的编号", 9: "还没有到", 10: "第 3 行",
        12: "别人的", 13: "收据号",
    }.items():  # fmt: skip
        assert word in found[row], (row, found.get(row))
    assert set(found) == {2, 4, 6, 7, 8, 9, 10, 12, 13}


def test_no_pay_without_somebody_who_took_it(cast: Cast, tmp_path: Path, people: list[str]) -> None:
    path = book(tmp_path / "p.xlsx", [[*PAYMENTS, "党支部"], [people[0], "2026-01", 20, "2026.1.5", "", "", BRANCH]])
    batch = actions.check(by=system_scope(), files=[path])
    assert "登录后导入" in batch.report["payments"]["rejected"][0]["reason"]


def test_a_secretary_brings_in_dues_and_nothing_else(cast: Cast, tmp_path: Path, people: list[str]) -> None:
    rows = [["姓名", "公民身份号码", "所在党支部", "入党日期"], [people[0], "99000119800101001X", BRANCH, "2005.7.1"]]
    assert "由上级党委的组织干部导入" in _bad(_check(cast, tmp_path, rows, "secretary"), "members")[2]
    found = _bad(_check(cast, tmp_path, [TENURES, _tenure("甲", "2022.3.2")], "secretary"), "tenures")
    assert "由上级党委的组织干部导入" in found[2]


# --- 办理 -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(cast: Cast) -> None:
    publish(paths=[settings.PACKS / "central"])


APPLICANT = ("发展党员", BRANCH, "林晓禾", "1998.4.12", "2025.6.1")


def _steps(*steps: Sequence[object], who: Sequence[object] = APPLICANT) -> Rows:
    return [CASES, *[[*who, *step, *[""] * (5 - len(step))] for step in steps]]


USUAL = (
    ("递交入党申请书", "2025.6.1"), ("派人谈话", "2025.6.20"),
    ("确定入党积极分子", "2026.1.10", "", "党员推荐或群团组织推优材料（推 3 号）"),
    ("报上级党委备案", "2026.1.20"), ("指定培养联系人", "2026.1.25", "培养联系人：王某"),
)  # fmt: skip


def test_an_applicant_comes_along_with_the_steps_done(cast: Cast, shelf: None, tmp_path: Path) -> None:
    batch = _put(cast, tmp_path, _steps(*USUAL))
    case = Case.objects.unscoped(WHY).get()
    assert (case.name, case.born_on, case.opened, case.written_later) == (
        "林晓禾", date(1998, 4, 12), date(2025, 6, 1), True,
    )  # fmt: skip
    assert case.next_title and case.ended_on is None and case.next_at_id
    records = list(StepRecord.objects.unscoped(WHY))
    assert [one.step for one in records] == ["apply", "talk", "activist", "file-activist", "contacts"]
    assert records[2].papers[0]["number"] == "推 3 号" and records[4].values == {"contact_1": "王某"}
    assert all(one.version for one in records)
    assert batch.report["entered"]["cases"]["new"] == 5
    _same_again(cast, tmp_path, "cases", 5)
    again = _put(cast, tmp_path, _steps(*USUAL))
    assert again.report["entered"]["cases"] == {"new": 0, "same": 5}
    found = _bad(_check(cast, tmp_path, _steps(*USUAL, ("派人谈话", "2025.6.21"))), "cases")
    assert "后面的步骤在那里记" in found[7] and "第 7 行要改" in found[2]
    actions.undo(by=cast.scope("officer"), batch=batch)
    assert not Case.objects.unscoped(WHY).exists() and not StepRecord.objects.unscoped(WHY).exists()


@pytest.mark.parametrize(
    ("rows", "row", "word"),
    [
        (_steps(("派人谈话", "2025.6.20"), ("递交入党申请书", "2025.6.21")), 2, "要先办“递交入党申请书”"),
        (_steps(("递交入党申请书", "2025.6.1"), ("派人谈话", "2025.5.1")), 3, "不能早于前面的步骤"),
        (_steps(*USUAL[:2], ("确定入党积极分子", "2026.1.10")), 4, "推优材料"),
        (_steps(("递交入党申请书", "2025.6.1"), ("请客吃饭", "2025.6.2")), 3, "没有“请客吃饭”这一步"),
        (_steps(("递交入党申请书", "2025.6.1", "", "假材料")), 2, "不在程序里"),
        (_steps(("递交入党申请书", "2025.6.1", "胡写")), 2, "一行写一项"),
        (_steps(("递交入党申请书", "2030.6.1")), 2, "还没有到"),
        (_steps(("=1+1", "2025.6.1")), 2, "公式"),
        (_steps(("递交入党申请书", "2025.6.1"), who=("炼丹", *APPLICANT[1:])), 2, "不适用于本组织，可填"),
        (_steps(("递交入党申请书", "2025.6.1"), who=(*APPLICANT[:3], "2010.1.1", "2025.6.1")), 2, "年满十八岁"),
        (_steps(("递交入党申请书", "2025.6.1"), who=(*APPLICANT[:3], "", "2025.6.1")), 2, "出生日期没有填"),
        (_steps(("递交入党申请书", "2025.6.1"), who=(APPLICANT[0], "火星支部", *APPLICANT[2:])), 2, "不存在"),
    ],
)  # fmt: skip
def test_what_the_procedure_rules_out_stays_out(
    cast: Cast, shelf: None, tmp_path: Path, rows: Rows, row: int, word: str
) -> None:
    found = _bad(_check(cast, tmp_path, rows), "cases")
    assert word in found[row], found
    assert len(found) == len(rows) - 1


def test_rows_of_one_matter_stand_together(cast: Cast, shelf: None, tmp_path: Path) -> None:
    other = ("发展党员", BRANCH, "高一鸣", "1995.11.3", "2025.7.1")
    rows = [*_steps(USUAL[0]), *_steps(("递交入党申请书", "2025.7.1"), who=other)[1:], *_steps(USUAL[1])[1:]]
    assert "排在一起" in _bad(_check(cast, tmp_path, rows), "cases")[4]


def test_effects_are_told_and_not_run(cast: Cast, shelf: None, tmp_path: Path) -> None:
    """A step that changes the roster was done then; the record says what may still be open."""
    from zhibu.web.procedures import bringing

    by = cast.scope("officer")
    found = bringing.Bringing(by, [cast.branch])
    key, versions = found.versions(cast.branch, "发展党员")
    effects = [step for step in versions[-1].steps if step.effect or any(one.effect for one in step.outcomes)]
    assert key == "admission" and effects
    row = found.record(Case(organisation=cast.branch), versions, bringing.Told(effects[0].title, date(2026, 6, 1)))
    assert row.effect_left.startswith("补录的步骤没有改动")


# --- who sees what --------------------------------------------------------------------------------------------------


def test_no_superior_gets_a_book_of_dues(cast: Cast, tmp_path: Path, people: list[str]) -> None:
    rows = [BASES, [people[0], "按月领取工资", 4321, "2026.1.1"], [people[1], "大款", 1, "2026.1.1"]]
    batch = _check(cast, tmp_path, rows, "secretary")
    office, branch = cast.client("committee_officer"), cast.client("secretary")
    for page in ("", "file/0/marked/", "file/0/bad/"):
        assert office.get(f"/imports/{batch.pk}/{page}").status_code == 404
        assert branch.get(f"/imports/{batch.pk}/{page}").status_code == 200
    batch.books.update(kind="")  # not judged yet: the file itself says what it is
    assert office.get(f"/imports/{batch.pk}/file/0/marked/").status_code == 404
    assert office.get("/imports/now/bases.xlsx").status_code == 404
    assert branch.get("/imports/now/bases.xlsx").status_code == 200
    assert branch.get("/imports/now/tenures.xlsx").status_code == 404
    assert office.get("/imports/now/members.xlsx").status_code == 404
    page = branch.get("/imports/new/").content.decode()
    assert "党费基数.xlsx" in page and "党员信息表.xlsx" not in page
