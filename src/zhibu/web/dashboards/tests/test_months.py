"""Which duties a month shows: calendar periods that contain it, spans that overlap it, last month's overdue."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.conftest import TODAY, Cast
from zhibu.web.dashboards.months import Month, Window, choices, chosen
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.status import late_on

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)


def verdict(cast: Cast, period: str, first: date, last: date, status: str = "open") -> Verdict:
    return Verdict.objects.create(
        organisation=cast.branch,
        year=last.year,
        rulebook="b",
        rule=f"r-{period}"[:60],
        strength="hard",
        period=period,
        starts_on=first,
        ends_on=last,
        deadline=last,
        status=status,
        max_points=1,
    )


@pytest.mark.parametrize(
    ("period", "first", "last", "shown"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), True),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31), True),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31), True),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), True),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), False),
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31), False),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30), False),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), False),
        ("2024-06-30..2026-11-01", date(2024, 6, 30), date(2026, 11, 1), True),
        ("2026-11-30..2027-01-30", date(2026, 11, 30), date(2027, 1, 30), True),
        ("2026-12-01..2026-12-20", date(2026, 12, 1), date(2026, 12, 20), False),
        ("2026-10-01..2026-10-31", date(2026, 10, 1), date(2026, 10, 31), False),
        ("2026-11-21..2026-11-21", date(2026, 11, 21), date(2026, 11, 21), True),
    ],
)
def test_the_duty_whose_period_covers_the_month(cast: Cast, period: str, first: date, last: date, shown: bool) -> None:
    verdict(cast, period, first, last)
    assert Verdict.objects.unscoped("test").filter(Window(NOVEMBER).covering()).exists() is shown


@pytest.mark.parametrize(("status", "shown"), [("missed", True), ("met", False), ("exempt", False)])
def test_a_term_that_ran_out_stays_until_it_is_done(cast: Cast, status: str, shown: bool) -> None:
    """换届 of the year before last is still owed; a meeting and a standing requirement of then are not."""
    verdict(cast, "2020-06-28..2025-06-27", date(2020, 6, 28), date(2025, 6, 27), status)
    verdict(cast, "2025-06", date(2025, 6, 1), date(2025, 6, 30), status)
    verdict(cast, "2025-12-31..2025-12-31", date(2025, 12, 31), date(2025, 12, 31), status)
    window = Window(NOVEMBER, present=True).verdicts(late_on(TODAY))
    found = Verdict.objects.unscoped("test").filter(window).values_list("period", flat=True)
    assert list(found) == (["2020-06-28..2025-06-27"] if shown else [])


@pytest.mark.parametrize(("status", "shown"), [("missed", True), ("met", False), ("late", False), ("exempt", False)])
def test_the_present_month_carries_what_is_overdue_of_the_month_before(cast: Cast, status: str, shown: bool) -> None:
    verdict(cast, "2026-10", date(2026, 10, 1), date(2026, 10, 31), status)
    verdict(cast, "2026-09", date(2026, 9, 1), date(2026, 9, 30), status)
    window = Window.of(NOVEMBER, TODAY)
    found = Verdict.objects.unscoped("test").filter(window.verdicts(late_on(TODAY)))
    assert [one.period for one in found] == (["2026-10"] if shown else [])
    assert not Verdict.objects.unscoped("test").filter(Window(Month(2026, 12)).verdicts(late_on(TODAY))).exists()


@pytest.mark.parametrize(
    "label",
    ["", "xx", "2026", "2026-13", "2026-1", "1999-01", "2031-05", "2026-11-21", "２０２６-11", "2026-11\n", "0"],
)
def test_nonsense_is_this_month(label: str) -> None:
    assert chosen(label, TODAY) == NOVEMBER


def test_the_months_to_choose_from() -> None:
    months = choices(TODAY)
    assert (months[0].label, months[-1].label, len(months)) == ("2026-12", "2025-01", 24)
    assert choices(date(2026, 12, 5))[0].label == "2027-12"
    assert chosen("2025-03", TODAY) == Month(2025, 3)
