"""Steps, days, outcomes, values and votes in every order: no forbidden state is ever reached (decision 18).

ZHIBU_CASES=5000 plays more. Every mutant of the engine below must be noticed.
"""

from __future__ import annotations

import importlib
import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import FunctionType

import pytest
import yaml

from tests.generative.dice import Dice
from tests.procedures import making, play
from tests.procedures.oracle import Oracle
from zhibu.engine.procedures.load import load
from zhibu.engine.procedures.model import Case, Procedure

CASES = int(os.environ.get("ZHIBU_CASES", "120"))
PACKS = Path(__file__).parents[2] / "packs"
FILES = sorted(one for one in PACKS.rglob("procedures/*/*.yaml") if one.parent.name != "cases")
DOCUMENTS = {one: yaml.safe_load(one.read_bytes()) for one in FILES}
SHIPPED = sorted({one["procedure"] for one in DOCUMENTS.values() if "procedure" in one})


def test_random_procedures() -> None:
    counts = play.Counts()
    for seed in range(CASES):
        try:
            play.chance(seed, counts)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
    least = min(vars(counts).values())
    assert least >= CASES // 60, counts  # every kind of thing has happened, and not once


@pytest.mark.parametrize("layered", [False, True])
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_procedures(name: str, layered: bool) -> None:
    """Every pack, from the youngest version on; half of the cases begin before it."""
    own = {file: one for file, one in DOCUMENTS.items() if one.get("procedure", one.get("supplement")) == name}
    used = {file: one for file, one in own.items() if layered or "procedure" in one}
    if layered and used.keys() == {file for file, one in own.items() if "procedure" in one}:
        pytest.skip("nothing is laid over it")
    (versions,) = load(used).values()
    counts = play.Counts()
    for seed in range(max(CASES // 100, 1)):
        dice = Dice(f"{name} {seed}")
        since = dice.pick([one.since for one in versions])
        play.play(dice, versions, Oracle(list(used.values())), start(dice, versions, since), counts, stride=3)
    assert counts.accepted, counts


def start(dice: Dice, versions: tuple[Procedure, ...], since: date) -> Case:
    opened = max(versions[0].since, since + timedelta(days=dice.pick([-300, 1, 30])))
    asked = [one for version in versions for one in version.values if one.at_start]
    values = {one.id: making.value(dice, versions[-1], one.id, opened - timedelta(days=9000)) for one in asked}
    return Case(opened, values)


# --- faults sown into the engine ----------------------------------------------------------------------------

MUTANTS = (
    ("gates:_from", "found.day <= done", "found.day < done", 0),
    ("gates:_age", "day > done", "day >= done", 34),
    ("gates:_lasts", "day > record.done", "day >= record.done", 86),
    ("gates:_beyond", "given < found.day", "given <= found.day", 147),
    ("gates:weight", 'ground.status == "draft" or ', "", 0),
    ("gates:weight", 'return "hint"', 'return "refused"', 0),
    ("votes:_short", "share.holds(count, base)", "share.holds(count + 1, base)", 200),
    ("votes:failures", "outcome == YES", "True", 33),
    ("votes:failures", "votes.written_yes if gate.written else 0", "votes.written_yes", 202),
    ("order:_overtaken", "bool(without) and ", "not ", 0),
    ("order:closed", "satisfied(procedure, past, step.repeats.while_open)", "False", 3),
    ("order:days_before", "min(days)", "max(days)", 18),
    ("order:nothing_left", "all(", "any(", 0),
    ("moments:day_of", "max(days)", "min(days)", 185),
    ("moments:day_of", "moot=dropped(seen.procedure, seen.past, moment.step)", "moot=False", 38),
    ("moments:add", "12 * span.n", "span.n", 3),
    ("history:_after", "step == to or ", "", 17),
    ("history:_after", "home.knows(to) and step in home.following(to)", "False", 17),
    ("history:added", "if new.version.stays(one)", "", 17),
    ("history:added", "{**past.values, **record.values}", "{**record.values, **past.values}", 34),
    ("past:papers_of", "one.record.outcome != SKIPPED and ", "", 290),
    ("versions:governing", 'found.transition == "step"', "True", 18),
    ("check:_order", "if before:", "if not before:", 0),
    ("check:_order", "step.repeats is None and ", "", 18),
    ("check:_days", "record.done < before", "record.done <= before", 3),
    ("check:_days", " and not case.written_later", "", 60),
    ("check:_days", "record.done > asked.today", "record.done >= asked.today", 0),
    ("check:_outcome", ">= outcome.at_most", "> outcome.at_most", 17),
    ("check:_skipped", "not step.skippable", "False", 6),
    ("check:missing", "past.papers() | handed_in", "handed_in", 0),
    ("limits:floor", "days_before(seen.procedure, seen.past, step)", "()", 3),
    ("limits:_owed", "max(days)", "min(days)", 34),
    ("undo:_rests", "outcome.to is not None", "False", 116),
    ("layers:with_", "gates=(*step.gates, *tight.gates)", "gates=tight.gates", 4),
)


@pytest.mark.parametrize(("where", "old", "new", "first"), MUTANTS)
def test_a_fault_is_noticed(where: str, old: str, new: str, first: int) -> None:
    """`first`: a play that notices it; where that one does no more, another must."""
    with mutated(where, old, new), pytest.raises(Exception) as noticed:
        for seed in (first, *range(1000)):
            play.chance(seed, play.Counts())
    assert isinstance(noticed.value, (play.Wrong, KeyError, AssertionError, RecursionError))


@contextmanager
def mutated(where: str, old: str, new: str) -> Iterator[None]:
    """The function with other code, wherever it was imported to."""
    module_name, name = where.split(":")
    module = importlib.import_module(f"zhibu.engine.procedures.{module_name}")
    function: FunctionType = getattr(module, name)
    source = inspect.getsource(function)
    assert source.count(old) >= 1, f"{where} has no {old!r} any more"
    namespace = dict(vars(module))
    exec(compile("from __future__ import annotations\n" + source.replace(old, new, 1), where, "exec"), namespace)
    right, function.__code__ = function.__code__, namespace[name].__code__
    try:
        yield
    finally:
        function.__code__ = right
