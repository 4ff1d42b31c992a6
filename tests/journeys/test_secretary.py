"""A branch secretary, on a phone and at a desk: sees what to do, records it, sees the task close and the score move."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from zhibu.web.assessment.models import Score
from zhibu.web.conftest import Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.records.models import Draft, Record

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Taps:
    """Counts what a thumb does."""

    def __init__(self, page: Any):
        self.page, self.count = page, 0

    def tap(self, selector: str) -> None:
        self.count += 1
        self.page.locator(selector).first.click()

    def write(self, selector: str, text: str) -> None:
        self.count += 1
        self.page.locator(selector).fill(text)


def theme_day(cast: Cast) -> Verdict:
    return Verdict.objects.unscoped("test").get(
        organisation=cast.branch, rulebook="branch-life", rule="theme-day", period="2026-11"
    )


def total(cast: Cast) -> float:
    return Score.objects.unscoped("test").get(organisation=cast.branch, year=2026).total


def headline(page: Any) -> tuple[int, int]:
    due, done = re.findall(r"\d+", page.locator("h1").inner_text())[1:3]
    return int(due), int(done)


@pytest.mark.mechanism("M020", "M034")
@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("width", [375, 1366])
def test_recording_the_theme_day_closes_the_task_and_moves_the_score(
    county: Cast, open_page: Callable[..., Any], width: int, script: bool
) -> None:
    assert theme_day(county).status == "open"
    before = total(county)
    page = open_page("/duties/month/", county.client("secretary"), width, java_script_enabled=script)
    due, done = headline(page)
    thumb = Taps(page)
    thumb.tap("text=记录 11 月主题党日")
    assert page.locator("#id_types input[value=theme_day]").is_checked()  # prefilled
    thumb.tap("input[name=rest][value=present]")
    thumb.write("textarea[name=content]", "学习全会精神，八名党员发言，决定下周清理河道，由党小组长负责。")
    if script:  # the draft that leaving the box sends is there before the next request: all threads share a connection
        page.locator("textarea[name=content]").blur()
        page.get_by_text("草稿已存").first.wait_for()
    thumb.tap("button:has-text('核对并提交')")
    assert "核对一遍再提交" in page.locator("h1").inner_text()
    thumb.tap("button:has-text('提交给')")
    assert "已提交" in page.locator("h1").inner_text()
    assert thumb.count <= 12
    page.locator("a:has-text('回到本月任务')").click()
    assert headline(page) == (due, done + 1)
    assert theme_day(county).status == "met"
    assert total(county) > before
    page.goto(page.url.replace("/duties/month/", "/o/"))
    assert f"{total(county):.1f}" in page.locator("main").inner_text()
    assert not page.complaints


def test_what_was_typed_survives_a_killed_browser(county: Cast, open_page: Callable[..., Any]) -> None:
    """The draft reaches the server; another device goes on from it."""
    client = county.client("secretary")
    page = open_page("/records/new/?rule=branch-life/theme-day&period=2026-11", client, 375)
    page.locator("textarea[name=content]").fill("写到一半，手机没电了")
    page.locator("textarea[name=content]").blur()
    page.get_by_text("草稿已存").first.wait_for()
    page.wait_for_timeout(500)
    page.context.close()
    again = open_page("/records/new/?rule=branch-life/theme-day&period=2026-11", client, 1366)
    body = again.locator("main").inner_text() + again.locator("textarea[name=content]").input_value()
    assert "写到一半，手机没电了" in body or again.locator("text=草稿").count()
    assert not Record.objects.unscoped("test").filter(content__contains="没电").exists()


@pytest.mark.mechanism("M297")
def test_the_form_goes_on_without_a_network(county: Cast, open_page: Callable[..., Any]) -> None:
    """Without a signal the words stay on the phone; with it again they reach the server, not yet submitted."""
    page = open_page("/records/new/?rule=branch-life/theme-day&period=2026-11", county.client("secretary"), 375)
    page.context.set_offline(True)
    page.get_by_text("没有网络，已存在本机").wait_for()
    page.locator("textarea[name=content]").fill("山上没有信号，先记在这里")
    page.locator("textarea[name=content]").blur()
    page.get_by_text("草稿已存本机").wait_for()
    page.context.set_offline(False)
    page.locator("#offline").wait_for(state="detached")
    page.get_by_text(re.compile(r"草稿已存 \d")).wait_for()
    draft = Draft.objects.unscoped("test").get(organisation=county.branch)
    assert draft.fields["content"] == ["山上没有信号，先记在这里"]
    assert not Record.objects.unscoped("test").filter(content__contains="没有信号").exists()
    page.locator("input[name=rest][value=present]").check()
    page.locator("button:has-text('核对并提交')").click()
    page.locator("button:has-text('提交给')").click()
    page.get_by_role("heading", name="已提交", exact=True).wait_for()
    assert Record.objects.unscoped("test").filter(content__contains="没有信号").count() == 1


def test_errors_keep_everything_and_lead_to_the_field(county: Cast, open_page: Callable[..., Any]) -> None:
    page = open_page("/records/new/?rule=branch-life/theme-day&period=2026-11", county.client("secretary"), 375)
    page.locator("input[name=place]").fill("村委会二楼")
    page.locator("button:has-text('核对并提交')").click()
    summary = page.locator(".error-summary")
    assert "处需要修改" in summary.inner_text()
    assert page.title().startswith("有误：")
    assert page.locator("input[name=place]").input_value() == "村委会二楼"
    summary.locator("a", has_text="讲了什么").first.click()
    assert page.evaluate("document.activeElement.name") == "content"


def test_two_people_on_one_record_lose_nothing(county: Cast, open_page: Callable[..., Any]) -> None:
    record = Record.objects.unscoped("test").filter(organisation=county.branch).order_by("-held_on")[0]
    client, path = county.client("secretary"), f"/records/{record.number}/edit/"
    first, second = open_page(path, client, 1366), open_page(path, client, 1366)
    for page, words in ((first, "甲改的内容"), (second, "乙改的内容")):
        page.locator("input[name=rest][value=present]").check()
        page.locator("textarea[name=content]").fill(words)
        page.locator("button:has-text('保存修改')").click()
        page.wait_for_load_state()
    body = second.locator("main").inner_text() + second.locator("main").inner_html()
    assert "甲改的内容" in body and "乙改的内容" in body
    record.refresh_from_db()
    assert record.content == "甲改的内容"


def test_the_activity_page_prints_on_a4(county: Cast, open_page: Callable[..., Any]) -> None:
    record = Record.objects.unscoped("test").filter(organisation=county.branch)[0]
    page = open_page(f"/records/{record.number}/", county.client("secretary"))
    page.emulate_media(media="print")
    assert page.locator("nav.menu").is_hidden() and page.locator("footer").first.is_hidden()
    assert len(page.pdf(format="A4")) > 5_000
