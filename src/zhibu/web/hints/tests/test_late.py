"""The rules' own days, where no office has said how many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.hints import late
from zhibu.web.hints.tests.test_hints import wrote

pytestmark = pytest.mark.django_db


def test_without_an_office_s_days_the_rules_own_hold(year: Cast) -> None:
    """Ten days after the end of the month, as the sample rulebooks allow."""
    one = wrote(year.branch, "甲", held_on=date(2026, 9, 1), recorded_on=date(2026, 10, 10))
    bounds = late.Bounds()
    assert bounds.last_day(one) == date(2026, 10, 10) and not bounds.passed(one)
    one.recorded_on += timedelta(days=1)
    assert bounds.passed(one)
