"""What `zhibu rules check` and `zhibu evaluate` do, and say (engine.md section 6)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zhibu.engine import check as checking
from zhibu.engine import holidays, scheme
from zhibu.engine.errors import EngineError, Fault, Rejected, Unavailable, because
from zhibu.engine.evaluate import Evaluation
from zhibu.engine.evaluate import evaluate as compute
from zhibu.engine.facts import Facts
from zhibu.engine.facts.load import read as read_facts
from zhibu.engine.output import refused, write
from zhibu.engine.plan import Keep
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme

SHOWN = 20  # rejected rows named on the terminal; all are in rejected.parquet


@dataclass(frozen=True, slots=True)
class Request:
    """The arguments of `zhibu evaluate`; `window` is inclusive."""

    rules: tuple[str, ...]
    facts: Path
    window: tuple[date, date]
    as_of: date
    scheme: Path | None
    holidays: Path | None
    backend: str
    verdicts: Keep
    out: Path


def check(paths: list[str]) -> int:
    """0 when everything under the paths is right, else 2 with one fault a line on stderr."""
    found = checking.check(paths)
    if found.faults:
        return complain(found.faults)
    counts = f"{found.rulebooks} 个规则集，{found.rules} 条规则，{found.schemes} 个考核办法，{found.cases} 个样例"
    print(f"没有发现错误：{counts}")
    return 0


def evaluate(request: Request) -> int:
    """0, or 1 when rows were rejected, or 2 with the faults on stderr and nothing written."""
    started = time.perf_counter()
    try:
        if problem := refused(request.out):
            raise EngineError([problem])
        found = _computed(request)
        counts = write(found, request.out, time.perf_counter() - started)
    except EngineError as error:
        return complain(error.faults, error.rejected)
    except Unavailable as error:
        print(f"zhibu evaluate: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or request.out}:1: 读写失败：{because(error)}", file=sys.stderr)
        return 2
    print(f"已写入 {request.out}:" + ",".join(f"{name} {count} 行" for name, count in counts.items()))
    return _rejections(found)


def _computed(request: Request) -> Evaluation:
    books, plan, facts, calendar = _read(request)
    active = sum(rule.status == "active" for book in books for rule in book.rules)
    with progress(active) as tick:
        return compute(
            books,
            facts,
            request.window,
            request.as_of,
            scheme=plan,
            backend=request.backend,
            verdicts=request.verdicts,
            holidays=calendar,
            tick=tick,
        )


def _read(request: Request) -> tuple[tuple[Rulebook, ...], Scheme | None, Facts, holidays.Holidays]:
    """Reads everything, so that the faults of rulebooks, scheme and facts come together."""
    errors: list[EngineError] = []
    books = _try(lambda: load(request.rules, strict=False), errors)
    plan = _try(lambda: scheme.read(request.scheme, strict=False) if request.scheme else None, errors)
    calendar = _try(lambda: holidays.read(request.holidays) if request.holidays else holidays.official(), errors)
    facts = _try(lambda: read_facts(request.facts), errors)
    if errors or books is None or facts is None or calendar is None:
        errors += [EngineError(facts.faults, facts.rejected)] if facts else []
        rejected = [row for error in errors for row in error.rejected]
        raise EngineError((fault for error in errors for fault in error.faults), rejected)
    return books, plan, facts, calendar


def _try[T](read: Callable[[], T], errors: list[EngineError]) -> T | None:
    try:
        return read()
    except EngineError as error:
        errors.append(error)
        return None


@contextmanager
def progress(rules: int) -> Iterator[Callable[[], None]]:
    """A bar that counts rules, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("评价规则", total=rules)
        yield lambda: bar.advance(task)


def complain(faults: tuple[Fault, ...], rejected: tuple[Rejected, ...] = ()) -> int:
    for fault in faults:
        print(" ".join(str(fault).splitlines()), file=sys.stderr)
    if rejected:
        _list(rejected)
        print(f"另有 {len(rejected)} 处有误，所在行未计入，上面的错误可能由此而来", file=sys.stderr)
    return 2


def _rejections(found: Evaluation) -> int:
    rows = [Rejected(**row) for row in found.rejected.to_pylist()]
    _list(rows)
    if rows:
        print(f"共有 {len(rows)} 处有误，所在行未计入；详见 rejected.parquet", file=sys.stderr)
    return 1 if rows else 0


def _list(rows: Sequence[Rejected]) -> None:
    for row in rows[:SHOWN]:
        where = f"{row.table} 第 {row.row} 行" + (f" {row.column}" if row.column else "")
        print(f"{where}: {row.reason}（编号 {row.id or '空'}）", file=sys.stderr)
