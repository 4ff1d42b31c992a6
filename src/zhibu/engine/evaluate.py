"""Evaluates rulebooks over facts: binds once, hands the plan to a backend, returns tables (engine.md section 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from itertools import count
from types import ModuleType
from typing import Any

import pyarrow as pa

from zhibu.engine import holidays as calendars
from zhibu.engine.bind import bind
from zhibu.engine.facts import Facts
from zhibu.engine.facts.rejections import Rejections, gathered
from zhibu.engine.holidays import Holidays
from zhibu.engine.plan import Keep, Plan
from zhibu.engine.results import REJECTED, shapes
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme

Told = Callable[[str, int, int], None]
BACKENDS = ("memory", "duckdb", "spark")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The five tables of engine.md section 6 (schemas in results.py) and `meta` for run.json."""

    verdicts: pa.Table
    scores: pa.Table
    rollups: pa.Table
    escalations: pa.Table
    rejected: pa.Table
    meta: dict[str, Any]


def evaluate(
    rulebooks: Iterable[Rulebook],
    facts: Facts,
    window: tuple[date, date],
    as_of: date,
    *,
    scheme: Scheme | None = None,
    backend: str = "duckdb",
    verdicts: Keep = "all",
    holidays: Holidays | None = None,
    tick: Callable[[], None] | None = None,
) -> Evaluation:
    """One verdict per subject, rule and period that ends in the window (inclusive), as known on `as_of`.

    `tick` is called after each rule. Raises EngineError when the rules do not fit the facts, or the tree is broken.
    """
    books = tuple(rulebooks)
    plan = bind(books, facts, window, as_of, scheme, verdicts, holidays or calendars.official())
    answer = backend_module(backend).answer(plan, tick or (lambda: None))
    return Evaluation(
        verdicts=answer.verdicts,
        scores=answer.scores,
        rollups=answer.rollups,
        escalations=answer.escalations,
        rejected=rejections(plan.facts).plain(REJECTED),
        meta=meta(books, plan, backend),
    )


@dataclass(frozen=True, slots=True)
class Streamed:
    """The same, table by table or in pieces as they are ready: see output.write_pieces."""

    pieces: Iterator[tuple[str, pa.Table]]
    schemas: dict[str, pa.Schema]
    rejected: Rejections
    meta: dict[str, Any]


def stream(
    rulebooks: Iterable[Rulebook],
    facts: Facts,
    window: tuple[date, date],
    as_of: date,
    *,
    scheme: Scheme | None = None,
    backend: str = "duckdb",
    verdicts: Keep = "all",
    holidays: Holidays | None = None,
    told: Told = lambda *_: None,
) -> Streamed:
    """As `evaluate`, for results that need not be in memory. `told` hears what is done, so many of so many.

    The pieces of the default backend raise packed.Unfit when its kernel does not cover the plan or its facts.
    """
    books = tuple(rulebooks)
    plan = bind(books, facts, window, as_of, scheme, verdicts, holidays or calendars.official())
    rejected = rejections(plan.facts)
    schemas = shapes(plan.scheme) | {"rejected": REJECTED}
    return Streamed(_pieces(plan, backend, rejected, told), schemas, rejected, meta(books, plan, backend))


def _pieces(plan: Plan, backend: str, rejected: Rejections, told: Told) -> Iterator[tuple[str, pa.Table]]:
    module = backend_module(backend)
    if hasattr(module, "stream"):
        yield from module.stream(plan, told)
    else:
        done = count(1)
        answer = module.answer(plan, lambda: told("评价规则", next(done), len(plan.rules)))
        yield from ((name, getattr(answer, name)) for name in shapes(plan.scheme))
    yield from (("rejected", piece) for piece in rejected.pieces(REJECTED))


def backend_module(name: str) -> ModuleType:
    """The backend of that name; loaded only when used, for duckdb and spark are heavy."""
    if name not in BACKENDS:
        raise ValueError(f"backend {name!r} is none of {BACKENDS}")
    return import_module(f"zhibu.engine.backends.{name}")


def rejections(facts: Facts) -> Rejections:
    """The rows left out, in the order in which they are listed."""
    return gathered(facts.rejected).ordered()


def meta(books: tuple[Rulebook, ...], plan: Plan, backend: str) -> dict[str, Any]:
    """What run.json says of an evaluation before it is written."""
    return {
        "rulebooks": [{"id": book.id, "from": str(book.since), "sha256": book.digest} for book in books],
        "scheme": plan.scheme.id if plan.scheme else None,
        "scheme_sha256": plan.scheme.digest if plan.scheme else None,
        "window": [str(day) for day in plan.window],
        "as_of": str(plan.as_of),
        "backend": backend,
        "rules": len(plan.rules),
    }
