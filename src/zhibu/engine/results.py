"""The shape of what an evaluation gives: Arrow schemas of every output table (engine.md sections 3, 4, 6)."""

from __future__ import annotations

import pyarrow as pa

from zhibu.engine.scheme import Scheme

STATUSES = ("met", "late", "missed", "exempt", "open", "upcoming")

VERDICTS = pa.schema(
    [
        ("subject", pa.string()),
        ("subject_id", pa.string()),
        ("rulebook", pa.string()),
        ("rule", pa.string()),
        ("strength", pa.string()),
        ("period", pa.string()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
        ("deadline", pa.date32()),
        ("status", pa.string()),
        ("need", pa.float64()),
        ("timely", pa.float64()),
        ("total", pa.float64()),
        ("points", pa.float64()),
        ("max_points", pa.float64()),
        ("evidence", pa.list_(pa.string())),
        ("reason", pa.string()),
        ("provisional", pa.bool_()),
    ]
)

ROLLUPS = pa.schema(
    [("org_id", pa.string()), ("rulebook", pa.string()), ("rule", pa.string())]
    + [(name, pa.int64()) for name in ("due", "met", "late", "missed", "exempt", "open", "upcoming")]
    + [("rate", pa.float64())]
)

ESCALATIONS = pa.schema(
    [
        ("org_id", pa.string()),
        ("rulebook", pa.string()),
        ("rule", pa.string()),
        ("run", pa.int64()),
        ("step", pa.string()),
        ("since", pa.date32()),
    ]
)

REJECTED = pa.schema(
    [("table", pa.string()), ("row", pa.int64()), ("id", pa.string()), ("column", pa.string()), ("reason", pa.string())]
)


def scores_schema(dimensions: list[str]) -> pa.Schema:
    """org_id, peer_group, one float column per dimension id, bonus, deduction, total, rank, group_size, grade."""
    return pa.schema(
        [("org_id", pa.string()), ("peer_group", pa.string())]
        + [(dimension, pa.float64()) for dimension in dimensions]
        + [("bonus", pa.float64()), ("deduction", pa.float64()), ("total", pa.float64())]
        + [("rank", pa.int64()), ("group_size", pa.int64()), ("grade", pa.string())]
    )


def shapes(scheme: Scheme | None) -> dict[str, pa.Schema]:
    """The schemas of the four tables of an answer."""
    names = [dimension.id for dimension in scheme.dimensions] if scheme else []
    return {"verdicts": VERDICTS, "scores": scores_schema(names), "rollups": ROLLUPS, "escalations": ESCALATIONS}
