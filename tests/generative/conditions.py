"""Conditions as the YAML of a rulebook writes them: every test on every type of column, nested."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.generative.days import core_days

# A column that would end a query early if it were pasted into SQL, and values that would too.
HOSTILE = 'a"b; drop'
WORDS = ["红", "it's", "--x", "", "NULL"]
TAGS = ["甲", "乙", "O'Neil", "a|b"]
KINDS = ["branch", "joint_branch", "committee"]

numbers = st.sampled_from([-1, 0, 1, 2, 3, 5, 10, 0.5, 1.5, 2.25])
shares = st.sampled_from([0.5, 0.6, 0.75, 0.8, 1])

COLUMNS: dict[str, dict[str, str]] = {
    "organisation": {
        "kind": "kind", "sector": "word", "members": "number", "fund": "number", "tags": "tags",
        "chartered_on": "day", "model": "flag", HOSTILE: "word", "parent_id": "word",
    },
    "person": {"role": "kind", "age": "number", "chartered_on": "day", HOSTILE: "word", "tags": "tags"},
    "unit": {"kind": "kind", "staff": "number", "chartered_on": "day", HOSTILE: "word"},
    "event": {
        "venue": "word", "attendance": "share", "expected": "number", "days": "number", "held_on": "day",
        "online": "flag", "topics": "tags", HOSTILE: "word", "person_id": "word",
    },
}  # fmt: skip


def _scalars(type_: str) -> st.SearchStrategy[Any]:
    return {
        "kind": st.sampled_from(KINDS),
        "word": st.sampled_from(WORDS),
        "number": numbers,
        "share": shares,
        "tags": st.sampled_from(TAGS),
        "day": core_days,
        "flag": st.booleans(),
    }[type_]


@st.composite
def _ranges(draw: st.DrawFn, type_: str) -> dict[str, Any]:
    keys = draw(st.sampled_from([("min",), ("max",), ("min", "max"), ("more_than",), ("less_than",), ("min", "less_than")]))
    bounds: list[float | date] = sorted(draw(_scalars(type_)) for _ in keys)
    return dict(zip(keys, bounds, strict=True))


def _tests(type_: str) -> st.SearchStrategy[Any]:
    known = st.builds(lambda known: {"known": known}, st.booleans())
    if type_ == "tags":
        return st.one_of(st.builds(lambda tag: {"has": tag}, _scalars(type_)), known)
    equal = _scalars(type_)
    one_of = st.lists(_scalars(type_), min_size=1, max_size=3, unique=True)
    if type_ in ("number", "share", "day"):
        return st.one_of(_ranges(type_), _ranges(type_), equal, one_of, known)
    return st.one_of(equal, one_of, known)


@st.composite
def _flat(draw: st.DrawFn, table: str) -> dict[str, Any]:
    columns = COLUMNS[table]
    names = draw(st.lists(st.sampled_from(sorted(columns)), min_size=1, max_size=2, unique=True))
    return {name: draw(_tests(columns[name])) for name in names}


def _nest(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    parts = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda parts: {"all": parts}, parts),
        st.builds(lambda parts: {"any": parts}, parts),
        st.builds(lambda part: {"not": part}, inner),
    )


def conditions(table: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(_flat(table), st.recursive(_flat(table), _nest, max_leaves=4))
