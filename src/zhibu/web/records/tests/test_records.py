"""The list: own branch, subtree, filters, paging."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from zhibu.web.audit.models import Line
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


def test_by_kind_and_by_how_it_stands(cast: Cast) -> None:
    given.record(cast, key="a", topic="只是学习", types=["study"])
    given.record(cast, key="b", topic="一举两得", types=["theme_day", "study"])
    given.record(cast, key="c", topic="被退回的")
    Record.objects.unscoped(given.WHY).filter(topic="被退回的").update(review="returned")
    client = cast.client("committee_officer")
    page = client.get("/records/?kind=study").content.decode()
    assert "只是学习" in page and "一举两得" in page and "被退回的" not in page and "集体学习：2 条" in page
    page = client.get("/records/?state=returned&kind=theme_day").content.decode()
    assert "被退回的" in page and "一举两得" not in page
    assert "清除筛选" in cast.client("secretary").get("/records/?state=withdrawn").content.decode()


def test_what_is_seen_goes_out_as_a_workbook(cast: Cast) -> None:
    """With the filters in row 2 and one line in the log; members and neighbours get none of it."""
    given.record(cast, key="a", topic="只是学习", types=["study"])
    given.record(cast, key="b", topic="主题党日那次")
    client = cast.client("committee_officer")
    assert "/records/export/?kind=study" in client.get("/records/?kind=study").content.decode()
    page = load_workbook(BytesIO(client.get("/records/export/?kind=study").content)).active
    rows = [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]
    assert rows[1] == ["2026 年，集体学习"] and [row[3] for row in rows[3:]] == ["只是学习"]
    assert Line.objects.unscoped(given.WHY).filter(action="records.export").count() == 1
    assert "主题党日那次" in str(
        [*load_workbook(BytesIO(cast.client("secretary").get("/records/export/").content)).active.values]
    )
    assert len([*load_workbook(BytesIO(cast.client("neighbour").get("/records/export/").content)).active.values]) == 3
    for who in ("member", "leader", "auditor"):
        assert cast.client(who).get("/records/export/").status_code == 403


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
