"""Undo where later work rests on the batch: what is used stays and says why, the rest goes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from zhibu.web.access.queries import system_scope
from zhibu.web.conftest import Cast
from zhibu.web.imports import actions
from zhibu.web.imports.tests.helpers import book
from zhibu.web.members import history
from zhibu.web.members.models import Member, MemberChange
from zhibu.web.offices.actions import seats as offices
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures.models import Case

pytestmark = pytest.mark.django_db
WHY = "test"
HEADINGS = [
    "姓名", "公民身份号码", "人员类别", "所在党支部", "加入党组织日期", "转为正式党员日期", "工作岗位", "岗位变动日期",
]  # fmt: skip
BRANCH = "大营镇槐树村党支部"


def _put(cast: Cast, folder: Path, *files: tuple[str, list[list[object]]]):
    by = cast.scope("officer")
    paths = [book(folder / name, rows) for name, rows in files]
    return actions.apply(by=by, batch=actions.check(by=by, files=paths))


def _numbers() -> list[str]:
    from zhibu.web.members.identity import check_character

    return [f"{head}{check_character(head)}" for head in ("99000119810101001", "99000119810101002")]


def test_what_is_used_stays_with_what_it_needs(cast: Cast, tmp_path: Path) -> None:
    one, two = _numbers()
    batch = _put(
        cast, tmp_path,
        ("o.xlsx", [["党组织名称", "党组织类别", "上级党组织", "建立日期"],
                    ["新甲党支部", "党支部", cast.town.name, "2020.1.1"],
                    ["新乙党支部", "党支部", cast.town.name, "2020.1.1"]]),
        ("m.xlsx", [HEADINGS[:6], ["张甲", one, "正式党员", "新甲党支部", "2005.7.1", "2006.7.1"],
                    ["张乙", two, "正式党员", "新乙党支部", "2005.7.1", "2006.7.1"]]),
    )  # fmt: skip
    here = Member.objects.unscoped(WHY).get(name="张甲")
    # a row whose reference has no name of its own (`+`) and protects what it refers to
    Case.objects.create(
        organisation=cast.town, procedure="p", title="t", member=here, opened=date(2026, 1, 1),
        opened_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    actions.undo(by=cast.scope("officer"), batch=batch)
    assert set(Organisation.objects.unscoped(WHY).filter(name__startswith="新").values_list("name", flat=True)) == {
        "新甲党支部"
    }
    assert Member.objects.unscoped(WHY).filter(name__startswith="张").get() == here
    batch.refresh_from_db()
    assert batch.state == "undone"
    told = "；".join(batch.report["kept"])
    assert "党员“张甲”留下：后来登记的办理事项" in told and "“新甲党支部”留下：党员“张甲”也留下" in told
    page = cast.client("officer").get(f"/imports/{batch.pk}/")
    assert "没有撤销的" in page.content.decode()


def test_nothing_to_take_back_is_a_refusal(cast: Cast, tmp_path: Path) -> None:
    batch = _put(
        cast,
        tmp_path,
        ("o.xlsx", [["党组织名称", "党组织类别", "上级党组织"], ["新甲党支部", "党支部", cast.town.name]]),
    )
    here = Organisation.objects.unscoped(WHY).get(name="新甲党支部")
    offices.approve(
        by=system_scope(), organisation=here, kind="secretary", title="书记", seats=1, document="x",
        starts_on=date(2026, 1, 1),
    )  # fmt: skip
    with pytest.raises(actions.CannotDo, match="用到了这一批"):
        actions.undo(by=cast.scope("officer"), batch=batch)


def test_another_kind_or_work_is_a_dated_step(cast: Cast, tmp_path: Path) -> None:
    one, _ = _numbers()
    row = ["张甲", one, "预备党员", BRANCH, "2025.3.1", "", "学生", ""]
    _put(cast, tmp_path, ("m.xlsx", [HEADINGS, row]))
    here = Member.objects.unscoped(WHY).get(name="张甲")
    assert not MemberChange.objects.unscoped(WHY).exists()
    later = ["张甲", one, "正式党员", BRANCH, "2025.3.1", "2026.3.5", "企业职工", "2026.7.1"]
    batch = _put(cast, tmp_path, ("m.xlsx", [HEADINGS, later]))
    told = (
        MemberChange.objects.unscoped(WHY)
        .filter(member=here)
        .order_by("on")
        .values_list("what", "on", "kind", "employment", "since", "until")
    )
    assert list(told) == [
        ("full", date(2026, 3, 5), "probationary", "student", None, date(2026, 3, 4)),
        ("work", date(2026, 7, 1), "full", "student", date(2026, 3, 5), date(2026, 6, 30)),
    ]
    by = cast.scope("officer").doing("members.view")
    states = {
        day: next((one.kind, one.employment) for one in history.roster_on(by, day, cast.branch) if one.pk == here.pk)
        for day in (date(2025, 9, 1), date(2026, 4, 1), date(2026, 8, 1))
    }
    assert list(states.values()) == [("probationary", "student"), ("full", "student"), ("full", "enterprise")]
    again = _put(cast, tmp_path, ("m.xlsx", [HEADINGS, later]))
    assert again.report["entered"]["members"]["same"] == 1 and MemberChange.objects.unscoped(WHY).count() == 2
    by = cast.scope("officer")
    actions.undo(by=by, batch=batch)
    here.refresh_from_db()
    assert (here.kind, here.employment) == ("probationary", "student")
    assert not MemberChange.objects.unscoped(WHY).exists()


def test_a_full_member_does_not_become_probationary_by_a_book(cast: Cast, tmp_path: Path) -> None:
    one, _ = _numbers()
    row = ["张甲", one, "正式党员", BRANCH, "2005.3.1", "2006.3.1", "学生", ""]
    _put(cast, tmp_path, ("m.xlsx", [HEADINGS, row]))
    by = cast.scope("officer")
    row[2], row[5] = "预备党员", ""
    batch = actions.check(by=by, files=[book(tmp_path / "m.xlsx", [HEADINGS, row])])
    assert "已是正式党员" in batch.report["members"]["rejected"][0]["reason"]
