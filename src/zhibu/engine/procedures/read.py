"""Reads one file into a procedure or a supplement (decision 18, sections 1 and 7); faults go to the sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

import yaml

from zhibu.engine.errors import Fault, Place
from zhibu.engine.procedures import readgates
from zhibu.engine.procedures.model import Gate, Paper, Procedure, Step, Value, ValueType
from zhibu.engine.procedures.readgates import GROUND, Found, Sources
from zhibu.engine.procedures.readsteps import step
from zhibu.engine.procedures.sheet import Mention, Sheet
from zhibu.engine.rulebooks.document import entries
from zhibu.engine.rulebooks.model import Level, Source, Subject
from zhibu.engine.rulebooks.read import sources_of

COMMON = ("version", "title", "level", "effective", "sources", "values", "papers", "stages", "steps")
STEPS = 200  # of one file; admission has 25
PROCEDURE = ("procedure", *COMMON, "subject", "transition", "finished")
SUPPLEMENT = ("supplement", *COMMON, "tighten")


@dataclass(frozen=True, slots=True)
class Added:
    """A step of a supplement; the steps of `before` wait for it."""

    step: Step
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tightened:
    step: str
    gates: tuple[Gate, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Supplement:
    """What is laid over every version of the procedure `id` on the days both are in force."""

    id: str
    version: str
    title: str
    level: Level
    since: date
    until: date | None
    sources: tuple[Source, ...]
    values: tuple[Value, ...]
    papers: tuple[Paper, ...]
    stages: Mapping[str, str]
    added: tuple[Added, ...]
    tightened: tuple[Tightened, ...]
    place: Place
    digest: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. `made` is whole only when there are no faults."""

    made: Procedure | Supplement | None
    mentions: tuple[Mention, ...]
    faults: tuple[Fault, ...]


def read(file: str, content: bytes, *, strict: bool = True) -> Document:
    """The procedure or supplement of a file; nothing is raised. `file` is how faults name it."""
    sheet = Sheet(file, strict=strict)
    root = sheet.compose(content)
    if root is None:
        return Document(None, (), tuple(sheet.faults))
    make = _supplement if "supplement" in keys_of(root) else _procedure
    made = make(sheet, root, hashlib.sha256(content).hexdigest())
    return Document(made, tuple(sheet.mentions), tuple(sheet.faults))


def keys_of(root: yaml.Node | None) -> set[str]:
    """The top-level keys: they say what a file is."""
    if not isinstance(root, yaml.MappingNode):
        return set()
    return {key.value for key, _, _ in entries(root) if isinstance(key, yaml.ScalarNode)}


def _procedure(sheet: Sheet, root: yaml.Node, digest: str) -> Procedure:
    found = sheet.mapping(
        root,
        "程序",
        PROCEDURE,
        ("procedure", "version", "subject", "effective", "steps"),
        ("title", "level", "sources"),
    )
    head = _head(sheet, found, "procedure")
    steps, _ = _steps(sheet, found, head.sources, "")
    subject: Subject = sheet.choice(found["subject"], "subject", get_args(Subject)) if "subject" in found else "person"
    return Procedure(
        id=head.id,
        version=head.version,
        title=head.title,
        level=head.level,
        subject=subject,
        since=head.since,
        until=head.until,
        transition=sheet.choice(found["transition"], "transition", ("step", "case"))
        if "transition" in found
        else "step",
        finished=sheet.text(found["finished"], "finished") if "finished" in found else "办结",
        sources=tuple(head.sources.values()),
        values=head.values,
        papers=head.papers,
        stages=head.stages,
        steps=tuple(steps),
        place=sheet.place(root),
        digest=digest,
    )


def _supplement(sheet: Sheet, root: yaml.Node, digest: str) -> Supplement:
    found = sheet.mapping(
        root, "补充规定", SUPPLEMENT, ("supplement", "version", "level", "effective"), ("title", "sources")
    )
    head = _head(sheet, found, "supplement")
    if head.level == "central":
        sheet.fault(found.get("level", root), "补充规定的 level 不能是 central", "它由中央以下的一级作出")
    steps, written = _steps(sheet, found, head.sources, "before")
    added = [
        Added(one, sheet.mentioned("step", keys.get("before"), "before"))
        for one, keys in zip(steps, written, strict=True)
    ]
    tightened = []
    for key, name, node in sheet.pairs(found["tighten"], "tighten") if "tighten" in found else ():
        sheet.mention("step", key, "tighten")
        tightened.append(_tightened(sheet, name, node, head.sources))
    if not added and not tightened:
        sheet.fault(root, "补充规定什么也没有补充", "请写 steps 或 tighten")
    return Supplement(
        head.id,
        head.version,
        head.title,
        head.level,
        head.since,
        head.until,
        tuple(head.sources.values()),
        head.values,
        head.papers,
        head.stages,
        tuple(added),
        tuple(tightened),
        sheet.place(root),
        digest,
    )


def _tightened(sheet: Sheet, name: str, node: yaml.Node, sources: Sources) -> Tightened:
    found = sheet.mapping(node, f"tighten 的 {name} ", ("gates", "from", "until", "needs", *GROUND), (), ("source",))
    basis = readgates.ground(sheet, found, sources)
    needs = sheet.mentioned("paper", found.get("needs"), "needs")
    return Tightened(name, readgates.gates(sheet, found, sources, basis), needs)


# --- the head, values, papers, steps ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    id: str
    version: str
    title: str
    level: Level
    since: date
    until: date | None
    sources: dict[str, Source]
    values: tuple[Value, ...]
    papers: tuple[Paper, ...]
    stages: dict[str, str]


def _head(sheet: Sheet, found: Found, key: str) -> Head:
    identity = sheet.name(found[key], f"{key} ") if key in found else ""
    days = sheet.mapping(found["effective"], "effective", ("from", "until"), ("from",)) if "effective" in found else {}
    since = sheet.day(days["from"], "from") if "from" in days else None
    until = sheet.day(days["until"], "until") if "until" in days else None
    if since and until and until < since:
        sheet.fault(days["until"], f"until（{until}）早于 from（{since}）", "until 是最后有效的一天")
    return Head(
        id=identity,
        version=sheet.name(found["version"], "version ") if "version" in found else "",
        title=sheet.text(found["title"], "title") if "title" in found else identity,
        level=sheet.choice(found["level"], "level", get_args(Level)) if "level" in found else "unit",
        since=since or date.min,
        until=until,
        sources=sources_of(sheet, found["sources"]) if "sources" in found else {},
        values=_named(sheet, found, "values", _value),
        papers=_named(sheet, found, "papers", _paper),
        stages=_stages(sheet, found["stages"]) if "stages" in found else {},
    )


def _named[T](sheet: Sheet, found: Found, what: str, make: Callable[[Sheet, str, yaml.Node], T]) -> tuple[T, ...]:
    made = []
    for key, name, node in sheet.pairs(found[what], what) if what in found else ():
        sheet.name(key, f"{what} 的 id ")
        made.append(make(sheet, name, node))
    return tuple(made)


def _value(sheet: Sheet, name: str, node: yaml.Node) -> Value:
    found = sheet.mapping(node, f"值 {name} ", ("title", "type", "options", "at_start"), ("type",), ("title",))
    kind: ValueType = sheet.choice(found["type"], "type", get_args(ValueType)) if "type" in found else "text"
    pairs = sheet.pairs(found["options"], "options") if "options" in found else ()
    options = {key: sheet.text(word, f"选项 {key} ") for _, key, word in pairs}
    if (kind == "choice") != bool(options):
        sheet.fault(node, f"值 {name} 的 type 与 options 不合", "type: choice 要写 options，别的类型不写")
    at_start = sheet.flag(found["at_start"], "at_start") if "at_start" in found else False
    title = sheet.text(found["title"], "title") if "title" in found else name
    return Value(name, title, kind, options, at_start, sheet.place(node))


def _paper(sheet: Sheet, name: str, node: yaml.Node) -> Paper:
    if not isinstance(node, yaml.MappingNode):
        return Paper(name, sheet.text(node, f"材料 {name} "))
    found = sheet.mapping(node, f"材料 {name} ", ("title", "stays"), ("title",))
    stays = sheet.flag(found["stays"], "stays") if "stays" in found else False
    return Paper(name, sheet.text(found["title"], "title") if "title" in found else name, stays)


def _stages(sheet: Sheet, node: yaml.Node) -> dict[str, str]:
    return {name: sheet.text(word, f"阶段 {name} ") for _, name, word in sheet.pairs(node, "stages")}


def _steps(sheet: Sheet, found: Found, sources: Sources, more: str) -> tuple[list[Step], list[Found]]:
    steps, written, first = list[Step](), list[Found](), dict[str, Step]()
    for node in sheet.few(found["steps"], "steps", STEPS) if "steps" in found else []:
        one, keys = step(sheet, node, sources, steps[-1].id if steps else None, more)
        if one.id in first:
            line = first[one.id].place.line
            sheet.broken(one.place.line, f"步骤 id“{one.id}”重复，第 {line} 行已用过", "每一步的 id 不能相同")
        first.setdefault(one.id, one)
        steps.append(one)
        written.append(keys)
    if more and steps and "after" not in written[0] and not sheet.faults:
        sheet.broken(steps[0].place.line, f"步骤“{steps[0].id}”没有写 after", "补充的第一步要写在哪一步之后")
    return steps, written
