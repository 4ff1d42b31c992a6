"""Who sees what of an appraisal: the branch its names, the superior counts, the member himself, nobody else."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.hostile.pdfs import pdf

from zhibu.web.appraisal import methods, queries, rounds
from zhibu.web.appraisal.models import Appraisal
from zhibu.web.appraisal.tests.given import WHY, archived, begin, counted, decided, lines, told
from zhibu.web.audit.actions import Unfit
from zhibu.web.conftest import Cast
from zhibu.web.core import announce
from zhibu.web.files.queries import attachments
from zhibu.web.members.models import Member
from zhibu.web.personal import standings
from zhibu.web.records.models import Record

pytestmark = pytest.mark.django_db
MIXED = ("excellent",) + ("passed",) * 5 + ("basic", "unfit")
PAGES = ("", "part/", "discuss/", "ballots/", "opinion/", "told/", "public/", "archive/", "tally/", "files/", "record/")


@pytest.mark.parametrize("page", PAGES)
def test_names_and_grades_are_the_branch_s_alone(cast: Cast, page: str) -> None:
    address = f"/appraisal/{begin(cast).pk}/{page}"
    seen = {who: cast.client(who).get(address).status_code for who in cast.posts}
    assert seen == {"secretary": 200, "neighbour": 404} | dict.fromkeys(
        ("officer", "committee_officer", "leader", "member", "auditor"), 403
    )


def test_the_overview_and_the_method(cast: Cast) -> None:
    seen = {who: cast.client(who).get("/appraisal/").status_code for who in cast.posts}
    assert [who for who, status in seen.items() if status == 200] == [
        "officer", "committee_officer", "secretary", "neighbour"
    ]  # fmt: skip
    seen = {who: cast.client(who).get("/appraisal/methods/").status_code for who in cast.posts}
    assert [who for who, status in seen.items() if status == 200] == ["officer", "committee_officer"]


@pytest.mark.mechanism("M035")
def test_the_superior_sees_counts_and_only_the_unfit_by_name(cast: Cast) -> None:
    one = archived(cast, MIXED)
    begin(cast, "neighbour")
    text = cast.client("officer").get("/appraisal/").text
    assert "1/3 个支部已归档" in text and "1 个正在进行，1 个还没有开始" in text
    names = [row.member.name for row in lines(one)]
    assert [name for name in names if name in text] == names[-1:]
    assert "不合格党员组织处置程序" in text
    order = [text.index(place.name) for place in (cast.sister, cast.neighbour, cast.branch)]
    assert order == sorted(order)  # who has not begun first
    found = queries.sums(cast.scope("committee_officer").doing("appraisal.view"), 2026)
    assert found.states == {"none": 1, "doing": 0, "done": 1}
    assert found.grades == [("优秀", 1), ("合格", 5), ("基本合格", 1), ("不合格", 1)]
    assert names[-1] not in cast.client("neighbour").get("/appraisal/").text


def test_the_workbook_has_what_the_page_has_and_no_person(cast: Cast) -> None:
    one = archived(cast, MIXED)
    answer = cast.client("committee_officer").get("/appraisal/export/?year=2026&state=done")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[3][:8] == (cast.branch.name, "已归档", "2026-11-01", "2026-11-21", 1, 5, 1, 1) and len(rows) == 4
    assert not any(row.member.name in str(rows) for row in lines(one))


def test_a_member_sees_the_own_result_once_told_and_nobody_else_s(cast: Cast) -> None:
    one = begin(cast)
    member, other = (row.member for row in lines(one)[:2])
    Member.objects.unscoped(WHY).filter(pk=member.pk).update(user=cast.posts["member"].user)
    page = cast.client("member")
    counted(cast, one, excellent=4, passed=2)
    decided(cast, one, MIXED)
    assert "还没有告知本人的评议结果" in page.get("/appraisal/me/").text
    told(cast, one)
    text = page.get("/appraisal/me/").text
    assert "优秀" in text and "有效 7 张：优秀 4，合格 2，基本合格 0，不合格 0，没有选 1" in text.replace("\n", "")
    assert other.name not in text
    assert "/appraisal/me/" in page.get("/me/").text
    assert "还没有告知" in cast.client("leader").get("/appraisal/me/").text


def test_whose_data_may_not_be_processed_is_on_no_page(cast: Cast) -> None:
    one = archived(cast, MIXED)
    gone = lines(one)[-1].member
    standings.restrict(by=cast.scope("officer"), member=gone)
    assert gone.name not in cast.client("secretary").get(f"/appraisal/{one.pk}/").text
    assert gone.name not in cast.client("officer").get("/appraisal/").text


def test_an_office_words_the_grades_for_those_below_from_a_year_on(cast: Cast) -> None:
    officer = cast.client("officer")
    words = {"word_excellent": "好", "word_passed": "较好", "word_unfit": "差"}
    sent = words | {"from_year": "2026", "basis": "云办 3 号"}
    assert officer.post("/appraisal/methods/", sent | {"word_passed": "好"}).status_code == 422
    assert officer.post("/appraisal/methods/", sent).status_code == 302
    with pytest.raises(Unfit, match="2026 年起的办法已经有了"):
        methods.set_method(by=cast.scope("officer"), from_year=2026, facts={"word_excellent": "x"})
    one, before = begin(cast), begin(cast, "neighbour", year=2025, on=date(2025, 11, 1))
    assert one.grades == {"excellent": "好", "passed": "较好", "unfit": "差"} and one.one_in is None
    assert before.grades["excellent"] == "优秀"
    text = cast.client("secretary").get(f"/appraisal/{one.pk}/ballots/").text
    assert "较好" in text and "basic_" not in text
    kept = methods.methods(cast.scope("officer").doing("appraisal.set")).get()
    assert officer.post(f"/appraisal/methods/{kept.pk}/drop/").status_code == 302
    assert Appraisal.objects.unscoped(WHY).get(pk=one.pk).grades["excellent"] == "好"


def test_the_record_of_the_meeting_and_the_round_find_each_other(cast: Cast) -> None:
    one = begin(cast)
    kept = Record.objects.create(
        organisation=cast.branch, number="2026-000001", types=["life_meeting", "appraisal"], held_on="2026-11-10",
        recorded_on="2026-11-10", recorded_at="2026-11-10T10:00Z", submitted_key="k", topic="年度评议会",
    )  # fmt: skip
    Record.objects.create(
        organisation=cast.branch, number="2026-000002", types=["theme_day"], held_on="2026-11-10",
        recorded_on="2026-11-10", recorded_at="2026-11-10T10:00Z", submitted_key="k2", topic="主题党日",
    )  # fmt: skip
    branch = cast.client("secretary")
    assert "评议结果" in branch.get(f"/records/{kept.number}/").text
    form = branch.get(f"/appraisal/{one.pk}/record/").text
    assert "年度评议会" in form and "主题党日" not in form
    assert branch.post(f"/appraisal/{one.pk}/record/", {"record": str(kept.pk)}).status_code == 302
    assert f"/appraisal/{one.pk}/" in branch.get(f"/records/{kept.number}/").text
    assert f"/records/{kept.number}/" in branch.get(f"/appraisal/{one.pk}/").text


def test_month_page_says_the_next_step_and_an_end_asks_for_the_archive(cast: Cast) -> None:
    one = begin(cast)
    assert "下一步：自评、互评" in cast.client("secretary").get("/duties/month/").text
    assert "没有归档的民主评议 1 次" in announce.remains(cast.branch.pk, one.roster_on)
    rounds.cancel(by=cast.scope("secretary"), appraisal=one, reason="x")
    assert "民主评议" not in "".join(announce.remains(cast.branch.pk, one.roster_on))


def test_papers_are_optional_and_settle_with_the_archive(cast: Cast) -> None:
    one = archived(cast)
    branch, base = cast.client("secretary"), f"/appraisal/{one.pk}/files/"

    def send() -> int:
        return branch.post(base, {"files": SimpleUploadedFile("计票单.pdf", pdf())}).status_code

    assert (branch.post(base).status_code, send()) == (422, 422)
    rounds.reopen(by=cast.scope("secretary"), appraisal=one, reason="补附件")
    assert send() == 302
    paper = attachments(one)[0]
    assert branch.get(f"{base}{paper.key}/").getvalue() == pdf()  # type: ignore[attr-defined]
    assert cast.client("neighbour").get(f"{base}{paper.key}/").status_code == 404
    assert branch.post(f"{base}{paper.key}/remove/").status_code == 302 and not attachments(one)


@pytest.mark.parametrize("page", ["", "ballots/", "opinion/"])
def test_a_page_asks_as_often_for_eight_members_as_for_forty(cast: Cast, page: str) -> None:
    few, many = begin(cast), None
    members = Member.objects.unscoped(WHY).filter(organisation=cast.branch)

    def queries_of(one: Appraisal) -> int:
        client = cast.client("secretary")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/appraisal/{one.pk}/{page}").status_code == 200
        return len(seen)

    first = queries_of(few)
    for number in range(32):
        Member.objects.create(
            organisation=cast.branch, name=f"又{number}", id_number=f"99000119900101{number:04d}",
            born_on="1990-01-01", kind="full", joined_on="2010-01-01",
        )  # fmt: skip
    rounds.enrol(by=cast.scope("secretary"), appraisal=few)
    many = queries_of(few)
    assert members.count() == 40 and many == first


def test_the_overview_asks_as_often_for_one_branch_as_for_many(cast: Cast) -> None:
    def queries_of() -> int:
        client = cast.client("officer")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/appraisal/").status_code == 200
        return len(seen)

    archived(cast, MIXED)
    first = queries_of()
    begin(cast, "neighbour")
    assert queries_of() == first
