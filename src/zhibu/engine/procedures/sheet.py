"""A file of a procedure under reading: a page that also keeps which names it mentions. Serves the reader.

Names are looked up when the file is whole, and those of a supplement when it lies over its procedure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import yaml

from zhibu.engine.errors import Fault, Place
from zhibu.engine.procedures.model import Value
from zhibu.engine.rulebooks.model import Condition
from zhibu.engine.rulebooks.page import Page, nearest
from zhibu.engine.uses import Use, of_condition

Kind = Literal["step", "value", "paper", "stage", "effect"]
KINDS = {"step": "步骤", "value": "值", "paper": "材料", "stage": "阶段", "effect": "效果"}
FAMILIES = {"date": "day", "whole": "number", "money": "number", "text": "text", "flag": "flag", "choice": "text"}


@dataclass(frozen=True, slots=True)
class Mention:
    """`dated`: the value must be a date. `use`: how a condition tests it."""

    kind: Kind
    name: str
    place: Place
    dated: bool = False
    use: Use | None = None


class Sheet(Page):
    def __init__(self, file: str, *, strict: bool = True):
        super().__init__(file, strict=strict)
        self.mentions: list[Mention] = []

    def mention(self, kind: Kind, node: yaml.Node, what: str, *, dated: bool = False) -> str:
        name = self.text(node, what)
        if name:
            self.mentions.append(Mention(kind, name, self.place(node), dated))
        return name

    def mentioned(self, kind: Kind, node: yaml.Node | None, what: str) -> tuple[str, ...]:
        """A list of names, each once."""
        if node is None:
            return ()
        names = [self.mention(kind, item, what) for item in self.sequence(node, what, empty=True)]
        return tuple(dict.fromkeys(name for name in names if name))

    def few(self, node: yaml.Node, what: str, most: int, *, empty: bool = False) -> list[yaml.Node]:
        """A list as long as people write it: what is looked at in pairs must not come by the thousand."""
        found = self.sequence(node, what, empty=empty)
        if len(found) > most:
            self.fault(node, f"{what}有 {len(found)} 项，最多 {most} 项", "请分成几个程序")
        return found[:most]

    def tests(self, condition: Condition) -> None:
        for use in of_condition("", condition):
            self.mentions.append(Mention("value", use.column, use.place, use=use))


def unknown(
    mentions: Collection[Mention], names: Mapping[Kind, Collection[str]], values: Mapping[str, Value]
) -> list[Fault]:
    """A fault for every name that does not exist, and for every value used as what it is not."""
    faults = []
    for one in mentions:
        if one.kind in names and one.name not in names[one.kind]:
            right = nearest(one.name, sorted(names[one.kind])) if names[one.kind] else ""
            faults.append(Fault(one.place, f"没有{KINDS[one.kind]}“{one.name}”", right))
        elif one.kind == "value":
            faults += _misused(one, values[one.name])
    return faults


def _misused(one: Mention, value: Value) -> list[Fault]:
    if one.dated and value.type != "date":
        return [Fault(one.place, f"值“{one.name}”不是日期，这里要日期", "请改用 type: date 的值")]
    if one.use is None:
        return []
    if wrong := one.use.families - {FAMILIES[value.type]}:
        said = "列表（has）" if "list" in wrong else "另一种类型的值"
        return [Fault(one.place, f"值“{one.name}”的类型是 {value.type}，不能与{said}比较", "请核对引号和写法")]
    return []
