"""With rules and a year of records: the duty is the engine's, the round beside it."""

from __future__ import annotations

import pytest

from zhibu.web.appraisal.tests.given import begin
from zhibu.web.conftest import Cast

pytestmark = pytest.mark.django_db


def test_an_open_duty_without_a_round_is_a_row_of_the_month(year: Cast) -> None:
    text = year.client("secretary").get("/duties/month/").text
    assert "开始 2026 年民主评议党员" in text and "/appraisal/new/" in text
    begin(year)
    text = year.client("secretary").get("/duties/month/").text
    assert "开始 2026 年民主评议党员" not in text and "下一步：自评、互评" in text
