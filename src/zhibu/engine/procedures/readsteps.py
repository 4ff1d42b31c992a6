"""Reads one step and its outcomes (decision 18, section 2); faults go to the sheet."""

from __future__ import annotations

from typing import get_args

import yaml

from zhibu.engine.procedures import readgates
from zhibu.engine.procedures.model import SKIPPED, YES, Ballots, By, Ground, Outcome, Repeats, Step
from zhibu.engine.procedures.readgates import GROUND, Found, Sources
from zhibu.engine.procedures.sheet import Mention, Sheet
from zhibu.engine.rulebooks.conditions import condition

TIMED = ("from", "until", "lasts", "gates")
KEYS = (
    *("id", "title", "stage", "help", *GROUND, "by", "of_kind", "after", "asks", "may_ask", "needs", "makes", *TIMED),
    *("outcomes", "repeats", "skippable", "effect", "ballots"),
)
OUTCOMES = 20  # of one step
ELECTIONS = 5  # of one step, on different cases
OUTCOME = ("title", "to", "ends", "at_most", "asks", "gates", "effect")


def step(sheet: Sheet, node: yaml.Node, sources: Sources, previous: str | None, more: str = "") -> tuple[Step, Found]:
    """One entry of `steps`, and its values by key; `previous` is the step before it, `more` a key besides."""
    found = sheet.mapping(node, "步骤", (*KEYS, *([more] if more else [])), ("id",), ("title", "source"))
    identity = sheet.name(found["id"], "步骤的 id ") if "id" in found else ""
    basis = readgates.ground(sheet, found, sources)
    by: By = sheet.choice(found["by"], "by", get_args(By)) if "by" in found else "own"
    made = Step(
        id=identity,
        title=sheet.text(found["title"], "title") if "title" in found else identity,
        stage=_stage(sheet, found.get("stage")),
        help=sheet.text(found["help"], "help") if "help" in found else "",
        ground=basis,
        by=by,
        of_kind=_kinds(sheet, found, by),
        after=sheet.mentioned("step", found["after"], "after") if "after" in found else (previous,) if previous else (),
        asks=sheet.mentioned("value", found.get("asks"), "asks"),
        may_ask=sheet.mentioned("value", found.get("may_ask"), "may_ask"),
        needs=sheet.mentioned("paper", found.get("needs"), "needs"),
        makes=sheet.mentioned("paper", found.get("makes"), "makes"),
        gates=readgates.gates(sheet, found, sources, basis),
        outcomes=_outcomes(sheet, found.get("outcomes"), sources, basis),
        repeats=_repeats(sheet, found["repeats"]) if "repeats" in found else None,
        skippable=_skippable(sheet, found, basis),
        effect=sheet.mention("effect", found["effect"], "effect") if "effect" in found else None,
        place=sheet.place(node),
        ballots=_ballots(sheet, found["ballots"]) if "ballots" in found else (),
    )
    return made, found


def _ballots(sheet: Sheet, node: yaml.Node) -> tuple[Ballots, ...]:
    made = []
    for item in sheet.few(node, "ballots", ELECTIONS):
        found = sheet.mapping(item, "ballots 的一项", ("into", "seats", "valid", "surplus", "where"), ("into",))
        test = condition(sheet, found["where"], "where") if "where" in found else None
        if test is not None:
            sheet.tests(test)
        made.append(
            Ballots(
                into=sheet.mention("value", found["into"], "into") if "into" in found else "",
                seats=sheet.mention("value", found["seats"], "seats") if "seats" in found else None,
                valid=sheet.mention("value", found["valid"], "valid") if "valid" in found else None,
                surplus=sheet.flag(found["surplus"], "surplus") if "surplus" in found else False,
                where=test,
            )
        )
    return tuple(made)


def _stage(sheet: Sheet, node: yaml.Node | None) -> str:
    """A key of `stages`, which may be a number."""
    if node is None:
        return ""
    name = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
    sheet.mentions.append(Mention("stage", name, sheet.place(node)))
    return name


def _kinds(sheet: Sheet, found: Found, by: By) -> tuple[str, ...]:
    if "of_kind" not in found:
        return ()
    if by != "superior":
        sheet.fault(found["of_kind"], "of_kind 只与 by: superior 一起写", "它说的是哪一种上级组织")
    return tuple(sheet.text(item, "of_kind") for item in sheet.sequence(found["of_kind"], "of_kind"))


def _skippable(sheet: Sheet, found: Found, basis: Ground) -> bool:
    always = basis.strength != "hard" or basis.status == "draft"
    if "skippable" not in found:
        return always
    written = sheet.flag(found["skippable"], "skippable")
    if always and not written:
        sheet.fault(found["skippable"], "不是硬性要求的步骤和草稿总是可以略过", "请删掉 skippable，或改 strength")
    return written


def _repeats(sheet: Sheet, node: yaml.Node) -> Repeats:
    found = sheet.mapping(node, "repeats", (*readgates.SPANS, "while_open"), ("while_open",))
    every = readgates.span(sheet, node, found, "repeats")
    if every.n == 0:
        sheet.fault(node, "repeats 的间隔不能是 0", "如 {months: 6, while_open: 步骤}")
    return Repeats(every, sheet.mention("step", found["while_open"], "while_open") if "while_open" in found else "")


# --- outcomes -----------------------------------------------------------------------------------------------


def _outcomes(sheet: Sheet, node: yaml.Node | None, sources: Sources, basis: Ground) -> tuple[Outcome, ...]:
    """`yes` is always there and first."""
    written = dict[str, Outcome]()
    for key, name, value in sheet.pairs(node, "outcomes") if node is not None else ():
        if len(written) >= OUTCOMES:
            sheet.fault(key, f"结果最多 {OUTCOMES} 种")
            break
        if name == SKIPPED:
            sheet.fault(key, "outcomes 不能有 skipped", "略过一步用 skippable: true")
        else:
            written[name] = _outcome(sheet, name, value, sources, basis)
    yes = written.pop(YES, Outcome(YES, "办好"))
    return (yes, *written.values())


def _outcome(sheet: Sheet, name: str, node: yaml.Node, sources: Sources, basis: Ground) -> Outcome:
    found = sheet.mapping(node, f"结果 {name} ", OUTCOME, (), ("title",))
    if "to" in found and "ends" in found:
        sheet.fault(node, f"结果 {name} 又退回又办结", "to 和 ends 只能写一个")
    if name == YES and {"to", "ends"} & found.keys():
        sheet.fault(node, "结果 yes 不能退回或办结", "请另起一个结果，如 no: {title: 不通过, ends: 不予接收}")
    return Outcome(
        id=name,
        title=sheet.text(found["title"], "title") if "title" in found else name,
        to=sheet.mention("step", found["to"], "to") if "to" in found else None,
        ends=sheet.text(found["ends"], "ends") if "ends" in found else None,
        at_most=sheet.whole(found["at_most"], "at_most", least=1, most=1000) if "at_most" in found else None,
        asks=sheet.mentioned("value", found.get("asks"), "asks"),
        gates=readgates.gates(sheet, found, sources, basis),
        effect=sheet.mention("effect", found["effect"], "effect") if "effect" in found else None,
    )
