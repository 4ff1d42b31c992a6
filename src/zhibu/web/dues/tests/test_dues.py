"""党费: bases and sums, ticking off, undo, reliefs in two steps, arrears, hand-in, uses, the account, who sees what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.dues import actions, queries
from zhibu.web.dues.models import Base, HandIn, PayerKind, Payment, Purpose, Relief, Use
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.personal.models import Standing
from zhibu.web.regulations import dues

pytestmark = pytest.mark.django_db
NOV = date(2026, 11, 1)


def people(branch: Organisation) -> list[Member]:
    return list(Member.objects.unscoped("t").filter(organisation=branch).order_by("pk"))


def rated(cast: Cast, amount: str = "4200", since: date = NOV, kind: str = "monthly") -> list[Member]:
    found = people(cast.branch)
    for one in found:
        actions.set_base(by=cast.scope("secretary"), member=one, since=since, kind=kind, amount=Decimal(amount))
    return found


def collect(cast: Cast, *members: Member, month: date = NOV, **more: object) -> list[Payment]:
    due = {one.pk: [month] for one in members}
    return actions.collect(by=cast.scope("secretary"), branch=cast.branch, due=due, paid_on=TODAY, **more)


def listing(cast: Cast, month: date = NOV) -> queries.Listing:
    return queries.listing(cast.scope("secretary").doing("dues.members"), cast.branch, month)


def test_the_words_are_those_of_the_table() -> None:
    table = dues.table(TODAY)
    assert set(PayerKind.values) == set(table.rates)
    assert set(Purpose.values) == set(table.uses)


@pytest.mark.mechanism("M268")
def test_ticking_off_a_month(cast: Cast) -> None:
    members = rated(cast)
    secretary = cast.client("secretary")
    assert secretary.get("/dues/")["Location"] == f"/dues/{cast.branch.code}/"
    page = secretary.get(f"/dues/{cast.branch.code}/").content.decode()
    assert "已收 0/8" in page and "42.00 元" in page
    form = {"members": [one.pk for one in members[:6]], "paid_on": "2026-11-21", "way": "cash"}
    page = secretary.post(f"/dues/{cast.branch.code}/collect/", form, follow=True).content.decode()
    assert "已收 6/8" in page and "收下 6 人 252.00 元" in page
    assert len({one.receipt for one in Payment.objects.unscoped("t")}) == 6
    again = secretary.post(f"/dues/{cast.branch.code}/collect/", form, follow=True).content.decode()
    assert "已收 6/8" in again and "6 人别人已经收过" in again
    line = Line.objects.unscoped("t").filter(action="dues.collect").earliest("pk")
    assert line.new == {"rows": 6, "amount": "252.00"} and line.happened_on == TODAY


def test_nothing_ticked_teaches(cast: Cast) -> None:
    rated(cast)
    answer = cast.client("secretary").post(
        f"/dues/{cast.branch.code}/collect/", {"paid_on": "2026-11-21", "way": "cash"}
    )
    assert answer.status_code == 422 and "先勾选已交的人" in answer.content.decode()


@pytest.mark.mechanism("M268")
def test_undo_leaves_the_row_and_its_number(cast: Cast) -> None:
    one, *_ = rated(cast)
    (payment,) = collect(cast, one)
    client = cast.client("secretary")
    answer = client.post(f"/dues/payments/{payment.pk}/void/", {"why": "勾错", "to": "list"})
    assert answer["Location"] == f"/dues/{cast.branch.code}/?month=2026-11"
    payment.refresh_from_db()
    assert (payment.voided_on, payment.voided_why) == (TODAY, "勾错")
    (again,) = collect(cast, one)
    assert again.receipt != payment.receipt
    assert "已作废" in client.get(f"/dues/receipts/{payment.receipt}/").content.decode()


@pytest.mark.parametrize(
    ("kind", "amount", "said"),
    [("farmer", "1.5", "0.2—1 元"), ("monthly", None, "写明交纳基数"), ("monthly", "-1", "不小于 0"),
     ("gift", "1", "交纳类别"), ("monthly", "1.234", "两位小数"), ("monthly", "NaN", "不小于 0")],
)  # fmt: skip
def test_a_base_that_does_not_fit(cast: Cast, kind: str, amount: str | None, said: str) -> None:
    one = people(cast.branch)[0]
    told = Decimal(amount) if amount else None
    with pytest.raises(Unfit, match=said):
        actions.set_base(by=cast.scope("secretary"), member=one, since=NOV, kind=kind, amount=told)
    assert not Base.objects.unscoped("t").exists()


def test_the_log_never_has_the_pay(cast: Cast) -> None:
    rated(cast, "7654.32")
    for line in Line.objects.unscoped("t").filter(action="dues.rate"):
        assert "7654" not in f"{line.sentence}{line.old}{line.new}"


def test_a_new_base_counts_from_its_month(cast: Cast) -> None:
    one, *_ = rated(cast, "3000", date(2026, 1, 1))
    actions.set_base(
        by=cast.scope("secretary"), member=one, since=date(2026, 6, 15), kind="monthly", amount=Decimal(5200)
    )
    sums = {row.month.month: str(row.owed.amount) for row in queries.months_of(one, 2026, TODAY)}
    assert (sums[5], sums[6]) == ("15.00", "78.00")
    practise(cast, "start_of_year")
    sums = {row.month.month: str(row.owed.amount) for row in queries.months_of(one, 2026, TODAY)}
    assert (sums[5], sums[6]) == ("15.00", "15.00")


def practise(cast: Cast, mode: str = "month_of_change", branch_relieves: bool = False) -> None:
    actions.practise(
        by=cast.scope("officer"), organisation=cast.county, starts_on=date(2020, 1, 1), mode=mode, vote_month=True,
        branch_relieves=branch_relieves, basis="补充规定",
    )  # fmt: skip


@pytest.mark.mechanism("M268")
def test_relief_in_two_steps(cast: Cast) -> None:
    one, *_ = rated(cast)
    client = cast.client("secretary")
    form = {"since": "2026-11", "until": "2027-04", "amount": "0", "reason": "重病", "studied_on": "2026-11-10"}
    assert client.post(f"/dues/members/{one.pk}/relief/", form).status_code == 302
    assert listing(cast).open and next(row for row in listing(cast).lines if row.member == one).to_pay
    relief = Relief.objects.unscoped("t").get()
    page = cast.client("committee_officer").get("/dues/reliefs/").content.decode()
    assert "重病" in page and "4200" not in page  # the base is not the superior's to see
    with pytest.raises(NotAllowed):
        actions.decide(by=cast.scope("secretary"), relief=relief, approve=True, decided_on=TODAY, document="自己批")
    form = {"answer": "yes", "decided_on": "2026-11-21", "document": "党委会 12 号"}
    assert cast.client("committee_officer").post(f"/dues/reliefs/{relief.pk}/", form).status_code == 302
    line = next(row for row in listing(cast).lines if row.member == one)
    assert line.owed.state == "free" and "第七条" in line.owed.clause
    with pytest.raises(Unfit, match="已经有了决定"):
        actions.decide(by=cast.scope("officer"), relief=relief, approve=False, decided_on=TODAY, document="再批")


def test_the_branch_decides_for_the_retired_only_where_the_practice_says_so(cast: Cast) -> None:
    told = {"since": NOV, "until": date(2027, 1, 1), "amount": Decimal(0), "reason": "病", "studied_on": TODAY}
    one, other, *_ = rated(cast, kind="retired")
    assert actions.ask(by=cast.scope("secretary"), member=one, **told).state == "asked"
    practise(cast, branch_relieves=True)
    assert actions.ask(by=cast.scope("secretary"), member=other, **told).state == "approved"


@pytest.mark.mechanism("M268")
def test_arrears_are_shown_and_nothing_follows_by_itself(cast: Cast) -> None:
    one, other, *_ = rated(cast, since=date(2026, 4, 1))
    collect(cast, other, month=date(2026, 8, 1))
    runs = {row.member.pk: len(row.run) for row in listing(cast).lines}
    assert (runs[one.pk], runs[other.pk]) == (7, 2)
    page = cast.client("secretary").get(f"/dues/{cast.branch.code}/").content.decode()
    assert "7 个月（2026-04 起）" in page and "第十三条" in page and "系统只提示，不作结论" in page
    page = cast.client("secretary").get(f"/dues/members/{one.pk}/").content.decode()
    assert "补交一般不超过 6 个月" in page
    assert Member.objects.unscoped("t").get(pk=one.pk).left_on is None


def test_several_months_on_one_receipt_and_not_too_far_ahead(cast: Cast) -> None:
    one, *_ = rated(cast, since=date(2026, 9, 1))
    form = {"first": "2026-09", "last": "2026-11", "paid_on": "2026-11-21", "way": "others"}
    cast.client("secretary").post(f"/dues/members/{one.pk}/pay/", form)
    assert Payment.objects.unscoped("t").count() == 3
    assert Payment.objects.unscoped("t").values("receipt").distinct().count() == 1
    with pytest.raises(Unfit, match="还早"):
        collect(cast, one, month=date(2027, 6, 1))
    answer = cast.client("secretary").post(f"/dues/members/{one.pk}/pay/", form | {"last": "2026-02"})
    assert answer.status_code == 422 and "止月不早于起月" in answer.content.decode()


@pytest.mark.mechanism("M268")
def test_hand_in_and_what_differs(cast: Cast) -> None:
    members = rated(cast)
    collect(cast, *members[:3])
    by = cast.scope("secretary")
    with pytest.raises(Unfit, match=r"3 笔合计 126.00 元，实际少 1.00 元"):
        actions.hand_in(by=by, branch=cast.branch, handed_on=TODAY, amount=Decimal("125.00"))
    page = cast.client("secretary").get(f"/dues/{cast.branch.code}/hand-in/").content.decode()
    assert all(one.name in page for one in members[:3]) and members[3].name not in page
    made = actions.hand_in(
        by=by, branch=cast.branch, handed_on=TODAY, amount=Decimal("125.00"), note=f"{members[0].name} 少交 1 元"
    )
    assert (made.due, made.amount, made.first, made.payments.unscoped("t").count()) == (126, 125, NOV, 3)
    with pytest.raises(Unfit, match="已经上缴"):
        actions.void(by=by, payment=made.payments.unscoped("t").first(), why="x")
    with pytest.raises(Unfit, match="没有还未上缴"):
        actions.hand_in(by=by, branch=cast.branch, handed_on=TODAY, amount=Decimal(0))
    assert HandIn.objects.unscoped("t").count() == 1


@pytest.mark.mechanism("M268")
def test_superiors_see_sums_only(cast: Cast) -> None:
    members = rated(cast)
    collect(cast, *members[:5])
    for who in ("officer", "committee_officer"):
        page = cast.client(who).get("/dues/").content.decode()
        assert "210.00" in page and "336.00" in page and cast.branch.name in page
        assert not any(one.name in page for one in members) and "4200" not in page
        for path in (f"{cast.branch.code}/", f"{cast.branch.code}/ledger/", f"{cast.branch.code}/export/",
                     f"members/{members[0].pk}/"):  # fmt: skip
            assert cast.client(who).get(f"/dues/{path}").status_code == 403
    for path in (f"{cast.branch.code}/", f"members/{members[0].pk}/"):
        assert cast.client("neighbour").get(f"/dues/{path}").status_code == 404
        assert cast.client("member").get(f"/dues/{path}").status_code == 403


def test_a_member_sees_the_own_dues(cast: Cast) -> None:
    one, other, *_ = rated(cast)
    Member.objects.unscoped("t").filter(pk=one.pk).update(user=cast.posts["member"].user)
    collect(cast, one)
    page = cast.client("member").get("/dues/me/").content.decode()
    assert "按全部基数的 1%" in page and "42.00" in page and other.name not in page
    assert "没有和党员名册" in cast.client("leader").get("/dues/me/").content.decode()


def test_large_sums_are_passed_up(cast: Cast) -> None:
    one, *_ = people(cast.branch)
    client = cast.client("secretary")
    for amount in ("999.99", "1000"):
        client.post(f"/dues/members/{one.pk}/give/", {"amount": amount, "paid_on": "2026-11-21", "way": "cash"})
    page = client.get(f"/dues/{cast.branch.code}/hand-in/").content.decode()
    assert page.count("登记转交") == 1
    small, large = Payment.objects.unscoped("t").order_by("amount")
    with pytest.raises(Unfit, match="只有大额"):
        actions.pass_up(by=cast.scope("secretary"), payment=small, on=TODAY, receipt="中 1")
    client.post(f"/dues/payments/{large.pk}/passed-up/", {"on": "2026-11-21", "receipt": "中 1"})
    large.refresh_from_db()
    assert large.passed_up_receipt == "中 1"


@pytest.mark.mechanism("M268")
def test_uses_by_the_closed_list(cast: Cast) -> None:
    told = {
        "used_on": "2026-11-20",
        "amount": "300",
        "what": "订报",
        "decided_on": "2026-11-10",
        "decided_by": "支委会",
    }
    client, address = cast.client("secretary"), f"/dues/{cast.branch.code}/uses/"
    answer = client.post(address, told | {"purpose": "banquet"})
    assert answer.status_code == 422 and "第十九条" in answer.content.decode()
    with pytest.raises(Unfit, match="第十九条"):
        actions.use(
            by=cast.scope("secretary"), organisation=cast.branch, used_on=TODAY, purpose="banquet", amount=Decimal(1),
            what="x", decided_on=TODAY, decided_by="x",
        )  # fmt: skip
    assert client.post(address, told | {"purpose": "reading", "decided_on": "2026-11-21"}).status_code == 422
    assert client.post(address, told | {"purpose": "reading"}).status_code == 302
    assert Use.objects.unscoped("t").get().amount == 300
    page = cast.client("member").get(f"/dues/{cast.branch.code}/account/").content.decode()
    assert "订报" in page and "300.00" in page


@pytest.mark.mechanism("M268")
def test_the_ledger_as_page_and_workbook(cast: Cast) -> None:
    one, other, *_ = rated(cast, since=date(2026, 10, 1))
    collect(cast, one, month=date(2026, 10, 1))
    collect(cast, one, other)
    client = cast.client("secretary")
    page = client.get(f"/dues/{cast.branch.code}/ledger/?year=2026").content.decode()
    assert "欠" in page and "84.00" in page
    book = python_calamine.CalamineWorkbook.from_filelike(
        BytesIO(client.get(f"/dues/{cast.branch.code}/export/").content)
    )
    rows = book.get_sheet_by_index(0).to_python()
    own = next(row for row in rows if row[0] == one.name)
    assert own[10:14] == [42.0, 42.0, "", 84.0] and rows[-1][0] == "合计" and rows[-1][13] == 126.0
    assert "4200" not in str(rows)


@pytest.mark.parametrize("month", ["", "2026-13", "9999-12", "0000-00", "x" * 5000, "2026-1１", "-1", "2026-11-01"])
def test_nonsense_months(cast: Cast, month: str) -> None:
    assert cast.client("secretary").get(f"/dues/{cast.branch.code}/", {"month": month}).status_code == 200
    assert cast.client("officer").get("/dues/", {"month": month}).status_code == 200
    assert cast.client("secretary").get(f"/dues/{cast.branch.code}/ledger/", {"year": month}).status_code == 200


def test_two_at_once_take_it_once(cast: Cast) -> None:
    one, *_ = rated(cast)
    assert len(collect(cast, one)) == 1
    assert collect(cast, one) == []


def test_a_member_of_another_branch_is_not_collected_from(cast: Cast) -> None:
    rated(cast)
    with pytest.raises(Unfit, match="不在本支部的名册"):
        collect(cast, people(cast.sister)[0])


def test_queries_do_not_grow_with_the_branch(cast: Cast) -> None:
    rated(cast)
    client, counts = cast.client("secretary"), []
    for number in range(2):
        with CaptureQueriesContext(connection) as told:
            client.get(f"/dues/{cast.branch.code}/")
        counts.append(len(told))
        for at in range(20):
            Member.objects.create(
                organisation=cast.branch, name=f"新{at}", id_number=f"990001197001{number + 1:02d}{at:04d}",
                kind="full", born_on=date(1970, 1, 1), joined_on=date(2000, 1, 1),
            )  # fmt: skip
    assert counts[0] == counts[1]


# --- rows from a spreadsheet ----------------------------------------------------------------------------------


def paste(cast: Cast, kind: str, rows: str):
    return cast.client("secretary").post(f"/dues/{cast.branch.code}/paste/", {"kind": kind, "rows": rows})


@pytest.mark.mechanism("M268")
def test_bases_and_payments_from_a_spreadsheet(cast: Cast) -> None:
    one, other, *_ = people(cast.branch)
    answer = paste(
        cast, "bases",
        f"姓名\t交纳类别\t基数\t从哪天起\n{one.name}\t按月领取工资\t4200.50\t2026年1月1日\n无此人\t农民\t1\t2026-01-01\n"
        f"{other.name}\t农民\t3\t2026/1/1\n{other.name}\t富农\t1\t2026.1.1\n{other.name}\t农民\t一元\t2026-01-01\n"
        f"{other.name}\t农民\t0.5\t2026-02-30\n{other.name}，农民，0.5，2026.1.1\n",
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422 and "2 行已经登记" in page
    for said in (
        "第 3 行",
        "名册里没有“无此人”",
        "0.2—1 元",
        "“富农”不是交纳类别",
        "“一元”不是金额",
        "“2026-02-30”写成",
    ):
        assert said in page, said
    assert {(base.member_id, base.amount) for base in Base.objects.unscoped("t")} == {
        (one.pk, Decimal("4200.50")), (other.pk, Decimal("0.50")),
    }  # fmt: skip
    answer = paste(
        cast, "payments", f"{one.name}\t2026-11\t42.01\t2026-11-05\n{other.name}\t2026年11月\t9\t2026-11-05\n"
        f"{other.name}\t2026-10\t\t2026-11-05\n{one.name}\t2026-11\t\t2026-11-06",
    )  # fmt: skip
    page = answer.content.decode()
    assert "2 行已经登记" in page and "和应交 0.50 元不符" in page and "已经收过" in page
    assert [str(one.amount) for one in Payment.objects.unscoped("t").order_by("pk")] == ["42.01", "0.50"]


@pytest.mark.parametrize(
    "rows",
    ["\x00", "=1+1\t\t\t", "，，，", "\t" * 2000, "甲\n" * 600, "<script>\t农民\t1\t2026-01-01", "𠮷\t１\t２\t３"],
)
def test_hostile_rows(cast: Cast, rows: str) -> None:
    answer = paste(cast, "bases", rows)
    assert answer.status_code == 422 and "<script>\t" not in answer.content.decode()
    assert not Base.objects.unscoped("t").exists()


def test_whose_data_is_restricted_is_named_nowhere(cast: Cast) -> None:
    """The money stays in the sums; the name goes from every page that others see."""
    one, other, *_ = rated(cast)
    (payment, _) = collect(cast, one, other)
    told = {"since": NOV, "until": date(2027, 1, 1), "amount": Decimal(0), "reason": "重病", "studied_on": TODAY}
    relief = actions.ask(by=cast.scope("secretary"), member=one, **told)
    Standing.objects.create(member=one, state="restricted", since=TODAY)
    client, code = cast.client("secretary"), cast.branch.code
    for path in ("", "ledger/", "hand-in/", "account/"):
        page = client.get(f"/dues/{code}/{path}").content.decode()
        assert one.name not in page, path
    assert "84.00" in client.get(f"/dues/{code}/hand-in/").content.decode()
    for path in (f"members/{one.pk}/", f"receipts/{payment.receipt}/"):
        assert client.get(f"/dues/{path}").status_code == 404
    assert client.post(f"/dues/payments/{payment.pk}/void/", {"why": "x"}).status_code == 404
    superior = cast.client("committee_officer")
    assert "重病" not in superior.get("/dues/reliefs/").content.decode()
    form = {"answer": "yes", "decided_on": "2026-11-21", "document": "x"}
    assert superior.post(f"/dues/reliefs/{relief.pk}/", form).status_code == 404
