"""The worker reminds by itself: when the hours of an office begin, once, and again after a run that broke."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.reminders import jobs
from zhibu.web.reminders.tests.telling import rule, said, verdict

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)  # three days before the last day


@pytest.fixture(autouse=True)
def _unserved(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ZHIBU_TODAY", FRIDAY.isoformat())
    jobs._begun.clear()
    yield
    jobs._begun.clear()


def at(hour: int, minute: int = 0) -> bool:
    return jobs.turn(datetime.combine(FRIDAY, time(hour, minute)))


def test_it_waits_for_the_hours_and_tells_once(cast: Cast) -> None:
    verdict(cast.branch)
    assert not at(8, 29) and not said()
    assert at(8, 30) and len(said()) == 1
    assert not at(8, 31) and not at(12) and len(said()) == 1


def test_an_office_with_later_hours_is_served_when_they_begin(cast: Cast) -> None:
    rule(cast.town, first=time(14, 0))
    verdict(cast.branch)
    assert at(9) and not said()
    assert not at(13, 59)
    assert at(14) and len(said()) == 1


def test_a_run_that_broke_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict(cast.branch)
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "run", lambda at: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            at(9)
    assert at(9, 1) and len(said()) == 1
