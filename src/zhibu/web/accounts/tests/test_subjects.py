"""绑定统一身份 by an administrator: with a reason, told to the owner, never for oneself, one account a subject."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from zhibu.web.access.queries import scope_of
from zhibu.web.accounts import actions, jobs, subjects
from zhibu.web.accounts.models import Binding, Notice, Session, User
from zhibu.web.accounts.tests.conftest import Clock, sign_in
from zhibu.web.accounts.tests.test_keeping import post_of
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, AtOnce, Cast
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope

ISSUER = "https://idp.example.cn"
RIGHT = {"subject": "u-1001", "reason": "本人书面申请"}


@pytest.fixture(autouse=True)
def _offered(settings) -> None:
    settings.OIDC_ISSUER = ISSUER


@pytest.fixture
def admin(cast: Cast) -> Scope:
    return scope_of(post_of(cast, "system_admin", cast.county), TODAY)


@pytest.fixture
def office(cast: Cast, admin: Scope) -> Client:
    return cast.client("system_admin")


def address(cast: Cast, who: str = "secretary") -> str:
    return f"/accounts/{cast.posts[who].user_id}/subject/"


def bound(cast: Cast, who: str, subject: str, issuer: str = ISSUER) -> None:
    Binding.objects.create(user=cast.posts[who].user, issuer=issuer, subject=subject, created_at=clock.now())


def line_of(action: str) -> Line:
    return Line.objects.unscoped("test").filter(action=action).latest("pk")


def test_bound_with_its_line_and_shown(cast: Cast, office: Client) -> None:
    done = office.post(address(cast), RIGHT, follow=True).content.decode()
    row = Binding.objects.get()
    assert (row.user, row.issuer, row.subject) == (cast.posts["secretary"].user, ISSUER, "u-1001")
    assert row.bound_by == "中共云岭县委员会·系统管理员" and row.reason == "本人书面申请"
    assert "已绑定，本人下次登录时会看到" in done and "更换或解除" in done
    line = line_of("accounts.bind_account")
    assert line.old is None and line.new == {"issuer": ISSUER, **RIGHT}
    assert line.user.username == "system_admin" and line.thing_id == str(row.user_id)
    shown = office.get(address(cast)).content.decode()
    assert "本人书面申请" in shown and "解除绑定" in shown


def test_changed_and_taken_away_with_old_and_new(cast: Cast, office: Client) -> None:
    bound(cast, "secretary", "u-7")
    owner = cast.client("secretary")
    office.post(address(cast), RIGHT)
    assert Binding.objects.get().subject == "u-1001"
    assert line_of("accounts.bind_account").old == {"bound": [{"issuer": ISSUER, "subject": "u-7"}]}
    assert owner.get("/security/").status_code == 302, "whoever u-7 was is out"
    office.post(address(cast), {"remove": "1", "reason": "调离"})
    assert not Binding.objects.exists()
    line = line_of("accounts.unbind_account")
    assert line.old == {"bound": [{"issuer": ISSUER, "subject": "u-1001"}]} and line.new["reason"] == "调离"


def test_a_first_binding_ends_no_session(cast: Cast, office: Client) -> None:
    owner = cast.client("secretary")
    office.post(address(cast), RIGHT)
    assert owner.get("/security/").status_code == 200


# ------------------------------------------------------------------ the owner is told


def test_the_owner_is_told_at_the_next_sign_in_once_and_can_undo_it(cast: Cast, office: Client) -> None:
    office.post(address(cast), RIGHT)
    client = Client()
    sign_in(client, "secretary")
    first = client.get("/security/").content.decode()
    words = "中共云岭县委员会·系统管理员 为账号绑定了统一身份 u-1001，理由：本人书面申请"
    assert first.count(words) == 2 and "不是本人要求的" in first  # at the top, and in its card
    assert "由中共云岭县委员会·系统管理员绑定，编号 u-1001" in first
    assert client.get("/security/").content.decode().count(words) == 1
    again = Client()
    sign_in(again, "secretary")
    assert again.get("/security/").content.decode().count(words) == 1
    client.post("/security/unbind/")
    assert not Binding.objects.exists()


def test_other_changes_by_administrators_are_told_too(cast: Cast, admin: Scope, app) -> None:
    app("secretary")
    user = cast.posts["secretary"].user
    security = scope_of(post_of(cast, "security_admin", cast.county), TODAY)
    actions.drop_factors(by=security, account=user.pk)
    _, password = actions.reset(by=admin, account=user.pk)
    client = Client()
    sign_in(client, "secretary", password)
    page = client.get("/password/").content.decode()
    assert "清除了第二因素" in page and "重设了密码" in page


def test_notices_go_after_ninety_days_told(cast: Cast, turned: Clock) -> None:
    user = cast.posts["secretary"].user
    for told in (None, clock.now()):
        Notice.objects.create(user=user, at=clock.now(), words="改了", told_at=told)
    turned.later(days=91)
    jobs.forget()
    assert Notice.objects.get().told_at is None


def test_nobody_reads_the_notices_of_another(cast: Cast, office: Client) -> None:
    office.post(address(cast), RIGHT)
    assert "u-1001" not in cast.client("member").get("/security/").content.decode()


# ------------------------------------------------------------------ who may, for whom


def test_it_is_the_work_of_those_who_reset_passwords(cast: Cast, admin: Scope) -> None:
    """Not of the 安全管理员, who can take second factors away: alone he would be inside."""
    number = cast.posts["secretary"].user_id
    security = scope_of(post_of(cast, "security_admin", cast.county), TODAY)
    for by in (security, *(cast.scope(who) for who in ("officer", "committee_officer", "secretary", "auditor"))):
        with pytest.raises(NotAllowed):
            actions.bind_account(by=by, account=number, issuer=ISSUER, **RIGHT)
        with pytest.raises(NotAllowed):
            actions.unbind_account(by=by, account=number, reason="调离")
    for who in ("security_admin", "officer", "secretary"):
        assert cast.client(who).get(address(cast)).status_code == 403
    assert not Binding.objects.exists()


@pytest.mark.parametrize("who", ["system_admin", "officer", "auditor", "leader"])
def test_never_ones_own_beside_or_above(cast: Cast, office: Client, admin: Scope, who: str) -> None:
    nobody = office.get("/accounts/999999/subject/").status_code
    assert office.get(address(cast, who)).status_code == nobody == 404
    assert office.post(address(cast, who), RIGHT).status_code == 404
    with pytest.raises(NotAllowed):
        actions.bind_account(by=admin, account=cast.posts[who].user_id, issuer=ISSUER, **RIGHT)
    assert not Binding.objects.exists()


def test_it_asks_who_is_there(cast: Cast, office: Client, turned: Clock) -> None:
    turned.later(minutes=11)
    assert "再确认一次是本人" in office.post(address(cast), RIGHT).content.decode()
    assert not Binding.objects.exists()


def test_without_a_provider_there_is_nothing_to_bind(cast: Cast, office: Client, settings) -> None:
    settings.OIDC_ISSUER = ""
    page = office.post(address(cast), RIGHT, follow=True).content.decode()
    assert "没有接入统一身份认证" in page and not Binding.objects.exists()


# ------------------------------------------------------------------ one account a subject


def test_a_subject_belongs_to_one_account(cast: Cast, office: Client) -> None:
    """Whose it is, is not said: that account may be out of reach."""
    bound(cast, "officer", "u-1001")
    refused = office.post(address(cast), RIGHT)
    page = refused.content.decode()
    assert refused.status_code == 422 and "这个编号不能用" in page and "officer" not in page
    assert Binding.objects.get().user == cast.posts["officer"].user
    other = {**RIGHT, "subject": "U-1001"}  # case matters (OpenID Connect Core, 2)
    assert office.post(address(cast), other).status_code == 302


def test_the_same_once_more_is_told(cast: Cast, office: Client) -> None:
    bound(cast, "secretary", "u-1001")
    assert "现在绑定的就是这个编号" in office.post(address(cast), RIGHT).content.decode()


def test_nothing_to_take_away(cast: Cast, office: Client) -> None:
    answer = office.post(address(cast), {"remove": "1", "reason": "调离"})
    assert answer.status_code == 422 and not Notice.objects.exists()


@pytest.mark.slow
def test_two_at_once_bind_one(cast: Cast, admin: Scope, at_once: AtOnce) -> None:
    def bind(who: str):
        number = cast.posts[who].user_id
        return lambda: actions.bind_account(by=admin, account=number, issuer=ISSUER, **RIGHT)

    ends = at_once(bind("secretary"), bind("member"))
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "Unfit"]


# ------------------------------------------------------------------ hostile input


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({**RIGHT, "subject": ""}, "填写本人在统一身份认证里的编号"),
        ({**RIGHT, "subject": "   "}, "填写本人在统一身份认证里的编号"),
        ({**RIGHT, "subject": "x" * 256}, "最长 255 位，现在 256 位"),
        ({**RIGHT, "subject": "x" * 9000}, "4000"),
        ({**RIGHT, "subject": "u-1\n001"}, "看不见的字符"),
        ({**RIGHT, "subject": "u-1\x7f001"}, "看不见的字符"),
        ({**RIGHT, "subject": "u-1\u202e001"}, "看不见的字符"),
        ({**RIGHT, "subject": "u-1\u200b001"}, "看不见的字符"),
        ({**RIGHT, "subject": "u\x00"}, "subject"),
        ({**RIGHT, "reason": ""}, "写明理由"),
        ({**RIGHT, "reason": "申请\u202e"}, "写明理由，一行"),
        ({**RIGHT, "reason": "长" * 201}, "200"),
        ({"remove": "1", "reason": ""}, "写明理由"),
    ],
)
def test_hostile_and_clumsy_input(cast: Cast, office: Client, form: dict, words: str) -> None:
    if "remove" in form:
        bound(cast, "secretary", "u-9")
    answer = office.post(address(cast), form)
    assert answer.status_code == 422 and words in answer.content.decode().replace(",", "")
    assert not Binding.objects.exclude(subject="u-9").exists() and not Notice.objects.exists()


def test_markup_stays_text(cast: Cast, office: Client) -> None:
    office.post(address(cast), {"subject": "<img src=x onerror=alert(1)>", "reason": "<script>alert(1)</script>"})
    assert Binding.objects.exists()
    client = Client()
    sign_in(client, "secretary")
    for page in (client.get("/security/"), office.get(address(cast)), office.get(address(cast)[:-8])):
        assert "<img src=x" not in page.content.decode() and "<script>alert" not in page.content.decode()


def test_a_number_that_looks_like_a_phone_is_masked_in_the_log(cast: Cast, office: Client) -> None:
    office.post(address(cast), {**RIGHT, "subject": "13999990013"})
    assert "13999990013" not in str(line_of("accounts.bind_account").new)


@given(st.text(max_size=300))
def test_what_fits_is_short_and_to_be_seen(text: str) -> None:
    fits = not subjects.fault(text)
    assert fits == (0 < len(text) <= 255 and text.isprintable() and text == text.strip() and text.strip() != "")


def test_long_titles_and_reasons_still_fit(cast: Cast, admin: Scope) -> None:
    user = User.objects.get(username="secretary")
    actions.bind_account(by=admin, account=user.pk, issuer=ISSUER, subject="x" * 255, reason="长" * 200)
    assert len(Notice.objects.get().words) <= 800 and not Session.objects.filter(user=user).exists()


def test_the_owner_binding_himself_needs_no_reason(cast: Cast) -> None:
    bound(cast, "officer", "u-1")
    with pytest.raises(actions.Taken):
        actions.bind(by=cast.scope("secretary"), issuer=ISSUER, subject="u-1")
    actions.bind(by=cast.scope("secretary"), issuer=ISSUER, subject="u-2")
    assert Binding.objects.get(subject="u-2").bound_by == ""
    assert not Notice.objects.exists()
    with pytest.raises(Unfit):
        scope = scope_of(post_of(cast, "system_admin", cast.county), TODAY)
        number = cast.posts["secretary"].user_id
        actions.bind_account(by=scope, account=number, issuer=ISSUER, subject="u-2", reason="重复")
    assert timedelta(minutes=1) > clock.now() - Binding.objects.get(subject="u-2").created_at
