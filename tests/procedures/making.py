"""Small procedures and records by chance: what may happen in an office, and what should not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.generative.dice import Dice
from zhibu.engine.procedures.model import Case, Procedure, Record, Step, Votes

START = date(2025, 1, 1)
CHANGE = date(2025, 7, 1)  # the second version begins
SPANS = ("days", "days", "months", "working_days", "years")
VALUES = {
    "d1": {"title": "日期甲", "type": "date", "at_start": True},
    "d2": {"title": "日期乙", "type": "date"},
    "w": {"title": "个数", "type": "whole"},
    "c": {"title": "选项", "type": "choice", "options": {"x": "甲", "y": "乙"}},
}
PAPERS = {"p": "材料甲", "q": {"title": "材料乙", "stays": True}, "r": "材料丙"}
Doc = dict[str, Any]


def documents(dice: Dice) -> list[Doc]:
    """One version or two, and now and then a supplement; not all of them are sound."""
    count = dice.pick([1, 1, 2, 3, 4, 5])
    first = version(dice, "1", [step(dice, at, count) for at in range(count)])
    found = [first]
    if dice.chance(2):
        first["effective"]["until"] = CHANGE - timedelta(days=1)
        found.append(changed(dice, first))
    if dice.chance(3):
        found.append(supplement(dice, first))
    return found


def version(dice: Dice, name: str, steps: list[Doc]) -> Doc:
    return {
        "procedure": "t",
        "version": name,
        "title": "试",
        "level": "central",
        "subject": "person",
        "effective": {"from": date(2020, 1, 1)},
        "transition": dice.pick(["step", "step", "case"]),
        "finished": "办完",
        "sources": {"S": {"title": "办法"}},
        "values": VALUES,
        "papers": PAPERS,
        "steps": steps,
    }


def changed(dice: Dice, first: Doc) -> Doc:
    """The next version: steps gone, new, stricter, in another order."""
    kept = [dict(one) for one in first["steps"] if not dice.chance(5)]
    at = dice.pick(range(len(kept) + 1))
    if dice.chance(2):
        kept.insert(at, step(dice, 7) | {"title": "新的一步"})
    for one in kept:
        if dice.chance(4):
            one["from"] = moment(dice, [other["id"] for other in kept])
    return version(dice, "2", kept) | {"effective": {"from": CHANGE}}


def supplement(dice: Dice, first: Doc) -> Doc:
    ids = [one["id"] for one in first["steps"]]
    new = step(dice, 8) | {"after": [dice.pick(ids)], "before": dice.some(ids, 0, 1)}
    tight = {
        "source": {"ref": "L", "clause": "第二条"},
        "from": moment(dice, ids),
        "needs": dice.some(list(PAPERS), 0, 1),
    }
    return {
        "supplement": "t",
        "version": "county",
        "title": "补",
        "level": "county",
        "effective": {"from": dice.pick([START, date(2025, 4, 1)])}
        | ({"until": date(2025, 9, 30)} if dice.chance(2) else {}),
        "sources": {"L": {"title": "县办法"}},
        "steps": [new],
        "tighten": {dice.pick(ids): tight},
    }


def step(dice: Dice, at: int, count: int = 0) -> Doc:
    """The step of that number; it may mention any step, which the reader may refuse."""
    before = [f"s{one}" for one in range(at if at < 7 else 3)]
    made: Doc = {"id": f"s{at}", "title": f"第{at}步", "source": {"ref": "L" if at == 8 else "S", "clause": "第一条"}}
    made |= {"strength": dice.pick(["hard", "hard", "hard", "soft", "may"])}
    if dice.chance(8):
        made["status"] = "draft"
    if dice.chance(2):
        made["after"] = dice.some(before, 0, 2)
    if before and dice.chance(2):
        made["from"] = moment(dice, before)
    if dice.chance(3):
        made["until"] = moment(dice, before) | ({"longest": span(dice)} if dice.chance(2) else {})
    if dice.chance(5):
        made["lasts"] = span(dice)
    made |= {key: dice.some(options, 0, 1) for key, options in (("asks", ["d2", "w"]), ("may_ask", ["c", "d1"]))}
    made |= {key: dice.some(list(PAPERS), 0, 1) for key in ("needs", "makes")}
    if dice.chance(2 if 0 < count < 3 else 4):
        made["gates"] = [gate(dice, before) for _ in range(dice.pick([1, 2]))]
    if any(one["kind"] == "dates" for one in made.get("gates", [])):
        made["asks"] = ["d2"]
    voted = any("passes" in one for one in made.get("gates", []))
    if voted or dice.chance(3):
        made["outcomes"] = outcomes(dice, [*before, made["id"]])
    if at + 1 < count and dice.chance(3):
        made["repeats"] = {dice.pick(["days", "months"]): dice.pick([1, 3, 20]), "while_open": f"s{at + 1}"}
    if dice.chance(6) and made["strength"] == "hard":
        made["skippable"] = True
    return made


def span(dice: Dice) -> Doc:
    return {dice.pick(SPANS): dice.pick([0, 1, 1, 2, 3])}


def moment(dice: Dice, steps: list[str]) -> Doc:
    where: Doc = {"after": dice.pick(steps)} if steps and not dice.chance(3) else {"value": dice.pick(["d1", "d2"])}
    return (where if not dice.chance(6) else {"opened": True}) | span(dice)


def gate(dice: Dice, steps: list[str]) -> Doc:
    shares = [{"of": "due", "over": "1/2"}, {"of": "due", "at_least": "2/3"}, {"of": "due", "at_least": 1}]
    found: Doc = dice.pick(
        [
            {"kind": "age", "value": "d1", "years": 18},
            {"kind": "age", "value": "d1", "years": 18},
            {"kind": "value", "where": {"w": {"min": 2}}},
            {"kind": "value", "where": {"any": [{"c": "x"}, {"w": {"known": False}}]}},
            {"kind": "dates", "value": "d2", "from": moment(dice, steps)},
            {"kind": "dates", "value": "d2", "until": moment(dice, steps)},
            {"kind": "vote", "quorum": shares[0], "passes": dice.pick([*shares, {"of": "present", "over": "1/2"}])},
            {"kind": "vote", "passes": dice.pick(shares), "written": True},
        ]
    )
    more = [{}, {}, {"strength": "soft"}, {"evidence": "memory"}, {"strength": "may"}]
    return found | dice.pick(more)


def outcomes(dice: Dice, back: list[str]) -> Doc:
    found: Doc = {"no": {"title": "退回", "to": dice.pick(back)}}
    if dice.chance(2):
        found["no"]["at_most"] = dice.pick([1, 2])
    if dice.chance(2):
        found["no"] |= {"asks": ["d2"]} if dice.chance(2) else {"gates": [gate(dice, back[:-1])]}
    if dice.chance(2):
        found["end"] = {"title": "终止", "ends": "不办"}
    if dice.chance(3):
        found["other"] = {"title": "另一种"}
    return found


# --- what people record -------------------------------------------------------------------------------------


def opened(dice: Dice) -> Case:
    start = (
        {"d1": dice.pick([date(2000, 1, 1), date(2007, 1, 9), date(2007, 3, 1), date(2025, 2, 1)])}
        if not dice.chance(6)
        else {}
    )
    return Case(START + timedelta(days=dice.pick([0, 0, 150])), start, written_later=dice.chance(6))


def record(dice: Dice, procedure: Procedure, step: Step, around: date, key: str, days: list[date]) -> Record:
    """A record of the step on or near a day, mostly as it should be; `days`: those the case knows already."""
    done = around + timedelta(days=dice.pick([0, 0, 0, 0, 1, 3, 10, 31, -1, -5]))
    outcome = dice.pick([one.id for one in step.outcomes]) if dice.chance(2) else "yes"
    if dice.chance(12):
        outcome = dice.pick(["skipped", "skipped", "nonsense"])
    asked = dict.fromkeys((*step.asks, *(key for one in step.outcomes if one.id == outcome for key in one.asks)))
    names = [*asked, *(key for key in step.may_ask if dice.chance(2))]
    if dice.chance(10):
        names = dice.some([one.id for one in procedure.values], 0, 2)
    return Record(
        step.id,
        done,
        done - timedelta(days=dice.pick([0, 1, 2, 3, 3, 9, 40, 400, -1])) if not dice.chance(4) else None,
        outcome,
        {name: value(dice, procedure, name, dice.pick([done, *days])) for name in names},
        votes(dice) if not dice.chance(6) else None,
        frozenset(dice.some([one.id for one in procedure.papers], 0, 3)) if dice.chance(2) else frozenset(step.needs),
        "有原因" if dice.chance(2) else "",
        key,
    )


def value(dice: Dice, procedure: Procedure, name: str, done: date) -> Any:
    found = next(one for one in procedure.values if one.id == name)
    if dice.chance(20):
        return dice.pick(["", "z", True, 1.5])
    match found.type:
        case "date":
            return done + timedelta(days=dice.pick([-400, -30, -3, -2, -1, 0, 0, 0, 1, 2, 3, 40, 200]))
        case "choice":
            return dice.pick(list(found.options))
        case "flag":
            return dice.pick([True, False])
        case "text":
            return "字"
    return dice.pick([0, 1, 2, 5])


def votes(dice: Dice) -> Votes:
    """Near the limits, and now and then impossible."""
    due = dice.pick([0, 3, 9, 10, 10])
    present = dice.pick([due, due, due, due - due // 4, due // 2, due // 2 + 1, due + 1 if dice.chance(5) else due])
    yes = dice.pick([present, present, min(due // 2, present), min(due // 2 + 1, present), present // 2, 0])
    no = dice.pick([0, 0, 0, present - yes, 1])
    written = dice.pick([0, 1, 2]) if present < due else 0
    return Votes(due, present, yes, no, 0, written, due, present)
