"""One YAML file under reading: nodes in, plain values out, every fault kept with its line.

Each reader method files a fault and returns a harmless value of the right type, so that one pass over a file
finds everything that is wrong with it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from zhibu.engine.errors import Fault, Place, because
from zhibu.engine.rulebooks import document
from zhibu.engine.rulebooks.document import TAG as _TAG
from zhibu.engine.rulebooks.model import Scalar

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE = re.compile(r"[+-]?(0|[1-9][\d_]*)")
_DECIMAL = re.compile(r"[+-]?(0|[1-9][\d_]*)?(\.[\d_]*)?([eE][+-]?\d{1,3})?")  # 010 would be octal in YAML
MENTIONED = 20  # known names told after an unknown one
PLACES = 30  # digits before and after the point: more than any regulation has
_TRUE = {"true", "yes", "on"}


class Page:
    """A file being read; `faults` collects what is wrong with it. Faults name `file` as the user wrote it.

    `strict`: keys that only describe (titles, sources) must be there, as in everything that is published.
    """

    def __init__(self, file: str, *, strict: bool = True):
        self.file = file
        self.strict = strict
        self.faults: list[Fault] = []

    # --- faults

    def place(self, node: yaml.Node) -> Place:
        return Place(self.file, node.start_mark.line + 1)

    def fault(self, node: yaml.Node, wrong: str, right: str = "") -> None:
        self.faults.append(Fault(self.place(node), wrong, right))

    def broken(self, line: int, wrong: str, right: str = "") -> None:
        """A fault of the file rather than of a node."""
        self.faults.append(Fault(Place(self.file, line), wrong, right))

    # --- the file

    def compose(self, content: bytes) -> yaml.Node | None:
        """The root node, or None when the file cannot be read as YAML at all."""
        try:
            return document.compose(content)
        except document.BrokenError as error:
            self.broken(error.line, error.wrong, error.right)
            return None

    # --- containers

    def pairs(self, node: yaml.Node, what: str) -> Iterator[tuple[yaml.Node, str, yaml.Node]]:
        """(key node, key, value node) of a mapping; a repeated key is a fault and is passed over."""
        if not isinstance(node, yaml.MappingNode) or node.tag != _TAG + "map":
            self.fault(node, f"{what}应是“键: 值”的形式，这里是{shown(node)}")
            return
        for part in document.unmergeable(node):
            self.fault(part, f"{what}的 << 后面应是“键: 值”，这里是{shown(part)}", "如 <<: *别名")
        seen: dict[str, int] = {}
        for key, value, merged in document.entries(node):
            if not isinstance(key, yaml.ScalarNode):
                self.fault(key, f"{what}的键应是一个词")
            elif key.value in seen and merged:
                pass
            elif key.value in seen:
                self.fault(key, f"键“{key.value}”重复，第 {seen[key.value]} 行已写过", "请只保留一个")
            else:
                seen[key.value] = key.start_mark.line + 1
                yield key, key.value, value

    def mapping(
        self,
        node: yaml.Node,
        what: str,
        known: Collection[str],
        required: Collection[str] = (),
        descriptive: Collection[str] = (),
    ) -> dict[str, yaml.Node]:
        """The values of a mapping by key. Unknown and missing keys are faults; descriptive ones when strict."""
        found = {}
        for key, name, value in self.pairs(node, what):
            if name in known:
                found[name] = value
            else:
                self.fault(key, f"{what}中有未知的键“{name}”", nearest(name, known))
        if isinstance(node, yaml.MappingNode):
            for name in (*required, *(descriptive if self.strict else ())):
                if name not in found:
                    self.fault(node, f"{what}缺少“{name}”", f"请补上“{name}: …”")
        return found

    def sequence(self, node: yaml.Node, what: str, *, empty: bool = False) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode) or node.tag != _TAG + "seq":
            self.fault(node, f"{what}应是一个列表，这里是{shown(node)}", "请写成 [甲, 乙] 或每行一个“- 甲”")
            return []
        if not node.value and not empty:
            self.fault(node, f"{what}是空的", "请至少写一项")
        return list(node.value)

    # --- scalars

    def text(self, node: yaml.Node, what: str) -> str:
        if isinstance(node, yaml.ScalarNode) and node.tag == _TAG + "str" and node.value.strip():
            return str(node.value)
        self.fault(node, f"{what}应是文字，这里是{shown(node)}", "数字、日期和 true/false 当文字用时请加引号")
        return ""

    def name(self, node: yaml.Node, what: str) -> str:
        """An id: no blank, `/`, `*` or `|`, because ids are joined and listed with these."""
        value = self.text(node, what)
        if re.search(r"[\s/*|]", value):
            self.fault(node, f"{what}“{value}”不能含空格、/、* 或 |", "请用字母、数字、连字符，如 general-meeting")
        return value

    def choice(self, node: yaml.Node, what: str, options: Collection[str]) -> Any:
        """One of a few words (typed Any: the options are the Literal of the model)."""
        if isinstance(node, yaml.ScalarNode) and node.value in options:
            return node.value
        self.fault(node, f"{what}不能是{shown(node)}", f"可选：{'、'.join(options)}")
        return next(iter(options))

    def day(self, node: yaml.Node, what: str) -> date:
        value = iso(node.value) if isinstance(node, yaml.ScalarNode) else None
        if value is None:
            self.fault(node, f"{what}应是日期，这里是{shown(node)}", "请写成 2025-01-31 的样子，并确认有这一天")
        return value or date.min

    def whole(self, node: yaml.Node, what: str, least: int = 0, most: int = 100_000) -> int:
        if not (isinstance(node, yaml.ScalarNode) and node.tag == _TAG + "int" and _WHOLE.fullmatch(node.value)):
            self.fault(node, f"{what}应是整数，这里是{shown(node)}")
            return least
        value = int(node.value.replace("_", ""))
        if not least <= value <= most:
            self.fault(node, f"{what}应在 {least} 到 {most} 之间，这里是 {value}")
            return least
        return value

    def number(
        self, node: yaml.Node, what: str, least: Decimal | None = None, more_than: Decimal | None = None
    ) -> Decimal:
        """A decimal exactly as written: 0.5, .5, 1_000, 1.0e-05; after a fault, one that is in bounds."""
        harmless = least if least is not None else Decimal(1) if more_than is not None else Decimal(0)
        value = _decimal(node)
        if value is None:
            self.fault(node, f"{what}应是数字，这里是{shown(node)}", "如 1 或 0.5")
        elif abs(value) >= Decimal(10) ** PLACES or (value != 0 and int(value.as_tuple().exponent) < -PLACES):
            self.fault(node, f"{what}这个数字太大或太长：{shown(node)}", f"小数点前后都不超过 {PLACES} 位")
        elif least is not None and value < least:
            self.fault(node, f"{what}不能小于 {least}，这里是 {node.value}")
        elif more_than is not None and value <= more_than:
            self.fault(node, f"{what}应大于 {more_than}，这里是 {node.value}")
        else:
            return value
        return harmless

    def flag(self, node: yaml.Node, what: str) -> bool:
        if isinstance(node, yaml.ScalarNode) and node.tag == _TAG + "bool":
            return str(node.value).lower() in _TRUE
        self.fault(node, f"{what}应是 true 或 false，这里是{shown(node)}")
        return False

    def scalar(self, node: yaml.Node, what: str) -> Scalar:
        """A value to compare with: text, number, true/false or date, by the type YAML gives it."""
        kind = node.tag.removeprefix(_TAG) if isinstance(node, yaml.ScalarNode) else ""
        if kind in ("int", "float"):
            return self.number(node, what)
        if kind == "bool":
            return self.flag(node, what)
        if kind == "timestamp":
            return self.day(node, what)
        if kind == "null":
            self.fault(node, f"{what}不能是空值", "要测“为空”请写 {known: false}")
            return ""
        if kind == "str":
            return str(node.value)
        self.fault(node, f"{what}应是文字、数字、日期或 true/false，这里是{shown(node)}")
        return ""


def _decimal(node: yaml.Node) -> Decimal | None:
    """What a plain scalar says as a number. YAML 1.1 takes 1e5 for text; where a number is wanted, it is one."""
    if not isinstance(node, yaml.ScalarNode) or node.style not in (None, ""):
        return None
    if node.tag not in (_TAG + "int", _TAG + "float", _TAG + "str") or not _DECIMAL.fullmatch(node.value):
        return None
    try:
        return Decimal(node.value.replace("_", ""))
    except InvalidOperation:
        return None


def iso(text: str) -> date | None:
    """The day written as 2025-01-31, or None."""
    try:
        return date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        return None


def is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and bool(node.tag == _TAG + "null")


def shown(node: yaml.Node) -> str:
    """A node in a fault: what stands there, shortened."""
    if isinstance(node, yaml.MappingNode):
        return "一组“键: 值”"
    if isinstance(node, yaml.SequenceNode):
        return "一个列表"
    text = str(node.value)
    return f"“{text[:40]}”" if text else "空值"


def nearest(name: str, known: Collection[str]) -> str:
    """The hint after an unknown name: the closest known one, else all of them."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    if close:
        return f"是不是“{close[0]}”?"
    shown = list(known)[:MENTIONED]
    return f"可用：{'、'.join(shown)}" + (f" 等 {len(known)} 个" if len(known) > MENTIONED else "")


def read_page(path: Path, *, strict: bool = True) -> tuple[Page, yaml.Node | None, bytes]:
    """Open a file. A file that cannot be opened is a fault on line 1; nothing is raised."""
    page = Page(str(path), strict=strict)
    try:
        with path.open("rb") as file:
            content = file.read(document.LIMIT + 1)
    except OSError as error:
        page.broken(1, f"文件打不开：{because(error)}", "请检查路径和读取权限")
        return page, None, b""
    return page, page.compose(content), content
