"""Plays a case by chance and compares every answer of the engine with the naive reading."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tests.generative.dice import Dice
from tests.procedures import making
from tests.procedures.oracle import Oracle
from zhibu.engine.errors import EngineError
from zhibu.engine.procedures.load import assemble
from zhibu.engine.procedures.model import Case, Procedure, Record
from zhibu.engine.procedures.read import read
from zhibu.engine.procedures.standing import check, standing, undoable
from zhibu.engine.procedures.versions import in_force

TURNS = 14


class Wrong(AssertionError):
    """The engine says something else than the decision."""


@dataclass
class Counts:
    """What the plays have seen, so that nobody believes an empty test."""

    plays: int = 0
    accepted: int = 0
    refused: int = 0
    undone: int = 0
    kept: int = 0
    back: int = 0
    ended: int = 0
    skipped: int = 0
    repeated: int = 0
    two_versions: int = 0
    layered: int = 0
    early: int = 0


def built(documents: Sequence[dict[str, Any]]) -> tuple[Procedure, ...] | None:
    """The versions as the reader makes them; None where it refuses them."""
    texts = [json.dumps(one, ensure_ascii=False, default=str).encode() for one in documents]  # JSON is YAML, and quick
    try:
        return assemble([read(f"{at}.yaml", text) for at, text in enumerate(texts)])["t"]
    except EngineError:
        return None


def chance(seed: int, counts: Counts) -> None:
    """One random procedure, one case. A procedure the reader refuses is thrown again."""
    dice = Dice(seed)
    documents = making.documents(dice)
    while (versions := built(documents)) is None:
        documents = making.documents(dice)
    oracle = Oracle(documents)
    counts.two_versions += len(oracle.versions) > 1
    counts.layered += bool(oracle.supplements)
    play(dice, versions, oracle, making.opened(dice), counts)


def play(
    dice: Dice, versions: tuple[Procedure, ...], oracle: Oracle, case: Case, counts: Counts, stride: int = 1
) -> None:
    """Raises Wrong where engine and oracle differ. `stride`: how many days pass between two looks."""
    counts.plays += 1
    day = case.opened
    for turn in range(TURNS * stride):
        if case.records and dice.chance(6):
            case = undo(dice, versions, oracle, case, counts)
        case, day = one_more(dice, versions, oracle, case, day, turn, counts)
        if turn % stride == 0:
            look(versions, oracle, case, day, counts)
        if standing(versions, case, day).ended and dice.chance(4):
            break
        day += timedelta(days=dice.pick([0, 0, 1, 4, 20, 31]))
    replayed(versions, oracle, case)


def one_more(
    dice: Dice, versions: tuple[Procedure, ...], oracle: Oracle, case: Case, day: date, turn: int, counts: Counts
) -> tuple[Case, date]:
    found = standing(versions, case, day)
    steps = [one for one in found.next if not dice.chance(5)] or list(found.steps)
    chosen = dice.pick(steps)
    around = chosen.earliest if chosen.earliest and dice.chance(2) else day
    days = [case.opened, *(one.done for one in case.records)]
    record = making.record(dice, found.procedure, chosen.step, around, str(turn), days)
    today = max(day, record.done) if not dice.chance(20) else day
    if not in_force(versions, record.done):
        return case, day
    reasons = check(versions, case, record, today)
    engine = all(one.weight == "hint" for one in reasons)
    if engine != oracle.allowed(case, record, today):
        said = "; ".join(one.sentence for one in reasons)
        raise Wrong(f"{record} on {case}: engine {engine} ({said}), decision {not engine}")
    if not engine:
        counts.refused += 1
        return case, day
    counts.accepted += 1
    counts.repeated += bool(chosen.records)
    counts.skipped += record.outcome == "skipped"
    counts.back += bool(oracle.outcome(oracle.law(case, record.done), record).get("to"))
    return replace(case, records=(*case.records, record)), max(day, record.done)


def undo(dice: Dice, versions: tuple[Procedure, ...], oracle: Oracle, case: Case, counts: Counts) -> Case:
    key = dice.pick(case.records).key
    said = undoable(versions, case, key)
    if (said == "") != oracle.undoable(case, key):
        raise Wrong(f"undo {key} of {case}: engine “{said}”, decision {oracle.undoable(case, key)}")
    if said:
        counts.kept += 1
        return case
    counts.undone += 1
    return replace(case, records=tuple(one for one in case.records if one.key != key))


def look(versions: tuple[Procedure, ...], oracle: Oracle, case: Case, on: date, counts: Counts) -> None:
    """Standing against the oracle, and against check on the days around."""
    found = standing(versions, case, on)
    ended = oracle.ended(case, on)
    if found.ended != ended:
        raise Wrong(f"{case} on {on}: ended {found.ended!r}, decision {ended!r}")
    counts.ended += ended is not None
    there = oracle.papers(case)
    for one in found.steps:
        expected = oracle.state(case, on, one.step.id)
        if one.state != expected:
            raise Wrong(f"{case} on {on}: {one.step.id} is {one.state}, decision {expected}")
        if one.state == "next":
            latest = oracle.latest(case, on, one.step.id)
            if one.latest != latest or one.overdue != (latest is not None and on > latest):
                raise Wrong(f"{case} on {on}: {one.step.id} until {one.latest}, decision {latest}")
            if {paper.id for paper in one.missing} != set(one.step.needs) - there:
                raise Wrong(f"{case} on {on}: {one.step.id} lacks {one.missing}")
    for days in (-7, 0, 1, 30):
        if in_force(versions, on + timedelta(days=days)):
            agree(versions, case, on + timedelta(days=days), counts)


def agree(versions: tuple[Procedure, ...], case: Case, day: date, counts: Counts) -> None:
    """A step `standing` calls possible on a day is not refused for its day, and one it calls early is."""
    for one in standing(versions, case, day).next:
        reasons = check(versions, case, Record(one.step.id, day, begun=date(1990, 1, 1)), day)
        against = [reason for reason in reasons if reason.of_day and reason.weight != "hint"]
        if against and not one.early:
            raise Wrong(f"{case} on {day}: {one.step.id} possible, but {against}")
        if one.early and all(reason.weight == "hint" for reason in reasons):
            raise Wrong(f"{case} on {day}: {one.step.id} early, but check has nothing against it")
        if one.early and one.earliest and one.earliest <= day:
            raise Wrong(f"{case} on {day}: {one.step.id} early and possible from {one.earliest}")
        counts.early += one.early


def replayed(versions: tuple[Procedure, ...], oracle: Oracle, case: Case) -> None:
    """What is left can be written again from the first record on, and says the same."""
    again = Case(case.opened, dict(case.values), (), case.written_later)
    for record in case.records:
        reasons = check(versions, again, record, date.max)
        if any(one.weight != "hint" for one in reasons) or not oracle.allowed(again, record, date.max):
            raise Wrong(f"{case}: {record} can't be written again: {reasons}")
        again = replace(again, records=(*again.records, record))
