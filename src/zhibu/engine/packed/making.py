"""First pass of making a store: every row group of the events is read, checked, coded and put aside.

Groups meet only where an event_id is repeated. Memory holds the subjects and a few row groups, not the events.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice, pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhibu.engine.errors import Rejected
from zhibu.engine.facts.files import fault, readable
from zhibu.engine.facts.rejections import Rejections
from zhibu.engine.facts.rows import REPEATED
from zhibu.engine.packed import Unfit, rowgroups
from zhibu.engine.packed.ahead import ahead
from zhibu.engine.packed.columns import narrow
from zhibu.engine.packed.native import Numbers, at, kernel, whole
from zhibu.engine.packed.noted import Entry, Put, entry, line
from zhibu.engine.packed.rowgroups import EVENTS, Find, Group, text_of
from zhibu.engine.packed.spool import Done, Spool


@dataclass(slots=True)
class Made:
    """All events, in the order of their rows: what the second pass writes."""

    puts: list[Put] = field(default_factory=list)
    rejected: Rejections = field(default_factory=Rejections)
    rows: int = 0


def first_pass(
    parts: list[Path],
    columns: list[str],
    finders: dict[str, Find],
    spool: Spool,
    done: Done,
    tick: Callable[[int], None],
) -> Made:
    """Reads all row groups on several threads; those `done` by a run that was killed are taken as they are.

    `tick` is told how many rows are done. Raises EngineError, OSError, Unfit.
    """
    made, before = Made(), list(map(entry, done.lines))
    tasks = islice(_tasks(parts, columns, finders, spool), len(before), None)
    with _closed_on_failure(spool):
        for put, rejected in chain(before, _noted(done, ahead(tasks))):
            made.puts.append(put)
            made.rejected += rejected
            made.rows += put.rows
            tick(made.rows)
    return made


def begun(folder: Path) -> tuple[Spool, Done]:
    """What was put aside in a folder so far."""
    done = Done(folder / "done")
    ends = [aside.end for put, _ in map(entry, done.lines) for aside in put.arrays.values()]
    return Spool(folder / "aside", max(ends, default=0)), done


@contextmanager
def _closed_on_failure(spool: Spool) -> Iterator[None]:
    try:
        yield
    except BaseException:
        spool.close()
        raise


def _noted(done: Done, entries: Iterator[Entry]) -> Iterator[Entry]:
    for one in entries:
        done.add(line(one))
        yield one


def schema_of(parts: list[Path]) -> pa.Schema:
    """The columns of every part. Raises EngineError when there is none or one can't be read, Unfit if they differ."""
    if not parts:
        raise fault("events", "文件夹里没有 .parquet 文件")
    schemas = [_metadata(part).schema.to_arrow_schema().remove_metadata() for part in parts]
    if any(one != schemas[0] for one in schemas[1:]):
        raise Unfit("parts with different columns")
    return schemas[0]


def count(parts: list[Path]) -> int:
    return sum(_metadata(part).num_rows for part in parts)


def _metadata(part: Path) -> pq.FileMetaData:
    with readable(part):
        return pq.read_metadata(part)


def _tasks(
    parts: list[Path], columns: list[str], finders: dict[str, Find], spool: Spool
) -> Iterator[Callable[[], Entry]]:
    first = 0
    for part in parts:
        figures = _metadata(part)
        for number in range(figures.num_row_groups):
            yield partial(_task, part, number, first, columns, finders, spool)
            first += figures.row_group(number).num_rows


def _task(part: Path, number: int, first: int, columns: list[str], finders: dict[str, Find], spool: Spool) -> Entry:
    try:
        with pq.ParquetFile(part, read_dictionary=_texts(part, columns, finders)) as file:
            group = rowgroups.read(file, str(part), number, first, columns, finders)
    except (pa.ArrowException, OSError) as error:
        raise fault(str(part), f"第 {number + 1} 个行组读不出来", "文件可能没有传完，请重新导出") from error
    return _put(group, spool), group.rejected


def _texts(part: Path, columns: Iterable[str], finders: Iterable[str]) -> list[str]:
    """Leaf columns of text that are worth reading as places in a dictionary."""
    schema = pq.read_schema(part)
    plainly = [
        name for name in (*columns, *finders) if name in schema.names and pa.types.is_string(schema.field(name).type)
    ]
    lists = [name for name in columns if name in schema.names and pa.types.is_list(schema.field(name).type)]
    return [*plainly, *(f"{name}.list.{schema.field(name).type.value_field.name}" for name in lists)]


def _put(group: Group, spool: Spool) -> Put:
    begins = np.frombuffer(group.ids.buffers()[1], np.int64)[group.ids.offset :][: len(group.ids) + 1]
    text = text_of(group.ids)[int(begins[0]) : int(begins[-1])] if len(group.ids) else np.zeros(0, np.uint8)
    days, held, recorded = _days(group.held, group.recorded)
    lengths = np.diff(begins)
    arrays = {"held": held, "recorded": recorded, "text": text, "lengths": narrow(lengths, int(lengths.max(initial=0)))}
    low = {kind: max(0, int(np.min(owner, initial=2**31 - 1, where=owner >= 0))) for kind, owner in group.owner.items()}
    arrays |= {f"of {kind}": _small(np.maximum(owner - low[kind], -1)) for kind, owner in group.owner.items()}
    arrays |= {f"is {name}": _small(numbers) for name, numbers in group.codes.items()}
    if group.numbers is not None:
        arrays["numbers"] = group.numbers
    first, last = ((group.ids[row].as_py() or "").encode() if len(group.ids) else b"" for row in (0, group.last))
    aside = {name: spool.put(numbers) for name, numbers in arrays.items()}
    return Put(group.first, len(group.held), group.late, aside, group.values, days, (first, last), group.wrong, low)


def _small(codes: Numbers) -> Numbers:
    """Places from -1 on as small as they go."""
    most = int(codes.max(initial=0))
    return codes.astype(np.int8 if most < 2**7 else np.int16 if most < 2**15 else np.int32)


def _days(held: Numbers, recorded: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The distinct days of both, and for each row the place of its day."""
    both = np.concatenate([held, recorded])
    low, high = int(both.min(initial=0)), int(both.max(initial=0))
    if high - low > 10**6:
        known, places = np.unique(both, return_inverse=True)
    else:
        seen = np.zeros(high - low + 1, bool)
        seen[both - low] = True
        known, places = np.flatnonzero(seen) + low, (np.cumsum(seen) - 1)[both - low]
    places = narrow(places, len(known))
    return known.astype(np.int32), places[: len(held)], places[len(held) :]


def leave_out_nobodys(made: Made, spool: Spool) -> None:
    """Good rows that no subject has are not asked for again. After `leave_out_repeated`: an id may repeat theirs."""

    def nobodys(put: Put) -> Numbers:
        owners = [spool.get(aside) for name, aside in put.arrays.items() if name.startswith("of ")]
        found: Numbers = np.all([owner < 0 for owner in owners], axis=0) if owners else np.ones(put.rows, bool)
        return found

    for put, found in zip(made.puts, ahead(partial(nobodys, put) for put in made.puts), strict=True):
        if found.any():
            put.gone = found if put.gone is None else put.gone | found


# --- repeated ids -------------------------------------------------------------------------------------------------


def leave_out_repeated(made: Made, spool: Spool) -> None:
    """Of good rows with the same event_id the first stays (engine.md section 2)."""
    filled = [put for put in made.puts if put.rows]
    tasks = _out_of_order(filled, spool) if _follow(filled) else _hashed_twice(filled, spool)
    seen: set[bytes] = set()
    for put, rows in ahead(tasks):
        _leave_out(put, rows, made, spool, seen)


def _follow(puts: list[Put]) -> bool:
    """Ids come one behind the other, but for a few rows that are known."""
    return all(put.late is not None for put in puts) and all(one.ends[1] < two.ends[0] for one, two in pairwise(puts))


NONE = np.zeros(0, np.int64)
Suspects = Callable[[], tuple[Put, Numbers]]  # rows with an id that may be a repeated one


def _out_of_order(puts: list[Put], spool: Spool) -> Iterator[Suspects]:
    """Only an id that is out of order can be one that came before."""
    late = [NONE if put.late is None else put.late for put in puts]
    asked = sorted({one for put, rows in zip(puts, late, strict=True) for one in _ids(put, rows, spool)})
    for put, rows in zip(puts, late, strict=True):
        here = asked[bisect_left(asked, put.ends[0]) : bisect_right(asked, put.ends[1])]
        if here or len(rows):
            yield partial(_met_again, put, spool, here, rows)


def _met_again(put: Put, spool: Spool, asked: list[bytes], late: Numbers) -> tuple[Put, Numbers]:
    """But for those that are late, ids ascend."""
    begins, text = _texts_of(put, spool)
    rows = np.delete(np.arange(put.rows), late)

    def text_at(row: int) -> bytes:
        return text[begins[row] : begins[row + 1]].tobytes()

    places = [bisect_left(rows, one, key=text_at) for one in asked]
    met = [rows[at] for at, one in zip(places, asked, strict=True) if at < len(rows) and text_at(rows[at]) == one]
    return put, np.union1d(np.array(met, np.int64), late)


def _hashed_twice(puts: list[Put], spool: Spool) -> Iterator[Suspects]:
    hashes = np.concatenate([np.zeros(0, np.uint64), *(_hashes(put, spool) for put in puts)])
    hashes.sort()
    twice = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    del hashes
    return (partial(_suspected, put, spool, twice) for put in puts if len(twice))


def _suspected(put: Put, spool: Spool, asked: Numbers) -> tuple[Put, Numbers]:
    return put, np.flatnonzero(np.isin(_hashes(put, spool), asked))


def _hashes(put: Put, spool: Spool) -> Numbers:
    begins, text = _texts_of(put, spool)
    return hashes(begins, text)


def _texts_of(put: Put, spool: Spool) -> tuple[Numbers, Numbers]:
    """Where each id begins, and their bytes."""
    lengths, text = spool.get(put.arrays["lengths"]), spool.look(put.arrays["text"])
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]), text


def _ids(put: Put, rows: Numbers, spool: Spool) -> list[bytes]:
    if not len(rows):
        return []
    begins, text = _texts_of(put, spool)
    return [text[begins[row] : begins[row + 1]].tobytes() for row in rows]


def _leave_out(put: Put, rows: Numbers, made: Made, spool: Spool, seen: set[bytes]) -> None:
    gone = np.zeros(put.rows, bool) if put.gone is None else put.gone
    rows = rows[~gone[rows]]
    again = []
    for row, identity in zip(rows, _ids(put, rows, spool), strict=True):
        if identity in seen:
            gone[row] = True
            number = int(spool.get(put.arrays["numbers"])[row]) if "numbers" in put.arrays else put.first + int(row) + 1
            again.append(Rejected(EVENTS.name, number, identity.decode(), "event_id", REPEATED))
        seen.add(identity)
    if again:
        made.rejected += again
        put.gone = gone


def hashes(begins: Numbers, text: Numbers) -> Numbers:
    found = np.empty(len(begins) - 1, np.uint64)
    kernel().hash_texts(whole(len(found)), at(begins), at(text), at(found))
    return found
