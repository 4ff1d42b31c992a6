"""Forms: every row and every form of the chapter; the map of held facts is of things that are there."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.chapter import HERE, _tables
from zhibu.cli import main
from zhibu.engine import formalism, forms
from zhibu.engine.errors import EngineError, Fault

CHAPTER = (HERE / "16-forms.md").read_text("utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^## ", CHAPTER, flags=re.MULTILINE)[1:]}
WHOLE = {title: part for title, part in SECTIONS.items() if "```yaml" in part}
TODAY = date(2026, 11, 26)
HELD = forms.official()
every_fact = pytest.mark.parametrize("fact", HELD.facts, ids=lambda fact: fact.id)


def text_of(part: str) -> str:
    found = re.search(r"^```yaml\n(.*?)^```", part, flags=re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def faults_of(text: str, *beside: str) -> list[Fault]:
    """What is refused, on the day of the chapter."""
    try:
        form = forms.parse(text, "表.yaml")
    except EngineError as error:
        return sorted(error.faults)
    others = [forms.parse(one, "另一张.yaml") for one in beside]
    found = forms.judge([form], on=TODAY, held=HELD, catalogue=formalism.official(), beside=others)
    return forms.refused(found)


@pytest.mark.parametrize("row", _tables(CHAPTER)["labels"], ids=lambda row: row["label"])
def test_labels(row: dict[str, str]) -> None:
    fact = HELD.asked_by(row["label"])
    assert ((fact.id, fact.where) if fact else ("", "")) == (row["held"], row["where"])


@pytest.mark.parametrize("title", WHOLE)
def test_whole_forms(title: str) -> None:
    beside = [text_of(SECTIONS["已有的事由平台填好：通过"])] if "两张表" in title else []
    found = faults_of(text_of(WHOLE[title]), *beside)
    expected = _tables(WHOLE[title]).get("refused", [])
    assert len(found) == len(expected), found
    for row in expected:
        assert any(fault.place.line == int(row["line"]) and row["says"] in str(fault) for fault in found), row


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = text_of(SECTIONS["已有的事由平台填好：通过"]), text_of(SECTIONS["要人填已有的事：拒绝"])
    file = tmp_path / "form.yaml"
    file.write_text(good, encoding="utf-8")
    assert main(["forms", "check", str(file), "--as-of", "2026-11-26"]) == 0
    assert "要填 1 项，平台填好 2 项，每次约 5 分钟" in capsys.readouterr().out
    (tmp_path / "more.yaml").write_text(bad, encoding="utf-8")
    assert main(["forms", "check", str(tmp_path), "--as-of", "2026-11-26"]) == 2
    assert "more.yaml:11: 表“党支部基本情况表”要人填“支部名称”" in capsys.readouterr().err
    assert main(["forms", "check", str(tmp_path / "none.yaml")]) == 2
    own = tmp_path / "held.yaml"
    own.write_text(forms.HELD.read_text("utf-8").replace("caught: [性别]", "caught: [身高]"), encoding="utf-8")
    assert main(["forms", "check", str(file), "--held", str(own)]) == 2
    assert "没有认出例子“身高”" in capsys.readouterr().err


# --- the map itself


@every_fact
def test_what_is_held_is_there(fact: forms.model.Fact) -> None:
    """Its page is a route of the product, its place a table or a column of it."""
    app, model, *field = fact.kept.split(".")
    table = apps.get_model(app, model)
    assert not field or table._meta.get_field(field[0])
    assert reverse(fact.page)
    assert len(fact.caught) >= 1 and len(fact.spared) >= 1


# --- hostile input


@given(st.text(max_size=40))
def test_any_label_is_a_label(label: str) -> None:
    fact = HELD.asked_by(label)
    assert fact is None or fact in HELD.facts


@given(st.text(max_size=300))
def test_any_text_is_a_form_or_told_what_is_wrong(text: str) -> None:
    faults_of(text)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("minutes: 5", "minutes: 0", "minutes应在 1 到 6000 之间"),
        ("minutes: 5", "minutes: 5.5", "minutes应是整数"),
        ("until: 2026-12-31", "until: 2026-13-31", "until应是日期"),
        ("of: organisation", "of: everybody", "of不能是“everybody”"),
        ("fields:", "felder:", "未知的键“felder”"),
        ("label: 村集体", "lable: 村集体", "未知的键“lable”"),
        ("form: income-2026", "form: income 2026", "不能含空格"),
    ],
)
def test_mistakes_are_told(old: str, new: str, says: str) -> None:
    text = text_of(SECTIONS["已有的事由平台填好：通过"]).replace(old, new)
    assert any(says in str(fault) for fault in faults_of(text))
