"""The roster: own rows only, numbers masked everywhere, the workbook as the page."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast, _fill, _plant
from zhibu.web.members import masks
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Kind, Sector

pytestmark = pytest.mark.django_db
SEES = {"officer": 200, "committee_officer": 200, "secretary": 200, "leader": 403, "member": 403, "auditor": 403}


def view(cast: Cast, who: str = "secretary", query: str = "", to: str = "/members/") -> str:
    response = cast.client(who).get(to + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", ["/members/", "/members/export/"])
@pytest.mark.parametrize(("who", "status"), SEES.items())
def test_the_cast(cast: Cast, address: str, who: str, status: int) -> None:
    assert cast.client(who).get(address).status_code == status


def test_a_secretary_sees_the_own_branch_and_a_town_its_own(cast: Cast) -> None:
    own, town = view(cast), view(cast, "committee_officer")
    assert f"党员{cast.branch.pk}0" in own
    assert f"党员{cast.sister.pk}0" not in own
    assert "共 8 人" in own
    assert f"党员{cast.sister.pk}0" in town
    assert f"党员{cast.neighbour.pk}0" not in town
    assert "共 16 人" in town


@pytest.mark.parametrize("who", ["secretary", "committee_officer"])
@pytest.mark.parametrize("address", ["/members/", "/members/export/"])
def test_the_neighbours_roster_is_not_found(cast: Cast, who: str, address: str) -> None:
    client = cast.client(who)
    for code in (cast.neighbour.code, cast.county.code, "../", "%00", "x" * 5000):
        assert client.get(address, {"org": code}).status_code == 404


@pytest.mark.parametrize("who", ["officer", "committee_officer", "secretary"])
def test_no_number_is_whole_anywhere(cast: Cast, who: str) -> None:
    whole = [value for row in Member.objects.unscoped("t") for value in (row.id_number, row.phone)]
    response = cast.client(who).get("/members/export/")
    book = openpyxl.load_workbook(io.BytesIO(response.content)).active
    cells = "".join(str(cell.value) for row in book.iter_rows() for cell in row)
    page = view(cast, who)
    assert not [number for number in whole if number in page or number in cells]
    number = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk")[0]
    assert masks.identity(number.id_number) in page
    assert masks.phone(number.phone) in cells


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("990001198001010012", "990001********0012"),
        ("990001800101001", "990001*****1001"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_identity(number: str, masked: str) -> None:
    assert masks.identity(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("13912341234", "139****1234"), ("5551234", "***1234"), ("0999-5551234", "099*****1234"), ("12", "**")],
)
def test_phone(number: str, masked: str) -> None:
    assert masks.phone(number) == masked


def test_search_by_name_and_pinyin(cast: Cast) -> None:
    Member.objects.create(
        organisation=cast.branch,
        name="单晓明",
        id_number="990001197001010099",
        born_on="1970-01-01",
        kind="probationary",
        joined_on="2026-01-01",
        floating=True,
    )
    for q in ("单晓", "sxm", "SXM", "dxm"):
        page = view(cast, query=f"?q={q}")
        assert "单晓明" in page
        assert f"党员{cast.branch.pk}0" not in page
    assert "正式党员 8，预备党员 1；其中流动党员 1" in view(cast)
    for kind in ("probationary", "floating"):
        assert view(cast, query=f"?kind={kind}").count('data-label="身份号码"') == 1


@pytest.mark.parametrize("q", ["%", "_", "'", "%00", "单%00", "x" * 10_000, "党" * 10_000, "\\", "<script>"])
def test_hostile_words(cast: Cast, q: str) -> None:
    page = view(cast, query="?" + __import__("urllib.parse").parse.urlencode({"q": q, "kind": "x", "page": "-1"}))
    assert "<script>" not in page
    if q in ("%", "_"):
        assert "没有符合条件的党员" in page


def test_who_left_is_not_on_the_roster(cast: Cast) -> None:
    first = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk")[0]
    Member.objects.unscoped("t").filter(pk=first.pk).update(left_on="2026-11-20")
    assert f">{first.name}<" not in view(cast)
    assert "共 7 人" in view(cast)


def test_an_empty_roster_says_who_can_help(cast: Cast) -> None:
    Member.objects.unscoped("t").all().delete()
    assert "由上级党委从 Excel 导入" in view(cast)
    assert "还没有党员" in view(cast, "officer")


def test_the_workbook_holds_the_rows_of_the_page_and_leaves_a_line(cast: Cast) -> None:
    Member.objects.unscoped("t").filter(organisation=cast.branch, name__endswith="0").update(name="=cmd()")
    response = cast.client("secretary").get("/members/export/?q=cmd")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [row[2] for row in rows] == ["=cmd()"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert "姓名含：cmd" in sheet["A2"].value
    line = Line.objects.unscoped("t").filter(action="members.export").get()
    assert line.new["rows"] == 1
    assert line.organisation_name == cast.branch.name  # so the auditor of its town sees it
    assert line.user == cast.posts["secretary"].user


@pytest.mark.parametrize("address", ["/members/", "/members/export/"])
def test_queries_do_not_grow(cast: Cast, address: str) -> None:
    client = cast.client("committee_officer")
    with CaptureQueriesContext(connection) as small:
        client.get(address)
    for number in range(20):
        _fill(_plant(cast.town, f"大营镇第{number}村党支部", Kind.BRANCH, Sector.VILLAGE))
    with CaptureQueriesContext(connection) as big:
        response = client.get(address)
    assert len(big) == len(small) <= 12
    if address == "/members/":
        assert response.content.decode().count('data-label="身份号码"') == 50
