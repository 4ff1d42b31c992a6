"""Nothing is sent down unweighed: who adds an action says whether it sends, and what sends is weighed before.

The list is `burden/data/senders.yaml`, read by people too: which actions send, and why the others send nothing.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from typing import Any

import yaml

from tests.architecture.test_house import ROOT, SOURCES

WEB = ROOT / "src/zhibu/web"
LIST: dict[str, Any] = yaml.safe_load((WEB / "burden/data/senders.yaml").read_text("utf-8"))
WEIGHED: dict[str, dict[str, list[str]]] = LIST["weighed"]


@cache
def written() -> dict[str, dict[str, tuple[str, set[str]]]]:
    """Action → its functions → (app, what each calls, with the helpers of its module)."""
    found: dict[str, dict[str, tuple[str, set[str]]]] = defaultdict(dict)
    for file in SOURCES:
        text = file.read_text("utf-8")
        if "@action(" not in text or not file.is_relative_to(WEB):
            continue
        functions = {one.name: one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)}
        calls = {name: _called(one) for name, one in functions.items()}
        for name, one in functions.items():
            for action in _actions(one):
                whole = calls[name].union(*(calls[helper] for helper in calls[name] & set(calls)))
                found[action][name] = (file.relative_to(WEB).parts[0], whole)
    return found


def _actions(function: ast.FunctionDef) -> list[str]:
    told = [one for one in function.decorator_list if isinstance(one, ast.Call) and _name(one) == "action"]
    return [str(one.args[0].value) for one in told if one.args and isinstance(one.args[0], ast.Constant)]


def _called(function: ast.FunctionDef) -> set[str]:
    return {_name(one) for one in ast.walk(function) if isinstance(one, ast.Call)}


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def test_every_action_says_whether_it_sends_work_down() -> None:
    told = [*WEIGHED, *(name for group in LIST["nothing_sent"] for name in group["actions"])]
    assert len(told) == len(set(told)), "named once"
    writing = {name for name in written() if not name.partition(".")[2].startswith("export")}
    asked_to_say = sorted(writing - set(told))
    assert not asked_to_say, "weigh them (burden/weighing.py) or say in burden/data/senders.yaml why nothing is sent"
    assert sorted(set(told) - writing) == [], "there is no such action any more"
    assert all(group["why"] for group in LIST["nothing_sent"])


def test_a_new_function_of_a_sender_says_it_too() -> None:
    for name, told in WEIGHED.items():
        assert sorted([*told["sends"], *told["rest"]]) == sorted(written()[name]), name


def test_what_sends_keeps_its_weight_and_was_weighed_before() -> None:
    senders = {one for told in WEIGHED.values() for one in told["sends"]}
    apps: dict[str, int] = defaultdict(int)
    for name, told in WEIGHED.items():
        for one in told["sends"]:
            app, called = written()[name][one]
            assert called & ({"charge"} | (senders - {one})), f"{name}: {one} keeps no weight"
            apps[app] += 1
    for app, many in apps.items():
        calls = [node for file in (WEB / app).rglob("*view*/*.py") for node in _weighs(file)]
        calls += [node for file in (WEB / app).glob("*views.py") for node in _weighs(file)]
        assert len(calls) >= many, f"{app}: {many} functions send, {len(calls)} pages weigh"


def _weighs(file: Any) -> list[ast.Call]:
    tree = ast.parse(file.read_text("utf-8"))
    return [one for one in ast.walk(tree) if isinstance(one, ast.Call) and _name(one) == "weigh"]
