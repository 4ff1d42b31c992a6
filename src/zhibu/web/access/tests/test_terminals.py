"""/terminals/ 管理终端: administrators act from their networks only, at every request (等保 入侵防范)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from zhibu.web.access import terminals
from zhibu.web.access.actions import appoint
from zhibu.web.access.models import Terminals
from zhibu.web.access.networks import read
from zhibu.web.access.queries import scope_of, system_scope
from zhibu.web.accounts.models import Session
from zhibu.web.accounts.tests.conftest import sign_in
from zhibu.web.accounts.tests.test_keeping import post_of
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.config.commands import main
from zhibu.web.conftest import TODAY, Cast, enter
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

HOME, OFFICE = {"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "10.2.3.9"}
NETS = "10.2.3.0/24\n2001:db8:1::/48"
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


@pytest.fixture
def office(cast: Cast) -> Scope:
    return scope_of(post_of(cast, "security_admin", cast.county), TODAY)


@pytest.fixture
def limited(cast: Cast, office: Scope) -> Cast:
    for role in ("system_admin", "audit_admin"):
        post_of(cast, role, cast.county)
    give(cast.county)
    return cast


def give(place: Organisation, text: str = NETS) -> None:
    terminals.keep(by=system_scope(), organisation=place, text=text, reason="试")


def told(action: str) -> list[Line]:
    return list(Line.objects.unscoped("test").filter(action=action).order_by("pk"))


# ------------------------------------------------------------------ who is let in from where


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_the_three_act_from_their_networks_only(limited: Cast, role: str) -> None:
    client = limited.client(role)
    assert client.get("/security/", **OFFICE).status_code == 200
    assert client.get("/security/", REMOTE_ADDR="2001:db8:1::9").status_code == 200
    refusal = client.get("/security/", **HOME)
    page = refusal.content.decode()
    assert refusal.status_code == 403 and "203.0.113.9" in page and "中共云岭县委员会规定的网段" in page
    assert "10.2.3" not in page, "the networks themselves are nobody's business outside"
    assert refusal.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", ["officer", "secretary", "member", "auditor"])
def test_nobody_else_is_held_up(limited: Cast, role: str) -> None:
    assert limited.client(role).get("/security/", **HOME).status_code == 200


def test_without_a_list_nobody_is(cast: Cast, office: Scope) -> None:
    assert cast.client("security_admin").get("/terminals/", **HOME).status_code == 200


def test_an_address_that_changes_in_a_session_ends_it(limited: Cast) -> None:
    client = limited.client("system_admin")
    assert client.get("/accounts/", **OFFICE).status_code == 200
    assert client.post("/accounts/new/", {"username": "x-1", "name": "某"}, **HOME).status_code == 403
    assert client.get("/accounts/", **OFFICE).headers["Location"].startswith("/login/")
    assert not Session.objects.filter(user__username="system_admin").exists()


def test_a_sign_in_from_outside_comes_to_nothing_and_has_its_line(limited: Cast) -> None:
    client = Client()
    client.defaults |= HOME
    assert sign_in(client, "system_admin").status_code == 302  # the post is known after the password only
    assert client.get("/").status_code == 403
    assert client.get("/").headers["Location"].startswith("/login/")
    (line,) = told("terminals.keep_out")
    assert line.outcome == "denied" and line.user.username == "system_admin" and line.address == "203.0.113.9"
    assert line.organisation_name == limited.county.name and "管理终端" in line.sentence


def test_a_hundred_refusals_do_not_fill_the_log(limited: Cast) -> None:
    for _ in range(30):
        limited.client("system_admin").get("/accounts/", **HOME)
    assert len(told("terminals.keep_out")) == 1


@pytest.mark.parametrize("address", ["", "unknown", "10.2.3.9:5123", "10.2.3.9, 10.2.3.9", "::ffff:203.0.113.9"])
def test_an_address_nobody_can_read_is_outside(limited: Cast, address: str) -> None:
    assert limited.client("system_admin").get("/accounts/", REMOTE_ADDR=address).status_code == 403


def test_behind_a_proxy_the_address_is_the_proxys_word_and_of_no_other(limited: Cast, settings) -> None:
    client, said = limited.client("system_admin"), {"HTTP_X_FORWARDED_FOR": "10.2.3.9"}
    assert client.get("/accounts/", **HOME, **said).status_code == 403  # anybody can write that header
    settings.PROXIES = ["203.0.113.9"]
    assert limited.client("system_admin").get("/accounts/", **HOME, **said).status_code == 200
    more = {"HTTP_X_FORWARDED_FOR": "10.2.3.9, 198.51.100.7"}
    assert limited.client("system_admin").get("/accounts/", **HOME, **more).status_code == 403


def test_a_list_that_cannot_be_read_lets_nobody_in(limited: Cast) -> None:
    Terminals.objects.unscoped("test").update(networks="10.2.3")
    assert limited.client("system_admin").get("/accounts/", **OFFICE).status_code == 403


def test_the_lists_above_bind_too_and_one_below_only_narrows(cast: Cast, office: Scope) -> None:
    post_of(cast, "system_admin", cast.town, "town_admin")
    give(cast.town, "10.2.3.0/28\n203.0.113.0/24")
    assert cast.client("town_admin").get("/accounts/", **HOME).status_code == 200
    assert cast.client("security_admin").get("/accounts/", **HOME).status_code == 200  # a list binds nobody above
    give(cast.county)
    assert "中共云岭县委员会规定" in cast.client("town_admin").get("/accounts/", **HOME).content.decode()
    assert cast.client("town_admin").get("/accounts/", REMOTE_ADDR="10.2.3.9").status_code == 200
    assert cast.client("town_admin").get("/accounts/", REMOTE_ADDR="10.2.3.99").status_code == 403
    give(cast.other_town, "192.0.2.1")  # and nobody beside
    assert cast.client("town_admin").get("/accounts/", REMOTE_ADDR="10.2.3.9").status_code == 200


# ------------------------------------------------------------------ several posts


def test_another_post_of_his_goes_on_from_there(limited: Cast) -> None:
    user = limited.posts["system_admin"].user
    member = appoint(by=system_scope(), user=user, organisation=limited.county, role="member")
    client = Client()
    client.defaults |= HOME
    enter(client, user)
    assert client.get("/security/").status_code == 200  # met as a member
    mine = str(limited.posts["system_admin"].pk)
    client.post("/identity/", {"post": mine})
    refusal = client.get("/security/")
    assert refusal.status_code == 403 and "党员" in refusal.content.decode()
    assert client.get("/identity/").status_code == 403
    assert client.post("/identity/", {"post": mine}).status_code == 403
    assert client.post("/identity/", {"post": str(member.pk)}).status_code == 302
    assert client.get("/security/").status_code == 200


def test_he_may_always_sign_out(limited: Cast) -> None:
    assert limited.client("system_admin").post("/logout/", **HOME).headers["Location"] == "/login/"


# ------------------------------------------------------------------ kept by the 安全管理员


def test_a_list_is_kept_with_its_line(cast: Cast, office: Scope) -> None:
    client = cast.client("security_admin")
    client.defaults |= OFFICE
    address = f"/terminals/{cast.county.code}/"
    done = client.post(address, {"networks": NETS, "reason": "等保整改"}, follow=True)
    assert "管理终端已规定" in done.content.decode() and "2001:db8:1::/48" in done.content.decode()
    client.post(address, {"networks": "10.2.3.0/24", "reason": "撤了 IPv6"})
    client.post(address, {"networks": "", "reason": "搬迁期间"})
    lines = told("terminals.keep")
    assert [line.old["networks"] for line in lines] == [[], NETS.split(), ["10.2.3.0/24"]]
    assert [line.new["networks"] for line in lines] == [NETS.split(), ["10.2.3.0/24"], []]
    assert lines[0].user.username == "security_admin" and lines[0].new["reason"] == "等保整改"
    assert not Terminals.objects.unscoped("test").exists()


def test_nobody_shuts_himself_out(cast: Cast, office: Scope) -> None:
    client = cast.client("security_admin")
    refused = client.post(f"/terminals/{cast.county.code}/", {"networks": NETS, "reason": "试"}, **HOME)
    page = refused.content.decode()
    assert refused.status_code == 422 and "现在的地址 203.0.113.9 不在里面" in page and "10.2.3.0/24" in page
    assert not Terminals.objects.unscoped("test").exists()
    below = client.post(f"/terminals/{cast.town.code}/", {"networks": NETS, "reason": "试"}, **HOME)
    assert below.status_code == 302  # binds those below, not himself


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"networks": "10.2.3.4/24", "reason": "试"}, "整个网段写 10.2.3.0/24"),
        ({"networks": "0.0.0.0/0", "reason": "试"}, "等于没有限制"),
        ({"networks": "\x00", "reason": "试"}, "networks"),
        ({"networks": "1" * 9000, "reason": "试"}, "8000"),
        ({"networks": NETS, "reason": ""}, "写明理由"),
        ({"networks": NETS, "reason": "长" * 201}, "200"),
    ],
)
def test_hostile_and_clumsy_input(cast: Cast, office: Scope, form: dict, words: str) -> None:
    answer = cast.client("security_admin").post(f"/terminals/{cast.county.code}/", form, **OFFICE)
    assert answer.status_code == 422 and words in answer.content.decode().replace(",", "")
    assert not Terminals.objects.unscoped("test").exists()


def test_other_sessions_that_will_be_outside_are_told_of(cast: Cast, office: Scope) -> None:
    post_of(cast, "system_admin", cast.town, "town_admin")
    there = Client()
    there.defaults |= HOME
    sign_in(there, "town_admin")
    client = cast.client("security_admin")
    Session.objects.filter(user__username="security_admin").update(address="10.2.3.9")
    done = client.post(f"/terminals/{cast.county.code}/", {"networks": NETS, "reason": "试"}, follow=True, **OFFICE)
    assert "现在登录着的 1 处不在这些网段里" in done.content.decode()


def test_saving_asks_who_is_there(cast: Cast, office: Scope) -> None:
    client = cast.client("security_admin")
    session = client.session
    session["fresh_at"] = (clock.now() - timedelta(minutes=11)).isoformat()
    session.save()
    asked = client.post(f"/terminals/{cast.county.code}/", {"networks": NETS, "reason": "试"}, **OFFICE)
    assert "再确认一次是本人" in asked.content.decode() and not Terminals.objects.unscoped("test").exists()


def test_who_keeps_which(cast: Cast, office: Scope) -> None:
    """Its own and those below; what is above or beside reads like what is not there. Nobody else keeps any."""
    town = scope_of(post_of(cast, "security_admin", cast.town, "town_security"), TODAY)
    client = cast.client("town_security")
    for place, status in ((cast.town, 200), (cast.branch, 200), (cast.county, 404), (cast.other_town, 404)):
        assert client.get(f"/terminals/{place.code}/").status_code == status
        if status == 404:
            assert client.post(f"/terminals/{place.code}/", {"networks": "", "reason": "试"}).status_code == 404
            with pytest.raises(NotAllowed):
                terminals.keep(by=town, organisation=place, text="", reason="试")
    give(cast.county)
    seen = client.get("/terminals/", REMOTE_ADDR="10.2.3.9").content.decode()
    assert "中共云岭县委员会" in seen and "10.2.3.0" not in seen  # that there is a list above, not what stands in it
    assert (
        "没有代码 T001"
        not in client.get("/terminals/?code=T001", REMOTE_ADDR="10.2.3.9").content.decode().split("<h1")[0]
    )
    for who in ("officer", "secretary", "auditor", "member", "leader"):
        assert cast.client(who).get("/terminals/").status_code == 403
        with pytest.raises(NotAllowed):
            terminals.keep(by=cast.scope(who), organisation=cast.branch, text="", reason="试")


def test_a_proxy_that_hides_everybody_is_told_of(cast: Cast, office: Scope) -> None:
    page = cast.client("security_admin").get(f"/terminals/{cast.county.code}/").content.decode()  # 127.0.0.1
    assert "ZHIBU_PROXIES" in page


def test_a_list_goes_with_a_move_of_the_tree(cast: Cast, office: Scope) -> None:
    """It is asked by the tree as it is now."""
    post_of(cast, "system_admin", cast.branch, "branch_admin")
    give(cast.other_town, "192.0.2.0/24")
    assert cast.client("branch_admin").get("/security/", **OFFICE).status_code == 200
    tree.move(cast.branch, cast.other_town)
    assert cast.client("branch_admin").get("/security/", **OFFICE).status_code == 403


# ------------------------------------------------------------------ the way out


def test_the_command_of_the_server_is_the_way_out(limited: Cast, capsys: pytest.CaptureFixture) -> None:
    code = limited.county.code
    assert main(["terminals", "list"]) == 0 and "10.2.3.0/24" in capsys.readouterr().out
    assert main(["terminals", "set", code, "203.0.113.0/24", "10.2.3.4"]) == 0
    assert limited.client("system_admin").get("/accounts/", **HOME).status_code == 200
    assert main(["terminals", "set", code, "10.2.3.4/24"]) == 1 and "整个网段写" in capsys.readouterr().err
    assert main(["terminals", "clear", code]) == 0
    assert main(["terminals", "clear", "NONE"]) == 1
    assert limited.client("system_admin").get("/accounts/", REMOTE_ADDR="192.0.2.1").status_code == 200
    assert [line.post_title for line in told("terminals.keep")] == ["系统"] * 3


def test_one_query_more_for_administrators_and_none_for_others(limited: Cast, django_assert_num_queries) -> None:
    officer, admin = limited.posts["officer"], limited.posts["system_admin"]
    with django_assert_num_queries(0):
        assert terminals.kept_out(officer, "203.0.113.9") is None
    with django_assert_num_queries(1):
        assert terminals.kept_out(admin, "203.0.113.9") == limited.county


def test_the_list_of_a_post_that_ended_does_not_count_sessions(cast: Cast, office: Scope) -> None:
    post = post_of(cast, "system_admin", cast.town, "town_admin")
    type(post).objects.unscoped("test").filter(pk=post.pk).update(ends_on=TODAY - timedelta(days=1))
    sign_in(Client(), "town_admin")
    with pytest.raises(Unfit):
        terminals.keep(by=office, organisation=cast.county, text=NETS, reason="试", address="x")
    assert terminals.outside(cast.county, read(NETS)) == 0
