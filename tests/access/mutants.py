"""Seeded leaks: the product with one scope filter or one check taken out. The matrix has to turn red on each.

A mutant is found in the source by its kind (MUTATIONS) and put into the living function by exchanging its code, so
a forked child tries it without loading anything anew.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from django.urls import URLPattern

from tests.architecture.test_house import patterns as all_patterns

ROOT = Path(__file__).resolve().parents[2] / "src"
WEB = ROOT / "zhibu/web"
# Where filters and checks stand that no page or action reaches: commands, measuring, the sample county.
LEFT_OUT = ("tests", "migrations", "conftest.py", "config")
GUARD = "request.scope.may(action)"  # of `page`; elsewhere `may` chooses what is offered, and a refusal follows
REFUSALS = {"Http404", "NotAllowed"}


@dataclass(frozen=True)
class Mutant:
    """One place of the source (`where`: file:line) and what is done there."""

    file: Path
    line: int
    column: int
    kind: str
    function: str  # qualified name inside the module, or `route` and its name

    @property
    def where(self) -> str:
        return f"{self.file.relative_to(WEB)}:{self.line}:{self.column} {self.kind} in {self.function}"

    @property
    def route(self) -> str:
        """The route whose guard it is; empty for all others, where the function names the place."""
        return self.function.removeprefix("route ") if self.function.startswith("route ") else ""

    @property
    def module(self) -> str:
        return ".".join(self.file.relative_to(ROOT).with_suffix("").parts)


def all_mutants() -> list[Mutant]:
    """Every mutant of the web, in the order of files and lines."""
    found: list[Mutant] = []
    for file in sorted(WEB.rglob("*.py")):
        if not set(file.parts) & set(LEFT_OUT) and file.name not in LEFT_OUT:
            tree = ast.parse(file.read_text("utf-8"))
            found += [Mutant(file, *place) for place in _places(tree)]
    return found


def _places(tree: ast.AST, names: tuple[str, ...] = ()) -> Iterator[tuple[int, int, str, str]]:
    for node in ast.iter_child_nodes(tree):
        inner = names
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inner = (*names, node.name)
        kind = kind_of(node)
        if kind and names:
            yield node.lineno, node.col_offset, kind, ".".join(names)
        yield from _places(node, inner)


def kind_of(node: ast.AST) -> str:
    """What is taken out here; empty when nothing."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("within", "below"):
        return node.func.attr if node.args else ""
    if isinstance(node, ast.Raise) and node.exc is not None:
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = raised.attr if isinstance(raised, ast.Attribute) else getattr(raised, "id", "")
        return "raise" if name in REFUSALS else ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node) == GUARD:
        return "guard"
    return ""


class _Change(ast.NodeTransformer):
    def __init__(self, mutant: Mutant):
        self.mutant = mutant

    def visit(self, node: ast.AST) -> Any:
        place = (getattr(node, "lineno", 0), getattr(node, "col_offset", -1))
        if place == (self.mutant.line, self.mutant.column) and kind_of(node) == self.mutant.kind:
            return ast.copy_location(_without(node, self.mutant.kind), node)
        return self.generic_visit(node)


def _without(node: Any, kind: str) -> ast.AST:
    """`within(scope)` becomes every row, a refusal nothing at all, the guard always yes."""
    if kind == "within":
        node.func.attr, node.args = "unscoped", [ast.Constant("mutant")]
        return node
    if kind == "below":
        every = ast.Call(ast.Attribute(node.func.value, "unscoped", ast.Load()), [ast.Constant("mutant")], [])
        return every
    return ast.Pass() if kind == "raise" else ast.Constant(True)


PAGES = WEB / "core/pages.py"


def guards(patterns: Iterable[URLPattern]) -> list[Mutant]:
    """One mutant for each guarded route: the page no longer asks whether the post may do its action.

    Nothing else is taken out, so what holds then is that a scope narrowed to an action it lacks reaches nothing.
    """
    names = [pattern.name for pattern in patterns if getattr(pattern.callback, "needs", None)]
    return [Mutant(PAGES, *_guard_place(), f"route {name}") for name in names]


def _guard_place() -> tuple[int, int, str]:
    places = _places(ast.parse(PAGES.read_text("utf-8")))
    return next((line, column, kind) for line, column, kind, function in places if function == "page.wrap.guarded")


def living(mutant: Mutant) -> FunctionType | None:
    """The function the mutant stands in, as the product uses it."""
    if mutant.route:
        callback = next(pattern.callback for pattern in all_patterns() if pattern.name == mutant.route)
        return next(one for one in _wrapped(callback) if one.__code__.co_name == "guarded")
    found: Any = importlib.import_module(mutant.module)
    for name in mutant.function.split("."):
        found = inspect.getattr_static(found, name, None)
        if isinstance(found, property):
            found = found.fget
        if isinstance(found, staticmethod | classmethod):
            found = found.__func__
        found = inspect.unwrap(found) if callable(found) else found
        if found is None:
            return None
    return found if isinstance(found, FunctionType) else None


def _wrapped(function: Any) -> Iterator[FunctionType]:
    """The function and what it wraps, from the outside in."""
    while function:
        yield function
        function = getattr(function, "__wrapped__", None)


def apply(mutant: Mutant, function: FunctionType) -> None:
    """Exchange the code of the living function."""
    tree = ast.fix_missing_locations(_Change(mutant).visit(ast.parse(mutant.file.read_text("utf-8"))))
    whole = compile(tree, str(mutant.file), "exec")
    function.__code__ = next(_codes(whole, function.__code__.co_qualname))


def _codes(code: CodeType, name: str) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_qualname == name:
                yield one
            yield from _codes(one, name)
