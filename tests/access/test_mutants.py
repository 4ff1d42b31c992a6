"""The matrix is not blind: with one filter or check taken out, it turns red (security.md, G2).

All of them with `ZHIBU_MUTANTS=all` (`make security`); in CI every fortieth, as two roles at four places, faults only.
Other words try those whose place holds one of them: `ZHIBU_MUTANTS=board_rows,dues.`.

How one ends: *caught*: a fault of the matrix, or an answer that changes with what happens out of reach (`disturb`).
*same*: every answer stays as it was, or is another refusal: a second wall stands behind. *blind*: an answer changed and
nothing says why that is right. *not reached*: no request runs that function; the tests of its app do.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import NoReturn

import pytest
from django.db import connection
from django.test import Client

from tests.access import oracle, world
from tests.access.mutants import Mutant, all_mutants, apply, guards, living
from tests.access.oracle import PLACES, ROUTES
from tests.access.test_matrix import ask, faults_of, without_chance
from tests.architecture.test_house import patterns
from zhibu.web.conftest import enter
from zhibu.web.core import clock

ASKED = os.environ.get("ZHIBU_MUTANTS", "")
WHOLE = bool(ASKED)
MORE = ("officer", "leader", "member", "auditor", "security_admin", "system_admin")
WHERE = PLACES if WHOLE else ("own", "descendant", "sibling", "cousin")
WHO = ("committee_officer", "secretary", *(MORE if WHOLE else ()))
Case = tuple[str, str, str, str]  # role, route, place, method
TOOL = 3  # of sys.monitoring; 0 to 2 and 5 have names of their own
ENDS = ["caught", "same", "blind", "broken"]


def cases() -> Iterator[Case]:
    for role in WHO:
        for name in ROUTES:
            route = oracle.route(name)
            for place in WHERE if route.placed or route.placed_by_form else ("own",):
                for method in ("GET", "POST"):
                    if method in route.methods:
                        yield role, name, place, method


def run(crowd: world.World, case: Case) -> tuple[list[str], int]:
    """The faults of one request, and a mark of its answer and of what it wrote; all refusals are alike."""
    role, name, place, method = case
    client, route = Client(raise_request_exception=False), oracle.route(name)
    enter(client, crowd.people[role])
    asked = written, (response, body) = ask(crowd, route, place, method, client)
    refused = response.status_code in (403, 404) and not written
    mark = hash("refused" if refused else (response.status_code, without_chance(body), tuple(written)))
    return list(faults_of(crowd, role, route, place, method, asked)), mark


def asked_for(where: str) -> bool:
    return ASKED in ("all", "") or any(word in where for word in ASKED.split(","))


@pytest.mark.slow
def test_the_matrix_sees_every_seeded_leak(crowd: world.World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant whose every answer stays as it was leaks nothing: another filter stands behind the one taken out."""
    if connection.vendor != "sqlite":
        pytest.skip("a forked child can't share a connection to a server")
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)  # answers that tell the minute stay the same
    mutants = [one for one in [*all_mutants(), *guards(patterns())] if living(one) is not None]
    chosen = [one for one in mutants if asked_for(one.where)][:: 1 if WHOLE else 40]
    reached = touching(crowd, chosen)
    ends: dict[str, list[str]] = defaultdict(list)
    for mutant, end in all_tried(crowd, chosen, reached):
        ends[end].append(mutant.where)
    for end, places in ends.items():
        print(f"{end}: {len(places)}", *(places if end != "caught" else []), sep="\n  ")
    assert not ends["blind"] and not ends["broken"]
    assert len(ends["caught"]) >= {"all": 40, "": 3}.get(ASKED, 0)


def touching(crowd: world.World, mutants: list[Mutant]) -> dict[Mutant, dict[Case, int]]:
    """Which cases run the functions the mutants stand in, with the marks of their answers (0: never the same)."""
    functions = {mutant: living(mutant) for mutant in mutants}
    codes = {function.__code__ for mutant, function in functions.items() if function and not mutant.route}
    found: dict[CodeType, dict[Case, int]] = defaultdict(dict)
    marks = {}
    with watching(codes) as seen:
        for case in cases():
            seen.clear()
            first = run(crowd, case)[1]
            marks[case] = first if WHOLE and first == run(crowd, case)[1] else 0
            for code in seen:
                found[code][case] = marks[case]
    everywhere = {mutant: found[function.__code__] for mutant, function in functions.items() if function}
    routes = [one for one in mutants if one.route]
    of_route = {one: {case: mark for case, mark in marks.items() if case[1] == one.route} for one in routes}
    return everywhere | of_route


def _judged(crowd: world.World, changed: dict[Case, int]) -> str:
    """Of answers that changed without a fault: whether they tell what happens elsewhere."""
    if not changed:
        return "same"
    world.disturb(crowd)
    return "caught" if any(run(crowd, case)[1] != now for case, now in changed.items()) else "blind"


@contextmanager
def watching(codes: set[CodeType]) -> Iterator[set[CodeType]]:
    """The codes among these that have run since the set was emptied."""
    seen: set[CodeType] = set()
    monitoring = sys.monitoring
    monitoring.use_tool_id(TOOL, "mutants")
    monitoring.register_callback(TOOL, monitoring.events.PY_START, lambda code, _: seen.add(code))
    for code in codes:
        monitoring.set_local_events(TOOL, code, monitoring.events.PY_START)
    try:
        yield seen
    finally:
        monitoring.free_tool_id(TOOL)


def all_tried(
    crowd: world.World, mutants: list[Mutant], reached: dict[Mutant, dict[Case, int]]
) -> Iterator[tuple[Mutant, str]]:
    """Each mutant and how it ended; a forked child tries it, as many at once as there are processors.

    The children's database lies in memory, so that each has its own.
    """
    yield from ((one, "not reached") for one in mutants if not reached[one])
    waiting, running = [one for one in mutants if reached[one]], {}
    while waiting or running:
        while waiting and len(running) < (os.process_cpu_count() or 1):
            mutant = waiting.pop(0)
            child = os.fork()
            if not child:
                _try(crowd, mutant, reached[mutant])
            running[child] = mutant
        child, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        if (mutant := running.pop(child, None)) is not None:  # else a child of somebody else
            yield mutant, ENDS[code] if code in range(len(ENDS)) else "broken"


def _try(crowd: world.World, mutant: Mutant, reached: dict[Case, int]) -> NoReturn:
    """What a child with the mutant in it sees; blind is another answer without a fault."""
    try:
        function = living(mutant)
        assert function
        apply(mutant, function)
        changed = {}
        for case, mark in reached.items():
            faults, now = run(crowd, case)
            if faults:
                os._exit(ENDS.index("caught"))
            if mark and now != mark:
                changed[case] = now
        os._exit(ENDS.index(_judged(crowd, changed)))
    except BaseException:
        os._exit(ENDS.index("broken"))
