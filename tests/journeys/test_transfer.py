"""A member goes to a branch of another town: each side with its own login, and nobody is lost in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.conftest import Cast, enter
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures import publishing

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WHY = "looked at by a test"


def secretary_of(place: Organisation) -> Client:
    user, _ = register(username=f"secretary-{place.code}", name="镇党委书记", password="支部-pass-1")
    appoint(by=system_scope(), user=user, organisation=place, role="secretary", starts_on=date(2020, 1, 1), points=[])
    client = Client()
    enter(client, user)
    return client


def go(page: Any, path: str) -> str:
    page.goto("/".join(page.url.split("/")[:3]) + path)
    return page.locator("main").inner_text()


@pytest.mark.parametrize("width", [375, 1366])
def test_to_a_branch_of_another_town(cast: Cast, open_page: Callable[..., Any], width: int) -> None:
    publishing.publish(paths=[settings.PACKS / "central"])
    member = Member.objects.unscoped(WHY).filter(organisation=cast.branch).order_by("pk")[0]
    own, receiving = cast.client("secretary"), cast.client("neighbour")
    branch = open_page("/procedures/new/?procedure=transfer", own, width)
    town = open_page("/duties/month/", secretary_of(cast.town), width)
    there = open_page("/duties/month/", secretary_of(cast.other_town), width)

    def rosters() -> tuple[bool, bool]:
        """Whether he is on the roster of the one branch, of the other: read as their secretaries, without a browser."""
        pages = (client.get("/members/").content.decode() for client in (own, receiving))
        return tuple(member.name in page for page in pages)  # type: ignore[return-value]

    branch.locator("#id_member").select_option(label=member.name)
    branch.locator("#id_opened").fill("2026-11-16")
    branch.locator("#id_v_why").select_option("residence")
    branch.locator("#id_v_destination").fill(cast.neighbour.code)
    branch.get_by_role("button", name="开始办理").click()
    branch.get_by_text("已开始办理").wait_for()
    case = "/" + branch.url.split("/", 3)[3]
    branch.get_by_role("link", name="办这一步").click()
    branch.get_by_role("button", name="记下这一步").click()
    branch.get_by_text("已记下").wait_for()
    assert rosters() == (True, False)

    assert "接收党组织接收" not in go(there, "/duties/month/")
    assert member.name in go(town, "/duties/month/")  # its turn: the letter
    town.get_by_role("link", name=f"开出介绍信：{member.name}").click()
    town.get_by_role("link", name="办这一步").click()
    town.locator("#id_v_letter_until").fill("2026-12-31")
    town.locator("#id_pn_letter").fill("介 2026-18 号")
    town.get_by_role("button", name="记下这一步").click()
    town.get_by_text("已记下").wait_for()
    assert "接收方石门镇柳树村党支部的上级" in town.locator("main").inner_text()
    assert rosters() == (True, False)  # on the way he stays where he was

    assert member.name not in go(town, "/duties/month/")
    assert f"接收党组织接收：{member.name}" in go(there, "/duties/month/")
    there.get_by_role("link", name=f"接收党组织接收：{member.name}").click()
    assert "介 2026-18 号" in there.locator("main").inner_text()
    there.get_by_role("link", name="办这一步").click()
    there.get_by_role("button", name="记下这一步").click()
    there.get_by_text("已记下").wait_for()
    assert rosters() == (False, True)

    assert f"寄回回执：{member.name}" in go(there, "/duties/month/")
    go(there, case)
    there.get_by_role("link", name="办这一步").click()
    there.locator("#id_pn_receipt").fill("回执 7 号")
    there.get_by_role("button", name="记下这一步").click()
    there.get_by_text("组织关系已转接").first.wait_for()
    last = open_page(case, receiving, width)  # the branch that has him now sees the whole way
    assert "回执 7 号" in last.locator("main").inner_text()
    assert "大营镇槐树村党支部" in last.locator("#history").inner_text()
    assert "已接收" in go(town, "/members/transfers/?state=received")
    for page in (branch, town, there, last):
        assert not page.complaints
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
