"""An officer sees what must be built in a park, opens a unit and enters its new organisation: the list follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.test_every_page import faults_of
from zhibu.web.coverage.tests.conftest import Lands, lands

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.mechanism("M225")
@pytest.mark.parametrize("width", [375, 1366])
def test_what_must_be_built_in_a_park(
    transactional_db: None,
    lands: Lands,
    open_page: Callable[..., Any],
    width: int,
) -> None:
    lands.unit("园区水泥厂", lands.committee, party_members=4, place=lands.park)
    lands.unit("镇上水泥厂", lands.cast.town, party_members=4, place=lands.town)
    page = open_page("/coverage/due/", lands.cast.client("officer"), width)
    page.locator("#f-place").select_option(label="工业园区（园区）")
    page.locator("#f-rule").select_option(label="企业组建党组织")
    page.get_by_role("link", name="镇上水泥厂").first.wait_for(state="detached")
    page.get_by_role("link", name="园区水泥厂").first.click()
    page.get_by_text("登记组建", exact=True).first.click()
    page.locator("#id_party").fill(lands.firm.code)
    page.locator("#id_mode").select_option("own")
    page.locator("form[action*='/cover/'] #id_document").fill("园区党工委批复")
    page.get_by_role("button", name="登记组建").click()
    page.get_by_text("单独组建：云岭建材党支部").first.wait_for()
    page.goto(
        page.url.split("/coverage/")[0]
        + f"/coverage/due/?place={lands.park.pk}&rule=county-coverage/enterprise-organisation"
    )
    assert "规则要求的都做到了" in page.locator("main").inner_text()


def test_no_page_has_a_serious_fault(transactional_db: None, lands: Lands, open_page: Callable[..., Any]) -> None:
    unit = lands.unit("园区水泥厂", lands.committee, party_members=4, place=lands.park, trade="建材")
    lands.unit("园区砖厂", lands.committee, party_members=1, place=lands.park, trade="建材")
    client = lands.cast.client("officer")
    paths = ("", "due/", "rates/", "gaps/", "visits/", "stations/", "new/", f"{unit.pk}/")
    assert not [fault for path in paths for fault in faults_of(f"/coverage/{path}", client, open_page)]
