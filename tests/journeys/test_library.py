"""制度库 as people use it: the county asks its branches about a document, a secretary answers on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.test_every_page import faults_of
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.library.models import Answer, Checklist, Document
from zhibu.web.library.sample import fill

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def asked(county: Cast) -> Cast:
    units = [county.branch.code, county.sister.code, county.neighbour.code]
    fill(by=county.scope("officer"), units=units, branch=county.scope("secretary"), today=TODAY - timedelta(days=1))
    return county


@pytest.mark.django_db(transaction=True)
def test_no_page_of_the_library_has_a_serious_fault(asked: Cast, open_page: Callable[..., Any]) -> None:
    office, unit = asked.client("officer"), asked.client("secretary")
    document = Document.objects.within(asked.scope("officer")).get(status="in_force").pk
    sent = Checklist.objects.within(asked.scope("officer")).get().pk
    answer = Answer.objects.within(asked.scope("secretary")).filter(state="asked").first()
    assert answer is not None
    pages = ["/library/", f"/library/{document}/", f"/library/{document}/ask/", f"/library/{document}/clauses/",
             "/library/new/", "/library/checklists/", f"/library/checklists/{sent}/"]  # fmt: skip
    found = [fault for path in pages for fault in faults_of(path, office, open_page)]
    pages = ["/library/", "/library/asked/", f"/library/asked/{answer.pk}/"]
    assert not found + [fault for path in pages for fault in faults_of(path, unit, open_page)]


@pytest.mark.django_db(transaction=True)
def test_a_secretary_answers_in_one_sentence(asked: Cast, open_page: Callable[..., Any]) -> None:
    page = open_page("/library/asked/", asked.client("secretary"), 375)
    page.get_by_role("link", name="第二条").click()
    page.get_by_label("已落实").check()
    page.get_by_label("一句话").fill("活动室与村委会共用，每周五")
    page.get_by_role("button", name="答复").click()
    page.wait_for_url("**/library/asked/")
    assert "活动室与村委会共用" in page.content()
