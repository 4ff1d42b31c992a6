"""Errors that teach: where it is, what is wrong, what would be right. Serves the meaning."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file (line counts from 1), or a row of a table when `column` is given."""

    file: str
    line: int
    column: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake. `wrong` and `right` are Chinese sentences for the person who wrote the file."""

    place: Place
    wrong: str
    right: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.wrong}" + (f"。{self.right}" if self.right else "")


def short(text: object, most: int = 60) -> str:
    """An id or a cell as a message shows it: a megabyte of it helps nobody."""
    said = str(text)
    return said if len(said) <= most else f"{said[: most - 20]}…（共 {len(said)} 字）"


def line(text: object) -> str:
    """One line for a terminal: what would move the cursor or break the line is shown instead of done."""
    return "".join(one if one.isprintable() else _escaped(one) for one in str(text).replace("\r\n", "\n"))


def _escaped(one: str) -> str:
    return " " if one in "\n\t" else one.encode("unicode_escape").decode()


REASONS = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径中间有一个不是文件夹",
    errno.EEXIST: "已有同名文件",
    errno.ENOSPC: "磁盘已满",
    errno.EFBIG: "文件超过了允许的大小",
    errno.ENOMEM: "内存不够",
    errno.ELOOP: "链接绕成了圈",
    errno.EBUSY: "正被别的程序使用",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "名称过长",
    errno.EMFILE: "打开的文件过多",
    errno.EIO: "磁盘读写出错",
}


def because(error: OSError) -> str:
    """Why the system refused, in Chinese."""
    return REASONS.get(error.errno or 0, f"系统错误 {error.errno}")


@dataclass(frozen=True, slots=True, order=True)
class Rejected:
    """A row left out. `row`: the line of a CSV file (the heading is line 1), else the row counted from 1."""

    table: str
    row: int
    id: str | None
    column: str
    reason: str

    @property
    def said(self) -> str:
        """The column and what is wrong with it."""
        return self.reason if self.reason.startswith(self.column) else f"{self.column} {self.reason}"


class EngineError(Exception):
    """Everything that is wrong with a rulebook, a scheme or a folder of facts, all of it at once.

    `rejected`: the rows left out of the facts until then, because a missing row may be the cause.
    """

    def __init__(self, faults: Iterable[Fault], rejected: Iterable[Rejected] = ()):
        self.faults = tuple(sorted(set(faults)))
        self.rejected = rejected if isinstance(rejected, Sequence) else tuple(rejected)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Unavailable(Exception):
    """A backend cannot run on this machine; the message says in Chinese what to install or set."""
