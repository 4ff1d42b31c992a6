"""The packed store: a folder of facts as codes, made once from Parquet and opened in no time. Serves speed.

    store.json          what it was made from (files, sizes, times), which columns and kinds it holds
    facts/*.arrow       the small tables, checked and typed; rejected rows
    values/*.arrow      the distinct values of each coded column of events
    days.npy, id_*.     days on which events were held or recorded; texts of event ids
    KIND/*              numbers of one kind of subject and its events (subjects.py says what each is)

A store that no longer fits its files is made anew. It is written beside and then renamed: never half a store. A run
that was killed on the way is gone on with.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.facts import Facts
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.extras import reduce
from zhibu.engine.facts.files import fault, find, numbered
from zhibu.engine.facts.files import parts as files_of
from zhibu.engine.facts.load import checked, read_but
from zhibu.engine.facts.rejections import Rejections, gathered
from zhibu.engine.facts.shape import ROW, SHAPES, SUBJECTS
from zhibu.engine.packed import Unfit, making, placing
from zhibu.engine.packed.columns import Cells, Coded, Ratios, encode
from zhibu.engine.packed.mapped import load, load_bytes, load_table
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.rowgroups import FIXED
from zhibu.engine.packed.spool import Spool
from zhibu.engine.packed.subjects import Events, Ids, Subjects, Table, numbered_subjects
from zhibu.engine.packed.texts import find as find_texts
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.uses import of_rule

FORMAT = 5
MAKING = ("lock", "asked", "done", "aside")  # files of a store that is being made
SMALL = [name for name in SHAPES if name != "events"]
Tick = Callable[[str, int, int], None]  # what is done, so many of so many


class Store:
    """An open store. `facts` has the small tables and, for `events`, one row for each distinct value of its columns."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.told: dict[str, Any] = json.loads((folder / "store.json").read_text(encoding="utf-8"))
        self.facts = self._facts()

    def subjects(self, kind: str, table: pa.Table) -> Subjects:
        """`table`: the kind's rows as a plan has them, which may have read a column as something else."""
        here = self.folder / kind
        order = load(here / "order.npy")
        rows = Table(lambda name: encode(table[name]).taken(order))
        numbers = {name: load(here / f"{name}.npy") for name in ("row_of", "valid_from", "valid_to", "born", "gone")}
        ids = load_table(here / "ids.arrow")["ids"].combine_chunks()
        return Subjects(kind, ids, rows=rows, events=self._events(here), **numbers)

    def _events(self, here: Path) -> Events:
        place = {name: at_ for at_, name in enumerate(self.told["columns"])}

        def column(name: str) -> Coded:
            if name not in place:
                raise Unfit(f"column {name} is not in the store")
            return Coded(load(here / f"c{place[name]}.npy"), *self._values(name))

        rows = here / "id_row.npy"
        ids = Ids(self._ids(), load(rows) if rows.exists() else None)
        held, recorded = (load(here / f"{name}.npy") for name in ("held", "recorded"))
        return Events(load(here / "of.npy"), load(self.folder / "days.npy"), held, recorded, Table(column), ids)

    def _ids(self) -> pa.LargeStringArray:
        begins = load(self.folder / "id_at.npy")
        text = load_bytes(self.folder / "id_bytes.bin")
        return pa.LargeStringArray.from_buffers(len(begins) - 1, pa.py_buffer(begins), pa.py_buffer(text))

    def _values(self, name: str) -> tuple[Any, bool]:
        kept = load_table(self._at(name))["values"].combine_chunks()
        if name == "attendance":
            pairs = np.asarray(kept).astype(np.int64)
            return Ratios(pairs >> 32, pairs & 0xFFFFFFFF), True
        return (kept.to_pylist(), False) if pa.types.is_list(kept.type) else (Cells(kept), True)

    def _at(self, name: str) -> Path:
        return self.folder / "values" / f"{self.told['columns'].index(name)}.arrow"

    def _facts(self) -> Facts:
        tables = {name: load_table(self.folder / "facts" / f"{name}.arrow") for name in SMALL}
        rejected = Rejections(load_table(self.folder / "facts" / "rejected.arrow"))
        given, faults = frozenset(self.told["given"]), (_fault(*one) for one in self.told["faults"])
        return Facts(
            *(tables | {"events": self._sample()}, self.told["files"], given, rejected),
            faults=tuple(faults),
            store=self,
            unreadable={(table, column): _rows(bad) for table, column, bad in self.told["unreadable"]},
        )

    def _sample(self) -> pa.Table:
        """Every column of the events' files with its type, and the distinct values of those that are coded; one value
        is enough of a column whose type is laid down."""
        schema = {
            name: pa.ipc.read_schema(pa.py_buffer(bytes.fromhex(text))).field(0).type
            for name, text in self.told["schema"]
        }
        values = {
            name: plain(load_table(self._at(name))["values"]).slice(0, 1 if name in FIXED else None)
            for name in self.told["columns"]
            if name in schema
        }
        rows = max([1, *(len(one) for one in values.values())])
        columns = {name: _padded(values.get(name), kind, rows) for name, kind in schema.items()}
        return pa.table(columns | {ROW: pa.array(np.arange(1, rows + 1))})


def _type(text: str) -> pa.DataType:
    return pa.ipc.read_schema(pa.py_buffer(bytes.fromhex(text))).field(0).type


def _padded(values: pa.Array | None, kind: pa.DataType, rows: int) -> pa.Array:
    if values is None:
        return pa.nulls(rows, kind)
    return pa.concat_arrays([values, pa.nulls(rows - len(values), values.type)])


# --- opening or making --------------------------------------------------------------------------------------------


def opened(folder: Path, facts: Path, rulebooks: Sequence[Rulebook], tick: Tick) -> Store:
    """The store in `folder` if it fits the files and holds what the rules read; else one made there anew.

    Raises EngineError as the loader does, OSError when the disk is full.
    """
    columns, kinds = needed(rulebooks)
    told = _told(folder)
    if told is None and folder.exists() and not _vacant(folder):
        raise fault(str(folder), "ZHIBU_STORE 指的文件夹里有别的东西", "请给一个新文件夹：这里的内容会被替换")
    if told and told["sources"] == _sources(facts) and told["format"] == FORMAT:
        if set(columns) & set(told["known"]) <= set(told["columns"]) and set(kinds) <= set(told["kinds"]):
            return Store(folder)
        columns, kinds = sorted({*columns, *told["columns"]}), sorted({*kinds, *told["kinds"]})
    with _workplace(folder, [FORMAT, _sources(facts), columns, kinds]) as work:
        if work is None:
            return opened(folder, facts, rulebooks, tick)
        make(work, facts, columns, kinds, tick)
        pa.default_memory_pool().release_unused()
        for name in MAKING:
            (work / name).unlink(missing_ok=True)
        if folder.exists():
            shutil.rmtree(folder)
        work.rename(folder)
    return Store(folder)


@contextmanager
def _workplace(folder: Path, asked: list[Any]) -> Iterator[Path | None]:
    """A folder beside, for one run at a time; None when another run has just used it up.

    What a killed run for the same has done stays there; an error leaves nothing.
    """
    work = folder.parent / f".{folder.name}.making"
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (work / "lock").exists() or (work / "lock").stat().st_ino != os.fstat(lock.fileno()).st_ino:
            yield None
            return
        text = json.dumps(asked)
        if not (work / "asked").exists() or (work / "asked").read_text(encoding="utf-8") != text:
            for name in MAKING[1:]:
                (work / name).unlink(missing_ok=True)
            (work / "asked").write_text(text, encoding="utf-8")
        try:
            yield work
        except Exception:
            shutil.rmtree(work, ignore_errors=True)
            raise


def needed(rulebooks: Iterable[Rulebook]) -> tuple[list[str], list[str]]:
    """Columns of events and kinds of subjects that active rules read."""
    rules = [rule for book in rulebooks for rule in book.rules if rule.status == "active"]
    columns = {use.column for rule in rules for use in of_rule(rule) if use.table == "events"}
    measures = {rule.needs.measure for rule in rules if rule.needs}
    columns |= (measures & {"days", "hours", "topics"}) | {"types", "makes_up"}
    columns |= {"person_id"} if "people" in measures else set()
    return sorted(columns), sorted({rule.subject for rule in rules})


def _told(folder: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((folder / "store.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _fault(file: str, row: int, column: str, wrong: str, right: str) -> Fault:
    return Fault(Place(file, row, column), wrong, right)


def _rows(bad: dict[str, list[int]]) -> dict[str, Numbers]:
    return {reason: np.array(rows, np.int64) for reason, rows in bad.items()}


def _vacant(folder: Path) -> bool:
    """Nothing is there, or a store: nothing that would be a loss."""
    return folder.is_dir() and ((folder / "store.json").is_file() or not any(folder.iterdir()))


def _sources(facts: Path) -> list[list[Any]]:
    files = sorted(path for path in facts.rglob("*") if path.is_file() and path.suffix in (".parquet", ".csv"))
    return [[str(path.relative_to(facts)), path.stat().st_size, path.stat().st_mtime_ns] for path in files]


def make(folder: Path, source: Path, columns: list[str], kinds: list[str], tick: Tick) -> None:
    """Raises EngineError with the faults of all tables, Unfit for facts that have to be read whole."""
    sources, parts = _sources(source), _parts(source)
    raw, rows = making.schema_of(parts), making.count(parts)
    facts = _small(source, raw, parts)
    columns = [name for name in columns if name in raw.names or name == "attendance"]
    kinds = [kind for kind in kinds if SUBJECTS[kind][0] in facts.given]
    subjects = {kind: _write_subjects(folder / kind, facts, kind) for kind in kinds}
    finders = {SUBJECTS[kind][1]: _finder(ids) for kind, ids in subjects.items()}
    spool, done = making.begun(folder)
    with closing(spool):
        made = making.first_pass(parts, columns, finders, spool, done, lambda count: tick("读取活动", count, rows))
        making.leave_out_repeated(made, spool)
        making.leave_out_nobodys(made, spool)
        _write_events(folder, made, spool, columns, {kind: len(ids) for kind, ids in subjects.items()})
    _write_facts(folder, facts, made.rejected)
    told = {
        "format": FORMAT,
        "sources": sources,
        "known": [*raw.names, "attendance"],
        "columns": columns,
        "kinds": kinds,
        "given": sorted({*facts.given, "events"}),
        "files": facts.files,
        "faults": [[*astuple(fault.place), fault.wrong, fault.right] for fault in facts.faults],
        "unreadable": [
            [*name, {why: rows.tolist() for why, rows in bad.items()}] for name, bad in facts.unreadable.items()
        ],
        "schema": [[name, pa.schema([(name, kind)]).serialize().to_pybytes().hex()] for name, kind in _types(raw)],
    }
    (folder / "store.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def _parts(source: Path) -> list[Path]:
    path = find(source, SHAPES["events"])
    assert path is not None
    return files_of(path)


def _small(source: Path, raw: pa.Schema, parts: list[Path]) -> Facts:
    """The small tables, and the faults of all columns together."""
    path = str(parts[0].parent if len(parts) > 1 or parts[0].parent.name == "events" else parts[0])
    errors: list[EngineError] = []
    try:
        checked(SHAPES["events"], numbered(raw.empty_table()), path)
    except EngineError as error:
        errors.append(error)
    try:
        facts = read_but(source, "events")
    except EngineError as error:
        errors.insert(0, error)
    if errors:
        raise EngineError([fault for one in errors for fault in one.faults], errors[0].rejected)
    facts.files["events"] = path
    return facts


def _types(raw: pa.Schema) -> list[tuple[str, pa.DataType]]:
    """The types that the loader gives the columns of the events."""
    fixed = {column.name: column.type for column in SHAPES["events"].columns}
    plainly = [
        name for name in raw.names if name and name not in fixed and not pa.types.is_timestamp(raw.field(name).type)
    ]
    extras = {name: reduce(pa.nulls(0, raw.field(name).type)) for name in plainly}
    return [*fixed.items(), *((name, one.type) for name, one in extras.items() if one is not None and name != ROW)]


def _write_subjects(folder: Path, facts: Facts, kind: str) -> pa.Array:
    folder.mkdir(exist_ok=True)
    ids, numbers = numbered_subjects(facts, kind)
    for name, array in numbers.items():
        np.save(folder / f"{name}.npy", array)
    _save(folder / "ids.arrow", pa.table({"ids": ids}))
    return ids


def _finder(ids: pa.Array) -> Callable[[pa.Array], Numbers]:
    known = Ids(ids.cast(pa.large_string()), None)
    return lambda texts: find_texts(texts, known)


def _write_events(folder: Path, made: making.Made, spool: Spool, columns: list[str], kinds: dict[str, int]) -> None:
    with ThreadPoolExecutor(1) as beside:
        ids = beside.submit(placing.write_ids, folder, made, spool)
        values = {name: placing.values_of(made, name) for name in columns}
        ids.result()
    days_ = placing.days_of(made)
    np.save(folder / "days.npy", days_)
    (folder / "values").mkdir(exist_ok=True)
    for number, one in enumerate(values.values()):
        _save(folder / "values" / f"{number}.arrow", pa.table({"values": one.kept}))
    for kind, count in kinds.items():
        placing.Placing(folder / kind, SUBJECTS[kind][1], made, spool, days_, values).write(count)


def _write_facts(folder: Path, facts: Facts, rejected: Rejections) -> None:
    (folder / "facts").mkdir(exist_ok=True)
    for name in SMALL:
        _save(folder / "facts" / f"{name}.arrow", facts[name])
    _save(folder / "facts" / "rejected.arrow", (gathered(facts.rejected) + rejected).ordered().kept)


def _save(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table.combine_chunks())
