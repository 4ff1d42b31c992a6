"""Whole numbers: with a reason, within limits, with a line, seen by the member; never by somebody outside."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection

from zhibu.web.approvals.models import Approval, State
from zhibu.web.audit.models import Line
from zhibu.web.conftest import ROLES, Cast
from zhibu.web.core import sealed
from zhibu.web.members import limits, looking
from zhibu.web.members.models import Look, Member, Seen

pytestmark = pytest.mark.django_db
OPENS = ("officer", "committee_officer", "secretary")
WHY = {"why": "look_dues", "more": "核对二季度"}


def one_of(cast: Cast, place: str = "branch") -> Member:
    return Member.objects.unscoped("t").filter(organisation=getattr(cast, place)).order_by("pk")[0]


def lines(action: str) -> list[Line]:
    return list(Line.objects.unscoped("t").filter(action=action, outcome="done").order_by("pk"))


def opened(cast: Cast, who: str = "secretary", member: Member | None = None, **given: str):
    member = member or one_of(cast)
    return cast.client(who).post(f"/members/{member.pk}/number/", {"what": "id_number"} | WHY | given)


@pytest.mark.parametrize("who", ROLES)
def test_who_opens_a_number(cast: Cast, who: str) -> None:
    member = one_of(cast)
    answer = opened(cast, who)
    assert answer.status_code == (200 if who in OPENS else 403)
    assert (member.id_number in answer.content.decode()) == (who in OPENS)
    assert len(lines("members.unmask")) == Look.objects.count() == (1 if who in OPENS else 0)


@pytest.mark.parametrize("who", ["secretary", "committee_officer"])
def test_the_neighbours_member_is_not_found(cast: Cast, who: str) -> None:
    assert opened(cast, who, one_of(cast, "neighbour")).status_code == 404
    assert opened(cast, who, Member(pk=999_999)).status_code == 404
    assert not Look.objects.exists()


def test_it_needs_a_reason_and_leaves_a_line_without_the_number(cast: Cast) -> None:
    member = one_of(cast)
    for given in ({"why": ""}, {"why": "nonsense"}, {"why": "look_other", "more": "x"}, {"what": "born_on"}):
        answer = opened(cast, **given)
        assert answer.status_code == 422
        assert member.id_number not in answer.content.decode()
    answer = opened(cast, what="phone")
    page = answer.content.decode()
    assert member.phone in page and member.id_number not in page
    assert "no-store" in answer["Cache-Control"]
    assert member.phone not in cast.client("secretary").get(f"/members/{member.pk}/number/").content.decode()
    (line,) = lines("members.unmask")
    assert line.sentence == "查看手机号码：收缴党费：核对二季度"
    assert (line.thing_id, line.organisation_name) == (str(member.pk), member.organisation.name)
    assert member.phone not in str(line.new)


def test_the_member_sees_who_looked_and_why(cast: Cast) -> None:
    member, other = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk")[:2]
    member.user = cast.posts["member"].user
    member.save()
    assert "没有人看过" in cast.client("member").get("/me/").content.decode()
    opened(cast, "committee_officer", member, why="look_other", more="补办党员证")
    opened(cast, "secretary", other, more="与我无关")
    page = cast.client("member").get("/me/").content.decode()
    assert "大营镇委员会·党委组织干事" in page and "其他：补办党员证" in page
    assert "与我无关" not in page


def test_a_limit_per_person_and_day(cast: Cast, settings) -> None:
    settings.NUMBERS = settings.NUMBERS | {"opened": 2}
    assert [opened(cast).status_code for _ in range(3)] == [200, 200, 429]
    last = opened(cast)
    assert one_of(cast).id_number not in last.content.decode()
    assert "24 小时内的次数用完了" in last.content.decode()
    assert [line.new["shown"] for line in lines("members.unmask")] == [True, True, False, False]
    assert opened(cast, "officer").status_code == 200  # another person's count is another's
    Look.objects.update(at="2026-01-01T00:00:00Z")
    assert opened(cast).status_code == 200


def test_find_by_the_exact_number_only(cast: Cast) -> None:
    member, client = one_of(cast), cast.client("secretary")
    for number in (member.id_number, f" {member.id_number[:6]} {member.id_number[6:]}", member.phone):
        page = client.post("/members/find/", {"number": number}).content.decode()
        assert member.name in page and member.id_number not in page and member.phone not in page
    for number in (one_of(cast, "neighbour").id_number, member.id_number[:-1], member.phone[:-1] + "x"):
        assert member.name not in client.post("/members/find/", {"number": number}).content.decode()
    for number in ("", "12", "曾小明", "x" * 5000, "%", "\x00", "9" * 30):
        assert client.post("/members/find/", {"number": number}).status_code == 422
    assert {line.sentence for line in lines("members.find")} == {"按号码查找党员：1 人", "按号码查找党员：0 人"}
    assert member.id_number not in str([line.new for line in lines("members.find")])


def test_a_mask_can_not_be_guessed_by_searching(cast: Cast, settings) -> None:
    settings.NUMBERS = settings.NUMBERS | {"found": 3}
    client = cast.client("secretary")
    tried = [client.post("/members/find/", {"number": f"139{n:08d}"}).status_code for n in range(5)]
    assert tried == [200, 200, 200, 429, 429]
    assert len(lines("members.find")) == 5


def test_a_number_in_the_address_is_not_searched_and_the_way_is_shown(cast: Cast) -> None:
    member = one_of(cast)
    page = cast.client("secretary").get(f"/members/?q={member.id_number}").content.decode()
    assert "按号码查找" in page and member.name not in page


# --- damaged rows ------------------------------------------------------------------------------------------------


def damage(cast: Cast, how: str) -> Member:
    """Straight in the table, as somebody with the database would."""
    first, second = Member.objects.unscoped("t").filter(organisation=cast.branch).order_by("pk")[:2]
    texts = {
        "edited": first.id_sealed[:-4] + "AAA=", "cut": first.id_sealed[:40], "plain": "990001198001019999",
        "other row": second.id_sealed, "other column": first.phone_sealed,
        "no such key": first.id_sealed.replace("ktest", "kgone"),
    }  # fmt: skip
    Member.objects.unscoped("t").filter(pk=first.pk).update(id_sealed=texts[how])
    return first


@pytest.mark.parametrize("how", ["edited", "cut", "plain", "other row", "other column", "no such key"])
def test_damage_is_told_in_words_and_breaks_no_page(cast: Cast, how: str) -> None:
    member = damage(cast, how)
    client = cast.client("secretary")
    page = client.get("/members/").content.decode()
    assert "有号码不能显示" in page and "无法显示" in page and "990001198001019999" not in page
    assert page.count('data-label="身份号码"') == 8  # the others are there
    answer = client.post(f"/members/{member.pk}/number/", {"what": "id_number"} | WHY)
    assert answer.status_code == 409 and "号码没能显示" in answer.content.decode()
    assert not Look.objects.exists()
    assert client.get("/members/export/").status_code == 200
    book = client.post("/members/numbers/", WHY)
    cells = [cell.value for row in openpyxl.load_workbook(io.BytesIO(book.content)).active for cell in row]
    assert "无法显示" in cells
    member.user = cast.posts["member"].user
    Member.objects.unscoped("t").filter(pk=member.pk).update(user=member.user)
    assert "无法显示" in cast.client("member").get("/me/").content.decode()


def test_a_row_whose_number_is_already_there_is_refused(cast: Cast) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        twin = one_of(cast)
        twin.pk, twin.row_key = None, None
        Member.objects.create(
            organisation=cast.neighbour, name="重复", id_number=one_of(cast).id_number, born_on="1980-01-01",
            kind="full", joined_on="2000-01-01",
        )  # fmt: skip


# --- exports -----------------------------------------------------------------------------------------------------


def cells_of(answer) -> list[object]:
    return [cell.value for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active for cell in row]


def test_a_few_numbers_go_out_with_a_reason(cast: Cast) -> None:
    member, client = one_of(cast), cast.client("secretary")
    assert client.post("/members/numbers/").status_code == 422
    answer = client.post("/members/numbers/", WHY)
    assert answer["Content-Disposition"].startswith("attachment")
    cells = cells_of(answer)
    assert member.id_number in cells and member.phone in cells
    assert one_of(cast, "neighbour").id_number not in cells
    (line,) = lines("members.export_numbers")
    assert line.new == {"rows": 8, "reason": "收缴党费：核对二季度", "approved": False}
    assert Seen.objects.count() == 8


@pytest.fixture
def few(settings):
    settings.NUMBERS = settings.NUMBERS | {"exported_alone": 10}


def test_pieces_add_up_to_one_whole(cast: Cast, few: None) -> None:
    """Eight and eight are more than ten: the second piece needs a second person."""
    client = cast.client("committee_officer")
    first = client.post(f"/members/numbers/?org={cast.branch.code}", WHY)
    assert first["Content-Type"].startswith("application/vnd")
    second = client.post(f"/members/numbers/?org={cast.sister.code}", WHY)
    assert second.status_code == 302 and second["Location"].startswith("/approvals/")
    assert Look.objects.filter(kind="export").count() == 1


def test_more_than_a_hundred_can_never_be_set(settings) -> None:
    settings.NUMBERS = settings.NUMBERS | {"exported_alone": 100_000}
    assert limits.alone() == 100


def asked(cast: Cast) -> Approval:
    cast.client("committee_officer").post("/members/numbers/", WHY)
    return Approval.objects.unscoped("t").get()


def test_more_need_a_second_person_and_go_out_once(cast: Cast, few: None) -> None:
    request, client = asked(cast), cast.client("committee_officer")
    take = f"/members/numbers/{request.pk}/"
    assert client.post(take).status_code == 302  # not approved yet
    assert client.post(f"/approvals/{request.pk}/", {"do": "approve"}).status_code == 302  # by the asker: refused
    assert Approval.objects.unscoped("t").get().state == State.ASKED
    cast.client("officer").post(f"/approvals/{request.pk}/", {"do": "approve"})
    answer = client.post(take)
    assert one_of(cast).id_number in cells_of(answer) and one_of(cast, "sister").phone in cells_of(answer)
    assert one_of(cast, "neighbour").id_number not in cells_of(answer)
    again = client.post(take, follow=True)
    assert "已经使用过一次" in again.content.decode()
    assert [line.new["approved"] for line in lines("members.export_numbers")] == [True]
    steps = Line.objects.unscoped("t").filter(action__startswith="approvals.", outcome="done").order_by("pk")
    assert [line.action for line in steps] == ["approvals.ask", "approvals.decide", "approvals.take"]


def test_who_left_the_reach_meanwhile_is_not_in_it(cast: Cast, few: None) -> None:
    """W30: the rights of the download are looked at when it is downloaded."""
    request = asked(cast)
    cast.client("officer").post(f"/approvals/{request.pk}/", {"do": "approve"})
    gone, stays = one_of(cast), one_of(cast, "sister")
    Member.objects.unscoped("t").filter(pk=gone.pk).update(organisation=cast.neighbour)
    fresh = Member(
        organisation=cast.branch, name="新来", id_number="990001199001010037", born_on="1990-01-01", kind="full",
        joined_on="2015-01-01",
    )  # fmt: skip
    fresh.save()
    cells = cells_of(cast.client("committee_officer").post(f"/members/numbers/{request.pk}/"))
    assert stays.id_number in cells
    assert gone.id_number not in cells and fresh.id_number not in cells


def test_an_ended_post_downloads_nothing(cast: Cast, few: None) -> None:
    request = asked(cast)
    cast.client("officer").post(f"/approvals/{request.pk}/", {"do": "approve"})
    post = cast.posts["committee_officer"]
    post.ends_on = "2026-11-20"
    post.save()
    assert cast.client("committee_officer").post(f"/members/numbers/{request.pk}/").status_code in (302, 403)
    assert not lines("members.export_numbers")
    assert cast.client("officer").post(f"/members/numbers/{request.pk}/").status_code == 404  # not theirs to use


# --- nothing in the database -------------------------------------------------------------------------------------


def test_no_table_holds_a_number(cast: Cast) -> None:
    """After looking, finding and exporting: every column of every table."""
    member, client = one_of(cast), cast.client("secretary")
    opened(cast)
    client.post("/members/find/", {"number": member.id_number})
    client.post("/members/numbers/", WHY)
    canaries = [number for row in Member.objects.unscoped("t") for number in (row.id_number, row.phone)]
    assert len(canaries) == 48
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            held = str(cursor.fetchall())
            assert not [number for number in canaries if number in held], table


def test_sealed_is_bound_to_its_row(cast: Cast) -> None:
    member = one_of(cast)
    field = Member._meta.get_field("id_sealed")
    assert field.context(member) == f"members.member.id_sealed:{member.row_key}"
    assert sealed.stored_as(Member, "phone") == ("phone_sealed", "phone_digest")
    assert sealed.stored_as(Member, "name") == ("name",)


def test_the_facts_of_the_engine_need_no_number(cast: Cast) -> None:
    from django.test.utils import CaptureQueriesContext

    from zhibu.web.pipeline.facts import tables

    with CaptureQueriesContext(connection) as said:
        tables()
    assert not [
        one["sql"] for one in said if "_sealed" in one["sql"] or "_digest" in one["sql"] or "row_key" in one["sql"]
    ]


def test_refused_looks_are_refused_before_the_number_is_opened(cast: Cast, settings, monkeypatch) -> None:
    settings.NUMBERS = settings.NUMBERS | {"opened": 0}
    monkeypatch.setattr(looking.numbers, "whole", lambda *_: pytest.fail("the number was opened"))
    assert opened(cast).status_code == 429


def test_without_keys_nothing_is_lost_and_the_page_says_so(cast: Cast, settings, monkeypatch) -> None:
    """A write that must seal: the import, the find. No 500, nothing half done."""
    settings.KEYS = "{"
    client = cast.client("secretary")
    answer = client.post("/members/find/", {"number": "990001198001010012"})
    assert answer.status_code == 503
    assert "密钥环" in answer.content.decode() and "没有保存" in answer.content.decode()
    assert not Look.objects.exists() and not lines("members.find")
