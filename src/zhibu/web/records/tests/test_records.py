"""The list: own branch, subtree, filters, paging."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.conftest import Cast, _plant
from zhibu.web.organisations.models import Kind, Sector
from zhibu.web.records.models import Record
from zhibu.web.records.tests import given

WHO = {"secretary": 200, "committee_officer": 200, "officer": 200, "leader": 200, "member": 200, "auditor": 403}


@pytest.mark.parametrize(("who", "status"), WHO.items())
def test_who_may_read(cast: Cast, who: str, status: int) -> None:
    assert cast.client(who).get("/records/").status_code == status


def test_each_sees_the_own_reach(cast: Cast) -> None:
    given.record(cast, topic="槐树村的")
    given.record(cast, who="neighbour", topic="柳树村的")
    seen = {who: cast.client(who).get("/records/").content.decode() for who in (*WHO, "neighbour")}
    for who in ("secretary", "committee_officer", "leader", "member"):
        assert "槐树村的" in seen[who]
        assert "柳树村的" not in seen[who]
    assert "槐树村的" in seen["officer"]
    assert "柳树村的" in seen["officer"]
    assert "槐树村的" not in seen["neighbour"]


def test_filters(cast: Cast) -> None:
    given.record(cast, key="a", topic="十月那次", held_on=date(2026, 10, 20))
    given.record(cast, key="b", topic="十一月那次")
    client = cast.client("committee_officer")
    page = client.get("/records/?year=2026&month=10").content.decode()
    assert "十月那次" in page
    assert "十一月那次" not in page
    assert client.get("/records/?year=2026&month=2").status_code == 200
    assert "十月那次" in client.get(f"/records/?o={cast.branch.code}").content.decode()
    assert "十月那次" not in client.get(f"/records/?o={cast.sister.code}").content.decode()
    assert client.get(f"/records/?o={cast.neighbour.code}").status_code == 404


@pytest.mark.parametrize("query", ["year=0", "year=99999", "month=13", "month=x", "page=-4", "year=２０２６", "o=%00"])
def test_nonsense_in_the_address_is_no_accident(cast: Cast, query: str) -> None:
    assert cast.client("secretary").get(f"/records/?{query}").status_code in (200, 404)


def test_queries_do_not_grow_with_the_county(cast: Cast) -> None:
    given.record(cast)
    client = cast.client("committee_officer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/records/")
        return len(seen)

    before = queries()
    for number in range(6):
        branch = _plant(cast.town, f"第{number}党支部", Kind.BRANCH, Sector.VILLAGE)
        for turn in range(5):
            _copy(cast, branch, f"X{number}{turn}")
    assert queries() == before <= 14


def _copy(cast: Cast, branch: object, number: str) -> None:
    record = given.record(cast)
    record.pk, record.number, record.organisation, record.submitted_key = None, number, branch, ""
    Record.save(record, force_insert=True)
