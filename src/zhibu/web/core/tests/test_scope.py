"""A query without a scope raises; subtree prefixes are exact."""

from __future__ import annotations

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.core.scope import ScopeMissing, _next
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation

READS = {
    "list": list,
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "first": lambda rows: rows.first(),
    "values": lambda rows: list(rows.values("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "in_bulk": lambda rows: rows.in_bulk(),
    "delete": lambda rows: rows.delete(),
    "update": lambda rows: rows.update(name="x"),
    "aggregate": lambda rows: rows.aggregate(),
    "get": lambda rows: rows.get(pk=1),
    "bool": bool,
}


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("model", [Member, Organisation])
def test_reading_without_a_scope_raises(cast: Cast, model: type, read: str) -> None:
    if read == "aggregate":
        from django.db.models import Count

        with pytest.raises(ScopeMissing):
            model.objects.aggregate(n=Count("pk"))
        return
    with pytest.raises(ScopeMissing):
        READS[read](model.objects.filter(name="x"))


def test_a_secretary_reaches_the_own_branch_only(cast: Cast) -> None:
    names = {member.organisation_id for member in Member.objects.within(cast.scope("secretary"))}
    assert names == {cast.branch.pk}


def test_a_town_reaches_its_branches_and_not_the_next_town(cast: Cast) -> None:
    reached = set(Organisation.objects.within(cast.scope("committee_officer")))
    assert reached == {cast.town, cast.branch, cast.sister}


def test_a_leader_reaches_the_contact_points_only(cast: Cast) -> None:
    assert set(Organisation.objects.within(cast.scope("leader"))) == {cast.branch}


def test_related_rows_need_a_scope_too(cast: Cast) -> None:
    with pytest.raises(ScopeMissing):
        list(cast.branch.members.all())


@pytest.mark.parametrize(
    ("prefix", "following"), [("0001", "0002"), ("0009", "000A"), ("000Z", "0010"), ("0ZZZ", "1000"), ("ZZZZ", "")]
)
def test_the_next_prefix(prefix: str, following: str) -> None:
    assert _next(prefix) == following
