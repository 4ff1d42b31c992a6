"""The matrix is not blind: with one filter or check taken out, it turns red (security.md, G2).

All of them with `ZHIBU_MUTANTS=all` (`make security`); every tenth in CI.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from types import CodeType

import pytest
from django.db import connection
from django.test import Client

from tests.access import oracle, world
from tests.access.mutants import Mutant, all_mutants, apply, living
from tests.access.oracle import PLACES, ROUTES
from tests.access.test_matrix import judge

WHOLE = os.environ.get("ZHIBU_MUTANTS") == "all"
WHO = ("committee_officer", "secretary", "officer", "leader", "member", "auditor", "security_admin")
Case = tuple[str, str, str, str]  # role, route, place, method
TOOL = 3  # of sys.monitoring; 0 to 2 and 5 have names of their own
# Taken out, these change nothing that anybody could see; each was looked at, and this is why.
HARMLESS: dict[str, str] = {}


def cases() -> Iterator[Case]:
    for role in WHO:
        for name in ROUTES:
            route = oracle.route(name)
            for place in PLACES if route.placed or route.placed_by_form else ("own",):
                for method in ("GET", "POST"):
                    if method in route.methods:
                        yield role, name, place, method


def run(crowd: world.World, case: Case) -> list[str]:
    role, name, place, method = case
    client = Client(raise_request_exception=False)
    client.force_login(crowd.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return list(judge(crowd, role, oracle.route(name), place, method, client))


@pytest.mark.slow
def test_the_matrix_sees_every_seeded_leak(crowd: world.World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a forked child can't share a connection to a server")
    mutants = [one for one in all_mutants() if living(one) is not None]
    assert len(mutants) >= 40
    chosen = mutants if WHOLE else mutants[::10]
    touched = touching(crowd, chosen)
    blind, unreached = [], []
    for mutant in chosen:
        if not touched[mutant]:
            unreached.append(mutant.where)
        elif not caught(crowd, mutant, touched[mutant]):
            blind.append(mutant.where)
    print(f"{len(chosen)} of {len(mutants)} mutants, {len(blind)} survived, {len(unreached)} not reached by a page")
    assert not [one for one in [*blind, *unreached] if one.partition(" ")[0] not in HARMLESS], (blind, unreached)


def touching(crowd: world.World, mutants: list[Mutant]) -> dict[Mutant, list[Case]]:
    """Which cases run the functions the mutants stand in."""
    functions = {mutant: living(mutant) for mutant in mutants}
    codes = {function.__code__ for function in functions.values() if function}
    seen: set[CodeType] = set()
    found: dict[CodeType, list[Case]] = defaultdict(list)
    monitoring = sys.monitoring
    monitoring.use_tool_id(TOOL, "mutants")
    monitoring.register_callback(TOOL, monitoring.events.PY_START, lambda code, _: seen.add(code))
    try:
        for code in codes:
            monitoring.set_local_events(TOOL, code, monitoring.events.PY_START)
        for case in cases():
            seen.clear()
            run(crowd, case)
            for code in seen:
                found[code].append(case)
    finally:
        monitoring.free_tool_id(TOOL)
    return {mutant: found[function.__code__] for mutant, function in functions.items() if function}


def caught(crowd: world.World, mutant: Mutant, reached: list[Case]) -> bool:
    """Whether a child with the mutant in it sees a fault; a crash of a page is one."""
    child = os.fork()
    if child == 0:
        try:
            function = living(mutant)
            assert function
            apply(mutant, function)
            os._exit(1 if any(run(crowd, case) for case in reached) else 0)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
