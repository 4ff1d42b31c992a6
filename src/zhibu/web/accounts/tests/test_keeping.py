"""/accounts/ 账号管理: opened, reset, disabled by those above, and by nobody else (W23)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from zhibu.web.access.actions import appoint
from zhibu.web.access.models import Post, StandIn
from zhibu.web.access.queries import scope_of, system_scope
from zhibu.web.accounts import actions, queries
from zhibu.web.accounts.factors import recovery
from zhibu.web.accounts.models import Session, Totp, User
from zhibu.web.accounts.tests.conftest import PASSWORD, Clock, sign_in
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation

START = date(2020, 1, 1)


def post_of(cast: Cast, role: str, place: Organisation, name: str = "") -> Post:
    name = name or role
    user, _ = actions.register(username=name, name=name, password=PASSWORD)
    cast.posts[name] = appoint(by=system_scope(), user=user, organisation=place, role=role, starts_on=START)
    return cast.posts[name]


@pytest.fixture
def county_admin(cast: Cast) -> Scope:
    return scope_of(post_of(cast, "system_admin", cast.county), TODAY)


@pytest.fixture
def town_admin(cast: Cast) -> Scope:
    return scope_of(post_of(cast, "system_admin", cast.town, "town_admin"), TODAY)


def names(scope: Scope) -> set[str]:
    return set(queries.accounts(scope.doing("accounts.view")).values_list("username", flat=True))


def test_an_administrator_reaches_what_is_below_and_nothing_beside_or_above(
    cast: Cast, county_admin, town_admin
) -> None:
    assert names(county_admin) == {"committee_officer", "secretary", "member", "neighbour", "town_admin"}
    assert names(town_admin) == {"secretary", "member"}


OFFICES = ["officer", "leader", "auditor", "system_admin", "committee_officer", "town_admin", "neighbour"]


@pytest.mark.parametrize("username", OFFICES)
@pytest.mark.parametrize("act", [actions.reset, actions.disable, actions.enable, actions.unlock])
def test_nobody_touches_an_account_above_or_beside_him(
    cast: Cast, county_admin, town_admin, username: str, act
) -> None:
    """The town's administrator against: the county's, his own office, himself, the other town's branch."""
    user = User.objects.get(username=username)
    before = (user.password, user.is_active)
    with pytest.raises(NotAllowed):
        act(by=town_admin, account=user.pk)
    user.refresh_from_db()
    assert (user.password, user.is_active) == before


def test_one_post_above_and_the_account_is_out_of_reach(cast: Cast, town_admin: Scope) -> None:
    secretary = cast.posts["secretary"].user
    assert "secretary" in names(town_admin)
    second = appoint(by=system_scope(), user=secretary, organisation=cast.county, role="officer", starts_on=START)
    assert "secretary" not in names(town_admin)
    Post.objects.unscoped("test").filter(pk=second.pk).update(ends_on=TODAY - timedelta(days=1))
    assert "secretary" in names(town_admin)
    Post.objects.unscoped("test").filter(pk=second.pk).update(starts_on=TODAY + timedelta(days=30), ends_on=None)
    assert "secretary" not in names(town_admin)  # a post to come counts


def test_who_stands_in_for_somebody_above_is_out_of_reach(cast: Cast, town_admin: Scope) -> None:
    StandIn.objects.create(
        post=cast.posts["officer"],
        user=cast.posts["secretary"].user,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=9),
    )
    assert "secretary" not in names(town_admin)


def test_without_a_word_of_access_nobody_is_reached(cast: Cast, county_admin: Scope, monkeypatch) -> None:
    monkeypatch.setattr(queries, "_reach", [])
    assert names(county_admin) == set()


def test_the_other_roles_may_not(cast: Cast, county_admin: Scope) -> None:
    user = cast.posts["secretary"].user
    for who in ("officer", "committee_officer", "auditor", "leader"):
        with pytest.raises(NotAllowed):
            actions.reset(by=cast.scope(who), account=user.pk)
        assert cast.client(who).get("/accounts/").status_code == 403


def test_a_reset_gives_a_first_password_keeps_the_factor_and_ends_every_session(
    cast: Cast, county_admin: Scope, app
) -> None:
    app("secretary")
    secretary = cast.client("secretary")
    user = cast.posts["secretary"].user
    _, password = actions.reset(by=county_admin, account=user.pk)
    assert secretary.get("/security/").status_code == 302
    assert Totp.objects.filter(user=user).exists()
    assert sign_in(Client(), "secretary").status_code == 422
    client = Client()
    assert sign_in(client, "secretary", password).headers["Location"] == "/login/second/"
    user.refresh_from_db()
    assert user.must_change_password and user.first_until
    line = Line.objects.unscoped("test").get(action="accounts.reset")
    assert line.user.username == "system_admin" and password not in str(line.new) + line.sentence


def test_factors_are_taken_by_another_office_than_passwords(cast: Cast, county_admin: Scope, app) -> None:
    app("secretary")
    user = cast.posts["secretary"].user
    recovery.renew(user)
    with pytest.raises(NotAllowed):
        actions.drop_factors(by=county_admin, account=user.pk)
    security = scope_of(post_of(cast, "security_admin", cast.county), TODAY)
    with pytest.raises(NotAllowed):
        actions.reset(by=security, account=user.pk)
    actions.drop_factors(by=security, account=user.pk)
    assert not Totp.objects.filter(user=user).exists() and recovery.left(user) == 0


def test_disabling_is_at_once_and_can_be_undone(cast: Cast, county_admin: Scope) -> None:
    member, user = cast.client("member"), cast.posts["member"].user
    actions.disable(by=county_admin, account=user.pk)
    assert member.get("/me/").status_code == 302 and not Session.objects.filter(user=user).exists()
    assert sign_in(Client(), "member").status_code == 422
    actions.enable(by=county_admin, account=user.pk)
    assert sign_in(Client(), "member").status_code == 302


def test_unlocking(cast: Cast, county_admin: Scope) -> None:
    for _ in range(6):
        sign_in(Client(), "secretary", "x")
    assert sign_in(Client(), "secretary").status_code == 429
    actions.unlock(by=county_admin, account=cast.posts["secretary"].user_id)
    assert sign_in(Client(), "secretary").status_code == 302


# ------------------------------------------------------------------ pages


@pytest.fixture
def office(cast: Cast, county_admin: Scope) -> Client:
    return cast.client("system_admin")


def test_the_list_masks_and_filters(cast: Cast, office: Client, turned: Clock) -> None:
    User.objects.filter(username="secretary").update(username="13999990001", name="李书记", created_at=turned.now())
    page = office.get("/accounts/").content.decode()
    assert "139****0001" in page and "13999990001" not in page and "李书记" in page
    assert "李书记" in office.get("/accounts/", {"q": "李"}).content.decode()
    assert "没有符合条件的账号" in office.get("/accounts/", {"q": "nobody"}).content.decode()


def test_accounts_that_nobody_uses_are_reported(cast: Cast, office: Client, turned: Clock) -> None:
    """等保 访问控制: superfluous and stale accounts."""
    begun = turned.now() - timedelta(days=200)
    User.objects.all().update(last_login=turned.now() - timedelta(days=10), created_at=begun)
    for username, last in (("neighbour", turned.now() - timedelta(days=80)), ("member", None)):
        User.objects.filter(username=username).update(last_login=last, password_set_at=begun)
    page = office.get("/accounts/", {"state": "stale"}).content.decode()
    assert "下级单位的账号 2 个" in page and "没有登录过" in page and "满 90 天当夜自动停用" in page


def test_opening_an_account(cast: Cast, office: Client) -> None:
    given = {"username": "13999990002", "name": "新干事", "organisation": cast.town.code}
    page = office.post("/accounts/new/", given).content.decode()
    user = User.objects.get(username="13999990002")
    assert user.organisation == cast.town and user.must_change_password
    password = page.split("首次密码</dt>", 1)[1].split("<dd", 1)[1].split(">", 1)[1].split("<", 1)[0].strip()
    assert user.check_password(password)
    assert office.post("/accounts/new/", given).status_code == 422  # taken
    elsewhere = {**given, "username": "x-office", "organisation": "NONE"}
    assert office.post("/accounts/new/", elsewhere).status_code == 422


def test_a_town_does_not_open_accounts_for_the_county(cast: Cast, town_admin: Scope) -> None:
    page = cast.client("town_admin").post(
        "/accounts/new/", {"username": "x-office", "name": "某", "organisation": cast.county.code}
    )
    assert page.status_code == 422 and not User.objects.filter(username="x-office").exists()


@pytest.mark.parametrize("word", ["", "reset/", "unlock/", "disable/"])
def test_a_foreign_account_is_not_there(cast: Cast, town_admin: Scope, word: str) -> None:
    """A foreign number and one that nobody has read alike."""
    client = cast.client("town_admin")
    foreign = cast.posts["officer"].user_id
    for method in (client.get, client.post):
        if method == client.post and not word:
            continue
        assert method(f"/accounts/{foreign}/{word}").status_code == method(f"/accounts/999999/{word}").status_code


def test_the_page_of_an_account(cast: Cast, office: Client) -> None:
    number = cast.posts["secretary"].user_id
    page = office.get(f"/accounts/{number}/").content.decode()
    assert "重设密码" in page and "清除第二因素" not in page
    shown = office.post(f"/accounts/{number}/reset/")
    assert "只显示这一次" in shown.content.decode() and shown.headers["Cache-Control"] == "no-store"
    assert office.get(f"/accounts/{number}/reset/").status_code == 302
    assert office.post(f"/accounts/{number}/disable/").status_code == 302
    assert "恢复账号" in office.get(f"/accounts/{number}/").content.decode()


def test_resetting_asks_who_is_there(cast: Cast, county_admin: Scope, turned: Clock) -> None:
    client = cast.client("system_admin")
    turned.later(minutes=11)
    number = cast.posts["secretary"].user_id
    asked = client.post(f"/accounts/{number}/reset/")
    assert "再确认一次是本人" in asked.content.decode()
    assert User.objects.get(pk=number).check_password(PASSWORD)
    assert "只显示这一次" not in asked.content.decode()
    done = client.post(f"/accounts/{number}/reset/", {"again_password": PASSWORD, "again_post": "1"})
    assert "只显示这一次" in done.content.decode()


def test_an_administrator_of_accounts_needs_a_second_factor(cast: Cast, county_admin: Scope) -> None:
    client = Client()
    sign_in(client, "system_admin")
    assert client.get("/accounts/").headers["Location"] == "/security/"
