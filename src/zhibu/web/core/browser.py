"""Real Chromium for tests: found, or the test is skipped loudly; in CI (`ZHIBU_BROWSER=required`) its absence fails.

A pytest plugin (`conftest.py` at the root names it).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGS += ["--disable-component-update", "--disable-sync"]


def chromium_path() -> str:
    """Where Chromium is, or an empty string."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), "")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not chromium_path():
        terminalreporter.write_line(
            "NO CHROMIUM: the browser journeys were skipped (Debian: apt install chromium)", red=True
        )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running browser for the whole session."""
    path = chromium_path()
    if not path:
        absent = "no Chromium on this machine: the browser journeys are skipped"
        (pytest.fail if os.environ.get("ZHIBU_BROWSER") == "required" else pytest.skip)(absent)
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """`open_page("/board/", client, width=375, size="elder")`: a tab, signed in as the test client is.

    Complaints of the console are collected in `page.complaints`; other options go to the browser context.
    """
    contexts = []

    def go(path: str, client: Any = None, width: int = 1366, size: str = "normal", **options: Any) -> Any:
        height = 812 if width < 500 else 768
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        cookies = {"size": size}
        if client is not None:
            cookies["sessionid"] = client.cookies["sessionid"].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda line: page.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield go
    for context in contexts:
        context.close()
