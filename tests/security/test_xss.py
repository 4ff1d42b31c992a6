"""Payloads in every text field, on every page that shows it, in real Chromium: none runs, none becomes markup, and no
page of ours breaks its own policy (G10, H20, H21, H22).

CI puts all payloads into each field at once and walks with three roles, forms and addresses once with the first of them
who may; `ZHIBU_XSS=full` few at a time, every role, with the policy and without it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import batched, cycle, islice
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import yaml
from django.template import base as templates
from django.test import Client

from tests.access import oracle, world
from tests.access.oracle import ROLES, Route
from tests.access.test_matrix import _address
from tests.hostile import exports, registers
from tests.hostile.exports import NO_TABLE
from tests.security.payloads import FILL, LOOK, PAYLOADS, SQUARED, WATCH
from tests.security.planting import Planted, find, plant
from zhibu.web.conftest import enter
from zhibu.web.personal.models import Request
from zhibu.web.regulations.models import Scheme

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FULL = os.environ.get("ZHIBU_XSS") == "full"
FEW = 28  # payloads in one field, in a full run; besides all at once
SHOWN = re.compile(r"ZQ\d+q([A-Za-z_]+)")
READERS = ["officer", "secretary", "auditor"]
FILES = {name for name in exports.FEEDS | registers.FEEDS if "GET" in oracle.route(name).methods}
AWAY = {"logout", "oidc-back"} | {*NO_TABLE} | FILES
AWAY -= {"my-data", "members-numbers", "affected"}  # pages; their files come by POST
ASKED = (
    "q",
    "text",
    "person",
    "organisation",
    "action",
    "post",
    "thing",
    "address",
    "k",
    "next",
    "from",
    "page",
    "item",
)


class Walk:
    """One reader in one browser; what went wrong, with the address."""

    def __init__(self, chromium: Any, server: str, crowd: world.World, role: str, **options: Any) -> None:
        size = options.pop("size", "normal")
        self.server, self.role, self.pages = server, role, 0
        self.faults: list[str] = []
        self.shown: set[str] = set()  # the columns whose payloads stood on a page
        self.context = chromium.new_context(locale="zh-CN", accept_downloads=False, **options)
        self.context.set_default_timeout(20_000)
        self.context.add_init_script(WATCH)
        self.context.route("**/*", self._asked)
        self.client = Client()
        if role:
            enter(self.client, crowd.people[role])
            self._cookie("sessionid", self.client.cookies["sessionid"].value)
        self._cookie("size", size)
        self.page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("dialog", self._dialog)

    def _cookie(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.server}])

    def _asked(self, route: Any) -> None:
        host = urlsplit(route.request.url).netloc
        if route.request.url.startswith(("data:", "blob:")) or host == urlsplit(self.server).netloc:
            route.continue_()
            return
        self.faults.append(f"{self.role} {self.page.url}: asked for {route.request.url}")
        route.abort()

    def _said(self, line: Any) -> None:
        if "Content Security Policy" in line.text:
            self.faults.append(f"{self.role} {self.page.url}: {line.text[:200]}")

    def _dialog(self, dialog: Any) -> None:
        if dialog.type != "beforeunload":
            self.faults.append(f"{self.role} {self.page.url}: dialog {dialog.type}")
        dialog.accept()

    def go(self, path: str) -> None:
        answer = self.page.goto(self.server + path, wait_until="load")
        if answer and answer.status >= 500:
            self.faults.append(f"{self.role} {path[:200]}: {answer.status}")
        self.shown |= set(SHOWN.findall(self.page.content()))
        self.look()

    def look(self) -> None:
        self.pages += 1
        for fault in self.page.evaluate(LOOK, SQUARED):
            self.faults.append(f"{self.role} {self.page.url[:200]}: {fault}")

    def send(self, number: int, texts: list[str]) -> bool:
        """Fill and send the page's form of this number; False when there is none."""
        try:
            with self.page.expect_navigation(wait_until="load", timeout=8_000):
                if not self.page.evaluate(FILL, [number, texts]):
                    raise LookupError
        except LookupError:
            return False
        self.look()
        return True

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def walk(chromium: Any, live_server: Any) -> Iterator[Callable[..., Walk]]:
    walks: list[Walk] = []

    def start(crowd: world.World, role: str, **options: Any) -> Walk:
        walks.append(Walk(chromium, live_server.url, crowd, role, **options))
        return walks[-1]

    yield start
    for one in walks:
        one.close()


@pytest.fixture
def spoiled(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[world.World, Planted]:
    monkeypatch.setenv("ZHIBU_TODAY", world.TODAY.isoformat())
    crowd = world.build(oracle.ROLES, oracle.POINTED)
    for request in Request.objects.unscoped("sealed: no update of a column reaches it"):
        request.wanted = {"name": " ".join(PAYLOADS), "education": " ".join(PAYLOADS)}
        request.save()
    return crowd, find()


def routes(role: str) -> Iterator[Route]:
    """The pages this role may read."""
    for name in oracle.ROUTES:
        route = oracle.route(name)
        if name not in AWAY and "GET" in route.methods and (not route.needs or oracle.relations(role, route.needs)):
            yield route


def first(role: str) -> Iterator[Route]:
    """The pages this reader may read and none before it in READERS; in a full run all it may read."""
    before = () if FULL or role not in READERS else READERS[: READERS.index(role)]
    taken = {route.name for earlier in before for route in routes(earlier)}
    return (route for route in routes(role) if route.name not in taken)


def tried(client: Client, text: str) -> str:
    """The page of a computed trial: titles of a draft that hold payloads, organisations named with them."""
    scheme = Scheme.objects.get(year=2026)
    draft = yaml.safe_load(scheme.text)
    draft["title"] = text
    for number, dimension in enumerate(draft["dimensions"]):
        dimension |= {"title": f"{text}{number}", "weight": dimension["weight"] * (1 + number % 2)}
    given = {"year": 2026, "against": scheme.pk, "scheme_text": yaml.safe_dump(draft, allow_unicode=True)}
    answer = client.post("/assessment/trials/new/", given)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return answer.headers["Location"]


def rounds() -> Iterator[tuple[list[str], str, str]]:
    """Payloads of one field, who reads, and how: with the policy, or in large letters and without it."""
    for number, role in enumerate(ROLES if FULL else READERS):
        for size in ("normal", "elder") if FULL else (("normal", "elder")[number % 2],):
            yield PAYLOADS, role, size
    sizes = cycle(("normal", "elder"))
    for part in batched(PAYLOADS, FEW) if FULL else ():
        yield from ((list(part), role, next(sizes)) for role in READERS)


def test_there_are_payloads_enough() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 150


def test_no_stored_payload_runs(spoiled: tuple[world.World, Planted], walk: Callable[..., Walk]) -> None:
    """Every page of every reader's own place, as it is and in large letters."""
    crowd, planted = spoiled
    faults, pages, shown = [], 0, set()
    for payloads, role, size in rounds():
        plant(planted, " ".join(payloads))
        here = walk(crowd, role, size=size, bypass_csp=size == "elder")
        for route in routes(role):
            here.go(_address(crowd, route, "own"))
        here.go("/me/?print=1")
        if role == "officer":
            here.go(tried(here.client, " ".join(payloads)))
            assert payloads[0] in here.page.locator("main").inner_text()
        faults, pages, shown = faults + here.faults, pages + here.pages, shown | here.shown
        here.close()
    columns = len(planted.columns)
    print(f"\n{len(PAYLOADS)} payloads in {columns} columns, {len(shown)} shown, {pages} pages: {len(faults)} faults")
    assert not faults, "\n".join(faults[:30])
    assert columns >= 50 and len(shown) >= 30, sorted(shown)


def test_no_typed_payload_runs(spoiled: tuple[world.World, Planted], walk: Callable[..., Walk]) -> None:
    """Forms sent with payloads in all their fields: what comes back, and what is shown when it was taken."""
    crowd, _ = spoiled
    faults, sent = [], 0
    for size in (1, 20) if FULL else (20,):  # payloads of one field
        for role in ROLES if FULL else READERS:
            texts = cycle(" ".join(part) for part in batched(PAYLOADS, size))
            here = walk(crowd, role)
            for route in [one for one in first(role) if "POST" in one.methods]:
                for number in range(3 if FULL else 1):
                    here.go(_address(crowd, route, "own"))
                    sent += here.send(number, list(islice(texts, 12)))
            here.go("/")
            faults += here.faults
            here.close()
    print(f"\n{sent} forms sent: {len(faults)} faults")
    assert sent >= 15 and not faults, "\n".join(faults[:30])


def test_no_payload_of_an_address_runs(spoiled: tuple[world.World, Planted], walk: Callable[..., Walk]) -> None:
    """Search boxes and filters, and pages that do not exist."""
    crowd, _ = spoiled
    faults, asked = [], 0
    for role in READERS:
        here, payloads = walk(crowd, role, bypass_csp=role == "secretary"), cycle(PAYLOADS)
        for route in first(role):
            for _ in range(4 if FULL else 1):
                url = _address(crowd, route, "own")
                words = "&".join(f"{name}={quote(next(payloads))}" for name in ASKED)
                here.go(f"{url}{'&' if '?' in url else '?'}{words}")
                asked += 1
        for payload in islice(PAYLOADS, 0, None, 1 if FULL else 8):
            here.go(f"/no/{quote(payload, safe='')}/")
        faults += here.faults
        here.close()
    print(f"\n{asked} addresses: {len(faults)} faults")
    assert not faults, "\n".join(faults[:30])


def test_no_name_of_a_file_runs(spoiled: tuple[world.World, Planted], walk: Callable[..., Walk], tmp_path: Any) -> None:
    """Names of attachments, refused ones and kept ones; a book's name, its sheets' and its cells."""
    import xlsxwriter

    crowd, _ = spoiled
    here = walk(crowd, "secretary")
    for part in islice(batched(PAYLOADS, 5), None if FULL else 6):
        here.go(_address(crowd, oracle.route("record-files"), "own"))
        for ending, content in ((".exe", b"MZ"), (".pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")):
            names = [{"name": one + ending, "mimeType": "", "buffer": content} for one in part]
            here.page.locator("main input[type=file]").first.set_input_files(names)
            with here.page.expect_navigation(wait_until="load"):
                here.page.evaluate("document.querySelector('main input[type=file]').form.requestSubmit()")
            here.look()
    officer = walk(crowd, "officer")
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("<svg onload=alert(1)>")
        for column, word in enumerate(("姓名", "公民身份号码", "出生日期", "人员类别", "所在党支部", "加入党组织日期")):
            sheet.write_string(0, column, word)
            for row, payload in enumerate(PAYLOADS, 1):
                sheet.write_string(row, column, payload)
    officer.go("/imports/new/")
    name = '"><img src=x onerror=alert(1)>.xlsx'
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": path.read_bytes()}
    officer.page.locator("main input[type=file]").first.set_input_files([file])
    with officer.page.expect_navigation(wait_until="load"):
        officer.page.evaluate("document.querySelector('main input[type=file]').form.requestSubmit()")
    officer.look()
    assert "svg onload" in officer.page.locator("main").inner_text() or "onerror" in officer.page.content()
    assert not here.faults + officer.faults


@pytest.mark.parametrize("policy", [True, False])
def test_a_hole_is_seen(
    spoiled: tuple[world.World, Planted], walk: Callable[..., Walk], monkeypatch: pytest.MonkeyPatch, policy: bool
) -> None:
    """The check of the check: with escaping taken away what runs, becomes markup or breaks the policy is told."""
    crowd, planted = spoiled
    monkeypatch.setattr(templates, "render_value_in_context", lambda value, context: str(value))
    for payload in HOLES:
        plant(planted, payload)
        here = walk(crowd, "secretary", bypass_csp=not policy)
        here.go("/members/")
        here.close()
        assert here.faults, payload


HOLES = [
    "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<base href=//canary.invalid/>", "<x ng-app>", "<math>",
    "<div hx-get=//canary.invalid/hx hx-trigger=load>x</div>", "<style>*{display:none}</style>", "<p style=color:red>",
    "<a href=javascript:alert(1)>x</a>", "<form action=//canary.invalid/>", "<iframe srcdoc=x></iframe>", "1787569",
    "<script>alert(1)</script>", "<link rel=stylesheet href=//canary.invalid/l.css>", '<meta http-equiv=x content="x">',
]  # fmt: skip
