"""One row group of events, read and coded by its own distinct values. Serves speed: nothing here meets other groups.

What is surely in order (every check of the reference passes for all rows at once) is coded as it comes; a group with
anything else goes through the reference's loader, which finds and names the bad rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhibu.engine.facts.cells import plain, sound
from zhibu.engine.facts.columns import FIRST_DAY, LAST_DAY, convert
from zhibu.engine.facts.extras import is_number, reduced
from zhibu.engine.facts.load import checked
from zhibu.engine.facts.numbers import LARGEST
from zhibu.engine.facts.rejections import Rejections
from zhibu.engine.facts.shape import AMOUNT, LIST, ROW, SHAPES, TEXT
from zhibu.engine.packed import Unfit
from zhibu.engine.packed.columns import list_codes
from zhibu.engine.packed.native import Numbers, at, kernel, whole

EVENTS = SHAPES["events"]
FIXED = {column.name: column for column in EVENTS.columns}
FEW = 64  # one row of so many may be out of order
Find = Callable[[pa.Array], Numbers]  # texts → places among the ids of a kind of subject, or -1


@dataclass(slots=True)
class Group:
    """`codes[column]` from 0 are places in `values[column]`, -1 is null; `owner[kind]` -1 is nobody's.

    `late` rows have an id that does not come behind all before it (None: too many), row `last` has the last id.
    `wrong` rows were rejected: their values mean nothing. `numbers` are the rows' `#row`, None: first + 1 …
    """

    first: int
    held: Numbers
    recorded: Numbers
    ids: pa.LargeStringArray
    late: Numbers | None
    last: int
    wrong: Numbers | None
    numbers: Numbers | None = None
    owner: dict[str, Numbers] = field(default_factory=dict)
    codes: dict[str, Numbers] = field(default_factory=dict)
    values: dict[str, pa.Array] = field(default_factory=dict)
    rejected: Rejections = field(default_factory=Rejections)


def wanted(columns: Iterable[str]) -> list[str]:
    """The columns to read for those to be coded, and for the checks of every row."""
    plainly = {"present", "expected"} if "attendance" in columns else set()
    return sorted({"event_id", "types", "held_on", "recorded_on", *plainly} | (set(columns) - {"attendance"}))


def read(
    file: pq.ParquetFile, name: str, number: int, first: int, columns: list[str], finders: Mapping[str, Find]
) -> Group:
    """`first` rows stand before this group; `name` is said in faults. Raises EngineError for wrong columns, Unfit."""
    quick = wanted([*columns, *finders])
    unread = [name for name, shape in FIXED.items() if name not in quick and shape.least is not None]
    if _statistics_fine(file, number, unread):
        unread = []
    table = file.read_row_group(number, columns=[*quick, *unread], use_threads=False)
    found = _quickly(table, name, first, columns, finders, unread)
    if found is not None:
        return found
    raw = file.read_row_group(number, use_threads=False)
    return _carefully(raw, name, first, columns, finders)


def _statistics_fine(file: pq.ParquetFile, number: int, names: list[str]) -> bool:
    """The file's own figures say that every number is one that the reference takes."""
    group = file.metadata.row_group(number)
    for place in range(group.num_columns):
        column = group.column(place)
        if column.path_in_schema not in names:
            continue
        figures = column.statistics
        if figures is None or (figures.num_values and not _fits(figures, FIXED[column.path_in_schema].type)):
            return False
    return True


def _fits(figures: pq.Statistics, wanted: pa.DataType) -> bool:
    """From 0 to what the type holds; whether floats are whole, or text says numbers, only a look can tell."""
    if not figures.has_min_max or not isinstance(figures.min, int | (float if wanted == AMOUNT else int)):
        return False
    return bool(0 <= figures.min <= figures.max < (LARGEST if wanted == AMOUNT else 2**63))


# --- all rows at once ---------------------------------------------------------------------------------------------


class _Doubt(Exception):
    """Something that only the reference can judge."""


def _quickly(
    table: pa.Table, name: str, first: int, columns: list[str], finders: Mapping[str, Find], looked_at: list[str]
) -> Group | None:
    """Rows that a look shows to be wrong are named by the reference; all others must be surely right.

    `looked_at`: columns that nobody needs and that may hold what the reference does not take.
    """
    try:
        wrong = _surely_wrong(table)
        rejected = Rejections()
        if wrong.any():
            numbers = np.flatnonzero(wrong) + first + 1
            refused, rejected = checked(EVENTS, _whole(table.filter(pa.array(wrong)), numbers), name)
            if len(refused):
                return None
        for column in looked_at:
            _column(table, column)
        group = _coded(table, first, columns, finders, wrong)
    except _Doubt:
        return None
    group.rejected = rejected
    return group


def _surely_wrong(table: pa.Table) -> Numbers:
    wrong = np.zeros(len(table), bool)
    for column in table.column_names:
        shape, values = FIXED.get(column), table[column]
        if shape and shape.required and values.null_count:
            wrong |= np.asarray(plain(pc.is_null(values)))
        if shape and shape.least is not None and is_number(values.type) and _lowest(values) < shape.least:
            wrong |= np.asarray(plain(pc.fill_null(pc.less(values, shape.least), False)))
    return wrong | (_days(table["recorded_on"]) < _days(table["held_on"]))


def _whole(table: pa.Table, numbers: Numbers) -> pa.Table:
    """With the columns that were not read, which can have nothing wrong: empty."""
    missing = [column for column in EVENTS.columns if column.name not in table.column_names]
    for column in missing:
        table = table.append_column(column.name, pa.nulls(len(table), column.type))
    return table.append_column(ROW, pa.array(numbers))


def _coded(table: pa.Table, first: int, columns: list[str], finders: Mapping[str, Find], wrong: Numbers) -> Group:
    held, recorded = (_days(table[name]) for name in ("held_on", "recorded_on"))
    ids = _texts(table["event_id"])
    begins = np.frombuffer(ids.buffers()[1], np.int64)[ids.offset :]
    if ((np.diff(begins[: len(ids) + 1]) == 0) & ~wrong).any():
        raise _Doubt
    group = Group(first, held, recorded, ids, *_order(ids, begins), wrong if wrong.any() else None)
    for kind, finder in finders.items():
        codes, values = _dictionary(table[kind])
        if not (pa.types.is_string(values.type) or pa.types.is_integer(values.type) or pa.types.is_null(values.type)):
            raise _Doubt
        if not sound(values):
            raise _Doubt
        places = finder(values.cast(pa.large_string()))
        group.owner[kind] = np.where(codes >= 0, np.append(places, -1)[codes], -1).astype(np.int32)
    for column in columns:
        group.codes[column], group.values[column] = _column(table, column)
    return group


def _order(ids: pa.LargeStringArray, begins: Numbers) -> tuple[Numbers | None, int]:
    rows, last = np.empty(len(ids) // FEW + 1, np.int64), np.zeros(1, np.int64)
    count = kernel().out_of_order(
        *(whole(len(ids)), at(begins), at(text_of(ids)), whole(len(rows)), at(rows), at(last)),
    )
    return (None if count < 0 else rows[:count].copy()), int(last[0])


def _column(table: pa.Table, name: str) -> tuple[Numbers, pa.Array]:
    if name == "attendance":
        return _pairs(table)
    column = table[name]
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return _sets(column, name)
    codes, values = _dictionary(column)
    fixed = FIXED.get(name)
    if fixed is None:
        made, bad = reduced(values)
        if made is None or bad:
            raise _Doubt
        return codes, made
    try:
        made, bad = convert(values, fixed.type)
    except TypeError:
        raise _Doubt from None
    if bad or (fixed.least is not None and not is_number(values.type) and _lowest(made) < fixed.least):
        raise _Doubt  # numbers below their least have been seen to
    return codes, made


def _lowest(column: pa.Array) -> float:
    least = pc.min(column).as_py()
    return 0 if least is None else least


def _as_days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_date32(column.type):
        raise _Doubt
    numbers = column.cast(pa.int32())
    ends = pc.min_max(numbers)
    if ends["min"].is_valid and not FIRST_DAY <= ends["min"].as_py() <= ends["max"].as_py() <= LAST_DAY:
        raise _Doubt
    return numbers


def _days(column: pa.ChunkedArray) -> Numbers:
    return np.asarray(pc.fill_null(plain(_as_days(column)), 0))


def _texts(column: pa.ChunkedArray) -> pa.LargeStringArray:
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        raise _Doubt
    found = column.combine_chunks()
    found = pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found
    if not sound(found):
        raise _Doubt
    return found.cast(pa.large_string())


def text_of(ids: pa.LargeStringArray) -> Numbers:
    data = ids.buffers()[2]
    return np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)


def _dictionary(column: pa.ChunkedArray) -> tuple[Numbers, pa.Array]:
    """Places in the distinct values; -1 is null."""
    if pa.types.is_nested(column.type):
        raise _Doubt
    found = column.combine_chunks()
    found = pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found
    if not pa.types.is_dictionary(found.type):
        found = found.dictionary_encode()
    codes = found.indices if not found.indices.null_count else pc.fill_null(found.indices, -1)
    return np.asarray(codes).astype(np.int32), plain(found.dictionary)


def _sets(column: pa.ChunkedArray, name: str) -> tuple[Numbers, pa.Array]:
    """Lists of text, coded as wholes."""
    if pa.types.is_nested(column.type.value_type):
        raise _Doubt
    found = column.combine_chunks()
    found = pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found
    items, words = _dictionary(pa.chunked_array([found.flatten()]))
    if not (pa.types.is_string(words.type) or pa.types.is_large_string(words.type)):
        raise _Doubt
    words = words.cast(TEXT)
    if not sound(words):
        raise _Doubt
    if (items < 0).any() or pc.any(pc.equal(words, "")).as_py():
        raise _Doubt
    lengths = np.asarray(pc.fill_null(pc.list_value_length(found), -1)).astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(np.maximum(lengths, 0))])
    codes, firsts = list_codes(offsets, items)
    values = [
        words.take(pa.array(items[offsets[row] : offsets[row + 1]])).to_pylist() if lengths[row] >= 0 else []
        for row in firsts
    ]
    known = lengths >= 0
    return np.where(known, codes.astype(np.int64), -1).astype(np.int32), pa.array(values, LIST)


def _pairs(table: pa.Table) -> tuple[Numbers, pa.Array]:
    """Distinct (present, expected) as one number each: present · 2^32 + expected."""
    numbers, known = [], np.ones(len(table), bool)
    for name in ("present", "expected"):
        column = plain(table[name])
        if not pa.types.is_integer(column.type):
            raise _Doubt
        known &= np.asarray(column.is_valid())
        numbers.append(np.asarray(pc.fill_null(column, 0)).astype(np.int64))
    if any(len(one) and one.max() >= 2**31 for one in numbers):
        raise _Doubt
    known &= (numbers[1] > 0) & (numbers[0] >= 0)
    found = pa.array(numbers[0] << 32 | numbers[1], mask=~known).dictionary_encode()
    return np.asarray(pc.fill_null(found.indices, -1)).astype(np.int32), found.dictionary


# --- row by row ---------------------------------------------------------------------------------------------------


def _carefully(raw: pa.Table, name: str, first: int, columns: list[str], finders: Mapping[str, Find]) -> Group:
    numbers = np.arange(first + 1, first + len(raw) + 1, dtype=np.int64)
    raw = raw.drop_columns([ROW] if ROW in raw.column_names else []).append_column(ROW, pa.array(numbers))
    table, rejected = checked(EVENTS, raw, name)
    try:
        group = _coded(table, first, columns, finders, np.zeros(len(table), bool))
    except _Doubt:
        raise Unfit("a column of events that can't be coded") from None
    group.numbers, group.rejected = np.asarray(plain(table[ROW])), rejected
    return group
