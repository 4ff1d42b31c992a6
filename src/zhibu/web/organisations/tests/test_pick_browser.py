"""The box that names an organisation, in real Chromium: by keys and by tap, for one and for a list; and its faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zhibu.web.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [375, 1366])
def test_one_is_picked_by_pinyin_with_keys(cast: Cast, open_page: Callable[..., Any], width: int) -> None:
    page = open_page(f"/organisations/{cast.branch.code}/move/", cast.client("officer"), width, bypass_csp=True)
    box = page.get_by_role("combobox", name="新的上级党组织")
    box.press_sequentially("smz")
    page.get_by_role("option").nth(1).wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    faults = axe.run(page).response["violations"]
    assert [fault["id"] for fault in faults if fault["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    box.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    box.press("Enter")
    assert box.input_value() == page.locator(f"#{active}").get_attribute("data-words")
    assert box.get_attribute("aria-expanded") == "false" and page.url.endswith("/move/")
    box.fill("石门镇")
    page.get_by_role("option").first.wait_for()
    box.press("Escape")
    assert page.get_by_role("option").count() == 0 and box.input_value() == "石门镇"
    box.fill("中共云岭县石门")
    page.get_by_role("option", name="中共云岭县石门镇委员会").click()
    page.get_by_label("批准文件").fill("云组〔2026〕9 号")
    page.get_by_role("button", name="调整").click()
    page.get_by_text("已调整：大营镇槐树村党支部").wait_for()
    assert not page.complaints


def test_a_list_grows_line_by_line(cast: Cast, open_page: Callable[..., Any]) -> None:
    page = open_page("/campaigns/new/", cast.client("officer"), 375)
    box = page.get_by_role("combobox", name="加一个")
    for typed in ("槐树", "lq"):
        box.fill(typed)
        page.get_by_role("option").first.click()
        assert box.input_value() == ""
    assert page.locator("#id_units").input_value() == f"{cast.branch.name}\n{cast.sister.name}\n"
    box.fill("云海")
    page.get_by_text("没有相近的党组织").wait_for(state="attached")
    assert not page.complaints


def test_without_the_script_a_name_is_enough_and_an_error_names_what_is_near(
    cast: Cast, open_page: Callable[..., Any]
) -> None:
    page = open_page(f"/organisations/{cast.branch.code}/move/", cast.client("officer"), java_script_enabled=False)
    page.get_by_label("新的上级党组织").fill("石门镇")
    page.get_by_label("批准文件").fill("云组〔2026〕9 号")
    page.get_by_role("button", name="调整").click()
    assert "中共云岭县石门镇委员会（T003）" in page.locator("main").inner_text()
    page.get_by_label("新的上级党组织").fill("中共云岭县石门镇委员会")
    page.get_by_role("button", name="调整").click()
    assert "已调整：大营镇槐树村党支部" in page.locator("main").inner_text()
