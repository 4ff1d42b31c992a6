"""A record goes up, comes back with a sentence, is mended on a phone and accepted at a desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.test_record_form import slow
from zhibu.web.conftest import Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.records.models import Record
from zhibu.web.records.tests import given
from zhibu.web.review import actions

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MISSING = "缺 2 人未到会的说明"


def theme_day(cast: Cast) -> str:
    return Verdict.objects.unscoped("test").get(
        organisation=cast.branch, rulebook="branch-life", rule="theme-day", period="2026-11"
    ).status  # fmt: skip


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_record_is_returned_mended_on_a_phone_and_accepted(
    county: Cast, open_page: Callable[..., Any], script: bool
) -> None:
    actions.keep(by=county.scope("committee_officer"), types=["theme_day"], share=0, sentences=[])
    number = given.record(county).number
    assert theme_day(county) == "met"
    desk = open_page("/review/", county.client("committee_officer"), 1366, java_script_enabled=script)
    desk.locator("tr:has-text('主题党日') >> text=退回 >> visible=true").first.click()
    desk.locator("#return textarea").fill(MISSING)
    desk.locator("#return button").click()
    assert "已退回" in desk.locator("main").inner_text()
    assert theme_day(county) != "met"

    phone = open_page("/duties/month/", county.client("secretary"), 375, java_script_enabled=script)
    slow(phone)
    first = phone.locator(".task-list a").first
    assert "补充 11 月主题党日记录" in first.inner_text()
    assert MISSING in phone.locator("main").inner_text()
    first.click()
    assert "退回补充" in phone.locator("main").inner_text()
    phone.locator("a:has-text('改好，重新提交')").click()
    assert MISSING in phone.locator("main").inner_text()  # still to be read while it is mended
    phone.locator("textarea[name=content]").fill("议题：冬季用电安全\n未到会 2 人：外出务工，已请假。")
    if script:  # the draft that leaving the box sends is there before the next request
        phone.locator("textarea[name=content]").blur()
        phone.get_by_text("草稿已存").first.wait_for()
    phone.locator("button:has-text('保存并重新提交') >> visible=true").click()
    assert "已保存并重新提交，等审核" in phone.locator("main").inner_text()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    assert theme_day(county) == "met"

    desk.goto(desk.url)
    desk.locator("button:has-text('通过') >> visible=true").first.click()
    assert "1 条已通过" in desk.locator("main").inner_text()
    assert Record.objects.unscoped("test").get(number=number).review == "accepted"
    assert not desk.complaints + phone.complaints


def test_the_list_works_by_keyboard(county: Cast, open_page: Callable[..., Any]) -> None:
    """j and k go, 1 accepts, 2 opens the return, h puts off; in a text box they are letters, switched off nothing."""
    actions.keep(by=county.scope("committee_officer"), types=["theme_day"], share=0, sentences=[])
    numbers = [given.record(county, key=key).number for key in "abc"]
    page = open_page("/review/", county.client("committee_officer"), 1366)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("1")
    page.get_by_text("1 条已通过").first.wait_for()
    found = dict(Record.objects.unscoped("test").filter(number__in=numbers).values_list("number", "review"))
    assert [found[one] for one in numbers] == ["waiting", "accepted", "waiting"]
    page.locator("summary:has-text('退回选中的')").click()
    box = page.locator("textarea[name=text]")
    box.press_sequentially("1k2j")
    assert box.input_value() == "1k2j"
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.get_by_role("button", name="关掉快捷键").click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.get_by_role("button", name="打开快捷键").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("h")
    put_off = page.locator("#snooze-key option:checked").inner_text()
    assert put_off == page.locator("#snooze-key option").nth(1).inner_text()
    assert page.evaluate("document.activeElement.id") == "snooze-until"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("2")
    page.wait_for_url("**/review/records/**#return")
    assert numbers[0] in page.url
