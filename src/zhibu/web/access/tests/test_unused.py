"""Accounts that nobody uses are disabled at night, but not the last administrator (等保 访问控制)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from zhibu.web.access import unused as night
from zhibu.web.access.models import Post
from zhibu.web.access.queries import scope_of, system_scope
from zhibu.web.accounts import actions, queries, unused
from zhibu.web.accounts.models import Session, User
from zhibu.web.accounts.tests.conftest import sign_in
from zhibu.web.accounts.tests.test_keeping import post_of
from zhibu.web.audit.models import Line
from zhibu.web.config import server
from zhibu.web.conftest import TODAY, AtOnce, Cast
from zhibu.web.core import clock


def used(username: str, days: int, **more: object) -> User:
    """Last signed in so many days ago; everything else long before."""
    at = clock.now() - timedelta(days=days, minutes=1)
    long_ago = clock.now() - timedelta(days=1000)
    told = {"created_at": long_ago, "password_set_at": long_ago, "last_login": at, **more}
    User.objects.filter(username=username).update(**told)
    return User.objects.get(username=username)


def lines(action: str) -> list[Line]:
    return list(Line.objects.unscoped("test").filter(action=action).order_by("pk"))


def disabled() -> set[str]:
    return set(User.objects.filter(is_active=False).values_list("username", flat=True))


def test_after_ninety_days_and_not_before(cast: Cast) -> None:
    user = used("secretary", 90)
    used("member", 89)
    Session.objects.create(
        session_key="x", user=user, started_at=clock.now(), seen_at=clock.now(),
        expire_date=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    assert night.disable() == 1 and disabled() == {"secretary"}
    user.refresh_from_db()
    assert user.disabled_why == "unused" and clock.now() - user.switched_at < timedelta(minutes=1)
    (line,) = lines("accounts.disable_unused")
    assert line.post_title == "系统" and line.user is None and line.thing_id == str(user.pk)
    assert "停用了账号 secretary：90 天没有登录" in line.sentence and line.new["sessions_ended"] == 1
    assert line.organisation_name == cast.branch.name  # so that the auditor above sees it
    assert night.disable() == 0 and len(lines("accounts.disable_unused")) == 1


@pytest.mark.parametrize("use", ["created_at", "password_set_at", "switched_at"])
def test_made_given_a_password_or_enabled_lately_is_not_unused(cast: Cast, use: str) -> None:
    used("secretary", 400, **{use: clock.now() - timedelta(days=80)})
    assert night.disable() == 0


def test_an_account_never_used_is_counted_from_its_making(cast: Cast) -> None:
    used("member", 0, last_login=None, created_at=clock.now() - timedelta(days=91), password_set_at=None)
    used("secretary", 0, last_login=None, created_at=clock.now() - timedelta(days=89), password_set_at=None)
    assert night.disable() == 1 and disabled() == {"member"}


def test_zero_is_never(cast: Cast, settings) -> None:
    settings.UNUSED_DAYS = 0
    user = used("secretary", 4000)
    assert night.disable() == 0 and unused.ends_at(user) is None


def test_a_sign_in_at_the_last_moment_counts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the list of the night and the turn of the account."""
    user = used("secretary", 95)
    assert sign_in(Client(), "secretary").status_code == 302
    assert night._disable(user.pk) is False and not disabled()


def test_the_answer_at_sign_in_tells_nothing_and_an_administrator_enables(cast: Cast) -> None:
    admin = scope_of(post_of(cast, "system_admin", cast.county), TODAY)
    used("secretary", 95)
    night.disable()
    right, unknown = sign_in(Client(), "secretary"), sign_in(Client(), "nobody-at-all")
    assert right.status_code == unknown.status_code == 422
    assert "账号或密码不对" in right.content.decode() and "停用" not in right.content.decode()
    office = cast.client("system_admin")
    shown = office.get(f"/accounts/{cast.posts['secretary'].user_id}/").content.decode()
    assert "长期未登录" in shown and "停用时间" in shown and "恢复账号" in shown
    assert "长期未登录" in office.get("/accounts/", {"state": "disabled"}).content.decode()
    actions.enable(by=admin, account=cast.posts["secretary"].user_id)
    assert night.disable() == 0, "enabled again: counted from that day"
    (line,) = lines("accounts.enable")
    assert line.old == {"disabled_why": "unused"}
    assert sign_in(Client(), "secretary").status_code == 302


def test_the_list_warns_before(cast: Cast) -> None:
    post_of(cast, "system_admin", cast.county)
    for username in ("committee_officer", "member", "neighbour"):
        used(username, 1)
    user = used("secretary", 76)
    scope = scope_of(cast.posts["system_admin"], TODAY).doing("accounts.view")
    assert [one.username for one in queries.search(scope, state="stale")] == ["secretary"]
    office = cast.client("system_admin")
    page = office.get("/accounts/", {"state": "stale"}).content.decode()
    assert "长期未登录，" in page and "75 天以上没有登录" in page
    assert "自动停用" in office.get(f"/accounts/{user.pk}/").content.decode()
    used("secretary", 74)
    assert not queries.search(scope, state="stale").exists()


# ------------------------------------------------------------------ the last one


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_the_last_administrator_stays_and_a_line_says_so_once(cast: Cast, role: str) -> None:
    post_of(cast, role, cast.county)
    used(role, 300)
    for _ in range(3):
        assert night.disable() == 0
    (line,) = lines("accounts.keep_unused")
    assert role in line.sentence and "请另行任命" in line.sentence and line.organisation_name == cast.county.name
    assert role not in disabled()


def test_of_two_the_one_who_was_there_later_stays(cast: Cast) -> None:
    for name, days in (("first", 300), ("second", 200)):
        post_of(cast, "system_admin", cast.county, name)
        used(name, days)
    assert night.disable() == 1 and disabled() == {"first"}


def test_one_above_can_help_one_below_cannot(cast: Cast) -> None:
    post_of(cast, "system_admin", cast.county, "above")
    post_of(cast, "system_admin", cast.town, "below")
    used("above", 300)
    assert night.disable() == 0  # the one below could not enable him
    used("above", 1)
    used("below", 300)
    assert night.disable() == 1 and disabled() == {"below"}


@pytest.mark.parametrize("gone", ["disabled", "ended", "another kind"])
def test_who_is_gone_does_not_count_as_another(cast: Cast, gone: str) -> None:
    role = "audit_admin" if gone == "another kind" else "system_admin"
    other = post_of(cast, role, cast.county, "other")
    post_of(cast, "system_admin", cast.county, "last")
    used("last", 300)
    if gone == "disabled":
        actions.disable(by=system_scope(), account=other.user_id)
    if gone == "ended":
        Post.objects.unscoped("test").filter(pk=other.pk).update(ends_on=TODAY - timedelta(days=1))
    assert night.disable() == 0 and "last" not in disabled()


@pytest.mark.slow
def test_two_workers_at_once_leave_one(cast: Cast, at_once: AtOnce) -> None:
    for name in ("first", "second"):
        post_of(cast, "system_admin", cast.county, name)
    numbers = [used("first", 300).pk, used("second", 300).pk]
    ends = at_once(*(lambda number=number: night._disable(number) for number in numbers))
    assert sorted(ends) == [False, True]


def test_the_nightly_turn_does_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    used("secretary", 95)
    for name in ("zhibu.web.pipeline.evaluate.refresh", "zhibu.web.files.jobs.sweep"):
        monkeypatch.setattr(name, lambda: None)
    monkeypatch.setattr("zhibu.web.personal.retention.turn", lambda: False)
    assert server.turn() is True and "secretary" in disabled()


@pytest.mark.parametrize("text", ["-90", "9", "29", "x", "９０", "90天", "1e3", "12345", "3.5"])
def test_a_slip_in_the_setting_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="ZHIBU_UNUSED_DAYS 应是 0"):
        unused.days(text)


def test_the_setting() -> None:
    assert [unused.days(text) for text in ("", " 0 ", "30", "365")] == [90, 0, 30, 365]
