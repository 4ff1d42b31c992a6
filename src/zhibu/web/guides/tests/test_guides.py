"""服务指南: kept by a level, read by all below; windows checked and rated in counts; cards counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zhibu.web.audit.models import Line
from zhibu.web.conftest import ROLES, TODAY, Cast
from zhibu.web.guides.models import ContactCards, Satisfaction, ServiceItem, ServicePoint, ServiceWindow, WindowStandard

pytestmark = pytest.mark.django_db
ITEM = {"name": "老年人优待证", "level": "town", "papers": "照片一张", "steps": "窗口受理\n三日后领取", "days": "3"}
WINDOW = {"name": "民政窗口", "classes": "民政、优抚", "place": "一楼 3 号", "phone": "0999-5551234"}


def window(cast: Cast, who: str = "committee_officer") -> ServiceWindow:
    cast.client(who).post("/guides/windows/new/", WINDOW)
    return ServiceWindow.objects.unscoped("t").get()


@pytest.mark.mechanism("M302")
@pytest.mark.mechanism("M304")
def test_a_guide_is_read_by_every_member_below(cast: Cast) -> None:
    town, here = cast.client("committee_officer"), window(cast)
    assert town.post("/guides/items/new/", ITEM | {"window": here.pk}).status_code == 302
    one = ServiceItem.objects.unscoped("t").get()
    for who in ("member", "secretary", "officer"):
        page = cast.client(who).get(f"/guides/{one.pk}/").content.decode()
        assert "三日后领取" in page and "一楼 3 号" in page, who
    assert "老年人优待证" in cast.client("member").get("/guides/?level=town&q=优待").content.decode()
    assert "没有这样的事项" in cast.client("member").get("/guides/?level=village").content.decode()
    assert "民政、优抚" in cast.client("member").get("/guides/").content.decode()
    assert cast.client("neighbour").get(f"/guides/{one.pk}/").status_code == 404
    assert f"?from={one.pk}" in cast.client("secretary").get(f"/guides/{one.pk}/").content.decode()
    assert "三日后领取" in cast.client("secretary").get(f"/guides/items/new/?from={one.pk}").content.decode()
    assert "三日后领取" not in cast.client("neighbour").get(f"/guides/items/new/?from={one.pk}").content.decode()
    assert town.post(f"/guides/items/{one.pk}/edit/", ITEM | {"days": "2"}).status_code == 302
    line = Line.objects.unscoped("t").filter(action="guides.keep").order_by("-pk")[0]
    assert line.old["days"] == "3" and line.new["days"] == "2"
    assert cast.client("secretary").post(f"/guides/items/{one.pk}/end/").status_code == 404
    assert town.post(f"/guides/items/{one.pk}/end/").status_code == 302
    assert cast.client("member").get(f"/guides/{one.pk}/").status_code == 404


@pytest.mark.mechanism("M305")
def test_service_points_are_a_directory(cast: Cast) -> None:
    told = {"name": "槐树爱心超市", "kind": "爱心超市", "place": "村口", "what": "米面油", "hours": "每天 8–18 点"}
    client = cast.client("secretary")
    assert client.post("/guides/points/new/", told).status_code == 302
    assert "每天 8–18 点" in cast.client("member").get("/guides/").content.decode()
    one = ServicePoint.objects.unscoped("t").get()
    assert client.post(f"/guides/points/{one.pk}/edit/", told | {"place": ""}).status_code == 422
    assert client.post(f"/guides/points/{one.pk}/end/").status_code == 302
    assert "米面油" not in cast.client("member").get("/guides/").content.decode()
    assert client.get("/guides/nonsense/new/").status_code == 404


@pytest.mark.mechanism("M314")
def test_a_window_is_checked_against_standards_and_rated_in_counts(cast: Cast) -> None:
    here, town, county = window(cast), cast.client("committee_officer"), cast.client("officer")
    address = f"/guides/windows/{here.pk}/"
    assert town.post(f"{address}check/", {"on": TODAY.isoformat()}).status_code == 422
    for name in ("挂牌上岗", "一次告知"):
        county.post("/guides/standards/new/", {"name": name})
    one = WindowStandard.objects.unscoped("t").order_by("pk")[0]
    assert county.post(f"{address}check/", {"on": TODAY.isoformat(), "unmet": [one.pk]}).status_code == 302
    counts = {"month": "2026-10-15", "satisfied": "90", "fair": "6", "unsatisfied": "4"}
    assert town.post(f"{address}rate/", counts).status_code == 302
    assert town.post(f"{address}rate/", counts | {"unsatisfied": "0"}).status_code == 302
    row = Satisfaction.objects.unscoped("t").get()
    assert (row.month, row.all, row.share) == (date(2026, 10, 1), 96, 1.0)
    page = town.get(address).content.decode()
    assert "查 2 项，没有做到：挂牌上岗" in page and "96 人次" in page
    below = cast.client("member").get(address).content.decode()
    assert "民政、优抚" in below and "没有做到：挂牌" not in below
    assert county.post(f"{address}rate/", counts).status_code == 422
    assert cast.client("secretary").post(f"{address}check/", {"on": TODAY.isoformat()}).status_code == 404


@pytest.mark.mechanism("M312")
def test_contact_cards_are_counted_and_name_nobody(cast: Cast) -> None:
    told = {"as_of": "2026-11-01", "members": "8", "cards": "40"}
    client = cast.client("secretary")
    assert client.post("/guides/cards/", told).status_code == 302
    assert client.post("/guides/cards/", told).status_code == 422
    assert client.post("/guides/cards/", told | {"as_of": "2026-11-10", "cards": "44"}).status_code == 302
    assert "联系卡 44 张" in cast.client("officer").get("/guides/cards/").content.decode()
    columns = {one.name for one in ContactCards._meta.concrete_fields}
    assert columns == {"id", "organisation", "as_of", "members", "cards"}


@pytest.mark.parametrize("who", ROLES)
def test_who_keeps(cast: Cast, who: str) -> None:
    client = cast.client(who)
    keeps = who in ("officer", "committee_officer", "secretary")
    assert client.get("/guides/").status_code == (403 if who == "auditor" else 200)
    assert client.post("/guides/items/new/", ITEM).status_code == (302 if keeps else 403)
    assert client.get("/guides/export/").status_code == (200 if keeps else 403)


@pytest.mark.parametrize("told", [{"name": ""}, {"level": "x"}, {"steps": ""}, {"days": "-1"}, {"name": "长" * 81}])
def test_what_is_refused(cast: Cast, told: dict[str, str]) -> None:
    assert cast.client("secretary").post("/guides/items/new/", ITEM | told).status_code == 422
    assert not ServiceItem.objects.unscoped("t").exists()


def test_queries_do_not_grow(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        ServiceItem.objects.create(organisation=cast.town, name=f"事{number}", level="town", steps="x")
        ServicePoint.objects.create(organisation=cast.town, name=f"点{number}", kind="x", place="x", what="x")
    client = cast.client("member")
    with django_assert_max_num_queries(22):
        client.get("/guides/")
