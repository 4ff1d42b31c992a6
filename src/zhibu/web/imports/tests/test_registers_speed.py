"""Many rows of each register cost no query a row. `ZHIBU_ROWS=10000 pytest … -s` tells rows a second."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.conftest import Cast
from zhibu.web.imports import actions
from zhibu.web.imports.tests.helpers import book
from zhibu.web.members.models import Member
from zhibu.web.procedures.publishing import publish

pytestmark = pytest.mark.django_db
BRANCH, WHY = "大营镇槐树村党支部", "test"
FEW, MANY = 60, int(os.environ.get("ZHIBU_ROWS", "480"))
ROOM = 1 if MANY > 2000 else 0  # several chunks of rows: the queries of each come again
Rows = list[list[object]]


def _members(cast: Cast, count: int) -> list[str]:
    there = Member.objects.unscoped(WHY).filter(name__startswith="测").count()
    Member.objects.bulk_create(
        [
            Member(
                organisation=cast.branch, name=f"测{n}", id_number=f"9900011980{n:08d}", born_on=date(1980, 1, 1),
                kind="full", joined_on=date(2005, 7, 1),
            )
            for n in range(there, count)
        ],
        batch_size=500,
    )  # fmt: skip
    return [f"测{n}" for n in range(count)]


def _tenures(cast: Cast, start: int, count: int) -> Rows:
    head: Rows = [["党组织", "职务", "核定职数", "姓名", "任职日期", "产生方式", "任职文件"]]
    return head + [[BRANCH, f"委员{n}", 1, f"甲{n}", "2022.3.2", "选举", "批复"] for n in range(start, start + count)]


def _bases(cast: Cast, start: int, count: int) -> Rows:
    head: Rows = [["姓名", "交纳类别", "交纳基数", "从哪天起"]]
    return head + [
        [one, "按月领取工资", 4200 + start, f"2026.{1 + start // 100_000}.1"] for one in _members(cast, count)
    ]


def _payments(cast: Cast, start: int, count: int) -> Rows:
    head: Rows = [["姓名", "月份", "金额", "交纳日期"]]
    year = 2025 - bool(start)
    people = _members(cast, -(-count // 12))
    return head + [[one, f"{year}-{month:02d}", 20, "2026.1.5"] for one in people for month in range(1, 13)]


def _cases(cast: Cast, start: int, count: int) -> Rows:
    head: Rows = [["程序", "党组织", "姓名", "出生日期", "开始日期", "步骤", "办理日期"]]
    rows = []
    for n in range(start, start + count // 2):
        who: list[object] = ["发展党员", BRANCH, f"申请人{n}", "1998.4.12", "2025.6.1"]
        rows += [[*who, "递交入党申请书", "2025.6.1"], [*who, "派人谈话", date(2025, 6, 2) + timedelta(days=n % 20)]]
    return head + rows


@pytest.mark.parametrize(
    ("kind", "rows", "who"),
    [
        ("tenures", _tenures, "officer"), ("bases", _bases, "secretary"), ("payments", _payments, "secretary"),
        ("cases", _cases, "officer"),
    ],
)  # fmt: skip
def test_no_query_a_row(
    cast: Cast, tmp_path: Path, kind: str, rows: Callable[[Cast, int, int], Rows], who: str
) -> None:
    publish(paths=[settings.PACKS / "central"])
    _put(cast, tmp_path, rows(cast, 0, 12), kind, who)  # caches are warm
    few, _ = _put(cast, tmp_path, rows(cast, 100_000, FEW), kind, who)
    many, seconds = _put(cast, tmp_path, rows(cast, 200_000, MANY), kind, who)
    print(f"{kind}: {MANY} rows, {many} queries, {MANY / seconds:.0f} rows a second (judged twice and written)")
    assert many <= few + 40 + ROOM * MANY // 20, (few, many)


def _put(cast: Cast, folder: Path, rows: Rows, kind: str, who: str) -> tuple[int, float]:
    by, path = cast.scope(who), book(folder / "表.xlsx", rows)
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        batch = actions.check(by=by, files=[path])
        assert not batch.report[kind]["rejected_count"], batch.report[kind]["rejected"][:2]
        batch = actions.apply(by=by, batch=batch)
    assert sum(batch.report["entered"][kind].values()) == len(rows) - 1
    return len(queries), time.perf_counter() - begun
