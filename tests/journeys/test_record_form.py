"""The promise of the form (ux.md 3.2): two minutes, twelve taps, two required inputs, on a slow phone; nothing typed is
lost by a killed browser, an expired session or a changed form."""

from __future__ import annotations

import io
import os
import re
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Error as PlaywrightError

from tests.journeys.test_every_page import faults_of
from tests.journeys.test_secretary import Taps
from tests.journeys.test_sign_in import sign_in
from zhibu.web.accounts.models import Session
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.core.browser import ARGS, chromium_path
from zhibu.web.coverage import quiet
from zhibu.web.files.models import Attachment
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation, Sector
from zhibu.web.programmes import actions as programmes
from zhibu.web.programmes.models import Mark, Programme
from zhibu.web.records.models import Record
from zhibu.web.records.tests import given

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FORM = "/records/new/?rule=branch-life/theme-day&period=2026-11"
MINUTES = (
    "学习了全会精神和县委通知，八名党员谈了体会。会议决定下周清理村东河道，"
    "由第二党小组负责，十二月五日前完成，支部书记检查。"
)
PROMISE = 120  # seconds
# Of a thumb: a tap with its look; a character by the input method, about 130 a minute.
TAP, CHARACTER = 1.5, 0.45  # seconds
FLUSHED = 6_000  # milliseconds: Chromium itself writes what a page keeps to the disk every five seconds


def slow(page: Any) -> None:
    """Slow 4G (1.6 Mbit/s, 150 ms) and a processor four times slower; and so more patience, on a busy machine too."""
    page.set_default_timeout(60_000)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    line = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
    cdp.send("Network.emulateNetworkConditions", line)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def grown(cast: Cast, members: int = 38) -> None:
    """The branch has as many members."""
    for number in range(Member.objects.unscoped("test").filter(organisation=cast.branch).count(), members):
        Member.objects.create(
            organisation=cast.branch, name=f"新党员{number}", id_number=f"99000119850101{number:04d}",
            born_on=date(1985, 1, 1), kind="full", joined_on=date(2010, 7, 1), full_on=date(2011, 7, 1),
        )  # fmt: skip


def issued(cast: Cast) -> Programme:
    return programmes.issue(
        by=cast.scope("officer"), kind="programme", name="四个一流", document="示字1号", starts_on=date(2026, 1, 1),
        themes=["县域经济", "基层服务"], text="学习政策：\n\n岗位要求：\n\n党员怎么带头：\n\n结果：",
    )  # fmt: skip


def records() -> list[Record]:
    return list(Record.objects.unscoped("test").filter(held_on=TODAY))


@pytest.mark.mechanism("M020", "M034")
def test_two_minutes_twelve_taps_two_inputs(county: Cast, open_page: Callable[..., Any]) -> None:
    """Theme day and Party lecture in one, 38 members, two of them away, one programme: from 本月任务 to the receipt."""
    grown(county)
    programme = issued(county)
    page = open_page("/duties/month/", county.client("secretary"), 375)
    slow(page)
    begun, thumb = time.monotonic(), Taps(page)
    thumb.tap("text=记录 11 月主题党日")
    page.locator("#attendance").wait_for()
    assert "应到 38 人" in page.locator("#attendance").inner_text()
    thumb.tap("#id_types label:has-text('党课')")
    thumb.tap("#ticks label:has-text('基层服务')")
    thumb.tap("#attendance summary")
    for row in (3, 7):
        thumb.count += 2  # open the list, choose
        page.locator("#attendance select").nth(row).select_option("leave")
    thumb.tap("input[name=rest][value=present]")
    thumb.write("textarea[name=content]", MINUTES)
    thumb.tap("button:has-text('核对并提交'):visible")
    page.get_by_role("heading", name="核对一遍再提交").wait_for()
    answers = page.locator("main").inner_text()
    assert "到会 36 / 应到 38" in answers and "四个一流：基层服务" in answers
    thumb.tap("button:has-text('提交给')")
    page.get_by_role("heading", name="已提交", exact=True).wait_for()
    waited = time.monotonic() - begun
    whole = waited + thumb.count * TAP + len(MINUTES) * CHARACTER
    print(
        f"\n{thumb.count} taps, 2 inputs, {len(MINUTES)} characters; machine {waited:.1f} s, with a thumb {whole:.0f} s"
    )
    assert thumb.count <= 12 and whole <= PROMISE
    [record] = records()
    assert (record.expected, record.present, record.types) == (38, 36, ["theme_day", "party_lecture"])
    assert Mark.objects.unscoped("test").get(record=record).programme == programme
    assert not page.complaints


def test_two_inputs_are_required_and_no_more(county: Cast, open_page: Callable[..., Any]) -> None:
    grown(county)
    issued(county)
    page = open_page(FORM, county.client("secretary"), 375)
    page.locator("button:has-text('核对并提交'):visible").click()
    wanted = page.locator(".error-summary li")
    assert sorted(wanted.all_inner_texts()) == ["填写讲了什么、定了什么", "还有 38 人没有记到会情况"]
    for name in ("place", "host", "starts_at", "ends_at", "topic", "recorder"):
        if page.locator(f"[name={name}]").is_visible():
            page.locator(f"[name={name}]").fill("")
    page.locator("input[name=rest][value=present]").check()
    page.locator("textarea[name=content]").fill("学习文件")
    page.locator("button:has-text('核对并提交'):visible").click()
    page.get_by_role("heading", name="核对一遍再提交").wait_for()


def test_a_killed_browser_comes_back_with_its_words(
    county: Cast, chromium: Any, live_server: Any, tmp_path: Path
) -> None:
    """Without a signal, so that only this phone knows them; all of the browser dies at once."""
    cookie = {"name": "sessionid", "value": county.client("secretary").cookies["sessionid"].value}

    def started() -> Any:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path=chromium_path(), args=ARGS, viewport={"width": 375, "height": 812}
        )
        context.add_cookies([cookie | {"url": live_server.url}])
        context.pages[0].goto(live_server.url + FORM)
        return context

    context = started()
    page = context.pages[0]
    slow(page)
    context.set_offline(True)
    page.locator("textarea[name=content]").fill("写到一半，浏览器被系统关了")
    page.get_by_text("草稿已存本机").wait_for()
    page.wait_for_timeout(FLUSHED)
    assert kill_all(str(tmp_path))
    with suppress(PlaywrightError):
        context.close()
    again = started()
    page = again.pages[0]
    page.get_by_text("没有提交的内容").wait_for()
    page.get_by_role("button", name="接着写").click()
    assert page.locator("textarea[name=content]").input_value() == "写到一半，浏览器被系统关了"
    again.close()
    assert not records()


def kill_all(folder: str) -> int:
    """Every process of the browser that keeps its data there, with no time to say goodbye; how many."""
    killed = 0
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"--user-data-dir={folder}" in one.read_text("utf-8", "replace"):
                os.kill(int(one.parent.name), signal.SIGKILL)
                killed += 1
    return killed


def test_an_expired_session_leads_back_to_the_words(county: Cast, open_page: Callable[..., Any]) -> None:
    page = open_page(FORM, county.client("secretary"), 375)
    slow(page)
    page.locator("input[name=rest][value=present]").check()
    page.locator("textarea[name=content]").fill("会议开了一个小时，登录过期了")
    Session.objects.update(expire_date=clock.now() - timedelta(minutes=1))
    page.locator("textarea[name=content]").focus()
    page.locator("input[name=place]").focus()  # the draft of the phone finds out first
    page.get_by_text("停留太久，已退出").wait_for()
    assert "还没有存到系统" in page.locator("#draft-line").inner_text() and not page.locator("#offline").count()
    page.get_by_role("button", name="知道了").click()
    page.locator("button:has-text('核对并提交'):visible").click()
    page.get_by_text("刚才写的内容还在").wait_for()
    sign_in(page, "secretary")
    page.locator("textarea[name=content]").wait_for()
    assert page.locator("textarea[name=content]").input_value() == "会议开了一个小时，登录过期了"
    assert page.locator("input[name=rest][value=present]").is_checked()
    assert not records()


def test_a_form_changed_meanwhile_shows_what_has_no_place(county: Cast, open_page: Callable[..., Any]) -> None:
    page = open_page(FORM, county.client("secretary"), 375)
    slow(page)
    page.locator("textarea[name=content]").fill("内容还在")
    page.locator("textarea[name=content]").blur()  # else the server's draft waits for its fifteen seconds
    page.get_by_text(re.compile("草稿已存")).first.wait_for()
    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) if (key.startsWith("zhibu:draft:")) {
            const kept = JSON.parse(localStorage[key]);
            kept.data += "&speaker=" + encodeURIComponent("王老师主讲");
            localStorage[key] = JSON.stringify(kept); } }"""
    )
    url = page.url
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto(url)
    again.get_by_role("button", name="接着写").click()
    assert again.locator("textarea[name=content]").input_value() == "内容还在"
    assert "王老师主讲" in again.locator("#form").inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_kind_brings_its_questions(county: Cast, open_page: Callable[..., Any], script: bool) -> None:
    page = open_page(FORM, county.client("secretary"), 375, java_script_enabled=script)
    vote, help_ = page.locator("#ask-vote"), page.locator("#ask-help")
    assert help_.is_visible() is not script  # without it, all stand there closed
    page.locator("#ticks summary").first.click()
    page.locator("#ticks input[value=general_meeting]").check()
    assert vote.is_visible()
    if not script:
        vote.locator("summary").click()
    page.locator("[name=ask_vote_matter]").fill("同意设立党小组")
    page.locator("[name=ask_vote_yes]").fill("6")
    page.locator("input[name=rest][value=present]").check()
    page.locator("textarea[name=content]").fill("讨论设立党小组")
    page.locator("button:has-text('核对并提交'):visible").click()
    assert "通过：赞成 6 票" in page.locator("main").inner_text()
    assert not page.complaints


def photo() -> bytes:
    """A large, noisy one with a place and a camera in it."""
    picture = Image.effect_noise((2400, 1800), 90).convert("RGB")
    data = Image.Exif()
    data[0x010F], data[0x8825] = "ZQcamera", {1: "N", 2: (30.0, 0.0, 0.0)}
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95, exif=data)
    return out.getvalue()


@pytest.mark.mechanism("M297")
def test_a_photo_is_shrunk_on_the_phone_and_not_called_sent(county: Cast, open_page: Callable[..., Any]) -> None:
    record = Record.objects.unscoped("test").filter(organisation=county.branch)[0]
    page = open_page(f"/records/{record.number}/files/", county.client("secretary"), 375)
    slow(page)
    large = photo()
    assert len(large) > 1_000_000 and b"ZQcamera" in large
    page.locator("#id_files").set_input_files({"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": large})
    page.get_by_text(re.compile(r"选了 1 个，共 \d+ KB，还没有上传")).wait_for(timeout=60_000)
    size, camera = page.evaluate(
        """async () => { const file = document.querySelector("#id_files").files[0];
            const text = new TextDecoder("latin1").decode(await file.arrayBuffer());
            return [file.size, text.includes("ZQcamera") || text.includes("Exif")]; }"""
    )
    assert 0 < size <= 300 * 1024 and not camera
    print(f"\nphoto {len(large) // 1024} KB → {size // 1024} KB")
    assert not Attachment.objects.unscoped("test").exists()
    page.locator("button:has-text('上传')").click()
    page.get_by_text("现场.jpg 已加上").wait_for()
    assert Attachment.objects.unscoped("test").count() == 1


def test_no_page_of_the_form_has_a_serious_fault(county: Cast, open_page: Callable[..., Any]) -> None:
    """In the three text sizes."""
    programme, client = issued(county), county.client("secretary")
    vote = {"types": ["general_meeting"], "ask_vote_matter": "设立党小组", "ask_vote_yes": "6"}
    answer = client.post("/records/new/", given.typed(**vote, tie_programmes=[f"{programme.pk}:县域经济"]))
    record = given.sent(client, key="form-2", tie_programmes=[f"{programme.pk}:县域经济"])
    paths = [FORM, answer.headers["Location"], f"/records/{record.number}/", f"/records/{record.number}/edit/",
             f"/records/{record.number}/files/", f"/programmes/{programme.pk}/"]  # fmt: skip
    assert not [fault for path in paths for fault in faults_of(path, client, open_page)]


def test_no_page_of_programmes_has_a_serious_fault(county: Cast, open_page: Callable[..., Any]) -> None:
    Organisation.objects.unscoped("test").filter(pk=county.branch.pk).update(sector=Sector.NPE)
    programme, officer = issued(county), county.client("officer")
    quiet.set_days(by=county.scope("officer").doing("coverage.keep"), organisation=county.county, days=3)
    here = f"/programmes/{programme.pk}/"
    paths = ["/programmes/", here, f"{here}edit/", f"{here}records/", f"{here}withdraw/",
             "/programmes/new/?pattern=in_my_post", "/coverage/quiet/"]  # fmt: skip
    assert not [fault for path in paths for fault in faults_of(path, officer, open_page)]
