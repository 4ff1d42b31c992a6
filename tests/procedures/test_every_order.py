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
from zhibu.engine.procedures.load import files, load
from zhibu.engine.procedures.model import Case, Procedure

CASES = int(os.environ.get("ZHIBU_CASES", "120"))
PACKS = Path(__file__).parents[2] / "packs"
FOLDERS = sorted({one.parent for one in PACKS.rglob("procedures/*/*.yaml") if one.parent.name != "cases"})


def test_random_procedures() -> None:
    counts = play.Counts()
    for seed in range(CASES):
        try:
            play.chance(seed, counts)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
    least = min(vars(counts).values())
    assert least >= CASES // 60, counts  # every kind of thing has happened, and not once


@pytest.mark.parametrize("folder", [pytest.param(one, id=one.name) for one in FOLDERS])
def test_shipped_procedures(folder: Path) -> None:
    """Every pack, from the youngest version on; half of the cases begin before it."""
    (versions,) = load([folder]).values()
    oracle = Oracle([yaml.safe_load(one.read_bytes()) for one in files(folder)])
    counts = play.Counts()
    for seed in range(max(CASES // 50, 2)):
        dice = Dice(f"{folder.name} {seed}")
        since = dice.pick([one.since for one in versions])
        play.play(dice, versions, oracle, start(dice, versions, since), counts, stride=3)
    assert counts.accepted, counts


def start(dice: Dice, versions: tuple[Procedure, ...], since: date) -> Case:
    opened = max(versions[0].since, since + timedelta(days=dice.pick([-300, 1, 30])))
    asked = [one for version in versions for one in version.values if one.at_start]
    values = {one.id: making.value(dice, versions[-1], one.id, opened - timedelta(days=9000)) for one in asked}
    return Case(opened, values)


# --- faults sown into the engine ----------------------------------------------------------------------------

MUTANTS = (
    ("gates:_from", "found.day <= done", "found.day < done"),
    ("gates:_age", "day > done", "day >= done"),
    ("gates:_lasts", "day > record.done", "day >= record.done"),
    ("gates:_beyond", "given < found.day", "given <= found.day"),
    ("gates:weight", 'ground.status == "draft" or ', ""),
    ("gates:weight", 'return "hint"', 'return "refused"'),
    ("votes:holds", "part > share.over", "part >= share.over"),
    ("votes:failures", "outcome == YES", "True"),
    ("votes:failures", "votes.written_yes if gate.written else 0", "votes.written_yes"),
    ("order:_overtaken", "bool(without) and ", "not "),
    ("order:closed", "satisfied(procedure, past, step.repeats.while_open)", "False"),
    ("order:days_before", "min(days)", "max(days)"),
    ("order:nothing_left", "all(", "any("),
    ("moments:day_of", "max(days)", "min(days)"),
    ("moments:day_of", "moot=dropped(seen.procedure, seen.past, moment.step)", "moot=False"),
    ("moments:add", "12 * span.n", "span.n"),
    ("history:_after", "step == to or ", ""),
    ("history:_after", "home.knows(to) and step in home.following(to)", "False"),
    ("history:added", "if new.version.stays(one)", ""),
    ("history:added", "{**past.values, **record.values}", "{**record.values, **past.values}"),
    ("past:papers_of", "one.record.outcome != SKIPPED and ", ""),
    ("versions:governing", 'found.transition == "step"', "True"),
    ("check:_reasons", "past.ended is not None or ", ""),
    ("check:_order", "if before:", "if not before:"),
    ("check:_order", "step.repeats is None and ", ""),
    ("check:_days", "record.done < before", "record.done <= before"),
    ("check:_days", " and not case.written_later", ""),
    ("check:_days", "record.done > asked.today", "record.done >= asked.today"),
    ("check:_outcome", ">= outcome.at_most", "> outcome.at_most"),
    ("check:_skipped", "not step.skippable", "False"),
    ("check:missing", "past.papers() | handed_in", "handed_in"),
    ("limits:floor", "days_before(seen.procedure, seen.past, step)", "()"),
    ("limits:_owed", "max(days)", "min(days)"),
    ("undo:_rests", "outcome.to is not None", "False"),
    ("undo:_rests", "step in version.following(taken.record.step)", "False"),
    ("undo:undoable", "past.ended is not None", "False"),
    ("undo:_reads", "record.step in steps or ", ""),
    ("layers:with_", "gates=(*step.gates, *tight.gates)", "gates=tight.gates"),
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
