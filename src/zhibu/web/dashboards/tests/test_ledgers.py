"""台账: the page shows each post the registers it may open and has a use for, what is due now first."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from zhibu.web.config.ledger_use import DUE, HOLDS
from zhibu.web.config.ledgers import LEDGERS, NOW, of
from zhibu.web.conftest import Cast
from zhibu.web.coverage.models import Unit
from zhibu.web.liaison.models import Matter
from zhibu.web.organisations.models import Organisation


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda one: one.url)
def test_every_line_leads_to_a_page(ledger):
    assert reverse(ledger.url).startswith("/")


def test_only_registers_there_are_have_rows_and_rows_due() -> None:
    assert HOLDS.keys() | DUE.keys() <= {one.url for one in LEDGERS}


def test_each_finds_what_the_post_may_open(cast):
    assert reverse("members") in cast.client("secretary").get("/ledgers/").content.decode()
    assert reverse("members") not in cast.client("auditor").get("/ledgers/").content.decode()


def words(cast: Cast, who: str) -> list[str]:
    return [line.ledger.url for line in of(cast.scope(who))]


def test_what_holds_nothing_and_cannot_be_begun_is_not_shown(cast: Cast) -> None:
    assert {"units", "units-due", "campaigns", "liaison", "goals", "library-asked", "charters"}.isdisjoint(
        words(cast, "secretary")
    )
    assert {"units", "units-due", "campaigns", "charters"} <= set(words(cast, "officer"))  # who may begin them
    Unit.objects.create(organisation=cast.sister, name="龙泉米业", kind="npe")
    assert "units" not in words(cast, "secretary")  # it is another's
    Unit.objects.create(organisation=cast.branch, name="槐树米业", kind="npe")
    assert {"units", "units-due"} <= set(words(cast, "secretary"))


def test_an_enterprise_may_begin_its_goals(cast: Cast) -> None:
    Organisation.objects.unscoped("test").filter(pk=cast.branch.pk).update(sector="npe")
    assert "goals" in words(cast, "secretary")


def test_what_is_due_now_stands_first(cast: Cast) -> None:
    Matter.objects.create(
        organisation=cast.town, to=cast.branch, subject="核对名册", sent_on=date(2026, 11, 1), due_on=date(2026, 11, 22)
    )
    body = cast.client("secretary").get("/ledgers/").content.decode()
    first = body.split("<h2")[1]
    assert NOW in first and reverse("liaison") in first and "1 件" in first and "核对名册" not in first
    assert body.count(f'href="{reverse("liaison")}"') == 1


@pytest.mark.parametrize(
    ("q", "found"), [("流动", True), ("ldDY", True), ("外出地点", True), ("党员 流动", True), ("没有的", False)]
)
def test_words_and_pinyin_find_a_register(cast: Cast, q: str, found: bool) -> None:
    body = cast.client("secretary").get("/ledgers/", {"q": q}).content.decode()
    assert (f'href="{reverse("floating")}"' in body) is found
    assert f'href="{reverse("rulebooks")}"' not in body.split('id="rows"')[1]
    assert ("没有叫这个的台账" in body) is not found


@pytest.mark.parametrize("q", ["<script>", "\x00", "%", "'" * 999])
def test_hostile_words(cast: Cast, q: str) -> None:
    body = cast.client("secretary").get("/ledgers/", {"q": q}).content.decode()
    assert "<script>" not in body.split('id="rows"')[1].split("</main>")[0]


def test_the_number_of_queries_is_bounded(cast: Cast, django_assert_max_num_queries) -> None:
    client = cast.client("secretary")
    client.get("/ledgers/")
    with django_assert_max_num_queries(85):
        client.get("/ledgers/")
