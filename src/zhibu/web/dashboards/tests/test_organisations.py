"""组织: found by name, short name, code, pinyin; nobody finds what is outside."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.conftest import Cast, _plant
from zhibu.web.dashboards.organisations import Asked, search
from zhibu.web.organisations.models import Kind, Organisation, Sector

pytestmark = pytest.mark.django_db
SEES = {"officer": 200, "committee_officer": 200, "leader": 200, "secretary": 200, "member": 403, "auditor": 403}


def names(cast: Cast, q: str, who: str = "officer") -> list[str]:
    return [one.name for one in search(cast.scope(who), Asked(q=q))]


def view(cast: Cast, query: str = "", who: str = "officer") -> str:
    response = cast.client(who).get(f"/organisations/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("who", "status"), SEES.items())
def test_the_cast(cast: Cast, who: str, status: int) -> None:
    assert cast.client(who).get("/organisations/").status_code == status
    assert cast.client(who).get(f"/organisations/{cast.branch.code}/").status_code == status


@pytest.mark.parametrize("q", ["槐树", "大营镇 槐树", "dyzhsc", "hsc", "HSC", "T004", "t004"])
def test_found_in_many_ways(cast: Cast, q: str) -> None:
    assert names(cast, q)[0] == "大营镇槐树村党支部"


def test_an_exact_code_comes_first(cast: Cast) -> None:
    _plant(cast.town, "T002 号楼党支部", Kind.BRANCH, Sector.COMMUNITY)
    assert names(cast, "T002")[0] == cast.town.name


def test_a_second_reading_is_found_too(cast: Cast) -> None:
    _plant(cast.town, "重庆路社区党支部", Kind.BRANCH, Sector.COMMUNITY)
    assert names(cast, "cql") == names(cast, "zql") == ["重庆路社区党支部"]


@pytest.mark.parametrize("who", ["committee_officer", "leader", "secretary"])
def test_the_neighbour_is_not_found(cast: Cast, who: str) -> None:
    for q in ("柳树", "lsc", cast.neighbour.code, "党支部", ""):
        assert "柳树" not in "".join(names(cast, q, who))
    assert "柳树" not in view(cast, "?q=党支部&kind=branch", who)
    assert cast.client(who).get(f"/organisations/{cast.neighbour.code}/").status_code == 404
    assert cast.client(who).get(f"/organisations/?area={cast.neighbour.code}").status_code == 404


@pytest.mark.parametrize(
    "q", ["%", "_", "%25", "'", '"', "\\", "%00", "槐%00树", "x" * 10_000, "槐" * 10_000, "' OR 1=1 --"]
)
def test_hostile_words(cast: Cast, q: str) -> None:
    response = cast.client("officer").get("/organisations/", {"q": q})
    assert response.status_code == 200
    assert len(response.content) < 250_000  # the address itself is on the page, for the text size switch


@pytest.mark.parametrize("q", ["%", "_", "大_镇", "大%镇"])
def test_wildcards_are_letters(cast: Cast, q: str) -> None:
    assert names(cast, q) == []


def test_no_match_offers_a_way_back(cast: Cast) -> None:
    page = view(cast, "?q=没有这个名字")
    assert "没有符合条件的组织" in page
    assert "清除筛选" in page


def test_filters(cast: Cast) -> None:
    page = view(cast, f"?kind=branch&area={cast.town.code}")
    assert "槐树" in page
    assert "找到 2 个" in page
    assert "中共云岭县委员会 › 中共云岭县大营镇委员会" in page
    assert "找到 3 个" in view(cast, "?kind=branch&sector=village")
    assert "找到 3 个" in view(cast, "?kind=branch&sector=nonsense")


def test_the_first_look_has_counts_and_no_tree(cast: Cast) -> None:
    page = view(cast)
    assert "党委 3 个" in page
    assert "党支部 3 个" in page
    assert "槐树" not in page


def test_a_leader_sees_the_points_at_once(cast: Cast) -> None:
    page = view(cast, who="leader")
    assert "我的联系点" in page
    assert "槐树" in page
    cast.posts["leader"].points.clear()
    assert "还没有安排联系点" in view(cast, who="leader")


def test_subordinates_and_what_was_opened_lately(cast: Cast) -> None:
    client = cast.client("officer")
    page = client.get(f"/organisations/{cast.town.code}/").content.decode()
    assert "直属下级 2 个" in page
    assert "槐树" in page
    assert "柳树" not in page
    assert "刚才看过" in client.get("/organisations/").content.decode()
    assert "刚才看过" not in view(cast)  # another session


def test_the_dissolved_are_not_offered(cast: Cast) -> None:
    Organisation.objects.unscoped("t").filter(pk=cast.branch.pk).update(dissolved_on="2026-01-01")
    assert names(cast, "槐树") == []


@pytest.mark.parametrize("address", ["/organisations/?q=dyz", "/organisations/?kind=branch", "/organisations/T002/"])
def test_queries_do_not_grow_with_the_county(cast: Cast, address: str) -> None:
    client = cast.client("officer")
    client.get(address)
    with CaptureQueriesContext(connection) as small:
        client.get(address)
    for number in range(60):
        _plant(cast.town, f"大营镇第{number}村党支部", Kind.BRANCH, Sector.VILLAGE)
    with CaptureQueriesContext(connection) as big:
        response = client.get(address)
    assert len(big) == len(small) <= 16
    assert response.content.decode().count('class="place-name"') <= 50
