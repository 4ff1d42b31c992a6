"""The figures of the rules stand beside a sum; nobody is judged by them."""

from __future__ import annotations

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.learning.tests.test_classes import member, text

pytestmark = pytest.mark.django_db


def test_what_the_rules_ask_is_told_and_never_judged(year: Cast) -> None:
    one = member(year)
    page = text(year.client("secretary"), f"/learning/hours/{one.pk}/")
    assert "一般不少于 32 学时" in page and "班子成员学习培训" not in page
    member(year, branch_post="书记")
    assert "草稿规则" in text(year.client("secretary"), f"/learning/hours/{one.pk}/")
    member(year, branch_post="", frail=True)
    assert "年老体弱的党员不作要求" in text(year.client("secretary"), f"/learning/hours/{one.pk}/")
