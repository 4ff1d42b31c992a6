"""Which texts are near: by the method alone, without a database; and texts that somebody sends to break it."""

from __future__ import annotations

import random
import time

import numpy as np
import pytest

from zhibu.web.hints import similarity
from zhibu.web.hints.letters import pack, places
from zhibu.web.hints.marking import shared

DICE = random.Random(7)
LETTERS = [chr(0x4E00 + at) for at in DICE.sample(range(20_000), 2_000)]


def text(length: int = 300) -> str:
    return "".join(DICE.choices(LETTERS, k=length))


def edited(one: str, share: float) -> str:
    return one[: int(len(one) * (1 - share))] + text(int(len(one) * share))


def test_a_copy_is_found_among_others_and_nothing_else() -> None:
    texts = [text() for _ in range(300)]
    texts.append(edited(texts[7], 0.2))
    texts.append(texts[40][150:] + texts[40][:150])
    found = similarity.pairs(texts, list(range(len(texts))))
    assert {(one, other) for one, other, _ in found} == {(7, 300), (40, 301)}


def test_punctuation_blanks_and_case_are_no_difference() -> None:
    one = text()
    other = "　".join("，".join(f"{letter}\u200f" for letter in one)) + "😀" * 50
    assert similarity.jaccard([one], [other])[0] == 1.0


def test_what_everybody_quotes_is_no_copying() -> None:
    official = text(400)
    texts = [text(80) + official for _ in range(30)]
    branches = list(range(30))
    assert similarity.pairs(texts[:2], branches[:2])
    assert not similarity.pairs(texts[:2], branches[:2], [official])
    assert not similarity.pairs(texts, branches)  # more than half of a percent of all texts, and at least twenty


def test_the_same_agenda_every_month_is_honest_and_the_same_minutes_are_not() -> None:
    agenda = text(200)
    honest = [agenda + text(80) for _ in range(8)]
    assert not similarity.pairs(honest, [1] * 8)
    assert similarity.pairs(honest, list(range(8)))  # of eight branches it would be worth asking
    assert similarity.pairs([agenda + f"{month}月" for month in range(1, 9)], [1] * 8)


def test_short_texts_are_not_compared() -> None:
    short = "组织全体党员学习文件，讨论本季度重点工作，研究解决存在的问题。"
    assert not similarity.pairs([short, short], [1, 2])
    assert similarity.jaccard([short], [short])[0] == 0


@pytest.mark.parametrize(
    "hostile", ["", "的", "的" * 50_000, "😀" * 50_000, "\u202e" * 50_000, "\ud800" * 9, "\x00" * 100, "ab" * 25_000]
)
def test_hostile_texts_are_neither_slow_nor_near(hostile: str) -> None:
    started = time.process_time()
    slots, sizes = similarity.sketch([hostile, hostile, text()])
    assert sizes[0] < similarity.LEAST and slots.shape == (3, similarity.SLOTS)
    assert not similarity.pairs([hostile, hostile], [1, 2])
    assert "".join(piece for piece, _ in shared(hostile, hostile)) == hostile
    assert time.process_time() - started < 2


def test_a_long_text_is_sketched_well_under_a_tenth_of_a_second() -> None:
    longest = text(50_000)
    started = time.process_time()
    similarity.sketch([longest])
    assert time.process_time() - started < 0.1


def test_a_sketch_is_the_same_alone_and_among_others() -> None:
    texts = [text(length) for length in (80, 300, 1_000) for _ in range(300)]
    together, _ = similarity.sketch(texts)
    assert (together[5] == similarity.sketch([texts[5]])[0]).all()


def test_the_exact_share_is_that_of_the_sets() -> None:
    for _ in range(20):
        one = text(DICE.randint(80, 400))
        other = edited(one, DICE.random())
        sets = [{part[at : at + 4] for at in range(len(part) - 3)} for part in (one, other)]
        share = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
        assert similarity.jaccard([one], [other])[0] == pytest.approx(share)


def test_letters_keep_their_places() -> None:
    one = "Ａ，b 3😀\u202e𠀀"
    codes, offsets = pack([one, "", "x"])
    assert [chr(code) for code in codes] == ["a", "b", "3", "𠀀", "x"]
    assert offsets.tolist() == [0, 4, 4, 5]
    assert places(one) == [0, 2, 4, 7]


def test_shared_parts_are_marked() -> None:
    same, own, their = text(40), text(30), text(30)
    pieces = shared(f"{own}。{same}", f"{same}{their}")
    assert ("".join(piece for piece, told in pieces if told)) == same
    assert np.isin(list(own), list("".join(piece for piece, told in pieces if not told))).all()
