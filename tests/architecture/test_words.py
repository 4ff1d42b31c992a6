"""Whatever the log names has one Chinese word, and every word names something the log may hold.

The names are read out of the source: the first argument of `@action`, the `needs` of every page, and what reaches
`write` and `refused` as `action`, also by way of a function that passes its own parameter on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.architecture.test_house import ROOT, SOURCES, patterns
from zhibu.web.access import policy
from zhibu.web.access.policy import POLICY, PolicyError
from zhibu.web.audit import explain, words

WEB = [file for file in SOURCES if file.is_relative_to(ROOT / "src/zhibu/web")]
ENDS = {"write", "refused"}  # of the audit app: they take the name as `action`
# Where the name is neither a literal nor a parameter: whose it is.
ELSEWHERE = {
    "registers.OF[kind].EXPORT": "imports/exporting.py: the action of that register's own export",
    "KIND.action": "Kind(action=…), in the same file",
    "ACTIONS[kind]": "organisations/lifecycle.py: the action of each kind of step, in the same file",
    "needs(step)": "tasks/steps.py: what the step needed, in the same file",
    "name": "audit/middleware.py: what the refused action is called, the `needs` of a page, or pages.open",
}
# Granted and asked of the scope by itself, not by a page or an action of its own.
ASKED = {"members.approve_numbers": "decided_by of a kind of approval"}


@dataclass
class Names:
    said: dict[str, set[str]] = field(default_factory=dict)  # name → files
    strange: set[str] = field(default_factory=set)
    keys: dict[str, set[str]] = field(default_factory=dict)  # of old and new → files

    def add(self, name: str, file: Path) -> None:
        self.said.setdefault(name, set()).add(file.name)


def names() -> Names:
    found, passing = Names(), _passing()
    for file in WEB:
        for call in _calls(ast.parse(file.read_text("utf-8"))):
            called = _called(call)
            if called == "action" and call.args:
                _take(found, call.args[0], file, ())
            if called == "Kind":
                _take(found, _given(call, "action", None), file, ())
            if called in ENDS:
                _take(found, _given(call, "action", None), file, _parameters(file, call))
            if place := passing.get((file, called)):
                _take(found, _given(call, *place), file, ())
            for word in ("old", "new"):
                if isinstance(values := _given(call, word, None), ast.Dict) and (called in ENDS or place):
                    for key in (one.value for one in values.keys if isinstance(one, ast.Constant)):
                        found.keys.setdefault(key, set()).add(file.name)
    return found


def _passing() -> dict[tuple[Path, str], tuple[str, int]]:
    """(file, function) → (parameter, place) that becomes the name of a line, for functions that pass theirs on."""
    found: dict[tuple[Path, str], tuple[str, int]] = {}
    for file in WEB:
        for function in _functions(ast.parse(file.read_text("utf-8"))):
            mine = [one.arg for one in (*function.args.args, *function.args.kwonlyargs) if one.arg != "self"]
            for call in _calls(function):
                given = _given(call, "action", None) if _called(call) in ENDS else None
                if isinstance(given, ast.Name) and given.id in mine and _called(call) != function.name:
                    found[(file, function.name)] = (given.id, mine.index(given.id))
    for file in WEB:  # what another file imports
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                source = ROOT / "src" / (node.module.replace(".", "/") + ".py")
                for one in node.names:
                    if place := found.get((source, one.name)):
                        found[(file, one.asname or one.name)] = place
    return found


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rsplit(".", 1)[-1]


def _given(call: ast.Call, name: str, place: int | None) -> ast.expr | None:
    by_name = [one.value for one in call.keywords if one.arg == name]
    by_place = call.args[place : place + 1] if place is not None else []
    return next(iter([*by_name, *by_place]), None)


def _parameters(file: Path, call: ast.Call) -> tuple[str, ...]:
    """Of the functions round a call: their callers give the name."""
    around = [one for one in _functions(ast.parse(file.read_text("utf-8"))) if call.lineno in _lines(one)]
    return tuple(one.arg for function in around for one in (*function.args.args, *function.args.kwonlyargs))


def _lines(function: ast.FunctionDef) -> range:
    return range(function.lineno, (function.end_lineno or function.lineno) + 1)


def _take(found: Names, given: ast.expr | None, file: Path, parameters: tuple[str, ...]) -> None:
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        found.add(given.value, file)
    elif given is not None and ast.unparse(given) not in {*parameters, *ELSEWHERE}:
        found.strange.add(f"{file.name}: {ast.unparse(given)}")


@pytest.fixture(scope="module")
def found() -> Names:
    names_ = names()
    for pattern in patterns():
        if needs := getattr(pattern.callback, "needs", None):
            names_.add(needs, Path("urls.py"))
    return names_


def test_every_name_of_the_log_has_its_word(found: Names) -> None:
    unknown = {name: files for name, files in found.said.items() if not words.known(name)}
    assert not unknown, "write the word under actions (granted) or acts (not) of access/policy.yaml"
    assert not found.strange, "a name that is no literal: say in ELSEWHERE where it comes from"


def test_every_word_names_something(found: Names) -> None:
    text = "".join(file.read_text("utf-8") for file in WEB)
    idle = {name for name in (*POLICY.actions, *POLICY.acts) if name not in found.said and f'"{name}"' not in text}
    assert idle == set(ASKED) - {name for name in ASKED if f'"{name}"' in text}
    acts = set(POLICY.acts) - found.said.keys() - {"pages.open"}
    assert not acts, f"{acts}: nothing writes such a line any more"


def test_the_search_sees_the_ways_a_name_is_given(found: Names) -> None:
    for name, file in {
        "records.attach": "files.py", "keys.rotate": "keys.py", "accounts.refuse": "entering.py",
        "imports.undo": "actions.py", "members.export_numbers": "number_export.py", "approvals.take": "actions.py",
        "audit.hold": "views_chain.py", "policy.view": "urls.py", "records.submit": "submit.py",
    }.items():  # fmt: skip
        assert file in found.said[name], name


def test_every_value_of_a_line_has_its_word(found: Names) -> None:
    """Columns have labels of their own; what may be no column stands in `audit/details.yaml`."""
    assert set(found.keys) - set(explain.details()) == set()
    for name, told in explain.details().items():
        if path := told.get("as"):
            assert explain._choices("", name), f"{path} has no choices"


@pytest.mark.parametrize(
    ("section", "name", "word"),
    [("acts", "records.submit", "又一个"), ("acts", "records.other", "提交活动"), ("acts", "nowhere.go", "去哪里")],
)
def test_two_words_or_no_area_stop_the_program(tmp_path: Path, section: str, name: str, word: str) -> None:
    told = yaml.safe_load(policy.FILE.read_text("utf-8"))
    told[section][name] = word
    file = tmp_path / "policy.yaml"
    file.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    with pytest.raises(PolicyError):
        policy.read(file)
