"""The department tries a draft before it binds anybody: a slip is told, the draft stays, the losers have names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.pipeline import whatif

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "script"), [(375, False), (1366, True)])
def test_from_a_draft_to_those_who_lose(
    county: Cast, open_page: Callable[..., Any], width: int, script: bool, settings: Any, tmp_path: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    settings.MEDIA_ROOT = tmp_path
    whatif._warm.clear()
    page = open_page(
        "/assessment/trials/", county.client("officer"), width, java_script_enabled=script, bypass_csp=True
    )
    page.locator("main a", has_text="试一份草案").first.click()
    draft = page.input_value("[name=scheme_text]")
    page.fill("[name=scheme_text]", draft.replace("weight: 45", "weight: 九十"))
    page.locator("main button", has_text="试算").click()
    assert "第 10 行" in page.locator("main").inner_text()
    assert "weight: 九十" in page.input_value("[name=scheme_text]")
    page.fill("[name=scheme_text]", draft.replace("weight: 45", "weight: 90"))
    page.locator("main button", has_text="试算").click()
    page.wait_for_url("**/assessment/trials/*/")
    body = page.locator("main").inner_text()
    assert county.sister.name in body and "维度“组织生活”权重 45→90" in body
    assert page.evaluate("document.documentElement.scrollWidth") <= width if script else True
    if script:
        faults = Axe().run(page).response["violations"]
        assert [fault["id"] for fault in faults if fault["impact"] in ("serious", "critical")] == []
    page.locator("main a", has_text="接着改这份草案").click()
    assert "weight: 90" in page.input_value("[name=scheme_text]")
