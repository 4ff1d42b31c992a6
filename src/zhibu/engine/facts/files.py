"""Reads the raw tables of a folder: Parquet or CSV, table by table. CSV cells come as text, empty ones as null."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhibu.engine.errors import EngineError, Fault, Place, because
from zhibu.engine.facts import Rejected
from zhibu.engine.facts.columns import said
from zhibu.engine.facts.shape import ROW, Shape

MAGIC = b"PAR1"
LONGEST = 1 << 20  # characters in a cell of a CSV file
Raw = tuple[pa.Table, list[Rejected]]


def fault(file: str, wrong: str, right: str = "", row: int = 1, column: str = "") -> EngineError:
    return EngineError([Fault(Place(file, row, column), wrong, right)])


def find(folder: Path, shape: Shape) -> Path | None:
    """The one source of a table: NAME.parquet, NAME.csv or a sub-folder NAME of Parquet files; None if absent."""
    options = [folder / f"{shape.name}.parquet", folder / f"{shape.name}.csv", folder / shape.name]
    found = [path for path in options if os.path.lexists(path)]
    if len(found) > 1:
        names = "、".join(path.name for path in found)
        raise fault(str(folder), f"表 {shape.name} 有几份：{names}", "请只留一份")
    if not found and not shape.optional:
        raise fault(str(folder / f"{shape.name}.parquet"), f"缺少表 {shape.name}", "请提供 .parquet 或 .csv 文件")
    for path in found:
        _must_be_plain(path)
    return found[0] if found else None


def _must_be_plain(path: Path) -> None:
    """No pipe that never ends, no link to nowhere, no folder where a file should be."""
    if not path.exists():
        raise fault(str(path), "链接指向的文件不在", "请放上文件本身")
    if path.is_dir() and path.suffix == ".csv":
        raise fault(
            str(path), "这是一个文件夹，应是 CSV 文件", "一张表分成几个文件的，用不带后缀的文件夹放 .parquet 文件"
        )
    if not (path.is_dir() or path.is_file()):
        raise fault(str(path), "不是普通文件", "管道、设备不能当事实读，请先存成文件")


def parquet(path: Path) -> pa.Table:
    """A Parquet file, or all *.parquet files of a folder in name order, with `#row` counted from 1.

    Raises EngineError naming the file that cannot be read, or the two whose columns do not go together.
    """
    tables = []
    for part in parts(path):
        with readable(part):
            table = pq.ParquetFile(part).read()
            table.validate()
            assert table.column_names is not None
        tables.append(table)
    return numbered(_together(path, tables))


def _together(path: Path, tables: list[pa.Table]) -> pa.Table:
    """The rows of all parts; columns may differ where one type takes in the other."""
    if len(tables) == 1:
        return tables[0]
    for part, table in zip(parts(path), tables, strict=True):
        if twice := sorted({name for name in table.column_names if table.column_names.count(name) > 1}):
            raise fault(str(part), f"列名“{twice[0]}”重复", "每列的名字不能相同", column=twice[0])
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException as error:
        raise _unlike(path, tables) from error


def _unlike(path: Path, tables: list[pa.Table]) -> EngineError:
    first: dict[str, tuple[Path, pa.DataType]] = {}
    for part, table in zip(parts(path), tables, strict=True):
        for field in table.schema:
            other, kind = first.setdefault(field.name, (part, field.type))
            if kind != field.type and not _promotes(kind, field.type):
                wrong = f"列 {field.name} 在 {other.name} 是{said(kind)}，在这里是{said(field.type)}"
                return fault(str(part), wrong, "同一张表的各个文件，列的类型要一样", column=field.name)
    return fault(str(path), "各个文件的列合不到一起", "同一张表的各个文件，列的类型要一样")


def _promotes(one: pa.DataType, other: pa.DataType) -> bool:
    try:
        pa.unify_schemas([pa.schema([("a", one)]), pa.schema([("a", other)])], promote_options="permissive")
    except pa.ArrowException:
        return False
    return True


def parts(path: Path) -> list[Path]:
    """The Parquet files of a table, in the order in which their rows are counted."""
    found = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not found:
        raise fault(str(path), "文件夹里没有 .parquet 文件", "一张表的各个文件都放在这里")
    for part in found:
        if not part.is_file():
            raise fault(str(part), "不是普通文件", "这里只放 .parquet 文件")
    return found


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What goes wrong inside is the fault of the file."""
    try:
        yield
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # the last: names of columns
        raise fault(str(path), *_unreadable(path, error)) from error


def _unreadable(path: Path, error: Exception) -> tuple[str, str]:
    if isinstance(error, OSError) and error.errno:
        return f"文件打不开：{because(error)}", "请检查路径和读取权限"
    if not path.is_file():
        return "不是可读的 Parquet 文件", "请重新导出"
    size = path.stat().st_size
    if size == 0:
        return "不是可读的 Parquet 文件：文件是空的", "导出可能中断了，请重新导出"
    with path.open("rb") as file:
        begins = file.read(4) == MAGIC
        file.seek(max(0, size - 4))
        ends = file.read(4) == MAGIC
    if not begins:
        return "不是可读的 Parquet 文件：内容不是 Parquet 格式", "请检查是不是放错了文件"
    if not ends:
        return "不是可读的 Parquet 文件：没有结尾", "文件没有传完或被截断，请重新导出或重新复制"
    return "不是可读的 Parquet 文件：内容已损坏", "请重新导出或重新复制"


def numbered(table: pa.Table) -> pa.Table:
    rows = pa.array(np.arange(1, table.num_rows + 1, dtype=np.int64))
    return table.drop_columns([ROW] if ROW in table.column_names else []).append_column(ROW, rows)


def comma(path: Path, shape: Shape) -> Raw:
    """A CSV file as a table of text with the file's line in `#row`; rows of the wrong length are rejected."""
    names, rows = _head(path)
    at = names.index(shape.id) if shape.id in names else 0
    lines, cells, rejected = [], [], []
    for line, row in rows:
        if len(row) == len(names):
            lines.append(line)
            cells.append(row)
        else:
            identity = row[at] if at < len(row) else None
            rejected.append(Rejected(shape.name, line, identity, "", f"这一行有 {len(row)} 格，表头有 {len(names)} 格"))
    columns = zip(*cells, strict=True) if cells else [()] * len(names)
    arrays = [pa.array([cell or None for cell in column], pa.string()) for column in columns]
    return pa.table([*arrays, pa.array(lines, pa.int64())], names=[*names, ROW]), rejected


def _head(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    rows = _records(path, _text(path))
    try:
        _, head = next(rows)
    except StopIteration:
        raise fault(str(path), "文件是空的", "第一行应是列名") from None
    return [name.strip() for name in head], rows


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise fault(str(path), "文件不是 UTF-8 编码", "请另存为“CSV UTF-8”格式", line) from error
    except OSError as error:
        raise fault(str(path), f"文件打不开：{because(error)}") from error


def _csv_problem(error: csv.Error) -> str:
    said = str(error)
    if "end of data" in said:
        return "引号没有合上"
    if "field limit" in said:
        return "有一格太长"
    return "引号后面还有内容" if "expected after" in said else "有不能识别的字符"


def _records(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which the record starts, cells); blank lines are passed over."""
    csv.field_size_limit(LONGEST)  # holds for the whole process: whoever reads CSV here says the same
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise fault(str(path), f"CSV 格式有误：{_csv_problem(error)}", "请检查引号是否成对", line) from error
        if row:
            yield line, row
