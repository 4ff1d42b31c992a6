"""Admission under the rules of 2026 in the browser: begun, gone on, refused, voted on, ended as full member."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.procedures.tests.test_admission import begin, clients, go_on, good_run

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [375, 1366])
def test_from_the_application_to_the_end(
    cast: Cast, open_page: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    run, people = good_run(), clients(cast)
    case = begin(cast, monkeypatch, run, people)
    page = open_page(f"/procedures/{case.pk}/", people["own"], width)
    for record in run["records"]:
        if record["step"] == "activist":  # by hand: without the recommendation it is refused, with it it goes on
            monkeypatch.setenv("ZHIBU_TODAY", str(record["done"]))
            page.reload()
            page.get_by_role("link", name="办这一步").click()
            page.get_by_role("button", name="记下这一步").click()
            page.wait_for_selector("text=现在还不能记")
            assert "党员推荐" in page.locator("main").inner_text()
            page.get_by_label("党员推荐或群团组织推优材料").check()
            page.get_by_role("button", name="记下这一步").click()
            page.wait_for_url(f"**/procedures/{case.pk}/")
        elif record["step"] == "general-meeting":  # too few votes are told with the arithmetic, nothing is stored
            few = {**record, "votes": {**record["votes"], "for": 10, "against": 5}}
            assert go_on(case, few, monkeypatch, people).status_code == 422
            assert go_on(case, record, monkeypatch, people).status_code == 302
        else:
            assert go_on(case, record, monkeypatch, people).status_code == 302, record["step"]
    page.goto(page.url)
    assert "已转为正式党员" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.complaints == [one for one in page.complaints if "422" in one]
