"""The published totals of a peer group, from a results folder that answers the same question."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.facts import files
from zhibu.engine.facts.numbers import number
from zhibu.engine.scores import peer_groups
from zhibu.engine.trace.inquiry import Inquiry
from zhibu.engine.trace.shares import ScoreExplanation

Totals = Mapping[str, Fraction]
ANEW = "请用同样的规则集、考核办法、区间和 --as-of 重新运行 zhibu evaluate，或不给 --results"


def kept(folder: Path, inquiry: Inquiry, score: ScoreExplanation) -> Totals:
    """From `scores.parquet` of a results folder.

    Raises EngineError when run.json names other rulebooks, another scheme, window or day, or when the folder has
    another score for this organisation, because the facts have changed since.
    """
    run = _run(folder)
    faults = [Fault(Place(str(folder / "run.json"), 1), wrong, ANEW) for wrong in _differences(run, inquiry)]
    if faults:
        raise EngineError(faults)
    path, names = folder / "scores.parquet", ["org_id", "peer_group", *_columns(score)]
    group = peer_groups(inquiry.plan).get(score.subject_id)
    field = pc.field("peer_group")
    with files.readable(path):
        rows = pq.read_table(path, columns=names, filters=field.is_null() if group is None else field == group)
    own = rows.filter(pc.equal(rows["org_id"], score.subject_id)).to_pylist()
    if [_numbers(row, score) for row in own] != [_explained(score)]:
        wrong = f"{score.subject_id} 的得分与按现在的事实算出的不同，事实在评价以后变了"
        raise EngineError([Fault(Place(str(path), 1), wrong, ANEW)])
    return _totals(rows)


def _totals(rows: pa.Table) -> Totals:
    """By organisation."""
    columns = (rows[name].to_pylist() for name in ("org_id", "total"))
    return {org: number(total) for org, total in zip(*columns, strict=True)}


def _run(folder: Path) -> Mapping[str, Any]:
    path = folder / "run.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise files.fault(str(path), "读不出结果的说明", "--results 应是 zhibu evaluate 的 --out 文件夹")
    return found


def _differences(run: Mapping[str, Any], inquiry: Inquiry) -> Iterator[str]:
    plan, scheme = inquiry.plan, inquiry.plan.scheme
    ours = sorted((book.id, str(book.since), book.digest) for book in inquiry.books)
    books = run.get("rulebooks") if isinstance(run.get("rulebooks"), list) else []
    keys = ("id", "from", "sha256")
    theirs = [tuple(str(book.get(key)) for key in keys) for book in books or [] if isinstance(book, dict)]
    other = sorted({name for name, *_ in set(ours) ^ set(theirs)})
    if other:
        yield f"这份结果用的规则集不同：{'、'.join(other)}"
    if scheme is not None and run.get("scheme_sha256") != scheme.digest:
        yield f"这份结果用的考核办法不同：{run.get('scheme') or '没有'}"
    if run.get("window") != [str(day) for day in plan.window]:
        yield f"这份结果的区间是 {run.get('window')}，问的是 {plan.window[0]} 到 {plan.window[1]}"
    if run.get("as_of") != str(plan.as_of):
        yield f"这份结果按 {run.get('as_of')} 所知，问的是 {plan.as_of}"


def _columns(score: ScoreExplanation) -> tuple[str, ...]:
    return (*(one.id for one in score.dimensions), "bonus", "deduction", "total")


def _numbers(row: Mapping[str, Any], score: ScoreExplanation) -> tuple[Fraction | None, ...]:
    return tuple(None if row[name] is None else number(row[name]) for name in _columns(score))


def _explained(score: ScoreExplanation) -> tuple[Fraction | None, ...]:
    dimensions = (one.published for one in score.dimensions)
    return (*dimensions, score.bonus.published, score.deduction.published, score.total)
