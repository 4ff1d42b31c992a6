"""`packs/forms/activity-types.yaml`: ids are known, questions short and answerable, nothing that may not be asked."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

PACKS = Path(__file__).parents[2] / "packs"
DATA = yaml.safe_load((PACKS / "forms/activity-types.yaml").read_text(encoding="utf-8"))
WORDS = yaml.safe_load((PACKS / "words.yaml").read_text(encoding="utf-8"))["words"]
FORBIDDEN = ["照片", "视频", "定位", "人脸", "字数", "身份证", "手机号", "姓名", "排名", "积分", "打卡"]
ASKS = [(group, name, ask) for group, row in DATA["asks"].items() for name, ask in row["fields"].items()]


def test_kinds_sectors_and_groups_are_known() -> None:
    for kind, row in DATA["types"].items():
        assert kind in WORDS["events"]
        assert set(row.get("sectors", ())) <= set(WORDS["sectors"])
        assert row["asks"] and set(row["asks"]) <= set(DATA["asks"])
    asked = {group for row in DATA["types"].values() for group in row["asks"]}
    assert asked == set(DATA["asks"]), "a group that no kind asks"


@pytest.mark.parametrize(("group", "name", "ask"), ASKS, ids=[f"{group}.{name}" for group, name, _ in ASKS])
def test_each_question(group: str, name: str, ask: dict) -> None:
    assert isinstance(name, str), "yes and no are truth values in YAML: write them in quotes"
    assert set(ask) <= {"label", "kind", "most", "required", "hint", "suffix", "of"}
    if ask["kind"] == "choice":
        assert len(set(ask["of"])) == len(ask["of"]) > 1 and all(0 < len(word) <= 20 for word in ask["of"])
    else:
        assert ask["kind"] in ("line", "count", "money") and ask["most"] > 0
    assert ask["kind"] != "line" or ask["most"] <= 300  # as long as the column of a record keeps
    assert not [word for word in FORBIDDEN if word in ask["label"] + ask.get("hint", "")]


def test_at_most_two_questions_of_a_kind_must_be_answered() -> None:
    for row in DATA["types"].values():
        wanted = [ask for group in row["asks"] for ask in DATA["asks"][group]["fields"].values() if ask.get("required")]
        assert len(wanted) <= 2


def test_the_vote_passes_by_more_than_half_of_those_with_the_right() -> None:
    assert DATA["vote"]["passes"] == {"of": "due", "over": "1/2"} and Fraction(
        DATA["vote"]["quorum"]["over"]
    ) == Fraction(1, 2)
    assert DATA["vote"]["says"] and DATA["vote"]["grade"] in ("text", "secondary", "memory")
    assert {"due", "present", "yes", "no", "abstain"} <= set(DATA["asks"]["vote"]["fields"])


def test_texts_have_headings_and_know_their_kinds() -> None:
    for row in DATA["frames"].values():
        assert set(row.get("types", ())) <= set(WORDS["events"])
        assert set(row.get("sectors", ())) <= set(WORDS["sectors"])
    for row in (*DATA["frames"].values(), *DATA["patterns"].values()):
        lines = [line for line in row["text"].split("\n") if line]
        assert lines and all(line.endswith("：") for line in lines)
    for row in DATA["patterns"].values():
        assert all(len(theme) <= 40 for theme in row["themes"]) and row["kind"] in ("programme", "task")


def test_what_leading_bodies_hold_is_known() -> None:
    told = DATA["leading"]
    assert set(told["types"]) <= set(WORDS["events"]) and set(told["kinds"]) <= set(WORDS["kinds"])
    assert "branch" not in told["kinds"]
