"""`zhibu import FILES…`: the same import from the command line, acting for the system.

Without --apply nothing is written anywhere. The books of one call are judged together.
Exit status: 0 judged (rejected rows included), 2 a file could not be read or nothing could be applied.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "books", nargs="+", type=Path, metavar="表", help="党组织信息表、党员信息表、组织生活台账，次序不限"
    )
    parser.add_argument("--apply", action="store_true", help="好的行写入数据库；不加时只校对")
    parser.add_argument("--report", type=Path, metavar="文件夹", help="写出标红的表和 report.json")
    parser.add_argument("--json", action="store_true", help="以 JSON 列出每本表的结果")


def run(args: argparse.Namespace) -> int:
    missing = [str(path) for path in args.books if not path.is_file()]
    if missing:
        print(f"没有找到文件：{'、'.join(missing)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        return _run(args, Path(folder))


def _run(args: argparse.Namespace, folder: Path) -> int:
    from zhibu.web.access.queries import system_scope
    from zhibu.web.imports import checking
    from zhibu.web.imports.books.check import open_all
    from zhibu.web.imports.books.known import Nothing
    from zhibu.web.imports.reach import Reach

    books = open_all([(path.name, path) for path in args.books])
    refused = [book for book in books if book.refusal]
    for book in refused:
        print(f"{book.name}：{book.refusal}", file=sys.stderr)
    by = system_scope()
    known = Reach(by) if _database_ready(args.apply) else Nothing()
    expected = sum(_expected(book) for book in books)
    batch, status = None, 2 if refused else 0
    if args.apply and not refused:
        with _progress(expected) as tell:
            batch = _apply(by, args.books, folder, tell)
        status = 0 if batch else 2
    if batch is None:  # judged only; or nothing could be applied, and the reasons are wanted all the same
        with _progress(expected) as tell:
            report = checking.walk(checking.begin(books, by, known), str(folder), tell=tell)
    else:
        report = batch.walked
    result = report.as_json(None)
    if batch:
        result["applied"] = batch.report["entered"] | {"batch": batch.pk}
    if args.report and not _reported(args.report, books, folder, result):
        status = 2
    _print(result, args.json)
    return status


def _apply(by: Any, files: list[Path], folder: Path, tell: Any) -> Any:
    """The applied batch, None when there was nothing to put in. Judging and writing are one walk."""
    from zhibu.web.imports import actions, store

    batch = actions.receive(by=by, files=files)
    batch.state = batch.State.CHECKED
    batch.save(update_fields=["state"])
    try:
        batch = actions.apply(by=by, batch=batch, tell=tell)
    except actions.CannotDo as error:
        print(error, file=sys.stderr)
        return None
    shutil.copy(store.path(batch.folder) / store.FINDINGS, folder / store.FINDINGS)
    return batch


def _database_ready(apply: bool) -> bool:
    """Is there a database to compare with? A new one is prepared when rows are to go in, and only then."""
    from django.core.management import call_command
    from django.db import connection

    path = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and not path.exists():
        if not apply:
            return False  # looking would create it
        path.parent.mkdir(parents=True, exist_ok=True)
    if "imports_batch" in connection.introspection.table_names():
        return True
    if apply:
        call_command("migrate", verbosity=0)
    return apply


def _expected(book: Any) -> int:
    """Roughly how many rows are to come, for the progress bar."""
    return max(1, book.path.stat().st_size // 90) if book.tables else 0


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("行", total=total)
        yield lambda done: bar.update(task, completed=done, total=max(done, total))


def _reported(target: Path, books: list[Any], folder: Path, result: dict[str, Any]) -> bool:
    """The marked books written; False, after saying why, when the folder can't be."""
    try:
        _write_report(target, books, folder, result)
    except OSError as error:
        print(f"标红的表没有写成：{target} 不能写入（{error.strerror}），换一个文件夹", file=sys.stderr)
        return False
    return True


def _write_report(target: Path, books: list[Any], folder: Path, result: dict[str, Any]) -> None:
    from zhibu.web.imports import red, store
    from zhibu.web.imports.models import Batch

    target.mkdir(parents=True, exist_ok=True)
    lines = list(store.findings(Batch(folder=str(folder))))
    for place, book in enumerate(books):
        found = [line for line in lines if line["book"] == place]
        if book.tables and found:
            (target / f"{Path(book.name).stem}_标红.xlsx").write_bytes(red.marked(book, found))
            (target / f"{Path(book.name).stem}_只含问题行.xlsx").write_bytes(red.only_bad(book, found))
    (target / "report.json").write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")


def _print(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(_public(result), ensure_ascii=False, indent=1))
        return
    from zhibu.web.imports.actions import TITLES

    for kind, title in TITLES.items():
        counts = result[kind]
        if counts["accepted"] or counts["rejected"]:
            print(f"{title}：{counts['accepted']} 行可以导入，{len(counts['rejected'])} 行要改")
            for row in counts["rejected"][:50]:
                print(f"  第 {row['row']} 行：{row['reason']}")
            if len(counts["rejected"]) > 50:
                print(f"  还有 {len(counts['rejected']) - 50} 行，用 --report 写出标红的表")
    print("已写入数据库。" if "applied" in result else "只校对，没有写入；加 --apply 写入好的行。")


def _public(result: dict[str, Any]) -> dict[str, Any]:
    """The documented shape: per kind `accepted` and `rejected`; beside them what else is worth knowing."""
    from zhibu.web.imports.actions import TITLES

    kinds = {kind: {name: result[kind][name] for name in ("accepted", "rejected")} for kind in TITLES}
    return kinds | {name: result[name] for name in ("types", "skipped", "books", "applied") if name in result}
