"""专项活动: an office that may follow, annotate and return, at its units and in its days alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from zhibu.web.access.models import Post
from zhibu.web.access.queries import posts_on, scope_of
from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.burden.tests.weighed import send
from zhibu.web.campaigns import actions, queries
from zhibu.web.campaigns.models import Campaign, OfficeStaff, Remark
from zhibu.web.conftest import TODAY, Cast, enter
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record

FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    units = [cast.branch, cast.neighbour]
    return actions.begin(
        by=cast.scope("officer"), name="创先争优", document="示字1号", starts_on=FIRST, ends_on=LAST, units=units
    )


@pytest.fixture
def clerk(cast: Cast) -> User:
    """Somebody from the town, drawn into the office."""
    return cast.posts["committee_officer"].user


def seat(cast: Cast, campaign: Campaign, user: User, *units: Organisation) -> OfficeStaff:
    return actions.staff(by=cast.scope("officer"), campaign=campaign, user=user, units=units or [cast.branch])


def as_staff(user: User, on: date = TODAY) -> Scope | None:
    return next((scope_of(one, on) for one in posts_on(user.pk, on) if one.role == "campaign_staff"), None)


def wrote(place: Organisation, number: str = "2026-000001", held_on: date = date(2026, 11, 5)) -> Record:
    return Record.objects.create(
        number=number, organisation=place, types=["theme_day"], topic="学习", held_on=held_on, recorded_on=held_on,
        recorded_at=f"{held_on}T10:00Z", submitted_key=number,
    )  # fmt: skip


@pytest.mark.mechanism("M012")
def test_an_office_follows_annotates_and_returns_and_the_unit_settles(cast: Cast, clerk: User) -> None:
    page = cast.client("officer")
    told = {"name": "创先争优", "document": "示字1号", "starts_on": FIRST, "ends_on": LAST}
    made = send(page, "/campaigns/new/", told | {"units": f"{cast.branch.code}，{cast.neighbour.code}"})
    address = made.headers["Location"]
    number = int(address.strip("/").split("/")[-1])
    page.post(f"{address}staff/", {"username": clerk.username, "name": clerk.name, "units": cast.branch.code})
    record = wrote(cast.branch)
    wrote(cast.neighbour, "2026-000002")

    scope = as_staff(clerk)
    assert scope is not None
    desk = page.__class__()
    enter(desk, clerk)
    desk.post("/identity/", {"post": scope.post_id})
    shown = desk.get(address).content.decode()
    assert "槐树村" in shown and "柳树村" not in shown
    assert desk.get(f"{address}records/2026-000002/").status_code == 404
    assert (
        "请补记"
        in desk.post(f"{address}records/{record.number}/annotate/", {"text": "请补记"}, follow=True).content.decode()
    )
    desk.post(f"{address}records/{record.number}/return/", {"text": "应到人数没有写"})

    unit = cast.client("secretary")
    assert "应到人数没有写" in unit.get("/duties/month/").content.decode()
    assert "退回" in unit.get(f"/records/{record.number}/").content.decode()
    assert "1 条退回待修改" in page.get(address).content.decode()
    record.version += 1
    record.save()
    assert "应到人数没有写" not in unit.get("/duties/month/").content.decode()
    assert "已修改" in unit.get(f"{address}records/{record.number}/").content.decode()
    said = Remark.objects.unscoped("t").get(kind="note")
    unit.post(f"/campaigns/{number}/remarks/{said.pk}/reply/", {"reply": "已补记"})
    assert "已补记" in desk.get(f"{address}records/{record.number}/").content.decode()
    assert page.get(f"{address}export/").status_code == 200


def test_the_right_ends_with_the_campaign_and_moves_with_its_last_day(
    cast: Cast, campaign: Campaign, clerk: User
) -> None:
    seat(cast, campaign, clerk)
    assert as_staff(clerk) and as_staff(clerk, LAST)
    assert as_staff(clerk, LAST + timedelta(days=1)) is None
    actions.change(by=cast.scope("officer"), campaign=campaign, ends_on=TODAY, document="示字2号", units=[cast.branch])
    assert as_staff(clerk) and as_staff(clerk, TODAY + timedelta(days=1)) is None


def test_a_unit_that_leaves_is_gone_at_the_next_request(cast: Cast, campaign: Campaign, clerk: User) -> None:
    seat(cast, campaign, clerk, cast.branch, cast.neighbour)
    record = wrote(cast.branch)
    actions.change(
        by=cast.scope("officer"), campaign=campaign, ends_on=LAST, document="示字1号", units=[cast.neighbour]
    )
    scope = as_staff(clerk)
    assert scope and not scope.reaches(cast.branch.path) and scope.reaches(cast.neighbour.path)
    with pytest.raises(NotAllowed):
        actions.annotate(by=scope, campaign=campaign, record=record, text="x")


def test_dismissed_at_once_even_on_the_first_day(cast: Cast, campaign: Campaign, clerk: User) -> None:
    one = seat(cast, campaign, clerk)
    actions.dismiss(by=cast.scope("officer"), campaign=campaign, seat=one)
    scope = as_staff(clerk)
    assert scope is None or not scope.areas
    one.post.refresh_from_db()
    assert one.post.ends_on == TODAY
    Post.objects.unscoped("t").filter(pk=one.post_id).update(starts_on=FIRST, ends_on=LAST)
    one.post.refresh_from_db()
    actions.dismiss(by=cast.scope("officer"), campaign=campaign, seat=one)
    assert as_staff(clerk) is None


def test_only_records_of_the_days_and_units_of_the_seat(cast: Cast, campaign: Campaign, clerk: User) -> None:
    seat(cast, campaign, clerk)
    scope = as_staff(clerk)
    assert scope
    before, beside = wrote(cast.branch, "2026-1", date(2026, 10, 31)), wrote(cast.neighbour, "2026-2")
    for record in (before, beside):
        with pytest.raises(NotAllowed):
            actions.annotate(by=scope, campaign=campaign, record=record, text="x")
    other = actions.begin(
        by=cast.scope("officer"), name="另一次", document="示字3号", starts_on=FIRST, ends_on=LAST, units=[cast.branch]
    )
    assert list(queries.campaigns(scope)) == [campaign]  # its unit takes part in the other, its seat does not
    with pytest.raises(NotAllowed):
        actions.annotate(by=scope, campaign=other, record=wrote(cast.branch, "2026-3"), text="x")


def test_a_second_return_waits_for_the_first_and_a_reply_settles_it(
    cast: Cast, campaign: Campaign, clerk: User
) -> None:
    seat(cast, campaign, clerk)
    scope, record = as_staff(clerk), wrote(cast.branch)
    assert scope
    first = actions.send_back(by=scope, campaign=campaign, record=record, text="请改")
    with pytest.raises(Unfit, match="已经退回"):
        actions.send_back(by=scope, campaign=campaign, record=record, text="再改")
    with pytest.raises(NotAllowed):
        actions.reply(by=cast.scope("neighbour"), remark=first, text="x")
    actions.reply(by=cast.scope("secretary"), remark=first, text="当天确实只到五人")
    with pytest.raises(Unfit, match="已经答复"):
        actions.reply(by=cast.scope("secretary"), remark=first, text="再答")
    actions.send_back(by=scope, campaign=campaign, record=record, text="还有一处")
    assert record.version == 1 and Line.objects.unscoped("t").filter(action="campaigns.return").count() == 2


def test_who_may_be_drawn_into_an_office(cast: Cast, campaign: Campaign, clerk: User) -> None:
    stranger = User.objects.create(username="nobody", name="无职")
    with pytest.raises(Unfit, match="抽调"):
        seat(cast, campaign, stranger)
    with pytest.raises(Unfit, match="没有参加"):
        seat(cast, campaign, clerk, cast.sister)
    with pytest.raises(NotAllowed):
        seat(cast, campaign, cast.posts["officer"].user)
    with pytest.raises(NotAllowed):
        actions.staff(by=cast.scope("committee_officer"), campaign=campaign, user=clerk, units=[cast.branch])
    with pytest.raises(NotAllowed):
        actions.begin(
            by=cast.scope("committee_officer"), name="x", document="x", starts_on=FIRST, ends_on=LAST,
            units=[cast.neighbour],
        )  # fmt: skip
    again = seat(cast, campaign, clerk)
    assert seat(cast, campaign, clerk, cast.neighbour).pk == again.pk
    scope = as_staff(clerk)
    assert scope and scope.reaches(cast.neighbour.path) and not scope.reaches(cast.branch.path)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200),
        ("committee_officer", 200),
        ("secretary", 200),
        ("leader", 403),
        ("member", 403),
        ("neighbour", 200),
    ],
)
def test_each_role_sees_its_part(cast: Cast, campaign: Campaign, who: str, status: int) -> None:
    assert cast.client(who).get(f"/campaigns/{campaign.pk}/").status_code == status


def test_a_page_takes_the_same_queries_however_many_units(
    cast: Cast, campaign: Campaign, django_assert_max_num_queries: object
) -> None:
    page = cast.client("officer")
    page.get(f"/campaigns/{campaign.pk}/")
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        page.get(f"/campaigns/{campaign.pk}/")


def test_dates_and_units_are_refused_in_words(cast: Cast, campaign: Campaign) -> None:
    page = cast.client("officer")
    told = {"name": "x", "document": "x", "starts_on": "2026-12-01", "ends_on": "2026-11-01", "units": cast.branch.code}
    told |= {"minutes": 5, "seen": "1x5x1"}
    assert "结束日期不能早于开始日期" in page.post("/campaigns/new/", told).content.decode()
    assert "没有代码为 T999" in page.post("/campaigns/new/", told | {"units": "T999"}).content.decode()
    with pytest.raises(Unfit, match="最早是今天"):
        actions.change(
            by=cast.scope("officer"), campaign=campaign, ends_on=date(2026, 11, 2), document="x", units=[cast.branch]
        )
