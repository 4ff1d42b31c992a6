"""Loads facts: from a folder or from Arrow tables to typed tables without their bad rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.facts import Facts, Unreadable, files
from zhibu.engine.facts.cells import Bad, plain
from zhibu.engine.facts.columns import convert, said
from zhibu.engine.facts.extras import reduced
from zhibu.engine.facts.rejections import Rejections, gathered, of
from zhibu.engine.facts.rows import Bads, left_out, overlaps, reasons
from zhibu.engine.facts.shape import ROW, SHAPES, Shape, empty


def read(folder: Path | str) -> Facts:
    """The facts of a folder of Parquet or CSV. Bad rows are in `rejected`.

    Raises EngineError for a missing table or column and a file that cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise files.fault(str(folder), "事实文件夹不存在", "请检查 --facts 的路径")
    loader = Loader()
    for shape in SHAPES.values():
        loader.keep(shape, partial(source, folder, shape))
    return loader.facts()


def read_but(folder: Path, left_out: str) -> Facts:
    """The facts of a folder without one of its tables, which stays empty. Raises EngineError likewise."""
    loader = Loader()
    for shape in SHAPES.values():
        if shape.name != left_out:
            loader.keep(shape, partial(source, folder, shape))
    return loader.facts()


def from_tables(tables: Mapping[str, pa.Table]) -> Facts:
    """The same from Arrow tables by name; rows count from 1. Raises EngineError likewise."""
    loader = Loader()
    for name in tables.keys() - SHAPES.keys():
        loader.faults.append(Fault(Place(name, 1), f"没有叫 {name} 的表", f"可用：{'、'.join(SHAPES)}"))
    for shape in SHAPES.values():
        loader.keep(shape, partial(_handed, tables, shape))
    return loader.facts()


Source = tuple[str, pa.Table, Rejections, bool]  # name in faults, raw table, rejected already, is text


def source(folder: Path, shape: Shape) -> Source | None:
    """The raw table of a folder; None when an optional one is not there."""
    path = files.find(folder, shape)
    if path is None:
        return None
    if path.suffix == ".csv":
        table, rejected = files.comma(path, shape)
        return str(path), table, gathered(rejected), True
    return str(path), files.parquet(path), Rejections(), False


def _handed(tables: Mapping[str, pa.Table], shape: Shape) -> Source | None:
    if shape.name in tables:
        return shape.name, files.numbered(tables[shape.name]), Rejections(), False
    if not shape.optional:
        raise files.fault(shape.name, f"缺少表 {shape.name}")
    return None


class Loader:
    """Collects tables, rejected rows and faults, so that the faults of all tables come together."""

    def __init__(self) -> None:
        self.tables: dict[str, pa.Table] = {}
        self.files: dict[str, str] = {}
        self.rejected = Rejections()
        self.unreadable: Unreadable = {}
        self.written: set[str] = set()
        self.overlaps: list[Fault] = []
        self.faults: list[Fault] = []
        self.left_out: dict[str, tuple[pa.Table, ...]] = {}

    def keep(self, shape: Shape, source: Callable[[], Source | None]) -> None:
        try:
            if (found := source()) is not None:
                name, raw, rejected, text = found
                self.files[shape.name] = name
                self.rejected += rejected
                self.written |= {shape.name} if text else set()
                self._take(shape, raw)
        except EngineError as error:
            self.faults += error.faults

    def _take(self, shape: Shape, raw: pa.Table) -> None:
        file = self.files[shape.name]
        table, rejected, bad_rows, unreadable = _parted(shape, raw, file)
        self.rejected += rejected
        self.unreadable |= {(shape.name, column): bad for column, bad in unreadable.items()}
        if rejected:
            self.left_out[shape.name] = (bad_rows,)
        self.overlaps += overlaps(shape, table, file)
        self.tables[shape.name] = table

    def facts(self) -> Facts:
        rejected = self.rejected.ordered()
        if self.faults:
            raise EngineError([*self.faults, *self.overlaps], rejected)
        tables = {name: self.tables.get(name, empty(shape)) for name, shape in SHAPES.items()}
        given, written = frozenset(self.tables), frozenset(self.written)
        return Facts(
            *(tables, self.files, given, rejected, written, tuple(self.overlaps)),
            left_out=self.left_out,
            unreadable=self.unreadable,
        )


def checked(shape: Shape, raw: pa.Table, file: str) -> tuple[pa.Table, Rejections]:
    """The good rows of a raw table, typed, and what is wrong with the others. Raises EngineError for wrong columns."""
    good, rejected, _, _ = _parted(shape, raw, file)
    return good, rejected


def _parted(shape: Shape, raw: pa.Table, file: str) -> tuple[pa.Table, Rejections, pa.Table, dict[str, Bad]]:
    """The same, the bad rows typed as far as they can be read, and by extra column the `#row` of unreadable cells."""
    check_columns(shape, raw, file)
    table, bad, extras = _typed(shape, raw, file)
    numbers = plain(table[ROW]).to_numpy()
    unreadable = {name: {reason: numbers[rows] for reason, rows in own.items()} for name, own in extras.items()}
    if not (bad := reasons(shape, table, bad)):
        return table, Rejections(), table.slice(0, 0), unreadable
    identities, rejected = convert(raw[shape.id], pa.string())[0], Rejections()
    for rows, column, reason in bad:
        at = pa.array(rows)
        rejected += of(shape.name, plain(raw[ROW]).take(at), identities.take(at), column, reason)
    good = np.ones(table.num_rows, bool)
    good[left_out(bad)] = False
    return table.filter(pa.array(good)), rejected, table.filter(pa.array(~good)), unreadable


def check_columns(shape: Shape, raw: pa.Table, file: str) -> None:
    """Raises EngineError for every required column that is missing and every name that stands twice."""
    names = raw.column_names
    faults = [
        Fault(Place(file, 1, column.name), f"表 {shape.name} 缺少列 {column.name}", "可以全空，但列要有")
        for column in shape.columns
        if column.name not in names
    ]
    faults += [
        Fault(Place(file, 1, name), f"列名“{name}”重复", "每列的名字不能相同")
        for name in sorted(set(names))
        if names.count(name) > 1
    ]
    if faults:
        raise EngineError(faults)


def _typed(shape: Shape, raw: pa.Table, file: str) -> tuple[pa.Table, Bads, dict[str, Bad]]:
    """The typed table, its unreadable cells, and those of extra columns."""
    columns: dict[str, pa.Array] = {}
    bad: Bads = []
    extras: dict[str, Bad] = {}
    faults = []
    for column in shape.columns:
        try:
            columns[column.name], wrong = convert(raw[column.name], column.type)
        except TypeError as error:
            faults.append(
                Fault(Place(file, 1, column.name), f"列 {column.name} {error}，这里是{said(raw[column.name].type)}")
            )
            continue
        bad += [(rows, column.name, reason) for reason, rows in wrong.items()]
    if faults:
        raise EngineError(faults)
    for name in raw.column_names:
        if name not in columns and name != ROW and name:
            extra, wrong = reduced(raw[name])
            columns |= {name: extra} if extra is not None else {}
            extras |= {name: wrong} if wrong else {}
    return pa.table(columns | {ROW: raw[ROW]}), bad, extras
