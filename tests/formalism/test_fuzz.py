"""The check never falls over: generated rulebooks and schemes, torn lists, and words of any kind."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formalism.given import TODAY, judge, judged, rule
from tests.generative.world import case
from zhibu.engine import check, formalism
from zhibu.engine.errors import EngineError
from zhibu.engine.formalism import pairs
from zhibu.engine.formalism.names import among, said, text
from zhibu.engine.formalism.read import LIST

OFFICIAL = formalism.official()
WORDS = sorted({word for entry in OFFICIAL.entries for word in entry.signs.words})


def test_generated_rulebooks_and_schemes(tmp_path: Path) -> None:
    for seed in range(150):
        one = case(seed)
        for number, book in enumerate([*one.rulebooks, one.scheme]):
            (tmp_path / f"{number}.yaml").write_text(book, encoding="utf-8")
        found = check.check([tmp_path], on=TODAY, catalogue=OFFICIAL)
        assert all(fault.place.line >= 1 and fault.wrong and fault.right for fault in found.warnings)
        for file in tmp_path.iterdir():
            file.unlink()


@pytest.mark.parametrize("seed", range(40))
def test_torn_lists_are_faults_and_nothing_else(seed: int, tmp_path: Path) -> None:
    """Lines of the list dropped, doubled, cut or turned around: read, or told what is wrong."""
    dice = random.Random(seed)
    lines = LIST.read_text(encoding="utf-8").splitlines()
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(lines))
        torn = [[], [lines[at], lines[at]], [lines[at][: dice.randrange(len(lines[at]) + 1)]], [lines[at][::-1]]]
        lines[at : at + 1] = dice.choice(torn)
    path = tmp_path / "list.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        pairs.run(formalism.read(path))
    except EngineError as error:
        assert error.faults and all(fault.place.line >= 1 for fault in error.faults)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(name=st.text(max_size=12), word=st.sampled_from(WORDS), after=st.text(max_size=5))
def test_any_text_is_a_name(name: str, word: str, after: str) -> None:
    assert isinstance(text(name), str) and among(name, frozenset({name})) in (True, False)
    assert said(f"工作{word}情况", [word], (), ()) == word
    said(name + word + after, WORDS, ("打卡地",), OFFICIAL.negations)


TITLES = st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=15)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(titles=st.lists(TITLES.filter(lambda one: one.strip()), min_size=1, max_size=6))
def test_any_title_is_judged(titles: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("titles")
    judged(folder, *(rule(f"r{n}", title) for n, title in enumerate(titles)))


def test_nothing_is_judged_without_anything() -> None:
    assert judge() == []
