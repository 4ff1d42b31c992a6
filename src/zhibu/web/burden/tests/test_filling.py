"""A county form filled in by its units: what is held stands there by itself, who sees what, the table as Excel."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.models import Line as Written
from zhibu.web.burden import actions, filling
from zhibu.web.burden.models import CountyForm, FormSheet
from zhibu.web.burden.periods import periods
from zhibu.web.burden.tests.test_burden import FORM, text
from zhibu.web.conftest import Cast
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.form_checks import checked

pytestmark = pytest.mark.django_db
WHY = "test"
HELD = FORM.replace("  - {id: income", "  - {id: members, label: 党员人数, from: members.count}\n"
                    "  - {id: paid, label: 党费, from: dues.paid}\n  - {id: income")  # fmt: skip


def sent(cast: Cast, *units: Organisation, text_: str = HELD, who: str = "officer") -> CountyForm:
    return actions.register(by=cast.scope(who), checked=checked(text_), units=units or [cast.branch, cast.neighbour])


def sheet(form: CountyForm, place: Organisation) -> FormSheet:
    return FormSheet.objects.unscoped(WHY).get(form=form, organisation=place)


def test_a_unit_fills_in_what_is_not_held_and_may_correct_it(cast: Cast) -> None:
    form = sent(cast)
    mine, client = sheet(form, cast.branch), cast.client("secretary")
    address = f"/burden/sheets/{mine.pk}/"
    assert "填表：村集体经济情况表" in text(client, "/duties/month/")
    assert text(client, "/burden/month/").count("村集体经济情况表") == 1, "counted as sent, not by its row once more"
    page = text(client, address)
    assert cast.branch.name in page and "2026 年 11 月" in page and "在党费台账里" not in page
    assert ">8<" in page.replace(" ", "").replace("\n", ""), "members are counted by the product"
    assert page.count('name="field_') == 1, "what is held is not asked"
    empty = client.post(address, {"field_3": ""})
    assert empty.status_code == 422 and "没有的写 0 或者“无”" in empty.content.decode()
    assert client.post(address, {"field_3": "9" * 201}).status_code == 422
    assert client.post(address, {"field_3": "12.5"}).status_code == 302
    mine.refresh_from_db()
    assert mine.answers == {"2026-11": {"on": "2026-11-21", "values": ["", "", "", "12.5"]}}
    assert "填表：" not in text(client, "/duties/month/")
    assert 'value="12.5"' in text(client, f"{address}?period=2026-11")
    assert client.post(address, {"field_3": "13"}).status_code == 302
    line = Written.objects.unscoped(WHY).filter(action="burden.fill").latest("pk")
    assert line.old["answers"]["values"][3] == "12.5" and line.new["answers"]["values"][3] == "13"
    assert client.post(address, {"do": "back"}).status_code == 302
    assert "填表：" in text(client, "/duties/month/")
    assert client.post(address, {"do": "back"}).status_code == 422


def test_only_the_unit_asked_fills_it_in(cast: Cast) -> None:
    form = sent(cast, cast.branch, cast.town)
    mine, town = sheet(form, cast.branch), sheet(form, cast.town)
    for who in ("neighbour", "committee_officer"):
        assert cast.client(who).get(f"/burden/sheets/{mine.pk}/").status_code == 404
    for who in ("officer", "member", "leader", "auditor"):
        assert cast.client(who).get(f"/burden/sheets/{mine.pk}/").status_code == 403
    assert "填表：村集体经济情况表" in text(cast.client("committee_officer"), "/review/")
    assert cast.client("committee_officer").post(f"/burden/sheets/{town.pk}/", {"field_3": "1"}).status_code == 302
    assert "填表：" not in text(cast.client("committee_officer"), "/review/")


def test_the_office_sees_who_has_and_takes_the_table(cast: Cast) -> None:
    form = sent(cast)
    filling.fill(
        by=cast.scope("secretary"), sheet=sheet(form, cast.branch), period="2026-11", values=["", "", "", "12"]
    )
    address = f"/burden/forms/{form.pk}/answers/"
    page = text(cast.client("officer"), address)
    assert "2 个单位，已填 1 个" in page and "没有填" in page
    assert cast.neighbour.name not in text(cast.client("officer"), f"{address}?state=filled")
    town = text(cast.client("committee_officer"), address)
    assert "1 个单位，已填 1 个" in town and cast.neighbour.name not in town
    assert cast.client("secretary").get(address).status_code == 403
    Organisation.objects.unscoped(WHY).filter(pk=cast.neighbour.pk).update(dissolved_on="2026-11-20")
    assert "1 个单位，已填 1 个" in text(cast.client("officer"), address), "who is gone owes nothing"
    Organisation.objects.unscoped(WHY).filter(pk=cast.neighbour.pk).update(dissolved_on=None)
    other = sent(cast, cast.neighbour, text_=FORM.replace("income-2026", "b").replace("收入", "支出"))
    assert cast.client("committee_officer").get(f"/burden/forms/{other.pk}/answers/").status_code == 404
    book = cast.client("officer").get(f"{address}export/?period=2026-11&state=filled")
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        texts, rows = parts.read("xl/sharedStrings.xml").decode(), parts.read("xl/worksheets/sheet1.xml").decode()
    assert cast.branch.name in texts and cast.neighbour.name not in texts and "村集体经营性收入（万元）" in texts
    assert "<v>12</v>" in rows, "a number is one, to be added up"
    assert Written.objects.unscoped(WHY).filter(action="burden.export").count() == 1


def test_before_its_first_period_a_form_says_when(cast: Cast) -> None:
    form = sent(cast, text_=HELD.replace("every: month", "every: quarter"))
    page = text(cast.client("secretary"), f"/burden/sheets/{sheet(form, cast.branch).pk}/")
    assert "还没有到填的时候，第一期是 2026 年第 4 季度，2026-12-31 前" in page and 'name="field_' not in page
    assert "填表：" not in text(cast.client("secretary"), "/duties/month/")
    assert "还没有到填的时候" in text(cast.client("officer"), f"/burden/forms/{form.pk}/answers/")
    assert cast.client("officer").get(f"/burden/forms/{form.pk}/answers/export/").status_code == 404


def test_a_form_taken_back_or_over_is_not_asked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    form = sent(cast)
    mine, by = sheet(form, cast.branch), cast.scope("secretary")
    with pytest.raises(Unfit, match="还没有到填的时候"):
        filling.fill(by=by, sheet=mine, period="2026-12", values=["1"])
    actions.withdraw(by=cast.scope("officer"), sent=form, reason="并入年报")
    assert "填表：" not in text(cast.client("secretary"), "/duties/month/")
    page = text(cast.client("secretary"), f"/burden/sheets/{mine.pk}/")
    assert "不用再填：并入年报" in page and 'name="field_' not in page
    assert cast.client("secretary").post(f"/burden/sheets/{mine.pk}/", {"field_3": "1"}).status_code == 422
    later = sheet(sent(cast), cast.branch)
    monkeypatch.setenv("ZHIBU_TODAY", "2027-01-01")
    assert cast.client("secretary").post(f"/burden/sheets/{later.pk}/", {"field_3": "1"}).status_code == 422


def test_rows_of_persons_are_not_filled_in_here(cast: Cast) -> None:
    form = sent(cast, text_=HELD.replace("of: organisation", "of: person"))
    assert "填表：" not in text(cast.client("secretary"), "/duties/month/")
    assert 'name="field_' not in text(cast.client("secretary"), f"/burden/sheets/{sheet(form, cast.branch).pk}/")


@pytest.mark.parametrize(
    ("every", "asked"),
    [
        ("once", ["一次 2027-02-10"]),
        ("month", ["2026 年 11 月 2026-11-30", "2026 年 12 月 2026-12-31", "2027 年 1 月 2027-01-31"]),
        ("quarter", ["2026 年第 4 季度 2026-12-31"]),
        ("half_year", ["2026 年下半年 2026-12-31"]),
        ("year", ["2026 年 2026-12-31"]),
    ],
)
def test_when_it_is_asked(every: str, asked: list[str]) -> None:
    form = CountyForm(every=every, registered_on=date(2026, 11, 21), until=date(2027, 2, 10))
    assert [f"{one.words} {one.due}" for one in periods(form, date(2027, 1, 5))] == asked
    assert not form.every or len(periods(form, date(2028, 1, 1))) >= len(asked)


@pytest.mark.parametrize("typed", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "\u202e1", "1e999", "NaN", "٣"])
def test_hostile_answers(cast: Cast, typed: str) -> None:
    form = sent(cast)
    mine = sheet(form, cast.branch)
    assert cast.client("secretary").post(f"/burden/sheets/{mine.pk}/", {"field_3": typed}).status_code == 302
    assert "<script>alert" not in text(cast.client("officer"), f"/burden/forms/{form.pk}/answers/")
    book = cast.client("officer").get(f"/burden/forms/{form.pk}/answers/export/")
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        assert "<f>" not in parts.read("xl/worksheets/sheet1.xml").decode()


def test_the_pages_ask_few_queries(cast: Cast, django_assert_max_num_queries) -> None:
    form = sent(cast, cast.branch, cast.sister, cast.neighbour)
    for who, address, most in (
        ("officer", f"/burden/forms/{form.pk}/answers/", 18),
        ("secretary", f"/burden/sheets/{sheet(form, cast.branch).pk}/", 16),
    ):
        client = cast.client(who)
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)
