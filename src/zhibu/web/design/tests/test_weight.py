"""Budgets of ux.md 8.2 and the support floor of 7.1, on the files as served."""

import gzip
import re

import pytest

KB = 1024
BANNED = (  # beyond Chromium 92 or Safari 15
    r"color-mix\(",
    r"oklch\(",
    r"light-dark\(",
    r":has\(",
    r"@layer",
    r"@container",
    r"[{;]\s*inset(-inline|-block)?\s*:",
    r"aspect-ratio\s*:",
)


def weight(path):
    return len(gzip.compress(path.read_bytes(), 9))


def test_css_is_light(built):
    assert weight(built / "zhibu.css") <= 30 * KB


def test_own_script_is_light(built):
    assert weight(built / "zhibu.js") <= 6 * KB


def test_scripts_of_a_branch_page(built):
    assert weight(built / "zhibu.js") + weight(built / "htmx.min.js") <= 25 * KB


def test_everything_of_a_first_visit(built):
    assert sum(weight(path) for path in built.iterdir() if not path.name.startswith(".")) <= 60 * KB


@pytest.mark.django_db
def test_a_first_page_with_its_files_is_under_75_kb(built, client, settings):
    settings.DEBUG = True
    page = len(gzip.compress(client.get("/design/").content, 9))  # the longest page of the house
    files = sum(weight(path) for path in built.iterdir() if not path.name.startswith("."))
    assert page + files <= 75 * KB


@pytest.mark.parametrize("pattern", BANNED)
def test_no_css_beyond_the_support_floor(built, pattern):
    assert not re.search(pattern, (built / "zhibu.css").read_text())


def test_no_nested_rules(built):
    css = re.sub(r"url\([^)]*\)|\"[^\"]*\"", "", (built / "zhibu.css").read_text())
    assert not re.search(r"[{;]\s*&", css)


def test_no_other_host(built):
    css = (built / "zhibu.css").read_text().replace("http://www.w3.org/2000/svg", "")
    assert "http" not in css
