"""The comparison as two Parquet tables: organisations, one row each; reasons, one row for each that moves a total or
whose verdicts differ."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhibu.engine.packed.native import Numbers
from zhibu.engine.results import STATUSES
from zhibu.engine.whatif.comparison import NONE, Comparison, Published
from zhibu.engine.whatif.moves import moves
from zhibu.engine.whatif.parts import Part

TOTAL_WAYS = ("rise", "fall", "stay", "appear", "vanish")
GRADE_WAYS = ("up", "down", "other")


def organisations(found: Comparison) -> pa.Table:
    """Of those with a score on either side, by org_id. Columns of the two sides begin with before_ and after_; a
    dimension has the name of its id. `way` of the total: rise, fall, stay, appear, vanish; `grade_way`: up, down, other
    (no longer comparable), null: the same; `loses`: a lower total or grade, or no score any more."""
    way = moves(found)
    rows = np.flatnonzero(found.before.present | found.after.present)
    columns: dict[str, pa.Array] = {"org_id": found.ids.take(pa.array(rows))}
    for name, side in (("before", found.before), ("after", found.after)):
        columns |= {f"{name}_{column}": values for column, values in _side(side, rows).items()}
    both = (found.before.present & found.after.present)[rows]
    columns["difference"] = pa.array(found.difference[rows] / 100, mask=~both)
    columns["way"] = _named({name: getattr(way, name)[rows] for name in TOTAL_WAYS})
    columns["grade_way"] = _named({name: getattr(way, name)[rows] for name in GRADE_WAYS})
    columns["loses"] = pa.array(way.loses[rows])
    return pa.table(columns)


def _side(side: Published, rows: Numbers) -> dict[str, pa.Array]:
    absent = ~side.present[rows]
    numbers = {"total": side.total, "bonus": side.bonus, "deduction": side.deduction}
    columns = {name: pa.array(values[rows] / 100, mask=absent) for name, values in numbers.items()}
    wholes = {"rank": side.rank, "group_size": side.size}
    columns |= {name: pa.array(values[rows], pa.int64(), mask=absent) for name, values in wholes.items()}
    columns["peer_group"] = _text(side.group[rows], side.groups)
    columns["grade"] = _text(side.grade[rows], side.grades)
    parts = {name: pa.array(values[rows] / 100, mask=~has[rows]) for name, (has, values) in side.dimensions.items()}
    return columns | parts


def _text(codes: Numbers, names: tuple[str, ...]) -> pa.Array:
    return pa.array(names or ("",), pa.string()).take(pa.array(np.maximum(codes, 0), mask=codes == NONE))


def _named(truths: dict[str, Numbers]) -> pa.Array:
    codes = np.full(len(next(iter(truths.values()))), NONE)
    for place, truth in enumerate(truths.values()):
        codes[truth] = place
    return _text(codes, tuple(truths))


# --- reasons -------------------------------------------------------------------------------------------------------


def reasons(found: Comparison) -> pa.Table:
    """By org_id. kind: rule, weight, bonus, deduction, floor; points sum, for each organisation, to its difference.
    before_met … after_upcoming: of a rule, how often each status stands. A rule without a dimension moves no total."""
    pieces = [_of_part(found, number, part) for number, part in enumerate(found.parts.parts)]
    pieces += _unvalued(found)
    table = pa.concat_tables([_SCHEMA.empty_table(), *(rows for rows, _ in pieces)])
    places = np.concatenate([np.zeros(0, np.int64), *(places for _, places in pieces)])
    return table.take(pa.array(np.argsort(places, kind="stable"))).combine_chunks()


_COUNTS = [f"{side}_{status}" for side in ("before", "after") for status in STATUSES]
_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("org_id", "kind", "dimension", "rulebook", "rule")]
    + [("points", pa.float64())]
    + [(name, pa.int64()) for name in _COUNTS]
)

Piece = tuple[pa.Table, Numbers]  # rows, and the places of their organisations


def _of_part(found: Comparison, number: int, part: Part) -> Piece:
    cents = np.zeros(len(found.at), np.int64)
    cents[found.moving] = found.parts.cents[number]
    return _rows(found, part, np.flatnonzero(cents), cents)


def _unvalued(found: Comparison) -> list[Piece]:
    """Rules with other verdicts, where they move nothing."""
    pieces = []
    for moved in found.moved:
        differs = found.differs(moved)
        for part, values in zip(found.parts.parts, found.parts.cents, strict=True):
            if (part.rulebook, part.rule) == (moved.rulebook, moved.rule):
                differs[found.moving[values != 0]] = False
        part = Part("rule", None, moved.rulebook, moved.rule)
        pieces.append(_rows(found, part, np.flatnonzero(differs), np.zeros(len(found.at), np.int64)))
    return pieces


def _rows(found: Comparison, part: Part, places: Numbers, cents: Numbers) -> Piece:
    moved = next((one for one in found.moved if (one.rulebook, one.rule) == (part.rulebook, part.rule)), None)
    texts = [pa.repeat(pa.scalar(one, pa.string()), len(places)) for one in
             (part.kind, part.dimension, part.rulebook, part.rule)]  # fmt: skip
    if moved is None:
        counts = [pa.nulls(len(places), pa.int64())] * len(_COUNTS)
    else:
        counts = [pa.array(one) for side in found.counts(moved, places) for one in side]
    points = pa.array(cents[places] / 100)
    return pa.table([found.ids.take(pa.array(places)), *texts, points, *counts], schema=_SCHEMA), places
