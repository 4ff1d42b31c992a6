"""Which duties a record closes, and that saving it moves them at once (with the real rules)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from zhibu.web.conftest import TODAY, Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.records import queries
from zhibu.web.records.tests import given
from zhibu.web.regulations.actions import publish


def test_closable_by_type_and_day(cast: Cast) -> None:
    given.rule()
    given.rule("lecture", "党课", ("party_lecture",))
    given.november(cast.branch)
    given.october(cast.branch)
    given.verdict(cast.branch, "2026Q4", date(2026, 10, 1), date(2026, 12, 31), rule="lecture")
    given.november(cast.neighbour)
    by, here = cast.scope("secretary"), cast.branch

    def words(types: list[str] | None, day: date) -> list[str]:
        return [duty.words for duty in queries.closable(by, here, types, day)]

    assert words(None, TODAY) == ["11 月主题党日", "第四季度党课"]
    assert words(["party_lecture"], TODAY) == ["第四季度党课"]
    assert words(["theme_day"], date(2026, 10, 20)) == ["10 月主题党日"]
    assert queries.closable(by, cast.neighbour, None, TODAY) == []
    assert [duty.words for duty in queries.makes_up_choices(by, here, TODAY)] == ["10 月主题党日"]


@pytest.fixture
def ruled(cast: Cast) -> Cast:
    publish(paths=[Path(settings.PACKS) / "central" / "branch-life"])
    refresh()
    return cast


def status(cast: Cast, period: str) -> str:
    return Verdict.objects.unscoped(given.WHY).get(organisation=cast.branch, rule="theme-day", period=period).status


@pytest.mark.mechanism("M020", "M034")
def test_the_monthly_day_is_owed_recorded_and_done(ruled: Cast) -> None:
    """Owed by itself each month; open, then closed by the record; entered late it says so; withdrawn it is owed."""
    client = ruled.client("secretary")
    assert (status(ruled, "2026-11"), status(ruled, "2026-10")) == ("open", "missed")
    record = given.sent(client, topic="学习全会精神")
    assert (status(ruled, "2026-11"), record.topic, record.present) == ("met", "学习全会精神", 8)
    given.sent(client, key="october", held_on="2026-10-20")
    assert status(ruled, "2026-10") == "late"
    client.post(f"/records/{record.number}/withdraw/", {"reason": "记错"})
    assert status(ruled, "2026-11") == "open"


def test_a_lesson_made_up_counts_for_its_period_only(ruled: Cast) -> None:
    given.sent(ruled.client("secretary"), makes_up="2026-10")
    assert (status(ruled, "2026-10"), status(ruled, "2026-11")) == ("late", "open")
