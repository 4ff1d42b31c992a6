"""The page of components in real Chromium: no sideways scroll, no accessibility fault, no policy violation, and the
little script at work."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(open_page, settings, built):
    """Open the page of components at a width and size."""
    settings.DEBUG = True

    def go(width=375, size="normal", path="/design/", **options):
        return open_page(path, None, width, size, **options)

    return go


@pytest.mark.parametrize("size", ["normal", "large", "elder"])
@pytest.mark.parametrize("width", [320, 375, 1366])
def test_no_sideways_scroll(visit, width, size):
    page = visit(width, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


@pytest.mark.parametrize("size", ["normal", "elder"])
@pytest.mark.parametrize("width", [375, 1366])
def test_axe_finds_nothing_serious(visit, width, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    faults = axe.run(visit(width, size, bypass_csp=True)).response["violations"]
    assert [fault["id"] for fault in faults if fault["impact"] in ("serious", "critical")] == []


def test_main_parts_are_large_in_the_elder_size(visit):
    page = visit(375, "elder")
    small = page.evaluate(
        """() => [...document.querySelectorAll('.btn, .menu a, .task, .form-control, .form-select, .choice')]
        .filter((e) => e.offsetParent !== null && e.getBoundingClientRect().height < 59.5)
        .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18
    tag, title = (page.locator(f".task >> nth=0 >> {css}").bounding_box() for css in (".st", ".task-title"))
    assert tag["y"] < title["y"]


def test_a_filter_replaces_the_rows_and_sets_the_url(visit):
    page = visit()
    page.locator("#f-unit").select_option("河东镇")
    page.wait_for_url("**unit=*")
    assert page.locator("#rows").count() == 1
    assert page.complaints == []


def test_a_dialog_shows_a_part_of_another_page(visit):
    page = visit()
    page.get_by_text("在对话框里看状态").click()
    page.wait_for_selector("dialog[open] .card-title")
    assert page.locator("dialog[open] .st-late").count() == 1
    page.get_by_role("button", name="关闭").click()
    assert page.locator("dialog[open]").count() == 0


def test_a_draft_outlives_a_reload_and_is_offered(visit):
    page = visit()
    box = page.locator("[data-draft] textarea")
    box.fill("讨论了十二月的安排")
    page.get_by_text("草稿已存本机").wait_for()
    page.reload()
    page.get_by_role("button", name="接着写").click()
    assert page.locator("[data-draft] textarea").input_value() == "讨论了十二月的安排"


def test_trouble_is_said_and_nothing_is_lost(visit):
    page = visit()
    page.route("**/design/?*", lambda route: route.fulfill(status=500, body="x"))
    page.locator("#f-unit").select_option("河东镇")
    page.wait_for_selector("#notices .notice")
    assert "不是操作的原因" in page.locator("#notices").inner_text()
    assert page.locator("#rows .heat").count() == 1


def test_slash_goes_to_the_search_box_but_not_while_writing(visit):
    page = visit()
    page.locator("body").press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    box = page.locator("[data-draft] textarea")
    box.focus()
    box.press("/")
    assert box.input_value() == "/"


def test_the_page_works_without_javascript(visit):
    page = visit(java_script_enabled=False)
    page.locator(".brand .size-switch button").click()
    assert page.locator("html").get_attribute("data-size") == "elder"


def test_red_stays_rare_when_nothing_is_late(visit):
    page = visit(375)
    page.set_viewport_size({"width": 375, "height": 812})
    height = page.locator(".brand").bounding_box()["height"]
    assert height <= 48
    assert height / 812 <= 0.08
