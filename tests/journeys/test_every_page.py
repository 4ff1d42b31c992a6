"""Every page of every role, looked at by machines: axe, sideways scroll, console, weight."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.access.oracle import ROUTES
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.feedback.actions import send
from zhibu.web.tasks import problems
from zhibu.web.tasks.actions import issue
from zhibu.web.tasks.models import Task
from zhibu.web.tasks.steps import report

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES: dict[str, tuple[str, ...]] = {
    "secretary": (
        "/duties/month/",
        "/records/new/",
        "/records/",
        "/o/",
        "/members/",
        "/members/find/",
        "/members/numbers/",
        "/approvals/",
        "/me/",
        "/regulations/",
        "/identity/",
        "/security/",
        "/security/app/",
        "/security/passkeys/",
        "/plans/new/",
        "/plans/meetings/new/",
        "/plans/calendar/",
        "/reminders/",
        "/reminders/wish/",
    ),
    "committee_officer": (
        "/review/",
        "/review/setting/",
        "/reminders/told/",
        "/reminders/rule/",
        "/reminders/ask/",
        "/review/faults/",
        "/filings/",
        "/reports/",
        "/reports/new/",
        "/agendas/",
        "/agendas/items/new/",
        "/board/late/",
        "/board/",
        "/organisations/",
        "/imports/",
        "/imports/new/",
        "/feedback/",
    ),
    "officer": (
        "/board/",
        "/regulations/branch-life/",
        "/assessment/trials/",
        "/assessment/trials/new/",
        "/tasks/new/",
        "/tasks/problems/new/",
        "/plans/days/",
        "/plans/",
    ),
    "leader": ("/board/", "/organisations/"),
    "member": ("/me/",),
    "auditor": ("/audit/", "/audit/chain/"),
}
CASES = [(role, path) for role, paths in PAGES.items() for path in paths]
# For a wall; files; parts of pages; open to all.
NO_PAGE = re.compile(r"wall|export|sheet|template|ics|feed|checkpoints|pick|logout|login")
SERIOUS = ("serious", "critical")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", PAGES)
def test_no_page_has_a_serious_fault(county: Cast, open_page: Callable[..., Any], role: str) -> None:
    client = county.client(role)
    assert not [fault for path in PAGES[role] for fault in faults_of(path, client, open_page)]


@pytest.mark.django_db(transaction=True)
def test_no_page_of_a_task_has_a_serious_fault(county: Cast, open_page: Callable[..., Any]) -> None:
    """In hand and reported, at both its sides; the order and the problems it came from."""
    by, found = county.scope("committee_officer"), [(county.branch, "活动室没有开门"), (county.sister, "台账没有记")]
    first, _ = problems.note(by=by, source="督查", found_on=TODAY, found=found)
    told = {"title": "活动室每周开门", "decided_on": TODAY, "due_on": TODAY + timedelta(days=9), "problems": [first.pk]}
    order = issue(by=by, units=[county.branch, county.sister], **told)
    task = Task.objects.within(by).get(order=order, owner=county.branch)
    pages = ("/tasks/", f"/tasks/{task.pk}/")
    officer, secretary = county.client("committee_officer"), county.client("secretary")
    assert not [fault for path in pages for fault in faults_of(path, secretary, open_page)]
    report(by=county.scope("secretary"), task=task, text="已开门", on=TODAY)
    above = (*pages, "/tasks/orders/", f"/tasks/orders/{order.pk}/", "/tasks/problems/")
    assert not [fault for path in above for fault in faults_of(path, officer, open_page)]


@pytest.mark.django_db(transaction=True)
def test_no_explanation_has_a_serious_fault(county: Cast, open_page: Callable[..., Any]) -> None:
    """The score with all its lines open and the reasons of its grade; a verdict that was missed."""
    here = f"/o/{county.branch.code}/"
    found = faults_of(f"{here}?print=1", county.client("officer"), open_page)
    assert not found + faults_of(f"{here}why/branch-life/theme-day/2026-09/", county.client("secretary"), open_page)


@pytest.mark.django_db(transaction=True)
def test_no_letter_and_no_line_has_a_serious_fault(county: Cast, open_page: Callable[..., Any]) -> None:
    """A letter to be answered, its contact before it is shown, and the line of the letter."""
    sent = send(by=county.scope("secretary"), text="表太多", name="李书记", contact="13999990000")
    line = Line.objects.unscoped("the line of the letter").latest("pk")
    office, auditor = county.client("committee_officer"), county.client("auditor")
    found = faults_of(f"/feedback/{sent.pk}/", office, open_page)
    found += faults_of(f"/feedback/{sent.pk}/contact/", office, open_page)
    assert not found + faults_of(f"/audit/{line.pk}/", auditor, open_page)


SIZES = {375: ("normal", "large", "elder"), 1366: ("normal",)}  # width in px: sizes of text


def faults_of(
    path: str, client: Any, open_page: Callable[..., Any], sizes: Mapping[int, Sequence[str]] = SIZES
) -> list[str]:
    """Loaded once a width; the size of the text is an attribute of the page and nothing else."""
    found = []
    for width, words in sizes.items():
        page = open_page(path, client, width, words[0], bypass_csp=True)
        assert page.evaluate("document.documentElement.dataset.size") == words[0]
        for size in words:
            page.evaluate("size => { document.documentElement.dataset.size = size; }", size)
            found += [f"{path} {width} {size}: {fault}" for fault in _faults(page, width)]
        found += [f"{path} {width}: {line}" for line in page.complaints]
        page.context.close()
    return found


def _faults(page: Any, width: int) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    wide = page.evaluate("document.documentElement.scrollWidth") > width
    faults = Axe().run(page).response["violations"]
    return [fault["id"] for fault in faults if fault["impact"] in SERIOUS] + ["scrolls sideways"] * wide


FULL = os.environ.get("ZHIBU_AXE") == "full"
LOOKS = [(width, size) for width, sizes in SIZES.items() for size in sizes]
ELSEWHERE = {path for paths in PAGES.values() for path in paths}
WHO = ("secretary", "committee_officer", "officer", "member")


def addresses(role: str, county: Cast) -> list[str]:
    """Of every list and form without a thing in its address: those this role sees first."""
    found = []
    may = {one: county.scope(one).actions for one in WHO}
    for name, told in ROUTES.items():
        able = [one for one in WHO if told.get("needs") in may[one]]
        if able[:1] == [role] and "path" not in told and "GET" in told.get("methods", ["GET"]):
            found += [] if NO_PAGE.search(name) else [reverse(name)]
    return [one for one in found if one not in ELSEWHERE]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", WHO)
def test_no_list_and_no_form_has_a_serious_fault(county: Cast, open_page: Callable[..., Any], role: str) -> None:
    """Each in one of the widths and sizes in turn; `make pages` in all of them."""
    page, found = open_page("/me/", county.client(role), 375, bypass_csp=True), []
    for number, path in enumerate(addresses(role, county)):
        answer = page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        assert answer.status in (200, 404), path  # 404: nothing to make it of in this county
        for width, size in LOOKS if FULL else [LOOKS[number % len(LOOKS)]]:
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("size => { document.documentElement.dataset.size = size; }", size)
            found += [f"{path} {width} {size}: {fault}" for fault in _faults(page, width)]
    assert not found


@pytest.mark.django_db(transaction=True)
def test_sign_in_has_no_serious_fault(open_page: Callable[..., Any]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for width in (375, 1366):
        page = open_page("/login/", None, width, bypass_csp=True)
        faults = Axe().run(page).response["violations"]
        assert [fault["id"] for fault in faults if fault["impact"] in SERIOUS] == []
        assert page.complaints == []


@pytest.mark.django_db(transaction=True)
def test_the_first_load_of_the_month_page_weighs_at_most_75_kb(county: Cast, open_page: Callable[..., Any]) -> None:
    """HTML, CSS, JavaScript, icons: everything the browser asks for, compressed."""
    weights: dict[str, int] = {}
    page = open_page("/login/", None)
    client = county.client("secretary")
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": page.url.removesuffix("/login/")}])
    page.on("response", lambda answer: weights.update({answer.url: len(gzip.compress(answer.body()))}))
    page.goto(page.url.replace("/login/", "/duties/month/"), wait_until="networkidle")
    assert sum(weights.values()) <= 75 * 1024, weights
    assert any(url.endswith(".css") for url in weights) and len(weights) >= 3
