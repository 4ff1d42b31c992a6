"""Floating, care, files, roles, rounds, standards and quotas: what a person does, on the pages too."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.burden.models import SentDown
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import ROLES, TODAY, Cast
from zhibu.web.members import away, caring, checks, configuration, papers, quotas, roles, standards
from zhibu.web.members.models import AdmissionQuota, Care, CheckLine, Excused, Floating, Member, MemberRole, RollCheck

pytestmark = pytest.mark.django_db


def first(cast: Cast, place: str = "branch", which: int = 0) -> Member:
    return Member.objects.unscoped("t").filter(organisation=getattr(cast, place)).order_by("pk")[which]


def page(cast: Cast, address: str, who: str = "committee_officer", status: int = 200) -> str:
    response = cast.client(who).get(address)
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


def post(cast: Cast, address: str, told: dict[str, object], who: str = "committee_officer") -> str:
    response = cast.client(who).post(address, told, follow=True)
    assert response.status_code in (200, 422)
    return response.content.decode()


# --- away -----------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("M259")
def test_a_member_goes_away_is_spoken_to_and_comes_back(cast: Cast) -> None:
    member, who = first(cast), "secretary"
    told = {"on": "2026-02-01", "place": "某省某市", "contact": "李书记", "organisation_there": "某街道党工委"}
    assert "已办：登记外出" in post(cast, f"/members/{member.pk}/away/", told, who)
    assert "已登记外出" in post(cast, f"/members/{member.pk}/away/", told, who)
    text = page(cast, "/members/floating/", who)
    assert "某省某市" in text
    assert "满 6 个月没有联系" in text
    post(cast, f"/members/{member.pk}/contact/", {"on": "2026-11-01", "how": "phone", "by_name": "李书记"}, who)
    text = page(cast, "/members/floating/", who)
    assert "满 6 个月没有联系" not in text
    assert "2026" in text and "李书记" in text
    post(cast, f"/members/{member.pk}/back/", {"on": "2026-11-20"}, who)
    assert "没有外出的党员" in page(cast, "/members/floating/", who)
    assert not Member.objects.unscoped("t").get(pk=member.pk).floating


# 教育管理工作条例 24 and 34: six months without contact; a setting may ask for more, never for less.
@pytest.mark.parametrize(
    ("abroad", "last", "says"),
    [
        (False, date(2026, 5, 21), "第二十四条"),
        (False, date(2026, 5, 22), ""),
        (True, date(2026, 5, 21), "每半年至少联系一次"),
        (True, date(2026, 5, 22), ""),
        (False, None, "第二十四条"),
    ],
)
def test_hints_name_their_clause(abroad: bool, last: date | None, says: str) -> None:
    line = Floating(since=date(2026, 5, 1), place="x", abroad=abroad)
    found = "；".join(one for one in away.hints(line, last, TODAY) if "第二十五条" not in one)
    assert says in found if says else found == ""


def test_a_setting_of_days_gives_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Floating(since=date(2026, 8, 1), place="x")
    assert away.hints(line, date(2026, 10, 1), TODAY) == ()
    monkeypatch.setattr(configuration, "contact_days", lambda: 30)
    assert away.hints(line, date(2026, 10, 1), TODAY) == ("超过 30 天没有联系",)


def test_who_is_marked_as_floating_without_a_place_is_on_the_register(cast: Cast) -> None:
    Member.objects.unscoped("t").filter(pk=first(cast).pk).update(floating=True)
    assert "登记外出日期和地点" in page(cast, "/members/floating/")


# --- care -----------------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("M262")
def test_care_is_for_those_who_see_it(cast: Cast) -> None:
    member = first(cast)
    post(cast, f"/members/{member.pk}/need/", {"need": "illness", "on": "2026-10-01"}, "secretary")
    post(
        cast, f"/members/{member.pk}/help/", {"on": "2026-11-02", "what": "陪同就诊", "by_name": "李书记"}, "secretary"
    )
    for who in ("secretary", "committee_officer", "officer"):
        assert "陪同就诊" in page(cast, "/members/care/", who), who
        assert "陪同就诊" in page(cast, f"/members/{member.pk}/", who), who
    assert "陪同就诊" not in page(cast, "/members/care/", "neighbour")
    for who in ("leader", "member", "auditor"):
        page(cast, "/members/care/", who, 403)
    lines = " ".join(f"{one.sentence}{one.old}{one.new}" for one in Line.objects.unscoped("t").all())
    assert "患病" not in lines and "illness" not in lines and member.name not in lines
    need = Care.objects.unscoped("t").get()
    assert "已结束" in post(cast, f"/members/needs/{need.pk}/end/", {"on": "2026-11-20"}, "secretary")
    assert member.name not in page(cast, "/members/care/", "secretary")


def test_care_of_another_branch_is_not_there(cast: Cast) -> None:
    need = caring.note_need(by=cast.scope("officer"), member=first(cast, "neighbour"), need="work", on=TODAY)
    for address in (f"/members/{first(cast, 'neighbour').pk}/need/", f"/members/needs/{need.pk}/end/"):
        assert cast.client("secretary").post(address, {"need": "work", "on": "2026-11-21"}).status_code == 404
    with pytest.raises(NotAllowed):
        caring.end_need(by=cast.scope("secretary"), need=need, on=TODAY)


@pytest.mark.mechanism("M261")
def test_an_exemption_has_its_reason_and_marks_the_frail(cast: Cast) -> None:
    old, retired = first(cast), first(cast, which=1)
    post(cast, f"/members/{old.pk}/excuse/", {"why": "old", "on": "2026-01-01"}, "secretary")
    post(cast, f"/members/{retired.pk}/excuse/", {"why": "retired", "on": "2026-01-01"}, "secretary")
    frail = Member.objects.unscoped("t").filter(frail=True)
    assert [one.pk for one in frail] == [old.pk]  # retirement alone is none of the reasons of article 23
    text = page(cast, "/members/excused/", "secretary")
    assert "年老体弱" in text and "离退休" in text
    line = Excused.objects.unscoped("t").get(member=old)
    post(cast, f"/members/excused/{line.pk}/end/", {"on": "2026-11-20"}, "secretary")
    assert not frail.all().exists()


# --- files, roles ---------------------------------------------------------------------------------------------------


@pytest.mark.mechanism("M258")
def test_a_file_is_checked_against_the_list(cast: Cast) -> None:
    member = first(cast)
    text = page(cast, f"/members/{member.pk}/papers/", "secretary")
    assert "入党志愿书" in text and "政治审查材料（待核对）" in text
    post(
        cast,
        f"/members/{member.pk}/papers/",
        {"papers": "application", "place": "镇党委", "on": "2026-11-20"},
        "secretary",
    )
    text = page(cast, f"/members/{member.pk}/", "secretary")
    assert (
        "缺转正申请书" in text and "存放在镇党委" in text and "缺政治审查" not in text
    )  # a draft is demanded of nobody
    told = {"papers": ["application", "probation"], "place": "镇党委", "on": "2026-11-21"}
    post(cast, f"/members/{member.pk}/papers/", told, "secretary")
    assert papers.of(member).complete
    row = papers.register(cast.scope("committee_officer").doing("members.view"))[0]
    assert (row.members, row.checked, row.complete, len(row.lacking)) == (8, 1, 1, 0)


def test_the_list_of_papers_is_the_installations(tmp_path, settings) -> None:
    settings.HOME = tmp_path
    (tmp_path / "members.yaml").write_text(
        "papers: {card: {word: 登记表, source: 县规定, grade: local}}\nletter_days: 60\n"
    )
    assert "card" in [one.key for one in configuration.papers()]
    assert configuration.letter_days() == 60
    for wrong in ("letter_days: 0", "letter_days: x", "strange: 1", "papers: {a: {word: b}}", "[1]"):
        (tmp_path / "members.yaml").write_text(wrong)
        with pytest.raises(Exception, match=r"members\.yaml"):
            (configuration.papers(), configuration.letter_days())


@pytest.mark.mechanism("M267")
def test_a_member_keeps_the_own_roles_and_so_does_the_secretary(cast: Cast) -> None:
    member = first(cast)
    member.user = cast.posts["member"].user
    member.save()
    post(cast, "/me/roles/", {"kind": "commitment", "what": "每周清扫村道", "on": "2026-11-01"}, "member")
    post(cast, f"/members/{member.pk}/role/", {"kind": "badge", "what": "便民窗口", "on": "2026-11-01"}, "secretary")
    text = page(cast, "/me/roles/", "member")
    assert "每周清扫村道" in text and "便民窗口" in text
    other = roles.note(by=cast.scope("officer"), member=first(cast, which=1), kind="post", what="岗", on=TODAY)
    assert cast.client("member").post(f"/me/roles/{other.pk}/end/").status_code == 404
    own = MemberRole.objects.unscoped("t").get(kind="commitment")
    assert "已结束" in post(cast, f"/me/roles/{own.pk}/end/", {}, "member")
    assert "没有和党员名册里的人对上" in page(cast, "/me/roles/", "auditor")


@pytest.mark.mechanism("M265")
def test_posts_with_a_badge_are_a_list_inside(cast: Cast) -> None:
    roles.note(by=cast.scope("officer"), member=first(cast), kind="badge", what="税务窗口", on=TODAY)
    roles.note(by=cast.scope("officer"), member=first(cast), kind="team", what="防汛队", on=TODAY)
    text = page(cast, "/members/roles/?state=badge")
    assert "税务窗口" in text and "防汛队" not in text
    assert "税务窗口" not in page(cast, "/members/roles/", "neighbour")


# --- rounds ---------------------------------------------------------------------------------------------------------


def open_round(cast: Cast) -> RollCheck:
    return checks.open_(by=cast.scope("committee_officer"), organisation=cast.town, title="集中排查", on=TODAY,
                        due_on=TODAY + timedelta(days=30), document="镇〔2026〕3 号")  # fmt: skip


@pytest.mark.mechanism("M260")
def test_a_round_is_answered_member_by_member(cast: Cast) -> None:
    told = {
        "organisation": cast.town.code,
        "title": "集中排查",
        "on": "2026-11-21",
        "due_on": "2026-12-21",
        "document": "文",
    }
    officer = cast.client("committee_officer")
    assert officer.post("/checks/new/", told).status_code == 422  # without minutes
    assert send(officer, "/checks/new/", told, 30).status_code == 302
    assert "还有没结束的排查" in send(officer, "/checks/new/", told).content.decode()
    sent = SentDown.objects.unscoped("t").get()
    assert (sent.units, sent.minutes, sent.times(2026, range(12, 13))) == (2, 30, 1)
    assert "确认名单：集中排查" in page(cast, "/duties/month/", "secretary")
    check = RollCheck.objects.unscoped("t").get()
    sheet = checks.sheets(cast.scope("secretary").doing("checks.view")).get()
    lines = list(CheckLine.objects.unscoped("t").filter(sheet=sheet).order_by("pk"))
    assert len(lines) == 8
    filled = {f"m{one.pk}-state": "here" for one in lines[1:]}
    assert "还有人没填" in post(cast, f"/checks/lists/{sheet.pk}/", filled, "secretary")
    filled |= {f"m{lines[0].pk}-state": "lost", f"m{lines[0].pk}-last_contact_on": "2026-04-01"}
    assert "名单已确认" in post(cast, f"/checks/lists/{sheet.pk}/", filled, "secretary")
    text = page(cast, f"/checks/{check.pk}/")
    assert "支部 1/2 已确认，党员 8/16 已填，1 人有差异" in text
    assert "失去联系，最后联系" in text
    assert Member.objects.unscoped("t").filter(left_on__isnull=False).count() == 0  # nothing follows by itself
    assert "可以再改" in post(cast, f"/checks/lists/{sheet.pk}/undo/", {}, "secretary")
    assert "排查已结束" in post(cast, f"/checks/{check.pk}/close/", {})
    assert "已于" in post(cast, f"/checks/lists/{sheet.pk}/", filled, "secretary")


def test_a_round_opened_by_mistake_costs_nobody_anything(cast: Cast) -> None:
    by = cast.scope("committee_officer")
    told = {"organisation": cast.town, "on": TODAY, "due_on": TODAY, "document": "文", "minutes": 30}
    for title in ("开错", "真做"):
        check = checks.open_(by=by, title=title, **told)
        if title == "真做":
            sheet = checks.sheets(cast.scope("secretary").doing("checks.answer")).get(check_round=check)
            states = {one.pk: ("here", None) for one in CheckLine.objects.unscoped("t").filter(sheet=sheet)}
            checks.answer(by=cast.scope("secretary"), sheet=sheet, states=states, on=TODAY)
        checks.close(by=by, check=check, on=TODAY)
    asked = SentDown.objects.unscoped("t").order_by("pk").values_list("title", "withdrawn_on")
    assert list(asked) == [("开错", TODAY), ("真做", None)]


def test_a_round_shows_each_branch_its_own_list(cast: Cast) -> None:
    check = open_round(cast)
    text = page(cast, f"/checks/{check.pk}/", "secretary")
    assert cast.branch.name in text and cast.sister.name not in text
    page(cast, f"/checks/{check.pk}/", "neighbour", 404)
    sheet = checks.sheets(cast.scope("officer").doing("checks.view")).get(organisation=cast.sister)
    page(cast, f"/checks/lists/{sheet.pk}/", "secretary", 404)


def test_the_answers_name_only_members_of_the_list(cast: Cast) -> None:
    open_round(cast)
    sheet = checks.sheets(cast.scope("secretary").doing("checks.answer")).get()
    one = CheckLine.objects.unscoped("t").filter(sheet=sheet)[0]
    other = CheckLine.objects.unscoped("t").exclude(sheet=sheet)[0]
    for states in (
        {other.pk: ("here", None)},
        {one.pk: ("here", TODAY)},
        {one.pk: ("lost", TODAY + timedelta(days=1))},
    ):
        with pytest.raises(Unfit):
            checks.answer(by=cast.scope("secretary"), sheet=sheet, states=states, on=TODAY)


# --- standards, quotas ----------------------------------------------------------------------------------------------


@pytest.mark.mechanism("M263")
def test_a_standard_has_versions_and_holds_below(cast: Cast) -> None:
    told = {
        "organisation": cast.town.code,
        "kind": "standard",
        "title": "农村党员标准",
        "text": "带头\n\n 互助 ",
        "on": "2026-11-01",
        "basis": "党委会",
    }
    assert "第 1 版" in post(cast, "/standards/new/", told)
    assert "第 2 版" in post(cast, "/standards/new/", told | {"text": "带头致富", "on": "2026-11-20"})
    old, new = (standards.in_force(cast.branch, "standard", day) for day in (date(2026, 11, 19), TODAY))
    assert old and new and (old.items, new.items) == (["带头", "互助"], ["带头致富"])
    assert standards.in_force(cast.neighbour, "standard", TODAY) is None
    assert "带头致富" in page(cast, f"/members/{first(cast).pk}/", "secretary")
    assert "一行一条" in post(cast, "/standards/new/", told | {"text": "长" * 101})
    assert "不能更早" in post(cast, "/standards/new/", told | {"on": "2026-10-01"})


@pytest.mark.mechanism("M264")
def test_a_yardstick_is_empty_until_an_office_enters_its_items(cast: Cast) -> None:
    assert standards.in_force(cast.branch, "yardstick", TODAY) is None
    told = {
        "organisation": cast.town.code,
        "kind": "yardstick",
        "title": "标尺",
        "text": "甲\n乙",
        "on": "2026-11-01",
        "basis": "文",
    }
    post(cast, "/standards/new/", told)
    found = standards.in_force(cast.branch, "yardstick", TODAY)
    assert found and found.items == ["甲", "乙"]


# 35 and below: not yet 36 on the day of admission. An unknown education does not count.
@pytest.mark.parametrize(
    ("measure", "education", "born", "says"),
    [
        ("young", "", date(1990, 11, 22), True),
        ("young", "", date(1990, 11, 21), False),
        ("young", "", date(1992, 2, 29), True),
        ("schooled", "高中", date(1960, 1, 1), True),
        ("schooled", "中专", date(1960, 1, 1), True),
        ("schooled", "大学本科", date(1960, 1, 1), True),
        ("schooled", "初中", date(1960, 1, 1), False),
        ("schooled", "", date(1960, 1, 1), False),
    ],
)
def test_who_counts(measure: str, education: str, born: date, says: bool) -> None:
    assert quotas.counts(measure, education, born, TODAY) is says


@pytest.mark.parametrize(
    ("numerator", "denominator", "share", "met"),
    [
        (0, 0, None, None),
        (1, 2, "50.0", True),
        (499, 1000, "49.9", False),
        (4999, 10000, "49.9", False),
        (2, 3, "66.6", True),
    ],
)
def test_a_share_is_never_rounded_up(numerator: int, denominator: int, share: str | None, met: bool | None) -> None:
    meter = quotas.Meter(AdmissionQuota(percent=Decimal(50)), numerator, denominator)
    assert (meter.share, meter.met) == (share and Decimal(share), met)


@pytest.mark.mechanism("M256")
def test_what_if_before_anybody_is_admitted(cast: Cast) -> None:
    told = {
        "organisation": cast.town.code,
        "year": 2026,
        "measure": "schooled",
        "percent": "50",
        "rural": "on",
        "basis": "文",
    }
    assert "指标已设定" in post(cast, "/quotas/new/", told)
    assert "还没有发展" in page(cast, "/quotas/")
    rows = Member.objects.unscoped("t").filter(pk=first(cast).pk)
    rows.update(joined_on=date(2026, 5, 1), education="初中")
    assert "0.0%，还没有达到" in page(cast, "/quotas/")
    quota = AdmissionQuota.objects.unscoped("t").get()
    form = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0, "form-0-education": "本科", "form-0-born_on": "2000-01-01"}
    before = Line.objects.unscoped("t").count()
    text = post(cast, f"/quotas/{quota.pk}/if/", form)
    assert "能达到" in text and "1/2，50.0%" in text
    assert "达不到" in post(
        cast, f"/quotas/{quota.pk}/if/", form | {"form-1-education": "小学", "form-1-born_on": "2000-01-01"}
    )
    assert Line.objects.unscoped("t").count() == before  # nothing was written
    assert Member.objects.unscoped("t").filter(education="本科").count() == 0


@pytest.mark.parametrize("bad", [{"form-TOTAL_FORMS": "x"}, {}, {"form-TOTAL_FORMS": 10**6, "form-INITIAL_FORMS": 0}])
def test_a_broken_form_is_told(cast: Cast, bad: dict[str, object]) -> None:
    quota = quotas.set_(by=cast.scope("officer"), organisation=cast.town, year=2026, measure="young", rural=True,
                        percent=Decimal(50), basis="文", on=TODAY)  # fmt: skip
    assert cast.client("officer").post(f"/quotas/{quota.pk}/if/", bad).status_code in (200, 422)


# --- pages ----------------------------------------------------------------------------------------------------------

LEDGERS = ("floating", "transfers", "papers", "roles", "as-of", "care", "excused")


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("name", LEDGERS)
def test_the_cast(cast: Cast, who: str, name: str) -> None:
    expected = 200 if who in ("officer", "committee_officer", "secretary") else 403
    for address in (reverse(name), reverse(f"{name}-export")):
        assert cast.client(who).get(address).status_code == expected


@pytest.mark.parametrize("name", LEDGERS)
@pytest.mark.parametrize("query", ["?state=%27&on=9999-99-99&page=-1", "?on=0001-01-01", "?state=<script>", "?on=%00"])
def test_hostile_words(cast: Cast, name: str, query: str) -> None:
    assert "<script>" not in page(cast, reverse(name) + query)
    assert cast.client("secretary").get(reverse(name), {"org": cast.neighbour.code}).status_code == 404


def test_a_workbook_is_the_page(cast: Cast) -> None:
    roles.note(by=cast.scope("officer"), member=first(cast), kind="team", what="=cmd()", on=TODAY)
    response = cast.client("secretary").get("/members/roles/export/")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet["D4"].value == "=cmd()"
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert Line.objects.unscoped("t").filter(action="members.export").get().new["rows"] == 1


def test_the_roster_of_a_day(cast: Cast) -> None:
    member = first(cast)
    Member.objects.unscoped("t").filter(pk=member.pk).update(left_on=date(2026, 3, 1))
    assert member.name in page(cast, "/members/as-of/?on=2026-03-01", "secretary")
    assert f">{member.name}<" not in page(cast, "/members/as-of/?on=2026-03-02", "secretary")


def test_the_page_of_a_member_offers_what_the_post_may_do(cast: Cast) -> None:
    member = first(cast)
    town, branch = (page(cast, f"/members/{member.pk}/", who) for who in ("committee_officer", "secretary"))
    assert "转出组织关系" in town and "转出组织关系" not in branch
    assert "登记外出" in branch and "登记返回" not in branch
    page(cast, f"/members/{first(cast, 'neighbour').pk}/", "secretary", 404)


def test_a_new_member_by_the_form(cast: Cast) -> None:
    told = {
        "organisation": cast.branch.code,
        "way": "admit",
        "name": "新来的",
        "id_number": "990001199001010037",
        "on": "2026-11-20",
    }
    from zhibu.web.members.identity import check_character

    told["id_number"] = told["id_number"][:17] + check_character(told["id_number"][:17])
    assert "已登记：新来的" in post(cast, "/members/new/", told)
    assert "填写转出的党组织" in post(cast, "/members/new/", told | {"way": "arrive"})
    assert "没有代码为" in post(cast, "/members/new/", told | {"organisation": cast.neighbour.code})


def test_a_transfer_by_the_forms(cast: Cast) -> None:
    member = first(cast)
    told = {"to": cast.neighbour.code, "letter": "介 7", "on": "2026-11-10", "valid_until": "2026-11-15"}
    assert "没有代码为 X1" in post(cast, f"/members/{member.pk}/send/", told | {"to": "X1"})
    assert "已办：转出组织关系" in post(cast, f"/members/{member.pk}/send/", told)
    text = page(cast, "/members/transfers/")
    assert "11" in text and "（已过）" in text
    from zhibu.web.members.models import Transfer

    transfer = Transfer.objects.unscoped("t").get()
    assert "由石门镇柳树村党支部或其上级办理" in post(
        cast, f"/members/transfers/{transfer.pk}/receive/", {"on": "2026-11-20"}
    )
    assert "已接收" in post(cast, f"/members/transfers/{transfer.pk}/receive/", {"on": "2026-11-20"}, "officer")
    assert member.name in page(cast, "/members/transfers/?state=received", "officer")
