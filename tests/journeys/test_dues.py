"""The monthly dues of a branch of thirty, on a phone: everybody ticked, two unticked, one undone, handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.dues.models import Base, HandIn, Payment
from zhibu.web.members.models import Member

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def thirty(cast: Cast) -> list[Member]:
    for at in range(22):
        Member.objects.create(
            organisation=cast.branch, name=f"乡亲{at}", id_number=f"99000119750101{at:04d}", born_on=date(1975, 1, 1),
            kind="full", joined_on=date(2005, 7, 1), full_on=date(2006, 7, 1),
        )  # fmt: skip
    members = list(Member.objects.unscoped("test").filter(organisation=cast.branch).order_by("pk"))
    for one in members:
        Base.objects.create(member=one, since=date(2026, 11, 1), kind="monthly", amount=Decimal(4200))
    return members


@pytest.mark.mechanism("M268")
@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("width", [375, 1366])
def test_monthly_dues_of_thirty(cast: Cast, open_page: Callable[..., Any], width: int, script: bool) -> None:
    members = thirty(cast)
    page = open_page("/ledgers/", cast.client("secretary"), width, java_script_enabled=script)
    page.locator("main a:has-text('党费')").first.click()
    assert "已收 0/30" in page.locator("h1").inner_text()
    if script:
        page.locator("label[for=all]").click()
        for one in members[:2]:
            page.locator(f"label[for=m{one.pk}]").click()
    else:
        for one in members[2:]:
            page.locator(f"#m{one.pk}").check()
    page.locator("button:has-text('收下')").click()
    page.get_by_text("收下 28 人 1176.00 元").wait_for()
    assert "已收 28/30" in page.locator("h1").inner_text()
    page.locator("button:has-text('撤销')").first.click()
    page.get_by_text("已撤销").first.wait_for()
    assert "已收 27/30" in page.locator("h1").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("a:has-text('对账上缴')").click()
    assert "还没有上缴 27 笔 1134.00 元" in page.locator("h1").inner_text()
    page.locator("button:has-text('上缴')").click()
    page.get_by_text("收到的都已上缴").wait_for()
    assert HandIn.objects.unscoped("test").get().amount == Decimal("1134.00")
    assert Payment.objects.unscoped("test").filter(voided_on=None).count() == 27
    assert not page.complaints
