"""Which version holds for a day of a case (decision 18, section 6). Serves the meaning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhibu.engine.errors import EngineError, Fault
from zhibu.engine.procedures.model import Case, Procedure


def in_force(versions: Sequence[Procedure], day: date) -> Procedure | None:
    """Versions don't overlap: there is one or none."""
    return next((one for one in versions if one.since <= day and (one.until is None or day <= one.until)), None)


def governing(versions: Sequence[Procedure], case: Case, day: date) -> Procedure:
    """The version whose order and gates hold for what is done on that day. Raises EngineError where there is none."""
    found = _needed(versions, day, day)
    return found if found.transition == "step" else _needed(versions, case.opened, day)


def _needed(versions: Sequence[Procedure], day: date, asked: date) -> Procedure:
    found = in_force(versions, day)
    if found is not None:
        return found
    if not versions:
        raise ValueError("no version of a procedure given")
    known = "；".join(f"{one.version} 版{span(one)}" for one in versions)
    opened = "" if day == asked else "（办理之日，按开始时的版本办）"
    wrong = f"“{versions[0].title}”在 {day}{opened}没有有效的版本。现有：{known}"
    raise EngineError([Fault(versions[0].place, wrong, "请改日期，或补上那时有效的版本")])


def span(one: Procedure) -> str:
    return f"从 {one.since} " + (f"到 {one.until}" if one.until else "起")
