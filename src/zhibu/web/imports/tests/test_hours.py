"""校外学时 from a platform's list: in, the same again, out and in, and back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.imports import actions
from zhibu.web.imports.tests.test_registers import BRANCH, _bad, _check, _put, _same_again
from zhibu.web.learning import hours
from zhibu.web.learning.models import OutsideHours
from zhibu.web.members.models import Member

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "党支部", "课程名称", "平台", "完成日期", "学时", "积分"]


@pytest.mark.mechanism("M293")
def test_a_platforms_list_goes_in_and_back(cast: Cast, tmp_path: Path) -> None:
    one, two = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk")[:2]
    rows = [HEAD, [one.name, BRANCH, "党建实务", "教育平台", date(2026, 5, 20), 8, 999]]
    rows.append([two.name, BRANCH, "党建实务", "教育平台", "2026.5.20", "3.5学时", 1])
    batch = _put(cast, tmp_path, rows)
    assert batch.report["entered"]["hours"]["new"] == 2
    row = OutsideHours.objects.unscoped("t").get(member=one)
    assert (row.hours, row.origin, row.form) == (8, "import", "form_collective")
    assert hours.studies([two], 2026)[0].total == Decimal("3.5")
    assert hours.studies([two], 2026)[0].lines[0].source == "导入"
    _same_again(cast, tmp_path, "hours", 2)
    actions.undo(by=cast.scope("officer"), batch=batch)
    assert not OutsideHours.objects.unscoped("t").exists()


def test_bad_rows_say_what_would_be_right(cast: Cast, tmp_path: Path) -> None:
    one = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk")[0]
    told = [one.name, BRANCH, "党建实务", "教育平台", date(2026, 5, 20), 8, ""]
    rows = [HEAD, told, told, [*told[:5], 99999, ""], [*told[:2], "", *told[3:]], ["无此人", *told[1:]]]
    rows += [[*told[:4], date(2027, 5, 20), 8, ""], [*told[:5], "=1+1", ""]]
    found = _bad(_check(cast, tmp_path, rows), "hours")
    assert set(found) == {3, 4, 5, 6, 7, 8} and "积分不能当学时" in found[4] and "课程名称没有填" in found[5]
    assert len(_bad(_check(cast, tmp_path, rows, "neighbour"), "hours")) == 7  # none of theirs


def test_a_secretary_brings_in_the_own_branch(cast: Cast, tmp_path: Path) -> None:
    one = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk")[0]
    rows = [HEAD, [one.name, "", "党建实务", "教育平台", date(2026, 5, 20), 8, ""]]
    assert _put(cast, tmp_path, rows, "secretary").report["entered"]["hours"]["new"] == 1
