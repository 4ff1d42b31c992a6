"""A pasted regulation → its clauses. Pure text, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMERALS = "零〇一二三四五六七八九十百千"
# At the start of a line only: inside a sentence 第五条 is a reference. A heading (第二章 …) belongs to no clause.
_CLAUSE = re.compile(rf"^[ \t\u3000]*(第[{NUMERALS}\d]{{1,9}}条)[ \t\u3000:：]*", re.MULTILINE)
_HEADING = re.compile(rf"^[ \t\u3000]*第[{NUMERALS}\d]{{1,9}}[编章节](?:[ \t\u3000].*)?$\n?", re.MULTILINE)
NAMED = re.compile(rf"第[{NUMERALS}\d]{{1,9}}条")
MOST, LONGEST = 300, 4000


@dataclass(frozen=True, slots=True)
class Piece:
    number: str  # 第十一条
    text: str


class UnreadableError(ValueError):
    """The text can't be split so; `str()` is the sentence for the reader."""


def pieces(text: str) -> tuple[Piece, ...]:
    """The clauses in their order; what stands before the first one (title, preamble) is left out.

    Raises UnreadableError: no clause, too many, one twice, one empty or too long.
    """
    text = _HEADING.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    marks = list(_CLAUSE.finditer(text))
    if not marks:
        raise UnreadableError("没有找到“第一条”这样开头的行。每一条另起一行，以“第几条”开头")
    if len(marks) > MOST:
        raise UnreadableError(f"有 {len(marks)} 条，最多 {MOST} 条。请只贴需要的部分")
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    found = tuple(Piece(mark[1], _joined(text[mark.end() : end])) for mark, end in zip(marks, ends, strict=True))
    _refuse(found)
    return found


def _refuse(found: tuple[Piece, ...]) -> None:
    seen: set[str] = set()
    for one in found:
        if one.number in seen:
            raise UnreadableError(f"{one.number}出现了两次，请核对贴进来的文字")
        if not one.text:
            raise UnreadableError(f"{one.number}后面没有内容，请核对贴进来的文字")
        if len(one.text) > LONGEST:
            raise UnreadableError(f"{one.number}有 {len(one.text)} 字，最多 {LONGEST} 字")
        seen.add(one.number)


def _joined(text: str) -> str:
    return "\n".join(line for line in (line.strip(" \t\u3000") for line in text.split("\n")) if line)
