"""经费和阵地: due and set aside, arrival, budgets, growth, income for residents, study, places; what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import python_calamine

from zhibu.web.audit.actions import Unfit
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.funds import actions, queries
from zhibu.web.funds.models import Budget, Fund, Rate
from zhibu.web.funds.reckoning import due, growth
from zhibu.web.organisations.models import Organisation, Sector

pytestmark = pytest.mark.django_db


def keep(cast: Cast, book: str, where: Organisation | None = None, who: str = "committee_officer", **told: object):
    return actions.add(by=cast.scope(who), organisation=where or cast.branch, book=book, **told)


def rate(cast: Cast, kind: str = "enterprise", permille: str = "5") -> Rate:
    return actions.set_rate(
        by=cast.scope("officer"),
        organisation=cast.county,
        kind=kind,
        permille=Decimal(permille),
        year=2025,
        basis="市委文件",
    )


def rows(cast: Cast, want: str = "") -> list[queries.Row]:
    return queries.table(cast.scope("officer").doing("funds.view"), 2026, want)


@pytest.mark.parametrize(
    ("wages", "permille", "carried", "sector", "amount"),
    [
        ("1000000", "5", "0", "npe", "5000.00"), ("100.90", "5", "0", "npe", "0.50"), ("101", "5", "0", "npe", "0.51"),
        ("1000000", "10", "20000", "soe", "10000.00"), ("1000000", "10", "20000.01", "soe", "0.00"),
        ("1000000", "10", "20000.01", "npe", "10000.00"), ("0", "5", "0", "npe", "0.00"),
    ],
)  # fmt: skip
def test_what_is_due(wages: str, permille: str, carried: str, sector: str, amount: str) -> None:
    fund = Fund(kind="enterprise", wages=Decimal(wages), carried_over=Decimal(carried))
    found = due(fund, Rate(permille=Decimal(permille), basis="文件"), sector)
    assert str(found.amount) == amount
    assert "文件" in found.why or "组通字" in found.why


@pytest.mark.mechanism("M269")
def test_no_rate_is_built_in(cast: Cast) -> None:
    keep(cast, "fund", kind="enterprise", year=2026, wages=Decimal(2_000_000), amount=Decimal(4000))
    page = cast.client("officer").get(f"/funds/{cast.branch.code}/").content.decode()
    assert "没有登记比例" in page and "全国没有查到统一的比例" in page
    answer = cast.client("officer").post(
        f"/funds/{cast.county.code}/rate/", {"kind": "enterprise", "permille": "5", "year": "2025", "basis": "市委文件"}
    )
    assert answer.status_code == 302
    (row,) = rows(cast, "short")
    assert (row.due.amount, row.short) == (Decimal(10_000), Decimal(6000))
    page = cast.client("officer").get("/funds/?want=short").content.decode()
    assert cast.branch.name in page and "10000.00" in page
    keep(cast, "fund", kind="enterprise", year=2026, wages=Decimal(2_000_000), amount=Decimal(10_000))
    assert rows(cast, "short") == [] and Fund.objects.unscoped("t").count() == 1


@pytest.mark.mechanism("M270")
def test_an_allocation_that_has_not_arrived(cast: Cast) -> None:
    rate(cast, "organ")
    told = {"kind": "organ", "year": 2026, "wages": Decimal(1_000_000), "amount": Decimal(5000)}
    keep(cast, "fund", **told)
    assert [row.place for row in rows(cast, "late")] == [cast.branch]
    keep(cast, "fund", **told, arrived_on=date(2026, 3, 1))
    assert rows(cast, "late") == []
    with pytest.raises(Unfit, match="今天以后"):
        keep(cast, "fund", **told, arrived_on=date(2026, 12, 1))


@pytest.mark.mechanism("M271", "M277")
def test_budget_spending_and_who_has_no_line(cast: Cast) -> None:
    keep(cast, "budget", year=2026, line="党建活动经费", amount=Decimal(8000))
    for where, purpose, amount in (
        (cast.branch, "study", 1200),
        (cast.branch, "activity", 300),
        (cast.sister, "study", 9),
    ):
        keep(cast, "spend", where, spent_on=TODAY, purpose=purpose, amount=Decimal(amount), what="培训")
    found = {row.place: (row.budget, row.spent, row.study) for row in rows(cast)}
    assert found == {cast.branch: (8000, 1500, 1200), cast.sister: (0, 9, 9)}
    assert [row.place for row in rows(cast, "unbudgeted")] == [cast.sister]
    content = cast.client("officer").get("/funds/export/?year=2026").content
    table = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert any(row[0] == cast.branch.name and 1200.0 in row for row in table)


@pytest.mark.mechanism("M274")
def test_growth_from_year_to_year(cast: Cast) -> None:
    Organisation.objects.unscoped("t").filter(pk=cast.branch.pk).update(sector=Sector.COMMUNITY)
    for year, amount in ((2024, 1000), (2025, 1100), (2026, 990)):
        keep(cast, "budget", year=year, line="社区建设", amount=Decimal(amount))
    page = cast.client("committee_officer").get(f"/funds/{cast.branch.code}/").content.decode()
    assert "比上年增加 10.0%" in page and "比上年减少 10.0%" in page
    assert [one.fell for one in growth({2024: Decimal(0), 2025: Decimal(5)})] == [False, False]


@pytest.mark.mechanism("M275")
def test_community_income_goes_to_residents(cast: Cast) -> None:
    keep(cast, "income", year=2026, source="community", amount=Decimal(5000))
    keep(cast, "spend", spent_on=TODAY, purpose="residents", amount=Decimal(3000), what="助餐")
    address = f"/funds/{cast.branch.code}/"
    assert "还有 2000.00 元没有登记用在服务居民上" in cast.client("secretary").get(address).content.decode()
    keep(cast, "spend", spent_on=TODAY, purpose="residents", amount=Decimal(2000), what="助浴")
    assert "已全部用于服务居民" in cast.client("secretary").get(address).content.decode()


@pytest.mark.mechanism("M276")
def test_the_condition_card_of_a_village(cast: Cast) -> None:
    client, address = cast.client("secretary"), f"/funds/{cast.branch.code}/"
    for book, form in (
        ("income", {"year": "2025", "source": "collective", "amount": "120000"}),
        ("income", {"year": "2026", "source": "collective", "amount": "150000"}),
        ("premises", {"kind": "centre", "where": "村综合服务中心", "area": "320", "state": "building"}),
        ("premises", {"kind": "room", "where": "支部活动室", "area": "60.5", "state": "in_use", "since": "2020-01-01"}),
    ):
        assert client.post(f"{address}add/{book}/", form).status_code == 302
    page = client.get(address).content.decode()
    for said in ("村集体经济", "比上年增加 25.0%", "综合服务中心", "320.00 平方米", "在建"):
        assert said in page
    (row,) = rows(cast)
    assert (row.premises, row.area, "placeless" in row.wants) == (1, Decimal("60.50"), False)


def test_a_mistake_is_taken_out_with_its_reason(cast: Cast) -> None:
    made = keep(cast, "budget", year=2026, line="错的", amount=Decimal(1))
    client, address = cast.client("secretary"), f"/funds/{cast.branch.code}/budget/{made.pk}/remove/"
    client.post(address, {"why": ""})
    assert Budget.objects.unscoped("t").exists()
    assert cast.client("neighbour").post(address, {"why": "x"}).status_code == 404
    client.post(address, {"why": "填错"})
    assert not Budget.objects.unscoped("t").exists()


@pytest.mark.parametrize("book", ["fund", "budget", "spend", "income", "premises"])
@pytest.mark.parametrize("amount", ["-1", "NaN", "1e400", "一百", "1.234", "9" * 40])
def test_nonsense_is_answered(cast: Cast, book: str, amount: str) -> None:
    form = {
        "year": "2026", "kind": "enterprise", "wages": amount, "line": "x", "amount": amount, "spent_on": "2026-11-01",
        "purpose": "study", "what": "x", "source": "collective", "where": "x", "area": amount, "state": "idle",
    }  # fmt: skip
    answer = cast.client("secretary").post(f"/funds/{cast.branch.code}/add/{book}/", form)
    assert answer.status_code == 422
    assert cast.client("secretary").get(f"/funds/{cast.branch.code}/add/nothing/").status_code == 404
