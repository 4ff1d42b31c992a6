"""专项和中心工作: issued above, ticked below, counted once, taken back."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.organisations.models import Organisation
from zhibu.web.programmes import actions, queries
from zhibu.web.programmes.models import Mark, Programme
from zhibu.web.programmes.queries import binding
from zhibu.web.records import actions as records
from zhibu.web.records.tests import given

FIRST = date(2026, 1, 1)
WHY = "the test looks at everything"
pytestmark = pytest.mark.django_db
WHO = {"officer": 200, "committee_officer": 200, "secretary": 200, "leader": 403, "member": 403,
       "auditor": 403}  # fmt: skip


@pytest.fixture
def programme(cast: Cast) -> Programme:
    return issued(cast)


def issued(cast: Cast, who: str = "officer", **more: object) -> Programme:
    told = {"kind": "programme", "name": "四个一流", "document": "示字1号", "starts_on": FIRST}
    return actions.issue(by=cast.scope(who), **(told | more))  # type: ignore[arg-type]


def marks() -> list[tuple[str, str]]:
    rows = Mark.objects.unscoped(WHY).order_by("pk")
    return [(one.record.number, one.theme) for one in rows.select_related("record")]


@pytest.mark.mechanism("M311")
def test_four_themes_from_the_pattern_to_the_counts(cast: Cast) -> None:
    """Issued from the pattern, its text offered in the form, a theme ticked, counted by theme and by branch."""
    officer, secretary = cast.client("officer"), cast.client("secretary")
    blank = officer.get("/programmes/new/?pattern=in_my_post").content.decode()
    assert "招商引资\n县域经济" in blank and "岗位要求：" in blank
    told = {
        "kind": "programme", "name": "四个一流", "document": "示字1号", "starts_on": "2026-01-01",
        "themes": "招商引资\n县域经济\n旅游城市\n基层服务",
        "text": "学习政策：\n\n岗位要求：\n\n党员怎么带头：\n\n结果：",
    }  # fmt: skip
    made = send(officer, "/programmes/new/", told)
    number = int(made.headers["Location"].strip("/").split("/")[-1])
    form = secretary.get("/records/new/").content.decode()
    assert "四个一流：县域经济" in form and f"frame:programme-{number}" in form
    begun = secretary.post("/records/new/", given.typed(content="", do=f"frame:programme-{number}")).content.decode()
    assert "学习政策：\n\n岗位要求：" in begun
    record = given.sent(secretary, tie_programmes=[f"{number}:县域经济", f"{number}:基层服务"])
    assert marks() == [(record.number, "县域经济"), (record.number, "基层服务")]
    page = officer.get(f"/programmes/{number}/").content.decode()
    assert "3 个支部，1 个已有记录，共 1 条" in page  # once, though it has two themes
    assert "县域经济</a> 1 条" in page and "旅游城市</a> 0 条" in page and "2/4" in page
    assert record.number in officer.get(f"/programmes/{number}/records/?theme=县域经济").content.decode()
    assert record.number not in officer.get(f"/programmes/{number}/records/?theme=旅游城市").content.decode()
    assert f'href="/programmes/{number}/"' in secretary.get(f"/records/{record.number}/").content.decode()


@pytest.mark.mechanism("M361")
def test_a_central_task_is_a_tag_and_a_report(cast: Cast) -> None:
    """An ordinary record is tagged; the report by branch needs nothing more."""
    task = issued(cast, kind="task", name="产业帮扶", sectors=["village"])
    record = given.sent(cast.client("secretary"), tie_programmes=[str(task.pk)], types=["theme_day", "party_lecture"])
    book = openpyxl.load_workbook(io.BytesIO(cast.client("officer").get(f"/programmes/{task.pk}/export/").content))
    rows = [row for row in book.active.iter_rows(min_row=4, values_only=True) if row[1]]
    assert [row[:2] for row in rows] == [(cast.branch.name, 1)]
    assert "产业帮扶（中心工作）" in cast.client("secretary").get(f"/records/{record.number}/").content.decode()


@pytest.mark.parametrize(("who", "status"), WHO.items())
def test_who_sees_it(cast: Cast, programme: Programme, who: str, status: int) -> None:
    client = cast.client(who)
    assert client.get("/programmes/").status_code == status
    assert client.get(f"/programmes/{programme.pk}/").status_code == status


def test_a_branch_sees_its_own_line_alone(cast: Cast, programme: Programme) -> None:
    page = cast.client("secretary").get(f"/programmes/{programme.pk}/").content.decode()
    assert "槐树村" in page and "柳树村" not in page
    assert cast.client("secretary").get(f"/programmes/{programme.pk}/export/").status_code == 403


def test_what_one_town_issues_the_other_does_not_see(cast: Cast) -> None:
    ours = issued(cast, "committee_officer")
    assert cast.client("neighbour").get(f"/programmes/{ours.pk}/").status_code == 404
    page = cast.client("neighbour").get("/records/new/").content.decode()
    assert ours.name not in page
    stolen = cast.client("neighbour").post("/records/new/", given.typed(tie_programmes=[str(ours.pk)]))
    assert stolen.status_code in (302, 422) and marks() == []
    with pytest.raises(records.Refused):
        records.submit(
            by=cast.scope("neighbour"), organisation=cast.neighbour, key="x", attendance={},
            fields=given.fields(ties={"programmes": [str(ours.pk)]}),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "offered"),
    [
        ({}, True),
        ({"sectors": ["village"]}, True),
        ({"sectors": ["school"]}, False),
        ({"ends_on": date(2026, 11, 1)}, False),
        ({"starts_on": date(2026, 12, 1)}, False),
        ({"ends_on": TODAY}, True),
    ],
)
def test_whom_it_binds_on_a_day(cast: Cast, more: dict[str, object], offered: bool) -> None:
    issued(cast, **more)
    assert bool(binding(cast.branch, TODAY)) is offered


def test_an_edit_moves_the_mark_and_says_so(cast: Cast, programme: Programme) -> None:
    record = given.sent(cast.client("secretary"), tie_programmes=[str(programme.pk)])
    again = given.typed(version="1", tie_programmes=[])
    cast.client("secretary").post(f"/records/{record.number}/edit/", again)
    assert marks() == []
    line = Line.objects.unscoped(WHY).filter(action="records.edit").latest("pk")
    assert line.old["programmes"] == [str(programme.pk)] and line.new["programmes"] == []


def test_a_withdrawn_record_does_not_count(cast: Cast, programme: Programme) -> None:
    record = given.sent(cast.client("secretary"), tie_programmes=[str(programme.pk)])
    records.withdraw(by=cast.scope("secretary"), record=record, reason="重复")
    assert queries.records(cast.scope("officer").doing("programmes.view"), programme).count() == 0


def test_taken_back_and_put_back(cast: Cast, programme: Programme) -> None:
    record = given.sent(cast.client("secretary"), tie_programmes=[str(programme.pk)])
    officer, address = cast.client("officer"), f"/programmes/{programme.pk}/withdraw/"
    assert officer.post(address, {"reason": ""}).status_code == 422
    officer.post(address, {"reason": "文件有误"})
    assert binding(cast.branch, TODAY) == []
    # What was ticked stays ticked when the record is corrected for another reason.
    cast.client("secretary").post(
        f"/records/{record.number}/edit/",
        given.typed(version="1", topic="改题目", tie_programmes=[str(programme.pk)]),
    )
    assert marks() == [(record.number, "")]
    officer.post(address, {"do": "restore"})
    assert len(binding(cast.branch, TODAY)) == 1


def test_refusals(cast: Cast, programme: Programme) -> None:
    with pytest.raises(Unfit):
        issued(cast, ends_on=date(2025, 12, 31))
    with pytest.raises(NotAllowed):
        actions.withdraw(by=cast.scope("committee_officer"), programme=programme, reason="x")
    given.sent(cast.client("secretary"), tie_programmes=[str(programme.pk)])
    told = {"name": "四个一流", "document": "示字1号", "ends_on": None, "text": ""}
    with pytest.raises(Unfit, match="已有记录"):
        actions.change(by=cast.scope("officer"), programme=programme, themes=["甲"], **told)


def test_a_theme_with_records_stays(cast: Cast) -> None:
    themed = issued(cast, themes=["甲", "乙"])
    given.sent(cast.client("secretary"), tie_programmes=[f"{themed.pk}:甲"])
    answer = cast.client("officer").post(
        f"/programmes/{themed.pk}/edit/", {"name": "新名", "document": "文", "themes": "乙"}
    )
    assert answer.status_code == 422 and "这个主题要留着" in answer.content.decode()
    cast.client("officer").post(
        f"/programmes/{themed.pk}/edit/", {"name": "新名", "document": "文", "themes": "甲\n丙"}
    )
    themed = Programme.objects.unscoped(WHY).get(pk=themed.pk)
    assert (themed.name, themed.themes) == ("新名", ["甲", "丙"])


def test_one_that_ends_soon_stands_on_the_month_page(cast: Cast) -> None:
    ending = issued(cast, ends_on=date(2026, 12, 10))
    client = cast.client("secretary")
    assert "还没有记录计入，12 月 10 日结束" in client.get("/duties/month/").content.decode()
    given.sent(client, tie_programmes=[str(ending.pk)])
    assert "还没有记录计入" not in client.get("/duties/month/").content.decode()


def test_hostile_words(cast: Cast) -> None:
    odd = "<script>alert(1)</script>"
    made = issued(cast, name=odd[:60], themes=[odd[:40]], text=odd)
    for who, path in (("officer", f"/programmes/{made.pk}/"), ("secretary", "/records/new/")):
        assert "<script>alert" not in cast.client(who).get(path).content.decode()
    long = {"kind": "programme", "name": "长", "document": "文", "starts_on": "2026-01-01", "themes": "长" * 41}
    assert cast.client("officer").post("/programmes/new/", long).status_code == 422


def test_queries_do_not_grow(cast: Cast, programme: Programme) -> None:
    officer = cast.client("officer")
    officer.get(f"/programmes/{programme.pk}/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        officer.get(f"/programmes/{programme.pk}/")
    for who in ("secretary", "neighbour"):
        given.sent(cast.client(who), tie_programmes=[str(programme.pk)])
    with CaptureQueriesContext(connection) as many:
        officer.get(f"/programmes/{programme.pk}/")
    assert len(many) == len(few)


def test_a_branch_issues_none(cast: Cast) -> None:
    assert cast.client("secretary").get("/programmes/new/").status_code == 403
    assert Organisation.objects.unscoped(WHY).count() == 6
