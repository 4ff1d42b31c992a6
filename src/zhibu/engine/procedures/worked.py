"""Runs worked cases of a procedure: what each record and each day says, against what was expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.procedures.cases import FLAGS, STATES, Expected, Try, Undo, Worked
from zhibu.engine.procedures.check import check
from zhibu.engine.procedures.model import Case, Paper, Procedure, StepStanding
from zhibu.engine.procedures.standing import standing
from zhibu.engine.procedures.undo import undoable

Versions = tuple[Procedure, ...]


def run(worked: Worked, versions: Versions) -> tuple[Case, list[Fault]]:
    """The case as it is in the end, and what does not come out as expected."""
    case, faults = worked.case, list[Fault]()
    for entry in worked.entries:
        try:
            case, wrong = _undo(versions, case, entry) if isinstance(entry, Undo) else _try(versions, case, entry)
        except EngineError as error:
            wrong = [f"{fault.wrong}" for fault in error.faults]
        faults += [_about(worked, entry.place, one) for one in wrong]
    for expected in worked.standing:
        try:
            faults += [_about(worked, expected.place, one) for one in _standing(versions, case, expected)]
        except EngineError as error:
            faults += [_about(worked, expected.place, fault.wrong) for fault in error.faults]
    return case, faults


def _about(worked: Worked, place: Place, wrong: str) -> Fault:
    return Fault(place, f"样例“{worked.name}”：{wrong}")


def _try(versions: Versions, case: Case, entry: Try) -> tuple[Case, list[str]]:
    reasons = check(versions, case, entry.record, today=entry.record.done)
    blocking = [one for one in reasons if one.weight != "hint"]
    said = "；".join(one.sentence for one in blocking) or "可以办"
    hints = "；".join(one.sentence for one in reasons if one.weight == "hint") or "没有提醒"
    what = f"{entry.record.step}（{entry.record.done}）"
    wrong = [
        f"{what}应被挡住，并说“{part}”，实际：{said}" for part in entry.refused if part not in said or not blocking
    ]
    wrong += [f"{what}应有提醒“{part}”，实际：{hints}" for part in entry.hints if part not in hints]
    if entry.possible_on and entry.possible_on not in [one.possible_on for one in reasons]:
        days = "、".join(str(one.possible_on) for one in reasons if one.possible_on) or "没有"
        wrong.append(f"{what}最早可以办的那天应是 {entry.possible_on}，实际：{days}")
    if blocking and not entry.refused:
        wrong.append(f"{what}应可以办，实际：{said}")
    return (case if blocking else replace(case, records=(*case.records, entry.record))), wrong


def _undo(versions: Versions, case: Case, entry: Undo) -> tuple[Case, list[str]]:
    if entry.key not in [one.key for one in case.records]:
        return case, [f"没有可以撤回的“{entry.key}”"]
    said = undoable(versions, case, entry.key)
    if said:
        missing = [part for part in entry.refused if part not in said] if entry.refused else ["（应可以撤回）"]
        return case, [f"撤回 {entry.key} 应说“{part}”，实际：{said}" for part in missing]
    left = replace(case, records=tuple(one for one in case.records if one.key != entry.key))
    return left, [f"撤回 {entry.key} 应被挡住，实际可以撤回"] if entry.refused else []


def _standing(versions: Versions, case: Case, expected: Expected) -> Iterator[str]:
    found = standing(versions, case, expected.on)
    if expected.ended is not None and (found.ended or "") != expected.ended:
        yield f"{expected.on} 应{expected.ended or '还在办'}，实际：{found.ended or '还在办'}"
    if expected.version is not None and found.procedure.version != expected.version:
        yield f"{expected.on} 应按 {expected.version} 版，实际按 {found.procedure.version} 版"
    for key, wanted in expected.steps.items():
        got = tuple(one.step.id for one in found.steps if _is(one, key))
        if set(got) != set(wanted):
            yield f"{expected.on} {key} 应是 {'、'.join(wanted) or '没有'}，实际：{'、'.join(got) or '没有'}"
    by_id = {one.step.id: one for one in found.steps}
    for step, columns in expected.of_step.items():
        if step not in by_id:
            yield f"{found.procedure.version} 版没有步骤“{step}”"
            continue
        for key, value in columns.items():
            got_one = _column(by_id[step], key)
            if got_one != value:
                yield f"{expected.on} {step} 的 {key} 应是 {_shown(value)}，实际：{_shown(got_one)}"


def _is(one: StepStanding, key: str) -> bool:
    if key in STATES:
        return one.state == key
    assert key in FLAGS
    return bool(getattr(one, key))


def _column(one: StepStanding, key: str) -> date | tuple[str, ...] | None:
    found: date | tuple[Paper, ...] | None = getattr(one, key)
    return tuple(paper.id for paper in found) if isinstance(found, tuple) else found


def _shown(value: date | tuple[str, ...] | None) -> str:
    return "没有" if not value else "、".join(value) if isinstance(value, tuple) else str(value)
