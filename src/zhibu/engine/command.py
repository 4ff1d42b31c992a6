"""What `zhibu rules check`, `zhibu scheme check` and `zhibu evaluate` do, and say (engine.md section 6)."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from zhibu.engine import check as checking
from zhibu.engine import formalism as lists
from zhibu.engine import here, holidays, scheme
from zhibu.engine.errors import EngineError, Fault, Place, Rejected, Unavailable, because, line, short
from zhibu.engine.evaluate import Told, stream
from zhibu.engine.facts import Facts
from zhibu.engine.formalism import Catalogue
from zhibu.engine.output import refused, write_pieces
from zhibu.engine.packed import Unfit
from zhibu.engine.plan import Keep
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme

log = logging.getLogger(__name__)
SHOWN = 20  # rejected rows named on the terminal; all are in rejected.parquet
TOLD = 200  # faults named on a terminal


@dataclass(frozen=True, slots=True)
class Request:
    """The arguments of `zhibu evaluate`; `window` is inclusive. Folders as text are addresses, such as hdfs://…"""

    rules: tuple[str, ...]
    facts: Path | str
    window: tuple[date, date]
    as_of: date
    scheme: Path | None
    holidays: Path | None
    backend: str
    verdicts: Keep
    out: Path | str


def check(paths: list[str], *, on: date, formalism: Path | None = None) -> int:
    """0 when everything under the paths is right, else 2 with one fault a line on stderr; warnings do not count."""
    return _checked(lambda catalogue: checking.check(paths, on=on, catalogue=catalogue), formalism, lambda _: [])


def check_schemes(paths: list[str], rules: list[str], *, on: date, formalism: Path | None = None) -> int:
    """The same for the schemes under the paths alone; `rules` hold the rulebooks they name."""
    return _checked(
        lambda catalogue: checking.check_schemes(paths, rules, on=on, catalogue=catalogue), formalism, _unseen
    )


def _checked(
    run: Callable[[Catalogue], checking.Checked], formalism: Path | None, more: Callable[[checking.Checked], list[str]]
) -> int:
    try:
        catalogue = lists.read(formalism) if formalism else lists.official()
    except EngineError as error:
        return complain(error.faults)
    found = run(catalogue)
    warn(found.warnings)
    if found.faults:
        return complain(found.faults)
    counts = f"{found.rulebooks} 个规则集，{found.rules} 条规则，{len(found.schemes)} 个考核办法，{found.cases} 个样例"
    hints = f"；有 {len(found.warnings)} 处提醒" if found.warnings else ""
    print("\n".join([f"没有发现错误：{counts}{hints}", *more(found)]))
    return 0


def _unseen(found: checking.Checked) -> list[str]:
    """What a scheme does not show and nobody has looked at."""
    lines = []
    if found.unseen:
        some = "、".join(found.unseen[:3]) + (f" 等 {len(found.unseen)} 条" if len(found.unseen) > 3 else "")
        lines.append(f"计入的规则 {some}没有载入，这里没有看；请用 --rules 给出它们所在的文件夹")
    for one in found.schemes:
        caps = [("加分", one.bonus_cap), ("减分", one.deduction_cap)]
        said = "，".join(f"{name}{'不封顶' if cap is None else f'至多 {cap}'}" for name, cap in caps)
        lines.append(f"“{one.title}”{said}；加减分的事项在事实的 adjustments 表里，这里看不到")
    return lines


def warn(warnings: Iterable[Fault]) -> None:
    """One warning a line on stderr, marked so that nobody takes it for an error."""
    for one in warnings:
        print(line(replace(one, wrong=f"提醒：{one.wrong}")), file=sys.stderr)


def evaluate(request: Request) -> int:
    """0, or 1 when rows were rejected, or 2 with the faults on stderr and nothing written."""
    started = time.perf_counter()
    try:
        run = _on_cluster if request.backend == "spark" else written
        counts, rejected = run(request, lambda: time.perf_counter() - started)
    except EngineError as error:
        return complain(error.faults, error.rejected)
    except Unavailable as error:
        print(f"zhibu evaluate: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(line(f"{error.filename or request.out}:1: 读写失败：{because(error)}"), file=sys.stderr)
        return 2
    except MemoryError:
        print(
            "zhibu evaluate: 内存不够，什么都没有写出。请换内存大些的机器，或加 --verdicts exceptions", file=sys.stderr
        )
        return 2
    print(f"已写入 {request.out}:" + ",".join(f"{name} {count} 行" for name, count in counts.items()))
    return _rejections(rejected)


Written = tuple[dict[str, int], Sequence[Rejected]]  # rows by table; the rejected rows


def written(request: Request, seconds: Callable[[], float]) -> Written:
    """On this machine; once more in memory where a store can't hold the facts, in SQL where no kernel covers them."""
    facts, out = _folder(request.facts), _folder(request.out)
    if problem := refused(out):
        raise EngineError([problem])
    store = here.store_folder(facts, out) if request.backend == "duckdb" else None
    with progress() as told:
        for place in dict.fromkeys((store, None)):
            try:
                found = _streamed(request, facts, place, out, told, seconds)
                break
            except Unfit as reason:
                log.info("not by the kernel with the store %s: %s", place, reason)
        else:
            with here.in_sql():
                found = _streamed(request, facts, None, out, told, seconds)
    here.finished(store)
    return found


def _folder(place: Path | str) -> Path:
    if isinstance(place, Path):
        return place
    raise EngineError([Fault(Place(place, 1), "不是本机的文件夹", "只有 --backend spark 能读写这样的地址")])


def _streamed(
    request: Request, folder: Path, store: Path | None, out: Path, told: Told, seconds: Callable[[], float]
) -> Written:
    books, plan, facts, calendar = _read(request, lambda books: here.facts_from(folder, books, store, told), _itself)
    found = stream(
        books,
        facts,
        request.window,
        request.as_of,
        scheme=plan,
        backend=request.backend,
        verdicts=request.verdicts,
        holidays=calendar,
        told=told,
    )
    counts = write_pieces(found.pieces, found.schemas, lambda: found.meta, out, seconds)
    return counts, found.rejected


def _itself(facts: Facts) -> Facts:
    return facts


def _on_cluster(request: Request, seconds: Callable[[], float]) -> Written:
    """Spark itself reads and writes: neither facts nor results go through this process."""
    from zhibu.engine.backends.spark import intake, large
    from zhibu.engine.backends.spark.session import running

    with running() as spark:
        books, plan, facts, calendar = _read(
            request, lambda _: intake.open_facts(spark, str(request.facts)), lambda opened: opened.facts
        )
        question = large.Question(books, request.window, request.as_of, plan, request.verdicts, calendar)
        found = large.evaluate(facts, question, str(request.out), seconds)
    return found.rows, found.rejected


def _read[T](
    request: Request, read: Callable[[tuple[Rulebook, ...]], T], facts_of: Callable[[T], Facts]
) -> tuple[tuple[Rulebook, ...], Scheme | None, T, holidays.Holidays]:
    """Reads everything, so that the faults of rulebooks, scheme and facts come together."""
    errors: list[EngineError] = []
    books = attempt(lambda: load(request.rules, strict=False), errors)
    plan = attempt(lambda: scheme.read(request.scheme, strict=False) if request.scheme else None, errors)
    calendar = attempt(lambda: holidays.read(request.holidays) if request.holidays else holidays.official(), errors)
    found = attempt(lambda: read(books or ()), errors)
    if errors or books is None or found is None or calendar is None:
        facts = facts_of(found) if found is not None else None
        errors += [EngineError(facts.faults, facts.rejected)] if facts else []
        rejected = next((error.rejected for error in errors if error.rejected), ())  # only facts have any
        raise EngineError((fault for error in errors for fault in error.faults), rejected)
    return books, plan, found, calendar


def attempt[T](read: Callable[[], T], errors: list[EngineError]) -> T | None:
    """What `read` gives; None, and its error kept, when it raises one."""
    try:
        return read()
    except EngineError as error:
        errors.append(error)
        return None


@contextmanager
def progress() -> Iterator[Told]:
    """A bar for each step of the work, with the time it still takes; on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    steps: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), transient=True) as bar:

        def told(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = bar.add_task(step, total=total)
            bar.update(steps[step], completed=done)

        yield told


def complain(faults: tuple[Fault, ...], rejected: Sequence[Rejected] = ()) -> int:
    shown = faults[:TOLD] if sys.stderr.isatty() else faults  # a file takes them all, an eye does not
    for fault in shown:
        print(line(fault), file=sys.stderr)
    if len(shown) < len(faults):
        print(f"还有 {len(faults) - len(shown)} 处错误没有列出。命令末尾加 2>错误.txt 可以全部存下", file=sys.stderr)
    if rejected:
        _list(rejected)
        print(f"另有 {len(rejected)} 处有误，所在行未计入，上面的错误可能由此而来", file=sys.stderr)
    return 2


def _rejections(found: Sequence[Rejected]) -> int:
    _list(found)
    if len(found):
        print(f"共有 {len(found)} 处有误，所在行未计入；详见 rejected.parquet", file=sys.stderr)
    return 1 if len(found) else 0


def _list(rows: Sequence[Rejected]) -> None:
    for row in rows[:SHOWN]:
        where = f"{row.table} 第 {row.row} 行" + (f" {row.column}" if row.column else "")
        print(line(f"{where}: {row.reason}（编号 {short(row.id or '空')}）"), file=sys.stderr)
