"""Faults of procedures, hostile files among them: every one found, in its file and on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generative.dice import Dice
from zhibu.engine.errors import EngineError
from zhibu.engine.procedures.load import assemble, load
from zhibu.engine.procedures.model import VoteGate
from zhibu.engine.procedures.read import read

TEXT = """\
procedure: t
version: "2026"
title: 示例
level: central
subject: person
effective: {from: 2020-01-01}
sources: {S: {title: 办法}}
values: {n: {title: 人数, type: whole}}
papers: {form: {title: 表, stays: true}}
stages: {1: 起步}
steps:
  - id: a
    title: 甲
    stage: 1
    source: {ref: S, clause: 第一条}
    by: superior
    of_kind: [committee]
    asks: [n]
    makes: [form]
    gates: [{kind: vote, passes: {of: due, over: 1/2}}]
    outcomes:
      no: {title: 不, to: a, at_most: 2}
  - id: b
    title: 乙
    source: {ref: S, clause: 第二条}
    from: {after: a, months: 1}
    until: {after: a, months: 3, longest: {months: 6, because: 特殊}}
    effect: members.admit
"""
WRONG = [
    ("title: 甲", "titel: 甲", "book.yaml:13: 步骤中有未知的键“titel”。是不是“title”?"),
    ("procedure: t", "procedure: a b", "book.yaml:1: procedure “a b”不能含空格"),
    ("subject: person\n", "", "book.yaml:1: 程序缺少“subject”"),
    ("level: central", "level: planet", "book.yaml:4: level不能是“planet”"),
    ("from: 2020-01-01", "from: 2020-02-30", "book.yaml:6: from应是日期"),
    ("from: 2020-01-01", "from: 2020-01-02, until: 2020-01-01", "book.yaml:6: until（2020-01-01）早于"),
    ("type: whole", "type: number", "book.yaml:8: type不能是“number”"),
    ("type: whole", "type: choice", "book.yaml:8: 值 n 的 type 与 options 不合"),
    ("type: whole", "type: whole, options: {x: 甲}", "book.yaml:8: 值 n 的 type 与 options 不合"),
    ("stage: 1", "stage: 2", "book.yaml:14: 没有阶段“2”"),
    ("ref: S, clause: 第一条", "ref: T, clause: 第一条", "book.yaml:15: 出处“T”不在 sources 中"),
    ("by: superior", "by: own", "book.yaml:17: of_kind 只与 by: superior 一起写"),
    ("asks: [n]", "asks: [m]", "book.yaml:18: 没有值“m”"),
    ("makes: [form]", "makes: [from]", "book.yaml:19: 没有材料“from”。是不是“form”?"),
    ("kind: vote", "kind: votes", "book.yaml:20: kind不能是“votes”"),
    ("over: 1/2", "over: half", "book.yaml:20: over应是不大于 1 的分数"),
    ("over: 1/2", "over: 1/0", "book.yaml:20: over应是不大于 1 的分数"),
    ("over: 1/2", "over: 1/2, at_least: 1/2", "book.yaml:20: passes要写 over（超过）或 at_least"),
    ("no: {title: 不, to: a", "skipped: {title: 不, to: a", "book.yaml:22: outcomes 不能有 skipped"),
    ("to: a, at_most: 2", "to: a, ends: 完", "book.yaml:22: 结果 no 又退回又办结"),
    ("no: {title: 不, to: a", "yes: {title: 不, to: a", "book.yaml:22: 结果 yes 不能退回或办结"),
    ("to: a", "to: aa", "book.yaml:22: 没有步骤“aa”。"),
    ("at_most: 2", "at_most: 0", "book.yaml:22: at_most应在 1 到"),
    ("id: b", "id: a", "book.yaml:23: 步骤 id“a”重复，第 12 行已用过"),
    ("after: a, months: 1}", "after: a, weeks: 1}", "book.yaml:26: from中有未知的键“weeks”"),
    ("after: a, months: 1}", "after: b, months: 1}", "book.yaml:23: “b”的期限要看“b”"),
    ("after: a, months: 1}", "after: a, value: n, months: 1}", "book.yaml:26: from要写 after、value、opened 中的一个"),
    ("months: 1}", "months: 10}", "book.yaml:23: “b”要满 10 个月，又要在 3 个月内"),
    ("longest: {months: 6", "longest: {month: 6", "book.yaml:27: longest中有未知的键“month”"),
    ("members.admit", "members.admitt", "book.yaml:28: 没有效果“members.admitt”。是不是“members.admit”?"),
]


def faults(folder: Path, text: str | bytes) -> list[str]:
    path = folder / "book.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(EngineError) as caught:
        load([path], effects=["members.admit"])
    return [str(fault).removeprefix(f"{folder}/") for fault in caught.value.faults]


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG)
def test_one_mistake(right: str, wrong: str, said: str, tmp_path: Path) -> None:
    assert right in TEXT
    found = faults(tmp_path, TEXT.replace(right, wrong, 1))
    assert any(one.startswith(said) for one in found), found


def test_the_text_itself_is_right(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(TEXT, encoding="utf-8")
    ((one,),) = load([tmp_path], effects=["members.admit"]).values()
    assert (one.id, one.version, [step.id for step in one.steps]) == ("t", "2026", ["a", "b"])
    assert [outcome.id for outcome in one.step("a").outcomes] == ["yes", "no"]
    assert one.step("b").after == ("a",) and one.following("a") == {"b"}
    assert isinstance(one.step("a").gates[0], VoteGate)


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    text = TEXT.replace("title: 甲", "titel: 甲").replace("over: 1/2", "over: 2").replace("clause: 第二条", "claus: 二")
    assert len(faults(tmp_path, text)) >= 4


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"- a\n- b\n",
        b"procedure: [",
        b"? [a]\n: b\n",
        b"? {a: b}\n: c\nprocedure: t\n",
        b"a: &a [*a, *a]\nprocedure: t",
        b"[" * 500,
        b"procedure: t\nsteps: {a: b}\n",
        b"procedure: t\nversion: 1\nsteps: [[], 3, {id: {a: b}}, {id: ~}]\n",
        b"supplement: t\ntighten: [a]\nsteps: 3\n",
        b"procedure: t\nsteps:\n- {id: a, outcomes: [no], repeats: 3, gates: {a: b}, from: 3, after: a}\n",
        (TEXT.partition("steps:")[0] + "steps:\n" + "".join(f"- {{id: s{n}}}\n" for n in range(3000))).encode(),
        TEXT.replace("gates: [", "gates: [" + "{kind: age, value: n, years: 1}, " * 900).encode(),
        b"procedure: t\nvalues: [a]\npapers: 3\nstages: [1]\nsteps:\n- {id: a, stage: [a], asks: {n: 1}}\n",
    ],
)
def test_hostile_files_are_faults(content: bytes, tmp_path: Path) -> None:
    assert faults(tmp_path, content)


def test_chance_breaks_nothing() -> None:
    """Lines dropped, doubled and cut in any way: a procedure or faults, never another error."""
    lines = TEXT.splitlines()
    for seed in range(300):
        dice = Dice(seed)
        text = list(lines)
        for _ in range(dice.pick([1, 2, 5])):
            at = dice.pick(range(len(text)))
            text[at] = dice.pick(["", text[at] * 2, text[at][: len(text[at]) // 2], dice.pick(lines), text[at].strip()])
        try:
            assemble([read("f.yaml", "\n".join(text).encode())])
        except EngineError as error:
            assert all(one.place.file == "f.yaml" for one in error.faults)


def test_a_folder_without_procedures(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="这里没有程序"):
        load([tmp_path])
    with pytest.raises(EngineError, match="路径不存在"):
        load([tmp_path / "no"])
