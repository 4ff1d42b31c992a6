"""What `zhibu whatif` does, and says."""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zhibu.engine import here, holidays, scheme
from zhibu.engine.command import attempt, complain, progress
from zhibu.engine.errors import EngineError, because
from zhibu.engine.evaluate import Told
from zhibu.engine.facts import Facts
from zhibu.engine.holidays import Holidays
from zhibu.engine.output import refused, write_pieces
from zhibu.engine.packed import Unfit
from zhibu.engine.phrases import Words
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.sentences import read_words
from zhibu.engine.whatif.comparison import Comparison, compare
from zhibu.engine.whatif.counted import Counted, Shelf
from zhibu.engine.whatif.record import record
from zhibu.engine.whatif.sides import Side, drafted
from zhibu.engine.whatif.tables import organisations, reasons
from zhibu.engine.whatif.text import page

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trial:
    """The arguments of `zhibu whatif`; `window` is inclusive. What is not drafted is as published."""

    rules: tuple[str, ...]
    scheme: Path
    draft_rules: tuple[str, ...]
    draft_scheme: Path | None
    facts: Path
    window: tuple[date, date]
    as_of: date
    holidays: Path | None
    words: Path | None
    top: int
    out: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class _Read:
    before: Side
    after: Side
    holidays: Holidays
    words: Words


def run(trial: Trial) -> int:
    """0 with the comparison on stdout, 1 when rows of facts were left out of it, or 2 with what is wrong on stderr."""
    started = time.perf_counter()
    try:
        if trial.out and (problem := refused(trial.out)):
            raise EngineError([problem])
        read = _read(trial)
        found = _compared(trial, read)
        print(_shown(trial, found, read.words), end="")
        if trial.out:
            _write(trial, trial.out, found, read.words, started)
    except EngineError as error:
        return complain(error.faults, error.rejected)
    except OSError as error:
        print(f"{error.filename or trial.out or trial.facts}:1: 读写失败：{because(error)}", file=sys.stderr)
        return 2
    return _left_out(found)


def _read(trial: Trial) -> _Read:
    """Everything but the facts; all faults together."""
    errors: list[EngineError] = []
    books = attempt(lambda: load(trial.rules, strict=False), errors)
    own = attempt(lambda: scheme.read(trial.scheme, strict=False), errors)
    after = attempt(lambda: _draft(trial, books, own), errors)
    calendar = attempt(lambda: holidays.read(trial.holidays) if trial.holidays else holidays.official(), errors)
    words = attempt(lambda: read_words(trial.words) if trial.words else {}, errors)
    if errors or books is None or own is None or after is None or calendar is None or words is None:
        raise EngineError(fault for error in errors for fault in error.faults)
    return _Read(Side(books, own), after, calendar, words)


def _draft(trial: Trial, books: tuple[Rulebook, ...] | None, own: Scheme | None) -> Side | None:
    """Only what stands in the draft's own files counts as active there."""
    errors: list[EngineError] = []
    rules = attempt(lambda: load(trial.draft_rules, strict=False) if trial.draft_rules else (), errors)
    plan = attempt(lambda: scheme.read(trial.draft_scheme, strict=False) if trial.draft_scheme else None, errors)
    if errors:
        raise EngineError(fault for error in errors for fault in error.faults)
    chosen = plan or own
    if chosen is None or books is None:
        return None
    return drafted(rules, chosen) if rules else Side(books, chosen)


def _compared(trial: Trial, read: _Read) -> Comparison:
    """From the packed store where there are many facts; once more in memory where the kernel does not cover them."""
    store = here.store_folder(trial.facts, trial.out or Path(tempfile.gettempdir(), "zhibu-whatif"))
    with progress() as told:
        try:
            found = _from(trial, read, store, told)
        except Unfit as reason:
            log.info("compared in memory: %s", reason)
            found = _from(trial, read, None, told)
    here.finished(store)
    return found


def _from(trial: Trial, read: _Read, store: Path | None, told: Told) -> Comparison:
    books = [*read.before.rulebooks, *read.after.rulebooks]
    facts = here.facts_from(trial.facts, books, store, told)
    shelf = _shelf(trial, read, facts)
    counted = Counted(facts, trial.window, trial.as_of, read.holidays, shelf)
    return compare(counted, read.before, read.after, lambda done: told("试算", round(done * 100), 100))


def _shelf(trial: Trial, read: _Read, facts: Facts) -> Shelf | None:
    if facts.store is None or not os.environ.get("ZHIBU_STORE"):
        return None
    from zhibu.engine.whatif.kept import Kept

    return Kept(facts.store, trial.window, trial.as_of, read.holidays)


# --- what is said ----------------------------------------------------------------------------------------------------


def _shown(trial: Trial, found: Comparison, words: Words) -> str:
    if trial.as_json:
        return json.dumps(record(found, trial.top, words), ensure_ascii=False, indent=2) + "\n"
    return page(found, trial.top, words)


def _write(trial: Trial, out: Path, found: Comparison, words: Words, started: float) -> None:
    tables = {"organisations": organisations(found), "reasons": reasons(found)}
    schemas = {name: table.schema for name, table in tables.items()}
    counts = write_pieces(
        tables.items(), schemas, lambda: record(found, trial.top, words), out, lambda: time.perf_counter() - started
    )
    said = "，".join(f"{name} {count} 行" for name, count in counts.items())
    print(f"已写入 {out}：{said}", file=sys.stderr if trial.as_json else sys.stdout)


def _left_out(found: Comparison) -> int:
    """Rows of facts left out: rules that read a column as something else may leave out others."""
    before, after = (len(plan.facts.rejected) for plan in found.plans)
    if before or after:
        count = f"{before} 处" if before == after else f"{before} 处（按草案读是 {after} 处）"
        print(f"事实中有 {count}有误，所在行未计入；用 zhibu evaluate 可以看到是哪些", file=sys.stderr)
    return 1 if before or after else 0
