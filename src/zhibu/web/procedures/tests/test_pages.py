"""Pages: who sees what, what a refusal teaches, nothing is stored by looking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.procedures import actions
from zhibu.web.procedures.models import Case
from zhibu.web.procedures.tests.small import SMALL, begun, entry, fresh, met, rows, written

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OPENED = TODAY - 60 * DAY


@pytest.fixture
def county(cast: Cast, tmp_path) -> Cast:
    written(SMALL, tmp_path)
    return cast


@pytest.fixture
def case(county: Cast) -> Case:
    made = begun(county)
    actions.record_step(by=county.scope("secretary"), case=made, step="ask", entry=entry(OPENED))
    return fresh(made)


def body(cast: Cast, who: str, address: str) -> str:
    answer = cast.client(who).get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_who_sees_the_list(county: Cast, case: Case) -> None:
    for who in ("secretary", "committee_officer", "officer"):
        assert "申请人甲" in body(county, who, "/procedures/?group=")
    assert "申请人甲" not in body(county, "neighbour", "/procedures/?group=")
    for who in ("leader", "member", "auditor"):
        assert county.client(who).get("/procedures/").status_code == 403
    assert county.client("neighbour").get(f"/procedures/{case.pk}/").status_code == 404


def test_groups_follow_whose_turn_it_is(county: Cast, case: Case) -> None:
    assert "现在办 1 件" in body(county, "secretary", "/procedures/")
    assert "等别的组织办 1 件" in body(county, "committee_officer", "/procedures/")
    actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY))
    assert "等别的组织办 1 件" in body(county, "secretary", "/procedures/")
    assert "现在办 1 件" in body(county, "committee_officer", "/procedures/")
    begun(county, opened=TODAY)
    early = begun(county, opened=TODAY)
    actions.record_step(by=county.scope("secretary"), case=early, step="ask", entry=entry(TODAY))
    assert "还不到时候 1 件" in body(county, "secretary", "/procedures/")
    actions.withdraw_case(by=county.scope("secretary"), case=early, reason="不办了")
    assert "已办结 1 件" in body(county, "secretary", "/procedures/")


def test_names_are_for_those_who_may_see_them(county: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sector committee follows the cases of its trade without names; it can't search for them either."""
    from zhibu.web.access.queries import system_scope
    from zhibu.web.organisations import supervision

    supervision.begin(
        by=system_scope(),
        organisation=county.branch,
        superior=county.other_town,
        kind="sector",
        starts_on=TODAY - DAY,
        document="文",
    )
    from zhibu.web.access.actions import appoint
    from zhibu.web.accounts.actions import register

    user, _ = register(username="sector", name="行业", password="支部-pass-1")
    county.posts["sector"] = appoint(
        by=system_scope(), user=user, organisation=county.other_town, role="committee_officer", starts_on=TODAY - DAY
    )
    page = body(county, "sector", "/procedures/?group=")
    assert "小程序" in page
    assert "申请人甲" not in page
    assert "小程序" not in body(county, "sector", "/procedures/?group=&q=申请人甲").split('id="rows"')[1]
    page = body(county, "sector", f"/procedures/{case.pk}/")
    assert "申请人甲" not in page


def test_opening_by_the_form(county: Cast) -> None:
    client = county.client("secretary")
    assert "小程序" in client.get("/procedures/new/").content.decode()
    address = "/procedures/new/?procedure=small"
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"opened": TODAY.isoformat()})
    assert wrong.status_code == 422
    assert "写姓名" in wrong.content.decode()
    right = client.post(address, {"opened": TODAY.isoformat(), "name": "申请人乙", "born_on": "1999-09-09"})
    made = Case.objects.unscoped("t").get()
    assert right["Location"] == f"/procedures/{made.pk}/"
    assert (made.name, str(made.born_on), made.values) == ("申请人乙", "1999-09-09", {})


def test_the_track(county: Cast, case: Case) -> None:
    page = body(county, "secretary", f"/procedures/{case.pk}/")
    assert "下一步：开会表决" in page
    assert "最晚 2026-11-22" in page
    assert "还缺：会议记录" in page
    assert "《小条例》第二条" in page
    assert f"/procedures/{case.pk}/step/meet/" in page
    assert f"/procedures/{case.pk}/step/meet/" not in body(county, "committee_officer", f"/procedures/{case.pk}/")


FORM = {
    "done": TODAY.isoformat(),
    "outcome": "yes",
    "v_kind": "a",
    "vote_due": "8",
    "vote_present": "7",
    "vote_yes": "6",
    "vote_no": "1",
    "p_minutes": "on",
    "pn_minutes": "会 3 号",
}


def test_recording_by_the_form(county: Cast, case: Case) -> None:
    client, address = county.client("secretary"), f"/procedures/{case.pk}/step/meet/"
    page = client.get(address).content.decode()
    assert "应到会有表决权" in page
    assert 'name="pn_letter"' not in page  # the step before made it
    looked = client.post(address, {**FORM, "look": "1"})
    assert "没有不符合的地方" in looked.content.decode()
    assert len(rows(case)) == 1
    done = client.post(address, FORM)
    assert done["Location"] == f"/procedures/{case.pk}/"
    row = rows(case)[1]
    assert row.values == {"kind": "a"}
    assert row.votes["abstain"] == 0
    assert row.papers == [{"id": "minutes", "title": "会议记录", "number": "会 3 号", "on": ""}]
    assert client.post(address, FORM).status_code == 422  # a second click


def test_the_refusal_teaches(county: Cast) -> None:
    early = begun(county, opened=TODAY - DAY)
    actions.record_step(by=county.scope("secretary"), case=early, step="ask", entry=entry(TODAY - DAY))
    answer = county.client("secretary").post(
        f"/procedures/{early.pk}/step/meet/", {**FORM, "vote_yes": "4", "p_minutes": "", "pn_minutes": ""}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("现在还不能记", "最早 2026-12-20 可以办", "会议记录", "《小条例》第二条"):
        assert said in page, said
    assert len(rows(early)) == 1
    missing = county.client("secretary").post(f"/procedures/{early.pk}/step/meet/", {"done": "2026-13-01"})
    assert missing.status_code == 422


@pytest.mark.parametrize(
    "told",
    [
        {"done": "x" * 5000},
        {"outcome": "nothing"},
        {"vote_due": "-1"},
        {"vote_due": "9" * 40},
        {"v_kind": "<script>"},
        {"pd_minutes": "0000-00-00"},
        {"reason": "长" * 400},
        {"vote_yes": "8", "vote_no": "8"},
        {"done": ""},
        {"pn_minutes": "\x00"},
        {"done": "0001-01-01"},
        {"done": "9999-12-31"},
    ],
)
def test_hostile_forms_store_nothing(county: Cast, case: Case, told: dict[str, str]) -> None:
    answer = county.client("secretary").post(f"/procedures/{case.pk}/step/meet/", {**FORM, **told})
    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode().split("<main")[1].replace("<script src", "")
    assert len(rows(case)) == 1


def test_deciding_undoing_and_who_sees_the_way(county: Cast, case: Case) -> None:
    actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY))
    client = county.client("committee_officer")
    address = f"/procedures/{case.pk}/decide/approve/"
    assert county.client("secretary").get(address).status_code == 404
    assert client.get(f"/procedures/{case.pk}/step/approve/").status_code == 404
    assert client.get(address).status_code == 200
    assert client.post(address, {"done": TODAY.isoformat(), "outcome": "yes"}).status_code == 302
    assert "办成了" in body(county, "secretary", f"/procedures/{case.pk}/")
    row = rows(case)[2]
    undo = f"/procedures/{case.pk}/undo/{row.pk}/"
    assert client.post(undo, {"reason": ""}).status_code == 422
    assert client.post(undo, {"reason": "批复写错"}).status_code == 302
    page = body(county, "secretary", f"/procedures/{case.pk}/")
    assert "批复写错" in page
    assert client.get(undo).status_code == 404


def test_moving_and_withdrawing(county: Cast, case: Case) -> None:
    officer = county.client("officer")
    told = {"to": county.neighbour.code, "on": (TODAY - DAY).isoformat(), "reason": "转走"}
    assert county.client("secretary").get(f"/procedures/{case.pk}/move/").status_code == 403
    assert officer.post(f"/procedures/{case.pk}/move/", {**told, "to": "T999"}).status_code == 422
    assert officer.post(f"/procedures/{case.pk}/move/", told).status_code == 302
    assert "时间连续计算" in body(county, "neighbour", f"/procedures/{case.pk}/")
    neighbour = county.client("neighbour")
    assert neighbour.post(f"/procedures/{case.pk}/withdraw/", {"reason": "本人不办了"}).status_code == 302
    assert "本人不办了" in body(county, "neighbour", f"/procedures/{case.pk}/")


def test_the_workbook_and_its_line(county: Cast, case: Case) -> None:
    answer = county.client("secretary").get("/procedures/export/")
    assert answer.content[:2] == b"PK"
    assert Line.objects.unscoped("t").filter(action="procedures.export").count() == 1


def test_the_month_page_shows_what_is_due(county: Cast, case: Case) -> None:
    page = body(county, "secretary", "/duties/month/")
    assert "正在办的事项（1）" in page
    assert "开会表决：申请人甲" in page
    early = begun(county, opened=TODAY, name="早了的")
    actions.record_step(by=county.scope("secretary"), case=early, step="ask", entry=entry(TODAY))
    assert "早了的" not in body(county, "secretary", "/duties/month/")
    assert "正在办的事项" not in body(county, "secretary", "/duties/month/?month=2026-10")


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    b"trailer<</Root 1 0 R/Size 4>>\n%%EOF\n"
)


def taken(cast: Cast, who: str, address: str) -> bytes:
    return b"".join(cast.client(who).get(address).streaming_content)


def test_files_are_optional_and_go_with_the_case(county: Cast, case: Case) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    row = rows(case)[0]
    address = f"/procedures/{case.pk}/files/{row.pk}/"
    client = county.client("secretary")
    assert client.post(address).status_code == 422
    assert client.post(address, {"files": SimpleUploadedFile("申请书.pdf", PDF)}).status_code == 302
    page = body(county, "committee_officer", f"/procedures/{case.pk}/")
    assert "申请书.pdf" in page
    link = page.split(f"{address}")[1].split('"')[0]
    assert taken(county, "committee_officer", address + link).startswith(b"%PDF")
    assert county.client("neighbour").get(address + link).status_code == 404
    told = {"to": county.neighbour, "on": TODAY - DAY, "reason": "转走"}
    actions.move_case(by=county.scope("officer"), case=case, **told)
    assert taken(county, "neighbour", address + link).startswith(b"%PDF")
    assert county.client("secretary").get(address + link).status_code == 404
    assert county.client("neighbour").post(f"{address}{link}remove/").status_code == 302


def test_a_fixed_number_of_queries(county: Cast, case: Case, django_assert_max_num_queries) -> None:
    client = county.client("committee_officer")
    for number in range(12):
        begun(county, name=f"甲{number}")
    with django_assert_max_num_queries(30):
        client.get("/procedures/?group=")
    with django_assert_max_num_queries(40):
        client.get(f"/procedures/{case.pk}/")
