"""Texts through every export: no cell is a formula, no text of a CSV begins like one (G9, H06, H07).

CI sends 300 texts, `ZHIBU_HOSTILE=full` 10,000 through each.
"""

from __future__ import annotations

import ast
import inspect
import os
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tests.access import oracle
from tests.access.oracle import ROLES, ROUTES
from tests.access.test_matrix import ask
from tests.access.world import World
from tests.architecture.test_house import patterns
from tests.hostile import exports, registers, tables
from tests.hostile.exports import NO_TABLE, NO_TEXT, Crowd
from tests.hostile.strings import strings
from zhibu.web.conftest import enter
from zhibu.web.core import sheets

FEEDS = exports.FEEDS | registers.FEEDS
FULL = os.environ.get("ZHIBU_HOSTILE") == "full"
NUMBER = 10_000 if FULL else 300
# Of the texts are seen again: a book holds a control character as _x0001_; an education is short.
LEAST = {"import-file": 0.95, "offices-structure-sheet": 0.8}
GIVES_FILES = ("sheets.download", "download", "to_be_saved", "FileResponse", "answer")


def test_every_export_has_its_row() -> None:
    """By what its view calls, so that one that answers a file only now and then is found too."""
    found = {pattern.name for pattern in patterns() if pattern.name and _gives_a_file(pattern.callback)}
    assert found == {*FEEDS, *NO_TABLE}


def _gives_a_file(view: Any) -> bool:
    """The view, or a function of its module that it calls, calls one of GIVES_FILES."""
    view = inspect.unwrap(view)
    module = ast.parse(inspect.getsource(inspect.getmodule(view)))
    functions: dict[str, ast.AST] = {one.name: one for one in module.body if isinstance(one, ast.FunctionDef)}
    own, todo = set(functions), [ast.parse(textwrap.dedent(inspect.getsource(view)))]
    while todo:
        called = {ast.unparse(one.func) for one in ast.walk(todo.pop()) if isinstance(one, ast.Call)}
        if called & {*GIVES_FILES} - own:
            return True
        todo += [functions.pop(name) for name in called & functions.keys()]
    return False


def test_every_answer_with_a_file_is_of_a_known_export(crowd: World) -> None:
    """By what the routes answer: whatever code a view uses to make one."""
    found = set()
    for role in ROLES:
        client = _client(crowd, role)
        jar = dict(client.cookies)  # a visit to the sign-out page empties it
        for route in map(oracle.route, ROUTES):
            for method in set(route.methods) & {"GET", "POST"} if FULL or role == _first(route) else ():
                client.cookies.update(jar)
                response, _ = ask(crowd, route, "own", method, client)[1]
                if "attachment" in response.headers.get("Content-Disposition", ""):
                    found.add(route.name)
    assert found <= {*FEEDS, *NO_TABLE} and len(found) >= 8, found


def _first(route: oracle.Route) -> str:
    """The first role that may do what a route needs, at its own place if there is one; CI asks each route as it."""
    able = [role for role in ROLES if route.needs is None or oracle.relations(role, route.needs)]
    return next((role for role in able if route.needs and "own" in oracle.relations(role, route.needs)), able[0])


@pytest.fixture(scope="module")
def filled(built: World, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHIBU_TODAY", "2026-11-21")
        mark = transaction.savepoint_create()
        sqlite = connection.vendor == "sqlite"
        texts = strings(NUMBER) if sqlite else [one.replace("\0", "") for one in strings(NUMBER)]
        crowd = Crowd(built, texts, tmp_path_factory.mktemp("books"))
        exports.furnish(crowd)
        yield crowd
        transaction.savepoint_rollback(mark)


@pytest.mark.parametrize("name", FEEDS)
def test_no_text_becomes_a_formula(filled: Crowd, db: None, name: str) -> None:
    crowd, seen, files = _as_somebody(filled, name), set(), 0
    planted = {tables.key(text) for text in crowd.texts} - {""}
    mark = transaction.savepoint_create()
    for files, response in enumerate(FEEDS[name](crowd), 1):  # noqa: B007
        assert response.status_code == 200 and "attachment" in response.headers.get("Content-Disposition", ""), response
        found = tables.read(response.content)
        assert not found.faults, (name, found.faults[:5])
        seen |= {tables.key(cell) for cell in found.cells} & planted
    transaction.savepoint_rollback(mark)
    print(f"\n{name}: {files} files, {len(seen)} of {len(planted)} texts")
    assert files and (name in NO_TEXT or len(seen) >= LEAST.get(name, 0.98) * len(planted))


def _as_somebody(crowd: Crowd, name: str) -> Crowd:
    crowd.role = _first(oracle.route(name))
    crowd.client = _client(crowd.world, crowd.role)
    return crowd


def _client(crowd: World, role: str) -> Any:
    from django.test import Client

    client = Client()
    enter(client, crowd.people[role])
    return client


def test_halves_of_characters_do_not_break_a_file() -> None:
    """JSON columns of SQLite keep them; audit lines show such columns."""
    texts = strings(2000, halves=True)
    assert any("\ud800" <= letter <= "\udfff" for text in texts for letter in text)
    sheet = sheets.Sheet(texts[0], texts[1], texts[2:4], [[text, f"[{text}]"] for text in texts])
    for content in (sheets.workbook(sheet), sheets.as_csv(sheet)):
        assert not tables.read(content).faults


@pytest.mark.parametrize("hole", ["=1", "\u00a0=1", "\u200b+1", "a\n=1", "\tx", "﹦1", "x\r@1"])
def test_the_reader_sees_a_hole(hole: str) -> None:
    """The check of the check: a CSV that escapes nothing, a workbook written the careless way."""
    import csv
    import io

    import openpyxl

    text = io.StringIO()
    csv.writer(text).writerow(["x", hole])
    assert tables.read(text.getvalue().encode()).faults
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "=1"
    book.save(out)
    assert tables.read(out.getvalue()).faults


def test_texts_are_the_same_every_time() -> None:
    assert strings(3000) == strings(3000) and len(set(strings(3000))) == 3000
    begins = {text.lstrip()[:1] for text in strings(3000)}
    assert set("=+-@＝＋－＠") <= begins
