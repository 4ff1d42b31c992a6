"""Every example of every chapter on procedures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.spec.procedures import Section, chapters, record, sections
from zhibu.engine.errors import EngineError
from zhibu.engine.procedures.load import assemble
from zhibu.engine.procedures.model import Case, Procedure, Reason
from zhibu.engine.procedures.read import read
from zhibu.engine.procedures.standing import check, standing, undoable

EXAMPLES = [(path.stem, section) for path in chapters() for section in sections(path)]
WORDS = {"refused": "不行", "reason_needed": "要原因", "hint": "提醒"}
STATES = {"done": "办了", "skipped": "略过", "next": "现在办", "waiting": "等前面", "dropped": "不再要求"}
Versions = tuple[Procedure, ...]


@pytest.mark.parametrize("section", [pytest.param(one, id=f"{stem}-{one.title}") for stem, one in EXAMPLES])
def test_example(section: Section) -> None:
    try:
        (versions,) = assemble([read(f"{at}.yaml", text.encode()) for at, text in enumerate(section.files)]).values()
        case = recorded(versions, section)
        looked(versions, section, case)
    except EngineError as error:
        assert section.errors, error
        assert [line for line in section.errors if line not in str(error)] == [], error
        return
    assert not section.errors, "应当报错"


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 30
    assert all(section.tables or section.errors for _, section in EXAMPLES)


def recorded(versions: Versions, section: Section) -> Case:
    """The case with the records that could be added; each row says what its table says."""
    case = section.case
    for at, row in enumerate(section.tables.get("records", [])):
        if row["step"].startswith("撤回 "):
            case = taken_back(versions, case, row)
            continue
        one = record(row, str(at))
        reasons = check(versions, case, one, date.fromisoformat(row["today"]) if row.get("today") else one.done)
        assert (answer(reasons), row) == (row["result"], row), reasons
        said = "；".join(f"{reason.sentence}（{reason.clause}）" for reason in reasons)
        assert row.get("says", "") in said, said
        if row.get("possible_on"):
            assert row["possible_on"] in [str(reason.possible_on) for reason in reasons], reasons
        if row["result"] in ("可以", "提醒"):
            case = replace(case, records=(*case.records, one))
    return case


def answer(reasons: tuple[Reason, ...]) -> str:
    weights = [reason.weight for reason in reasons]
    return next((word for weight, word in WORDS.items() if weight in weights), "可以")


def taken_back(versions: Versions, case: Case, row: dict[str, str]) -> Case:
    step = row["step"].removeprefix("撤回 ")
    key = [one.key for one in case.records if one.step == step][-1]
    said = undoable(versions, case, key)
    assert ("不行" if said else "可以", row) == (row["result"], row), said
    assert row.get("says", "") in said, said
    return case if said else replace(case, records=tuple(one for one in case.records if one.key != key))


def looked(versions: Versions, section: Section, case: Case) -> None:
    for row in section.tables.get("standing", []):
        found = {one.step.id: one for one in standing(versions, case, date.fromisoformat(row["on"])).steps}
        one = found[row["step"]]
        shown = {name: text(getattr(one, name)) for name in row if name not in ("on", "step", "says")}
        assert shown | {"on": row["on"], "step": row["step"]} == {k: v for k, v in row.items() if k != "says"}
        said = "；".join(reason.sentence for reason in one.reasons)
        assert row.get("says", "") in said, said
    for row in section.tables.get("ended", []):
        whole = standing(versions, case, date.fromisoformat(row["on"]))
        assert (whole.ended or "") == row["ended"], row
        assert row.get("version", whole.procedure.version) == whole.procedure.version, row


def text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else ""
    if isinstance(value, tuple):
        return "、".join(one if isinstance(one, str) else one.title for one in value)
    return STATES.get(value, "" if value is None else str(value))
