"""A parser of command lines that speaks Chinese; argparse itself speaks English. Serves people in offices."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

# What argparse says → what we say. The name of the argument comes before the colon.
SAID = (
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"one of the arguments (.*) is required", r"缺少参数，要有其中之一：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"ambiguous option: (.*) could match (.*)", r"参数 \1 写得不全，可能是 \2"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", r"参数 \1 不能是 \2，可选：\3"),
    (r"argument (.*?): expected one argument", r"参数 \1 后面要有一个值"),
    (r"argument (.*?): expected at least one argument", r"参数 \1 后面至少要有一个值"),
    (r"argument (.*?): expected (\d+) arguments", r"参数 \1 后面要有 \2 个值"),
    (r"argument (.*?): ignored explicit argument (.*)", r"参数 \1 后面不能有值 \2"),
    (r"argument (.*?): not allowed with argument (.*)", r"参数 \1 不能与 \2 同时写"),
    (r"argument (.*?): invalid .* value: (.*)", r"参数 \1 的值 \2 不对"),
    (r"argument (.*?): (.*)", r"参数 \1：\2"),
)


class Help(argparse.RawDescriptionHelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Sub-parsers are of this class too."""

    def __init__(self, **settings: Any):
        super().__init__(formatter_class=Help, add_help=False, **settings)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {translated(message)}\n")


def translated(message: str) -> str:
    for english, chinese in SAID:
        if found := re.fullmatch(english, message, re.DOTALL):
            return found.expand(chinese)
    return "参数不对"
