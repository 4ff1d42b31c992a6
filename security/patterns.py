"""No regular expression of ours can be made slow (ReDoS): every one that the syntax tree shows, asked of recheck.

    python security/patterns.py                 # the product
    python security/patterns.py '^(\\w+\\s?)*$'   # one pattern

A pattern made of names is worked out in its own module. One that can't be worked out there is a fault, unless
`MADE_INSIDE` says how to make what it will be. Exit status 0 when recheck calls all of them safe.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CALLS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
FIELDS = {"RegexValidator", "RegexField", "re_path"}
LETTERS = {re.IGNORECASE: "i", re.DOTALL: "s", re.MULTILINE: "m"}
# What argparse says, of its own words, to the person at the terminal: nobody else's time is in it.
OWN_WORDS = "src/zhibu/engine/arguments.py"
# Patterns of a function's own names: file → names to work them out with, one set for each pattern it can be.
MADE_INSIDE: dict[str, Any] = {
    "src/zhibu/web/audit/where.py": lambda names: [{"mark": mark} for mark, _ in names["BROWSERS"]],
    "src/zhibu/web/files/pdf.py": lambda names: [{"_made": names[name]} for name in ("_ACTIVE", "_LOCKED", "_OBJECTS")],
}


@dataclass(frozen=True)
class Pattern:
    where: str
    source: str
    flags: int = 0
    ways: frozenset[str] = frozenset()  # match, fullmatch, sub …: a pattern that is anchored by its call is another one


def of_product(folder: Path = ROOT / "src/zhibu") -> tuple[list[Pattern], list[str]]:
    """All patterns, and the places whose pattern could not be worked out."""
    found: list[Pattern] = []
    unknown: list[str] = []
    for file in sorted(folder.rglob("*.py")):
        if "tests" in file.parts or file == ROOT / OWN_WORDS:
            continue
        tree = ast.parse(file.read_text("utf-8"))
        asked = list(_asked(tree))
        if not asked:
            continue
        home = _module(file)
        for node, flags, ways in asked:
            where = f"{file.relative_to(ROOT)}:{node.lineno}"
            worked = [Pattern(where, *made, ways) for made in _worked_out(node, flags, home, where)]
            found += worked
            if not worked:
                unknown.append(where)
    return found, unknown


def _asked(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None, frozenset[str]]]:
    """The pattern, the flags and the ways of use of every call that takes a pattern."""
    kept = {
        id(node.value): frozenset(_methods(tree, node.targets[0].id))
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _compiles(node.value)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            name = node.func.attr if node.func.value.id == "re" else ""
        else:
            name = node.func.id if isinstance(node.func, ast.Name) and node.func.id in FIELDS else ""
        named = {word.arg: word.value for word in node.keywords}
        yield from (
            (value, None, frozenset())
            for word, value in named.items()
            if word and word.endswith(("__regex", "__iregex"))
        )
        if name not in CALLS | FIELDS:
            continue
        pattern = node.args[0] if node.args else named.get("pattern") or named.get("regex")
        places = {"compile": 1, "sub": 4, "subn": 4, "split": 3}
        at = places.get(name, 2)
        if pattern is not None:
            flags = named.get("flags") or (node.args[at] if len(node.args) > at else None)
            yield pattern, flags, kept.get(id(node), frozenset()) if name == "compile" else frozenset({name})


def _compiles(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "compile"


def _methods(tree: ast.AST, name: str) -> Iterator[str]:
    """What is done with a pattern of the module; `handed on` where it is not called in place."""
    called = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            yield called.get(id(node), "handed on")


def _module(file: Path) -> ModuleType | None:
    """None for what needs an extra that is not installed; its literal patterns are looked at all the same."""
    name = ".".join(file.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None


def _worked_out(
    node: ast.expr, flags: ast.expr | None, home: ModuleType | None, where: str
) -> Iterator[tuple[str, int]]:
    names = dict(vars(home)) if home else {"re": re}
    for inside in MADE_INSIDE.get(where.partition(":")[0], lambda _: [{}])(names):
        try:
            source = inside["_made"] if "_made" in inside else _value(node, names | inside)
            raised = _value(flags, names) if flags is not None else 0
        except (NameError, AttributeError):
            continue
        if isinstance(source, re.Pattern):
            source, raised = source.pattern, source.flags
        yield source.decode("latin-1") if isinstance(source, bytes) else str(source), int(raised)


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(node), "pattern", "eval"), names)  # our own source, nobody's input


def in_javascript(pattern: Pattern) -> dict[str, str]:
    """The same pattern in the spelling of JavaScript, which recheck reads."""
    source, flags = pattern.source, pattern.flags
    if found := re.match(r"\(\?([aims]{1,4})\)", source):
        source = source[found.end() :]
        flags |= sum(getattr(re, letter.upper()) for letter in found[1])
    if flags & re.VERBOSE:
        source = re.sub(r"(?<!\\)\s|(?<!\\)#[^\n]*", "", source)
    for theirs, ours in (("(?P<", "(?<"), (r"\A", "^"), (r"\Z", "$")):
        source = source.replace(theirs, ours)
    source = re.sub(r"\(\?P=(\w{1,40})\)", r"\\k<\1>", source)
    if pattern.ways and pattern.ways <= {"match", "fullmatch"}:
        source = f"^(?:{source}){'$' if pattern.ways == {'fullmatch'} else ''}"
    return {"source": source, "flags": "".join(letter for flag, letter in LETTERS.items() if flags & flag)}


def judged(patterns: list[Pattern]) -> list[dict[str, str]]:
    """recheck's answers, in the same order. Raises CalledProcessError when it can't be run."""
    node = shutil.which("node", path=f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    asked = json.dumps([in_javascript(one) for one in patterns])
    command = [node or "node", str(ROOT / "security/patterns.mjs")]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


def main(given: list[str]) -> int:
    if given:
        patterns, unknown = [Pattern("given", one) for one in given], []
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.testing")
        import django

        django.setup()
        patterns, unknown = of_product()
    answers = judged(patterns)
    bad = [(one, told) for one, told in zip(patterns, answers, strict=True) if told["status"] != "safe"]
    for one, told in bad:
        print(f"{one.where}: {told['status']} {told['complexity']} {told['attack'][:60]}  {one.source}")
    for where in unknown:
        print(f"{where}: the pattern can't be worked out; say in MADE_INSIDE what it will be")
    print(f"{len(patterns)} patterns asked of recheck, {len(bad)} not safe, {len(unknown)} not worked out")
    return 1 if bad or unknown or not patterns else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
