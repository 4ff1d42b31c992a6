"""The auditor's page: the log of one's own reach, filtered, with its changes, and taken away as a table."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.audit.actions import write
from zhibu.web.audit.exports import HEADINGS
from zhibu.web.audit.models import Line
from zhibu.web.conftest import ROLES, Cast

SENTENCE = HEADINGS.index("说明")
pytestmark = pytest.mark.django_db


def line(cast: Cast, sentence: str, place: str = "branch", **more: object) -> Line:
    here = getattr(cast, place) if place else None
    given = {"action": "records.edit", "thing": cast.branch, **more}
    return write(by=cast.scope("secretary"), sentence=sentence, organisation=here, **given)


def view(cast: Cast, query: str = "", **data: str) -> str:
    response = cast.client("auditor").get(f"/audit/{query}", data)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("who", ROLES)
def test_the_cast(cast: Cast, who: str) -> None:
    found = line(cast, "改活动记录")
    for address in ("/audit/", f"/audit/{found.pk}/", "/audit/export/"):
        assert cast.client(who).get(address).status_code == (200 if who == "auditor" else 403)


def test_an_auditor_of_a_town_sees_the_town(cast: Cast) -> None:
    post = cast.posts["auditor"]
    post.organisation = cast.town
    post.save()
    own, other, nobody = line(cast, "本镇的事"), line(cast, "金丝雀", "neighbour"), line(cast, "登录的事", "")
    page = view(cast)
    assert "本镇的事" in page
    assert "金丝雀" not in page
    assert "登录的事" not in page
    client = cast.client("auditor")
    assert client.get(f"/audit/{own.pk}/").status_code == 200
    assert client.get(f"/audit/{other.pk}/").status_code == client.get(f"/audit/{nobody.pk}/").status_code == 404
    assert "金丝雀" not in client.get("/audit/export/?kind=csv").content.decode()


def test_the_root_sees_what_belongs_to_no_organisation(cast: Cast) -> None:
    line(cast, "登录的事", "")
    assert "登录的事" in view(cast)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "活动"}, True),
        ({"text": "别的"}, False),
        ({"action": "records.edit"}, True),
        ({"action": "x"}, False),
        ({"person": "secretary"}, True),
        ({"person": "书记"}, True),
        ({"person": "nobody"}, False),
        ({"organisation": "槐树"}, True),
        ({"organisation": "柳树"}, False),
        ({"since": "2000-01-01"}, True),
        ({"until": "2000-01-01"}, False),
        ({"since": "2999-01-01"}, False),
        ({"since": "xx"}, True),
        ({"text": "%"}, False),
        ({"text": "_"}, False),
        ({"text": "\x00"}, True),
        ({"page": "-1"}, True),
        ({"text": "活" * 10_000}, False),
    ],
)
def test_filters(cast: Cast, query: dict[str, str], found: bool) -> None:
    line(cast, "改活动记录 R2026-00012")
    assert ("改活动记录 R2026-00012" in view(cast, **query)) is found


def test_one_line_shows_before_and_after(cast: Cast) -> None:
    found = line(
        cast, "改活动记录", old={"topic": "旧题", "place": "二楼"}, new={"topic": "<b>新题</b>", "place": "二楼"}
    )
    page = view(cast, f"{found.pk}/")
    assert "旧题" in page
    assert "<b>&lt;b&gt;新题&lt;/b&gt;</b>" in page
    assert page.count("row-changed") == 1
    assert cast.client("auditor").get("/audit/999999/").status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv", "exe"])
def test_taking_the_log_away_is_in_the_log(cast: Cast, kind: str) -> None:
    line(cast, "=cmd|' /C calc'!A1", old={"a": "=1"}, new={"a": "+2"})
    response = cast.client("auditor").get(f"/audit/export/?kind={kind}&text=cmd")
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert [row[SENTENCE] for row in rows[3:]] == ["'=cmd|' /C calc'!A1"]
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        assert [row[SENTENCE] for row in sheet.iter_rows(min_row=4, values_only=True)] == ["=cmd|' /C calc'!A1"]
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    last = Line.objects.unscoped("t").latest("pk")
    assert (last.action, last.new["rows"], last.user) == ("audit.export", 1, cast.posts["auditor"].user)


def test_fifty_lines_a_page_and_no_more_queries(cast: Cast) -> None:
    client = cast.client("auditor")
    with CaptureQueriesContext(connection) as small:
        client.get("/audit/")
    for number in range(120):
        line(cast, f"第 {number} 条")
    with CaptureQueriesContext(connection) as big:
        page = client.get("/audit/").content.decode()
    assert len(big) == len(small) <= 10
    assert page.count('data-label="时间"') == 50
    assert "第 119 条" in page
