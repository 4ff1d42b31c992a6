"""The administrators' pages in Chromium: 管理终端, 账号管理 with what is long unused, 绑定统一身份."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.journeys.test_every_page import faults_of
from zhibu.web.access import terminals
from zhibu.web.access.actions import appoint
from zhibu.web.access.models import Terminals
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts import actions
from zhibu.web.accounts.models import Binding, User
from zhibu.web.conftest import Cast, _today, cast, enter
from zhibu.web.core import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SUBJECT = {"subject": "u-1001", "reason": "本人书面申请"}


@pytest.fixture
def office(cast: Cast, settings: Any) -> Callable[[str], Client]:
    """`office("security_admin")`: signed in as that administrator of the county."""
    settings.OIDC_ISSUER = "https://idp.example.cn"
    old = clock.now() - timedelta(days=80)
    User.objects.filter(username="secretary").update(created_at=old, password_set_at=old)
    made = {}
    for role in ("system_admin", "security_admin"):
        made[role], _ = actions.register(username=role, name=role, password="支部-pass-1")
        appoint(by=system_scope(), user=made[role], organisation=cast.county, role=role)
    actions.disable(by=system_scope(), account=cast.posts["neighbour"].user_id)
    terminals.keep(by=system_scope(), organisation=cast.town, text="10.2.3.0/24 2001:db8:1::/48", reason="试")

    def sign_in(role: str) -> Client:
        client = Client()
        enter(client, made[role])
        return client

    return sign_in


def test_no_page_has_a_serious_fault(cast: Cast, office: Any, open_page: Callable[..., Any]) -> None:
    secretary = cast.posts["secretary"].user
    terminals.keep(by=system_scope(), organisation=cast.county, text="127.0.0.1 10.2.0.0/16", reason="试")
    by_security = ("/terminals/", f"/terminals/{cast.county.code}/")
    by_system = ("/accounts/?state=stale", f"/accounts/{secretary.pk}/", f"/accounts/{secretary.pk}/subject/")
    found = [fault for path in by_security for fault in faults_of(path, office("security_admin"), open_page)]
    found += [fault for path in by_system for fault in faults_of(path, office("system_admin"), open_page)]
    Binding.objects.create(
        user=secretary, issuer="https://idp.example.cn", subject="u-1001", created_at=clock.now(),
        bound_by="中共云岭县委员会·系统管理员", reason="本人书面申请",
    )  # fmt: skip
    assert not found + faults_of(by_system[2], office("system_admin"), open_page)
    assert not faults_of("/security/", cast.client("secretary"), open_page)


def test_a_list_is_saved_and_a_wrong_one_explained(cast: Cast, office: Any, open_page: Callable[..., Any]) -> None:
    page = open_page(f"/terminals/{cast.county.code}/", office("security_admin"), 375)
    page.fill("#id_networks", "10.2.3.0/24")
    page.fill("#id_reason", "等保整改")
    page.click("button:text-is('保存')")
    page.wait_for_selector("text=现在的地址 127.0.0.1 不在里面")
    page.fill("#id_networks", "127.0.0.0/8\n10.2.3.0/24")
    page.click("button:text-is('保存')")
    page.wait_for_selector("text=管理终端已规定")
    assert Terminals.objects.unscoped("test").get(organisation=cast.county).networks == "127.0.0.0/8\n10.2.3.0/24"


def test_outside_the_page_says_why(cast: Cast, office: Any, open_page: Callable[..., Any]) -> None:
    client = office("system_admin")
    terminals.keep(by=system_scope(), organisation=cast.county, text="10.2.3.0/24", reason="试")
    page = open_page("/accounts/", client, 375)
    page.wait_for_selector("text=管理员不能从这里登录")
    assert "127.0.0.1" in page.inner_text("main")
    page.click("text=返回登录页")
    page.wait_for_url("**/login/")


def test_a_subject_is_bound_and_its_owner_told(cast: Cast, office: Any, open_page: Callable[..., Any]) -> None:
    page = open_page(f"/accounts/{cast.posts['secretary'].user_id}/", office("system_admin"), 1366)
    page.click("a:text-is('绑定')")
    for name, value in SUBJECT.items():
        page.fill(f"#id_{name}", value)
    page.click("button:text-is('绑定')")
    page.wait_for_selector("text=已绑定，本人下次登录时会看到")
    owner = open_page("/login/", None, 375)
    owner.fill("#id_username", "secretary")
    owner.fill("#id_password", "支部-pass-1")
    owner.click("button:text-is('登录')")
    owner.wait_for_selector("text=为账号绑定了统一身份 u-1001")
