"""Hostile files are refused with a sentence, quickly; nobody ever sees a stack trace."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from zhibu.web.imports import limits
from zhibu.web.imports.books.check import open_all
from zhibu.web.imports.tests import hostile
from zhibu.web.imports.tests.helpers import COUNTY, ORGANISATIONS, book, walk

SENTENCES = (
    "打不开",
    "读不出来",
    "空的",
    "不是",
    "密码",
    "宏",
    "超过",
    "以外",
    "XML 声明",
    "内部结构",
    "公式太多",
    "少见",
    "编码",
    "没有找到表头",
    "没有看到",
    "认不出",
)


def test_hostile_files_are_refused_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_MB", 20)  # small bombs do as well
    survived = []
    for number, (what, content) in enumerate(hostile.refused(tmp_path)):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(content)
        started = time.process_time()
        found = open_all([("../../evil.xlsx", path)])[0]
        seconds = time.process_time() - started
        path.unlink()
        if not found.refusal:
            # A turned byte may fall where it does no harm: then all rows must be read as they were.
            assert what.startswith("one byte"), what
            survived.append(what)
            continue
        assert any(words in found.refusal for words in SENTENCES), (what, found.refusal)
        assert seconds < 5, (what, seconds)
    assert len(survived) <= 4


def test_odd_but_honest_files_are_read(tmp_path: Path) -> None:
    for number, (what, content) in enumerate(hostile.harmless(tmp_path)):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(content)
        assert len(walk(path)["organisations"]) == 2, what


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILE_MB", 0)
    assert "超过 0 MB" in open_all([("a", book(tmp_path / "a.xlsx", [ORGANISATIONS, *COUNTY]))])[0].refusal


def test_formulas_give_their_values_and_links_are_not_followed(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [ORGANISATIONS, [*COUNTY[0][:5], "=[1]Sheet!A1"], COUNTY[1]])
    assert "不是日期" in walk(path)["organisations"][0].reason
