"""社区工作条件: items with their document, dated values, an index with every step, none when a value is missing."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.funds import conditions
from zhibu.web.funds.models import ConditionItem
from zhibu.web.organisations.models import Organisation, Sector

pytestmark = pytest.mark.django_db


@pytest.fixture
def community(cast: Cast) -> Organisation:
    Organisation.objects.unscoped("t").filter(pk=cast.branch.pk).update(sector=Sector.COMMUNITY)
    cast.branch.refresh_from_db()
    return cast.branch


def item(cast: Cast, name: str, standard: str, weight: str, *, active: bool = True) -> ConditionItem:
    by = cast.scope("officer")
    made = conditions.draft(
        by=by, organisation=cast.county, name=name, measure="元", standard=Decimal(standard), weight=Decimal(weight)
    )
    return conditions.release(by=by, item=made, document="县委组织部文件") if active else made


def note(cast: Cast, one: ConditionItem, value: str, as_of: date = TODAY) -> None:
    by = cast.scope("committee_officer")
    conditions.note(by=by, community=cast.branch, item=one, as_of=as_of, value=Decimal(value), source="工资表")


def index(cast: Cast) -> Decimal | None:
    (found,) = conditions.conditions(cast.scope("officer").doing("conditions.view"))
    return found.index


# standard, weight, value of two items → index: 100 × Σ(weight × min(1, value ÷ standard)) ÷ Σ weight, cut to a tenth
@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (("3000", "60", "3000"), ("100", "40", "50"), "80.0"),
        (("3000", "60", "6000"), ("100", "40", "100"), "100.0"),  # more than enough makes up for nothing
        (("3", "1", "1"), ("3", "1", "1"), "33.3"), (("3", "1", "2.99"), ("3", "1", "3"), "99.8"),
        (("3", "1", "0"), ("3", "1", "0"), "0.0"), (("1", "1", "1"), ("3", "2", "0"), "33.3"),
    ],
)  # fmt: skip
def test_the_arithmetic(
    cast: Cast, community: Organisation, first: tuple[str, ...], second: tuple[str, ...], said: str
) -> None:
    for name, (standard, weight, value) in (("月报酬", first), ("办公用房", second)):
        note(cast, item(cast, name, standard, weight), value)
    assert str(index(cast)) == said


def test_a_missing_value_is_no_nought_and_the_latest_counts(cast: Cast, community: Organisation) -> None:
    pay, rooms = item(cast, "月报酬", "3000", "60"), item(cast, "办公用房", "100", "40")
    note(cast, pay, "1500", date(2026, 1, 1))
    assert index(cast) is None
    note(cast, rooms, "100")
    assert index(cast) == Decimal("70.0")
    note(cast, pay, "3000", date(2026, 6, 1))
    note(cast, pay, "600", date(2025, 6, 1))  # told later, of an earlier day
    assert index(cast) == Decimal("100.0")


@pytest.mark.mechanism("M253")
def test_from_an_empty_list_to_an_explained_index(cast: Cast, community: Organisation) -> None:
    officer, town = cast.client("officer"), cast.client("committee_officer")
    assert "系统不预置" in officer.get("/funds/conditions/").text
    told = {"name": "社区干部月报酬", "measure": "元", "standard": "3000", "weight": "60"}
    assert officer.post("/funds/conditions/items/", told).status_code == 302
    one = ConditionItem.objects.unscoped("t").get()
    assert one.state == "draft" and index(cast) is None
    refused = officer.post(f"/funds/conditions/items/{one.pk}/release/", {"document": ""}, follow=True)
    assert "依据的文件" in refused.text
    officer.post(f"/funds/conditions/items/{one.pk}/release/", {"document": "县委组织部〔2026〕5 号"})
    address = f"/funds/conditions/of/{community.code}/"
    wrong = town.post(f"{address}note/", {"item": one.pk, "value": "", "as_of": "2026-11-01"})
    assert wrong.status_code == 422 and "填写现在的数" in wrong.text
    assert town.post(f"{address}note/", {"item": one.pk, "value": "2400", "as_of": "2026-11-01"}).status_code == 302
    page = town.get(address).text
    assert "工作条件指数 80.0" in page and "2400.00 ÷ 3000.00 = 0.8" in page and "5 号" in page
    answer = officer.get("/funds/conditions/export/")
    content = b"".join(answer) if answer.streaming else answer.content
    words = {str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row}
    assert {"社区干部月报酬", "县委组织部〔2026〕5 号"} <= words
    officer.post(f"/funds/conditions/items/{one.pk}/retire/")
    assert index(cast) is None


def test_what_is_refused(cast: Cast, community: Organisation) -> None:
    one = item(cast, "月报酬", "3000", "60")
    with pytest.raises(Unfit, match="已经有"):
        item(cast, "月报酬", "3000", "60")
    with pytest.raises(Unfit, match="大于 0"):
        item(cast, "别的", "0", "60")
    with pytest.raises(Unfit, match="不晚于今天"):
        note(cast, one, "1", date(2027, 1, 1))
    draft = item(cast, "草稿的", "1", "1", active=False)
    with pytest.raises(Unfit, match="现在不用"):
        note(cast, draft, "1")
    with pytest.raises(NotAllowed):
        conditions.note(
            by=cast.scope("committee_officer"), community=cast.neighbour, item=one, as_of=TODAY, value=Decimal(1)
        )
    secretary = cast.client("secretary")
    assert secretary.get(f"/funds/conditions/of/{community.code}/").status_code == 200
    assert secretary.get("/funds/conditions/items/").status_code == 403


def test_an_own_list_takes_the_place_of_the_superiors(cast: Cast, community: Organisation) -> None:
    item(cast, "县里的", "1", "1")
    by = cast.scope("committee_officer")
    own = conditions.draft(
        by=by, organisation=cast.town, name="镇里的", measure="元", standard=Decimal(1), weight=Decimal(1)
    )
    assert [one.name for one in conditions.items(community.path)] == ["县里的"]
    conditions.release(by=by, item=own, document="镇党委文件")
    assert [one.name for one in conditions.items(community.path)] == ["镇里的"]
