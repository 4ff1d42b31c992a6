"""Superiors beside the tree see what their kind of supervision may see, from its first day to its last."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import scope_of, system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations import supervision, tree
from zhibu.web.organisations.models import Kind, Organisation, Sector

START = date(2026, 3, 1)


@pytest.fixture
def trade(cast: Cast) -> Organisation:
    """A sector committee beside the towns."""
    return tree.plant(
        parent=cast.county, code="T900", name="县住建系统党委", kind=Kind.COMMITTEE, sector=Sector.ORGAN, phone="0999-1"
    )


def _scope(place: Organisation, role: str = "committee_officer", on: date = TODAY) -> Scope:
    user, _ = register(username=f"{role}-{place.code}", name="甲")
    return scope_of(appoint(by=system_scope(), user=user, organisation=place, role=role), on)


def _begin(cast: Cast, superior: Organisation, kind: str, unit: Organisation | None = None):
    return supervision.begin(
        by=cast.scope("officer"), organisation=unit or cast.branch, superior=superior, kind=kind, starts_on=START,
        document="县委〔2026〕1 号",
    )  # fmt: skip


@pytest.mark.mechanism("M013")
def test_a_sector_committee_sees_its_units_wherever_they_sit(cast: Cast, trade: Organisation) -> None:
    _begin(cast, trade, "sector")
    _begin(cast, trade, "sector", cast.neighbour)
    scope = _scope(trade)
    reached = set(Organisation.objects.within(scope.doing("board.view")))
    assert reached == {trade, cast.branch, cast.neighbour}
    assert set(Organisation.objects.within(scope.doing("organisations.change"))) == {trade}
    names = Member.objects.within(scope.doing("members.view"))
    assert {one.organisation_id for one in names} == {cast.branch.pk, cast.neighbour.pk}
    assert not scope.sees("member.numbers", cast.branch.path)


def test_a_guiding_group_sees_the_work_and_not_the_people(cast: Cast, trade: Organisation) -> None:
    _begin(cast, trade, "guided")
    scope = _scope(trade)
    assert cast.branch in Organisation.objects.within(scope.doing("branch.view"))
    assert not Member.objects.within(scope.doing("members.view")).exists()
    assert not scope.may_at("records.edit", cast.branch.path)


def test_an_organ_committee_sees_members_with_masked_numbers(cast: Cast, trade: Organisation) -> None:
    _begin(cast, trade, "organ")
    scope = _scope(trade)
    assert Member.objects.within(scope.doing("members.view")).count() == 8
    assert scope.sees("member.numbers", cast.branch.path) and not scope.sees("member.care", cast.branch.path)


def test_what_is_below_the_unit_is_reached_with_it(cast: Cast, trade: Organisation) -> None:
    _begin(cast, trade, "sector", cast.town)
    scope = _scope(trade).doing("branch.view")
    assert set(Organisation.objects.within(scope)) == {trade, cast.town, cast.branch, cast.sister}


def test_a_relation_holds_from_its_first_day_to_its_last(cast: Cast, trade: Organisation) -> None:
    line = _begin(cast, trade, "sector")
    supervision.end(by=cast.scope("officer"), line=line, ends_on=date(2026, 6, 30), document="x")
    scope = _scope(trade)
    for on, seen in ((date(2026, 2, 28), False), (START, True), (date(2026, 6, 30), True), (date(2026, 7, 1), False)):
        post = appointed(scope)
        assert scope_of(post, on).doing("branch.view").reaches(cast.branch.path) is seen, on


def appointed(scope: Scope):
    from zhibu.web.access.models import Post

    return Post.objects.unscoped("test").select_related("organisation", "user").get(pk=scope.post_id)


def test_contradictions_are_refused_in_words(cast: Cast, trade: Organisation) -> None:
    with pytest.raises(supervision.Contradiction, match="隶属上级"):
        _begin(cast, cast.town, "sector")
    with pytest.raises(supervision.Contradiction, match="它的下级"):
        _begin(cast, cast.branch, "sector", cast.town)
    _begin(cast, trade, "sector")
    with pytest.raises(supervision.Contradiction, match="没有结束日期"):
        _begin(cast, cast.other_town, "sector")
    _begin(cast, cast.other_town, "guided")


def test_a_town_does_not_give_its_branches_to_others(cast: Cast, trade: Organisation) -> None:
    with pytest.raises(NotAllowed):
        supervision.begin(
            by=cast.scope("committee_officer"), organisation=cast.branch, superior=trade, kind="sector",
            starts_on=START, document="x",
        )  # fmt: skip


def test_the_page_shows_and_keeps_both_lines(cast: Cast, trade: Organisation) -> None:
    client, told = (
        cast.client("officer"),
        {"kind": "guided", "superior": trade.code, "starts_on": START, "document": "文"},
    )
    client.post(reverse("line-new", args=[cast.branch.code]), told)
    body = client.get(reverse("lines", args=[cast.branch.code])).content.decode()
    assert "县住建系统党委" in body and "党组指导" in body and "中共云岭县大营镇委员会" in body
    again = client.post(reverse("line-new", args=[cast.branch.code]), told)
    assert again.status_code == 422 and "先结束那一条" in again.content.decode()
    line = supervision.superiors(cast.branch).get()
    client.post(reverse("line-end", args=[cast.branch.code, line.pk]), {"ends_on": TODAY, "document": "文"})
    assert supervision.superiors(cast.branch).get().ends_on == TODAY
    assert cast.client("secretary").get(reverse("lines", args=[cast.branch.code])).status_code == 200
    assert cast.client("secretary").post(reverse("line-new", args=[cast.branch.code]), told).status_code == 403
