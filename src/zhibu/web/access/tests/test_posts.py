"""Posts are given from above, end, change hands, and are lent; what follows is felt at the next request."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from zhibu.web.access import actions
from zhibu.web.access.models import Post, StandIn
from zhibu.web.access.queries import identities, scope_of, system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.records.models import Draft

YESTERDAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 22)


@pytest.fixture
def person(db: None) -> User:
    return register(username="13999990001", name="王新任")[0]


def _asked(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "organisation": cast.branch.code, "role": "deputy", "username": "13999990001", "name": "王新任",
        "starts_on": TODAY.isoformat(), "document": "大营镇任〔2026〕3 号", **more,
    }  # fmt: skip


def test_an_officer_appoints_and_the_account_is_opened_with_the_post(cast: Cast) -> None:
    response = cast.client("committee_officer").post(reverse("appoint"), _asked(cast), follow=True)
    body = response.content.decode()
    assert "首次密码是" in body and "王新任" in body
    post = Post.objects.unscoped("test").get(user__username="13999990001")
    assert (post.role, post.organisation, post.starts_on) == ("deputy", cast.branch, TODAY)
    assert post.user.must_change_password
    line = Line.objects.unscoped("test").get(action="posts.appoint", thing_id=str(post.pk))
    assert line.new["document"] == "大营镇任〔2026〕3 号" and line.organisation_path == cast.branch.path


def test_a_refused_post_leaves_no_account_behind(cast: Cast) -> None:
    response = cast.client("committee_officer").post(reverse("appoint"), _asked(cast, role="inspector"))
    assert response.status_code == 422
    assert not User.objects.filter(username="13999990001").exists()


@pytest.mark.parametrize("place", ["town", "county", "neighbour", "other_town"])
def test_nobody_appoints_at_the_own_level_above_or_beside(cast: Cast, place: str, person: User) -> None:
    with pytest.raises(NotAllowed):
        actions.appoint(
            by=cast.scope("committee_officer"), user=person, organisation=getattr(cast, place), role="secretary",
            starts_on=TODAY,
        )  # fmt: skip


@pytest.mark.parametrize("role", ["officer", "auditor", "system_admin", "leader", "inspector", "nonsense"])
def test_nobody_gives_a_role_that_is_not_theirs_to_give(cast: Cast, role: str, person: User) -> None:
    with pytest.raises(NotAllowed):
        actions.appoint(by=cast.scope("committee_officer"), user=person, organisation=cast.branch, role=role)


def test_nobody_appoints_or_dismisses_themselves(cast: Cast) -> None:
    by, own = cast.scope("officer"), cast.posts["officer"]
    with pytest.raises(NotAllowed):
        actions.appoint(by=by, user=own.user, organisation=cast.town, role="committee_officer", starts_on=TODAY)
    with pytest.raises(NotAllowed):
        actions.end(by=by, post=own, ends_on=TODAY)


@pytest.mark.parametrize("second", ["security_admin", "audit_admin", "officer", "auditor"])
def test_the_three_administrators_are_three_people(cast: Cast, second: str, person: User) -> None:
    actions.appoint(by=system_scope(), user=person, organisation=cast.county, role="system_admin", starts_on=TODAY)
    with pytest.raises(actions.Unfit, match="互相分离"):
        actions.appoint(by=system_scope(), user=person, organisation=cast.town, role=second, starts_on=TODAY)
    actions.appoint(by=system_scope(), user=person, organisation=cast.branch, role="member", starts_on=TODAY)


def test_one_after_the_other_is_no_combination(cast: Cast, person: User) -> None:
    actions.appoint(
        by=system_scope(), user=person, organisation=cast.county, role="system_admin", starts_on=date(2025, 1, 1),
        ends_on=YESTERDAY,
    )  # fmt: skip
    actions.appoint(by=system_scope(), user=person, organisation=cast.county, role="audit_admin", starts_on=TODAY)


def test_an_inspector_reaches_the_units_of_the_round_and_only_till_its_end(cast: Cast, person: User) -> None:
    give = {"by": cast.scope("officer"), "user": person, "organisation": cast.county, "role": "inspector"}
    with pytest.raises(actions.Unfit, match="哪些党组织"):
        actions.appoint(**give, starts_on=TODAY, ends_on=TOMORROW)
    with pytest.raises(actions.Unfit, match="这一轮"):
        actions.appoint(**give, starts_on=TODAY, points=[cast.branch])
    post = actions.appoint(**give, starts_on=TODAY, ends_on=TOMORROW, points=[cast.branch])
    scope = scope_of(post, TODAY)
    assert scope.reaches(cast.branch.path) and not scope.reaches(cast.sister.path)
    assert not scope.reaches(cast.county.path)
    assert identities(person.pk, TOMORROW) and not identities(person.pk, date(2026, 11, 23))


def test_an_ended_post_ends_those_who_stood_in(cast: Cast) -> None:
    lent = _lend(cast)
    actions.end(by=cast.scope("committee_officer"), post=cast.posts["secretary"], ends_on=TODAY, document="x")
    lent.refresh_from_db()
    assert lent.ends_on == TODAY


def test_handing_over_moves_the_post_and_its_drafts(cast: Cast, person: User) -> None:
    old = cast.posts["secretary"].user
    Draft.objects.create(organisation=cast.branch, user=old, key="new", fields={"topic": "学习"}, saved_at=clock.now())
    client, before = cast.client("committee_officer"), cast.client("secretary")
    assert before.get(reverse("month")).status_code == 200
    response = client.post(
        reverse("post-hand-over", args=[cast.posts["secretary"].pk]),
        {"username": person.username, "name": person.name, "on": TODAY.isoformat(), "document": "镇任 4 号"},
        follow=True,
    )
    assert "已交接给 王新任" in response.content.decode()
    assert before.get(reverse("month")).status_code == 403
    assert Draft.objects.unscoped("test").get().user == person
    now = identities(person.pk, TODAY)
    assert [str(one) for one in now] == ["大营镇槐树村党支部·书记"]


def test_the_later_of_two_drafts_stays(cast: Cast, person: User) -> None:
    old = cast.posts["secretary"].user
    for who, word in ((old, "旧"), (person, "新")):
        Draft.objects.create(organisation=cast.branch, user=who, key="new", fields={"t": word}, saved_at=clock.now())
    actions.hand_over(by=cast.scope("committee_officer"), post=cast.posts["secretary"], to=person, on=TODAY)
    assert [draft.fields["t"] for draft in Draft.objects.unscoped("test")] == ["新"]


def _lend(cast: Cast, ends_on: date = TOMORROW) -> StandIn:
    """The secretary asks the member of the branch to stand in."""
    return actions.stand_in(
        by=cast.scope("secretary"), user=cast.posts["member"].user, starts_on=TODAY, ends_on=ends_on, reason="病休"
    )


def test_a_colleague_stands_in_and_is_named(cast: Cast) -> None:
    lent, client = _lend(cast), cast.client("member")
    assert client.get(reverse("month")).status_code == 403
    client.post(reverse("identity"), {"post": f"s{lent.pk}"})
    body = client.get(reverse("month")).content.decode()
    assert "大营镇槐树村党支部·书记（代secretary）" in body
    scope = next(scope_of(one, TODAY) for one in identities(lent.user_id, TODAY) if one.stand_in)
    assert scope.acting_for == "secretary" and scope.user_id == lent.user_id
    assert scope.may("records.submit") and not scope.may("posts.appoint") and not scope.may("posts.stand_in")


def test_standing_in_is_over_at_the_next_request(cast: Cast) -> None:
    lent, client = _lend(cast), cast.client("member")
    client.post(reverse("identity"), {"post": f"s{lent.pk}"})
    assert client.get(reverse("month")).status_code == 200
    cast.client("secretary").post(reverse("stand-in-end", args=[lent.pk]))
    assert client.get(reverse("month")).status_code == 403


def test_a_stranger_does_not_stand_in(cast: Cast, person: User) -> None:
    response = cast.client("secretary").post(
        reverse("stand-ins"),
        {"username": person.username, "name": person.name, "starts_on": TODAY, "ends_on": TODAY, "reason": "x"},
    )
    assert response.status_code == 422 and "在本党组织或上级党组织任职" in response.content.decode()


def test_wrong_names_and_wrong_accounts_read_alike(cast: Cast, person: User) -> None:
    told = {"starts_on": TODAY, "ends_on": TODAY, "reason": "x"}
    client, bodies = cast.client("secretary"), set()
    for username, name in ((person.username, "别人"), ("13999990009", person.name)):
        body = client.post(reverse("stand-ins"), {"username": username, "name": name, **told}).content.decode()
        bodies.add("没有这个账号，或者姓名和账号对不上" in body)
    assert bodies == {True}


def test_the_refusal_offers_the_identity_that_can(cast: Cast) -> None:
    user = cast.posts["secretary"].user
    second = actions.appoint(by=system_scope(), user=user, organisation=cast.county, role="auditor")
    client = cast.client("secretary")
    refused = client.get(reverse("audit")).content.decode()
    assert "中共云岭县委员会·审计员" in refused and f'value="{second.pk}"' in refused
    onward = client.post(reverse("identity"), {"post": str(second.pk), "next": reverse("audit")})
    assert onward.headers["Location"] == reverse("audit")
    for evil in (
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "home",
        "xyz",
        "/\n",
    ):
        assert client.post(reverse("identity"), {"post": str(second.pk), "next": evil}).headers["Location"] == "/"
