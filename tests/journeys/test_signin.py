"""A meeting of thirty-eight on slow phones: five sign in, the list follows by itself, the rest is ticked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.journeys.test_record_form import slow
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.members import numbers
from zhibu.web.members.models import Member
from zhibu.web.records.models import Record
from zhibu.web.signin.models import Meeting, Sign
from zhibu.web.signin.tests.conftest import door, outbox

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
__all__ = ["outbox"]


def thirty_eight(cast: Cast) -> list[Member]:
    for at in range(30):
        Member.objects.create(
            organisation=cast.branch, name=f"乡亲{at}", id_number=f"99000119750101{at:04d}", born_on=date(1975, 1, 1),
            kind="full", joined_on=date(2005, 7, 1), full_on=date(2006, 7, 1), phone=f"139888800{at:02d}",
        )  # fmt: skip
    return list(Member.objects.unscoped("test").filter(organisation=cast.branch).order_by("pk"))


def scans(page: Any, member: Member, outbox: Callable[[], list[tuple[str, str]]]) -> None:
    """The first time on this phone: a number, a code, one button."""
    slow(page)
    page.fill("#id_phone", numbers.whole(member, "phone"))
    page.click("button:has-text('获取短信码')")
    page.wait_for_selector("#id_code")
    page.fill("#id_code", next(code for number, code in outbox() if number == numbers.whole(member, "phone")))
    page.click("button:has-text('继续')")
    page.get_by_text(member.name).first.wait_for()
    page.click("button:has-text('确认签到')")
    page.get_by_text("已签到").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not page.complaints
    page.close()  # the next member has a phone of his own


@pytest.mark.mechanism("M027")
def test_a_meeting_of_thirty_eight(
    cast: Cast, open_page: Callable[..., Any], outbox: Callable[[], list[tuple[str, str]]]
) -> None:
    people = thirty_eight(cast)
    host = open_page("/records/new/", cast.client("secretary"), 375)
    slow(host)
    host.locator("#ticks summary").first.click() if not host.locator("input[value=theme_day]").is_visible() else None
    host.locator("input[value=theme_day]").check()
    host.click("button:has-text('出示签到码')")
    host.wait_for_selector(".qr-box svg >> visible=true")
    first = host.locator(".qr-box").first.inner_html()
    meeting = Meeting.objects.unscoped("test").get()
    for member in people[:5]:
        scans(open_page(door(meeting), None, 375), member, outbox)
    host.get_by_text("已签到 5 / 应到 38").wait_for()  # by polling: the host touched nothing
    host.wait_for_function(
        "before => document.querySelector('.qr-box').innerHTML !== before", arg=first, timeout=90_000
    )
    assert host.locator(".qr-box svg").first.is_visible()
    for member in people[5:36]:
        host.locator(f"label[for=m{member.pk}]").click()
    host.click("button:has-text('记为到会')")
    host.get_by_text("已签到 36 / 应到 38").wait_for()
    assert "本人签到 5 人，主持人代记 31 人" in host.locator("#live").inner_text()
    assert Sign.objects.unscoped("test").filter(way="self").count() == 5
    host.click("a:has-text('回到活动记录')")
    host.get_by_text("已签到 36 人，已算到会").wait_for()
    host.check("input[name=rest][value=leave]")
    host.fill("#id_content", "学习文件，讨论本月工作。")
    host.click("button:has-text('核对并提交') >> visible=true")
    host.wait_for_url("**/records/check/**")
    host.click("button:has-text('提交')")
    host.wait_for_url("**/receipt/")
    record = Record.objects.unscoped("test").get(held_on=TODAY)
    assert (record.expected, record.present) == (38, 36)
    assert record.attendances.filter(way="self", state="present").count() == 5
    assert not host.complaints
