"""Texts of results as codes: the same column is the same codes, in whatever pieces and whatever other codes it came."""

from __future__ import annotations

from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhibu.engine.coded import coded, ordered, plain, schema_of
from zhibu.engine.output import Writers

PLAIN = pa.schema([("word", pa.string()), ("number", pa.int64())])
WORDS = ["甲", "乙", "丙", "", None]


def pieces(words: list[str | None], dice: Random) -> list[pa.Table]:
    """Cut anywhere, some pieces empty, some of whole texts, some of codes with unused texts and texts twice."""
    found, first = [], 0
    while first < len(words):
        some = words[first : first + dice.randrange(0, 5)]
        column = pa.array(some, pa.string())
        if dice.random() < 0.7:
            texts = [dice.choice(["未用", "甲"]), *dice.sample(WORDS[:4], 4), *dice.sample(WORDS[:4], 4)]
            places = [[at for at, text in enumerate(texts) if text == word] for word in some]
            codes = [dice.choice(one) if one else None for one in places]
            column = pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(texts))
        found.append(pa.table([column, pa.array(range(first, first + len(some)))], names=PLAIN.names))
        first += len(some)
    return found


@pytest.mark.parametrize("seed", range(200))
def test_codes_do_not_depend_on_how_a_column_came(seed: int) -> None:
    dice, schema = Random(seed), schema_of(PLAIN)
    words = dice.choices(WORDS, k=dice.randrange(0, 30))
    whole = ordered(coded(pa.table([words, range(len(words))], schema=PLAIN), schema))
    came = [coded(piece, schema) for piece in [PLAIN.empty_table(), *pieces(words, dice)]]
    found = ordered(pa.concat_tables(came))
    for one, two in zip(whole["word"].chunks, found["word"].chunks, strict=True):
        assert one.dictionary.equals(two.dictionary)
        assert one.indices.equals(two.indices)
        assert one.dictionary.to_pylist() == list(dict.fromkeys(word for word in words if word is not None))
    assert plain(found, PLAIN).to_pylist() == [{"word": word, "number": at} for at, word in enumerate(words)]


def test_a_file_tells_the_types_of_whole_texts(tmp_path) -> None:
    with Writers(tmp_path, {"words": PLAIN}) as writers:
        for piece in pieces(["甲", None, "乙", "甲"] * 5, Random(1)):
            writers.put("words", piece)
    found = pq.read_table(tmp_path / "words.parquet")
    assert found.schema == PLAIN
    assert found["word"].to_pylist() == ["甲", None, "乙", "甲"] * 5
