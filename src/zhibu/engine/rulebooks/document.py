"""From the bytes of a YAML file to its nodes: encoding, syntax, size, merge keys. Serves errors one understands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

LIMIT = 1_000_000  # bytes; the longest regulation we know needs 60 000
NODES = 200_000  # values once aliases are written out
DEPTH = 40  # levels of nesting; deeper input is an attack, not a rulebook
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TAG = "tag:yaml.org,2002:"

# What the parser says (a part of it) → what we say.
PROBLEMS = {
    "did not find expected ',' or ']'": "方括号 [ 没有合上，或各项之间少了逗号",
    "did not find expected ',' or '}'": "花括号 { 没有合上，或各项之间少了逗号",
    "mapping values are not allowed": "这里不该有冒号：缩进不对，或值里有冒号而没有加引号",
    "found unexpected end of stream": "引号没有成对",
    "tab character": "缩进用了制表符，请改用空格",
    "cannot start any token": "这里有不能开头的字符（制表符、@、` 或 %），缩进请用空格，值请加引号",
    "undefined alias": "引用了没有定义的别名（*）",
    "second occurrence": "别名（&）重复定义",
    "expected '-' indicator": "列表的缩进不对，或少了“- ”",
    "did not find expected key": "这一行的缩进与上面不齐，或少了“键: ”",
    "another document": "一个文件里有两份文档（---）",
    "incompatible YAML document": "YAML 版本不对",
    "expected node content": "括号多了，或这里少了值",
    "unknown escape character": "双引号里的反斜杠写法不对，请改用单引号",
    "expected <document start>": "引号后面还有内容",
    "alphabetic or numeric character": "& 或 * 后面要跟名称；当文字用时请加引号",
    "undefined tag handle": "不认识的标签（!）；当文字用时请加引号",
    "expected comment or line break": "| 或 > 后面不能有别的内容",
    "special characters are not allowed": "有不可见的控制字符",
    "control characters are not allowed": "有不可见的控制字符",
    "could not determine a constructor": "不支持的标签（!!）",
}


class BrokenError(Exception):
    """The file cannot be read as YAML at all: line, what is wrong, what would be right."""

    def __init__(self, line: int, wrong: str, right: str):
        super().__init__(wrong)
        self.line, self.wrong, self.right = line, wrong, right


def compose(content: bytes) -> yaml.Node:
    """The root node. Raises BrokenError."""
    if len(content) > LIMIT:
        raise BrokenError(1, "文件过大", f"一个文件不超过 {LIMIT} 字节，请拆成几个文件")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BrokenError(line, "文件不是 UTF-8 编码", "请用 UTF-8 编码另存") from error
    try:
        _check_depth(text)
        root: yaml.Node | None = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise _syntax(text, error) from error
    if root is None:
        raise BrokenError(1, "文件是空的", "请写上内容，或删除这个文件")
    if weight(root, {}) > NODES:
        raise BrokenError(root.start_mark.line + 1, "YAML 别名（*）展开后过大，或引用了自己", "请把内容直接写出来")
    return root


def _syntax(text: str, error: yaml.YAMLError) -> BrokenError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
    problem = f"{getattr(error, 'problem', None) or ''} {getattr(error, 'reason', None) or ''}"
    said = next((chinese for part, chinese in PROBLEMS.items() if part in problem), "这里不合 YAML 的写法")
    return BrokenError(line, f"YAML 语法错误：{said}", "请检查这一行及上一行的缩进、冒号后的空格和引号")


def _check_depth(text: str) -> None:
    """Looked at before composing, which recurses."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise BrokenError(line, f"嵌套超过 {DEPTH} 层", "请检查是否多写了括号")


def weight(node: yaml.Node, known: dict[int, int]) -> int:
    """How many nodes there are once aliases are written out; a node inside itself weighs too much."""
    if id(node) not in known:
        known[id(node)] = NODES + 1
        children = node.value if isinstance(node, yaml.CollectionNode) else []
        flat = [one for child in children for one in (child if isinstance(child, tuple) else (child,))]
        known[id(node)] = 1 + sum(weight(child, known) for child in flat)
    return known[id(node)]


def entries(node: yaml.MappingNode) -> Iterator[tuple[yaml.Node, yaml.Node, bool]]:
    """(key, value, merged): what the mapping says itself, then what it takes over by `<<`, nearest first."""
    merged: list[yaml.Node] = []
    for key, value in node.value:
        if key.tag == TAG + "merge":
            merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
        else:
            yield key, value, False
    for other in merged:
        if isinstance(other, yaml.MappingNode):
            yield from ((key, value, True) for key, value, _ in entries(other))


def unmergeable(node: yaml.MappingNode) -> Iterator[yaml.Node]:
    """Values of `<<` that are no mapping."""
    for key, value in node.value:
        if key.tag == TAG + "merge":
            parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
            yield from (part for part in parts if not isinstance(part, yaml.MappingNode))
