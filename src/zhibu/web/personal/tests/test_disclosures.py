"""Every giving away of personal data is in the register of disclosures, with what, how many, why and to whom."""

from __future__ import annotations

import io
import zipfile

import pytest

from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.members.looking import unmask
from zhibu.web.members.models import Member
from zhibu.web.personal import disclosures
from zhibu.web.personal.tests.conftest import NUMBER

pytestmark = pytest.mark.django_db

HANDED = {
    "on": "2026-11-20", "to": "云岭县档案馆", "what": "姓名、入党日期", "people": "12",
    "ground": "党组织管理党员的工作需要",
    "document": "云组函〔2026〕9 号",
}  # fmt: skip


def rows(cast: Cast, who: str = "officer") -> list[disclosures.Disclosure]:
    scope = cast.scope(who).doing("disclosures.view")
    return list(disclosures.read(disclosures.lines(scope)))


def test_an_export_is_in_it(cast: Cast, lan: Member) -> None:
    cast.client("secretary").get("/members/export/")
    (one,) = rows(cast)
    assert one.people == 9
    assert "公民身份号码" in one.what
    assert one.ground == "党组织管理党员的工作需要"
    assert one.to
    assert "书记" in one.title


def test_an_unmasking_is_one_person_and_a_refused_one_nobody(cast: Cast, lan: Member, settings: object) -> None:
    unmask(by=cast.scope("secretary"), member=lan, what="phone", reason="核对")
    settings.NUMBERS = settings.NUMBERS | {"opened": 1}
    assert unmask(by=cast.scope("secretary"), member=lan, what="phone", reason="核对").refused
    assert [one.people for one in rows(cast)] == [0, 1]


def test_what_was_handed_over_outside_is_told_by_hand(cast: Cast) -> None:
    assert cast.client("committee_officer").post("/personal/disclosures/new/", HANDED).status_code == 302
    (one,) = rows(cast)
    assert (one.to, one.what, one.people) == ("云岭县档案馆", "姓名、入党日期", 12)
    late = HANDED | {"on": "2026-11-22"}
    response = cast.client("committee_officer").post("/personal/disclosures/new/", late)
    assert response.status_code == 422
    assert "不能晚于今天" in response.content.decode()


def test_each_sees_their_own_subtree(cast: Cast, lan: Member) -> None:
    cast.client("secretary").get("/members/export/")
    cast.client("neighbour").get("/members/export/")
    assert len(rows(cast, "officer")) == 2
    assert [one.organisation for one in rows(cast, "committee_officer")] == [cast.branch.name]
    for who in ("secretary", "member", "leader", "auditor"):
        assert cast.client(who).get("/personal/disclosures/").status_code == 403


def test_the_workbook_is_a_line_and_holds_no_names(cast: Cast, lan: Member) -> None:
    cast.client("secretary").get("/members/export/")
    response = cast.client("officer").get("/personal/disclosures/export/?since=2026-11-01")
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        text = book.read("xl/sharedStrings.xml").decode()
    assert "导出党员名册（号码中间隐去）" in text
    assert lan.name not in text
    assert NUMBER not in text
    assert Line.objects.unscoped("t").filter(action="disclosures.export").count() == 1


def test_the_page_has_a_fixed_number_of_queries(cast: Cast, lan: Member, django_assert_max_num_queries: object) -> None:
    for _ in range(12):
        cast.client("secretary").get("/members/export/")
    client = cast.client("officer")
    with django_assert_max_num_queries(14):
        assert client.get("/personal/disclosures/").status_code == 200
