"""Writes events/NNN.parquet, with the encodings a careful exporter would choose."""

from __future__ import annotations

from dataclasses import fields, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from synthetic import events
from synthetic.duties import LABELS, TOPIC_SETS, TOPICS, TYPE_SETS, TYPES
from synthetic.encode import NONE, dates, digits, fixed, hundredths, lists, words
from synthetic.organisations import Organisations
from synthetic.tree import WIDTH, Tree

CHUNK = 24_000  # organisations: about a million events, one row group
PART = 8  # chunks of a file
MODES = ["onsite", "online"]
NUMBERS = 36**4  # event numbers of one chunk
WORD = pa.dictionary(pa.int32(), pa.string())  # written as text with a dictionary
SCHEMA = pa.schema(
    [
        ("event_id", pa.string()),
        ("types", pa.list_(WORD)),
        ("org_id", WORD),
        ("person_id", pa.string()),
        ("unit_id", pa.string()),
        ("held_on", pa.date32()),
        ("recorded_on", pa.date32()),
        ("expected", pa.int32()),
        ("present", pa.int32()),
        ("days", pa.decimal128(6, 2)),
        ("hours", pa.decimal128(6, 2)),
        ("topics", pa.list_(WORD)),
        ("makes_up", WORD),
        ("mode", WORD),
        ("files", pa.int32()),
    ]
)
OPTIONS = {"compression": "snappy", "store_schema": False, "store_decimal_as_integer": True}
# The rest has dictionaries. DuckDB scans no other choice more than 5 % faster; zstd is 15 % smaller and 6 % slower.
ENCODED = {"event_id": "DELTA_BYTE_ARRAY", "person_id": "PLAIN"}
ENCODED |= dict.fromkeys(("held_on", "recorded_on"), "DELTA_BINARY_PACKED")


def write_events(those: Organisations, folder: Path, seed: int, processes: int = 2) -> None:
    """The parts, each by one process, in row groups by organisation and day."""
    folder.mkdir(parents=True, exist_ok=True)
    chunks = -(-len(those) // CHUNK)
    parts = [range(first, min(first + PART, chunks)) for first in range(0, chunks, PART)]
    _Shared.those = those  # forked processes read it where it is
    with get_context("fork").Pool(min(processes, len(parts))) as pool:
        tasks = [(folder / f"{nth:03d}.parquet", part, seed) for nth, part in enumerate(parts)]
        pool.starmap(_part, tasks, chunksize=1)


class _Shared:
    those: Organisations


def _part(path: Path, chunks: range, seed: int) -> None:
    with writer(path) as file:
        for chunk in chunks:
            rows = events_of(_Shared.those, chunk, seed)
            file.write_table(rows, row_group_size=len(rows))


def write_shuffled(those: Organisations, folder: Path, seed: int) -> None:
    """The same events in the order of recording, as a table that only grows would give them."""
    folder.mkdir(parents=True, exist_ok=True)
    chunks = [events_of(those, chunk, seed) for chunk in range(-(-len(those) // CHUNK))]
    table = pa.concat_tables(chunks).unify_dictionaries()
    dice = np.random.default_rng([seed, 3])
    recorded = table["recorded_on"].cast(pa.int32()).to_numpy() + dice.random(len(table))
    table = table.take(pa.array(np.argsort(recorded)))
    with writer(folder / "000.parquet") as file:
        file.write_table(table, row_group_size=2**20)


def writer(path: Path) -> pq.ParquetWriter:
    leaves = [f"{one.name}.list.element" if pa.types.is_list(one.type) else one.name for one in SCHEMA]
    dictionary = [name for name in leaves if name not in ENCODED]
    return pq.ParquetWriter(path, SCHEMA, use_dictionary=dictionary, column_encoding=ENCODED, **OPTIONS)


def events_of(those: Organisations, chunk: int, seed: int) -> pa.Table:
    """The events of one chunk of organisations; of each chunk its own dice."""
    dice = np.random.default_rng([seed, 2, chunk])
    some = slice(chunk * CHUNK, (chunk + 1) * CHUNK)
    own = cut(those, some)
    numbers = events.of(own, dice)
    count = len(numbers["who"])
    assert count < NUMBERS
    ids = np.concatenate([digits(np.full(count, chunk), 2, 36), digits(np.arange(count), 4, 36)], axis=1)
    _spoil(numbers, ids, dice)
    return _table(own, numbers, ids)


def cut(those: Organisations, some: slice) -> Organisations:
    """A run of them; parents are left as they are, for events do not look at them."""
    tree = Tree(*(getattr(those.tree, field.name)[some] for field in fields(Tree)))
    rest = {field.name: getattr(those, field.name)[some] for field in fields(Organisations) if field.name != "tree"}
    return replace(those, tree=tree, **rest)


def _spoil(numbers: dict[str, np.ndarray], ids: np.ndarray, dice: np.random.Generator) -> None:
    """A few bad rows: recorded before held, less than nobody expected, no day, an id again; and lost organisations."""
    count = len(numbers["who"])
    early, negative, dayless, again, lost, nobody = dice.choice(count - 1, (6, 1 + count // 500_000), replace=False) + 1
    numbers["recorded"][early] = numbers["on"][early] - 3
    numbers["expected"][negative] = -1
    numbers["on"][dayless] = NONE
    ids[again] = ids[again - 1]
    numbers["who"][lost] = -2
    numbers["who"][nobody] = -1


def _table(those: Organisations, numbers: dict[str, np.ndarray], ids: np.ndarray) -> pa.Table:
    codes = pa.concat_arrays([fixed(digits(those.tree.code, WIDTH)), pa.array(["9" * WIDTH])])
    who = np.where(numbers["who"] == -2, len(those), numbers["who"])
    columns = [
        fixed(ids),
        lists(numbers["types"], TYPE_SETS, TYPES),
        words(who, codes),
        _persons(numbers["person"]),
        pa.nulls(len(who), pa.string()),
        dates(numbers["on"]),
        dates(numbers["recorded"]),
        _whole(numbers["expected"]),
        _whole(numbers["present"]),
        hundredths(numbers["days"]),
        hundredths(numbers["hours"]),
        lists(numbers["topics"], TOPIC_SETS, TOPICS),
        words(numbers["makes"], LABELS),
        words(np.where(numbers["mode"] > 1, -1, numbers["mode"]), MODES),
        _whole(numbers["files"]),
    ]
    return pa.table(columns, names=SCHEMA.names)


def _whole(values: np.ndarray) -> pa.Array:
    return pa.array(values.astype(np.int32), mask=values == NONE)


def _persons(numbers: np.ndarray) -> pa.Array:
    """P and nine digits; null for most."""
    some = np.flatnonzero(numbers >= 0)
    letters = np.concatenate([np.full((len(some), 1), ord("P"), np.uint8), digits(numbers[some], 9)], axis=1)
    places = np.full(len(numbers), -1)
    places[some] = np.arange(len(some))
    return fixed(letters).take(pa.array(places.astype(np.int32), mask=places < 0))
