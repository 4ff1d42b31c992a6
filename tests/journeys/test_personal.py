"""A member asks for a correction on a phone, the secretary answers at a desk; every page of the personal data duties is
looked at by machines. `ZHIBU_SHOTS=folder` keeps pictures for people to look at."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_every_page import faults_of
from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.conftest import Cast
from zhibu.web.members.models import Member
from zhibu.web.personal import asking, selfcheck, standings

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(county: Cast, settings: Any, tmp_path: Path) -> Cast:
    """With a member who has an account, and the two administrators of these pages."""
    settings.TOMBSTONES, settings.PERSONAL = tmp_path / "tombstones.jsonl", tmp_path / "none.yaml"
    for role, place in (("lan", county.branch), ("security_admin", county.county), ("system_admin", county.county)):
        user, _ = register(username=f"9-{role}", name="曾晓兰" if role == "lan" else "管理员", password="支部-pass-1")
        county.posts[role] = appoint(
            by=system_scope(), user=user, organisation=place, role="member" if role == "lan" else role,
            starts_on=date(2020, 1, 1),
        )  # fmt: skip
    Member.objects.create(
        organisation=county.branch, name="曾晓兰", sex="f", id_number="990001198001017777", phone="13877776666",
        born_on=date(1980, 1, 1), kind="full", joined_on=date(2005, 7, 1), education="大专",
        user=county.posts["lan"].user,
    )  # fmt: skip
    return county


def shot(page: Any, name: str) -> None:
    if folder := os.environ.get("ZHIBU_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("width", [375, 1366])
def test_asked_answered_done(people: Cast, open_page: Callable[..., Any], width: int, script: bool) -> None:
    page = open_page("/me/", people.client("lan"), width, java_script_enabled=script)
    page.get_by_role("link", name="更正、限制或删除").click()
    page.get_by_role("button", name="提交请求").click()
    page.get_by_text("有 1 处需要修改").wait_for()
    shot(page, f"ask-mistake-{width}-{script}")
    page.get_by_label("更正", exact=True).check()
    page.get_by_label("学历").fill("本科")
    page.get_by_label("手机号码").fill("138 7777 6667")
    page.get_by_label("说明").fill("2024 年毕业")
    page.get_by_role("button", name="提交请求").click()
    page.get_by_text("2026-12-06 前答复").first.wait_for()
    shot(page, f"asked-{width}-{script}")
    desk = open_page("/personal/requests/", people.client("secretary"), width, java_script_enabled=script)
    desk.get_by_role("link", name="曾晓兰：更正").click()
    desk.get_by_text("138****6667").wait_for()
    shot(desk, f"answer-{width}-{script}")
    desk.get_by_label("同意并办理").check()
    desk.get_by_role("button", name="答复").click()
    desk.get_by_text("已答复：已办理").wait_for()
    page.reload()
    page.get_by_text("已办理").wait_for()
    lan = Member.objects.unscoped("test").get(name="曾晓兰")
    assert (lan.education, lan.phone) == ("本科", "13877776667")


PAGES = {
    "lan": ("/me/", "/me/data/", "/me/requests/", "/processing/"),
    "secretary": ("/personal/requests/", "/personal/requests/1/"),
    "officer": (
        "/personal/requests/", "/personal/requests/2/", "/personal/restricted/1/", "/personal/disclosures/",
        "/personal/disclosures/new/", "/personal/retention/", "/personal/selfcheck/",
    ),
    "system_admin": ("/personal/selfcheck/", "/personal/selfcheck/filed/", "/personal/retention/"),
    "security_admin": ("/personal/affected/",),
}  # fmt: skip


def test_every_page_is_without_serious_fault(people: Cast, open_page: Callable[..., Any]) -> None:
    asking.ask(
        by=people.scope("lan"), kind="correct", text="写错了", wanted={"phone": "13812345678", "education": "本科"}
    )
    asking.ask(by=people.scope("lan"), kind="delete", text="组织关系已转出")
    other = Member.objects.unscoped("test").filter(organisation=people.sister)[0]
    standings.restrict(by=people.scope("officer"), member=other)
    people.client("secretary").get("/members/export/")
    selfcheck.answer(by=people.scope("system_admin"), item=selfcheck.items()["filed"], value="no", note="正在办理")
    numbers = _numbers()
    found = []
    for role, paths in PAGES.items():
        client = people.client(role)
        for path in paths:
            real = path.replace("/1/", f"/{numbers['restricted' if 'restricted' in path else 'first']}/")
            real = real.replace("/2/", f"/{numbers['second']}/")
            found += faults_of(real, client, open_page)
            for width in (375, 1366):
                page = open_page(real, client, width)
                shot(page, f"{role}{path.replace('/', '-')}{width}")
                page.context.close()
    assert not found


def _numbers() -> dict[str, int]:
    from zhibu.web.personal.models import Request, Standing

    first, second = Request.objects.unscoped("test").order_by("pk").values_list("pk", flat=True)
    return {"first": first, "second": second, "restricted": Standing.objects.unscoped("test").get().pk}


@pytest.mark.parametrize("width", [375, 1366])
def test_the_drill(people: Cast, open_page: Callable[..., Any], width: int) -> None:
    people.client("secretary").get("/members/export/")
    page = open_page("/personal/affected/", people.client("security_admin"), width)
    page.get_by_label("账号").fill("secretary")
    today = page.evaluate("new Date().toISOString().slice(0, 10)")
    page.get_by_label("从哪天").fill(today)
    page.get_by_label("到哪天").fill(today)
    page.get_by_role("button", name="查找", exact=True).click()
    page.get_by_text("确知受影响").wait_for()
    shot(page, f"affected-{width}")
    with page.expect_download() as got:
        page.get_by_role("button", name="导出全部").click()
    assert got.value.suggested_filename.startswith("受影响的人")
