"""Small worlds of facts: histories, nulls, founding and closing days inside periods, make-ups, late records."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.generative.conditions import HOSTILE, KINDS, TAGS, WORDS
from tests.generative.days import core_days, days, maybe_days, shift
from tests.generative.rulebooks import TYPES

Row = dict[str, Any]
Tables = dict[str, list[Row]]

DELAYS = [0, 0, 0, 1, 5, 10, 11, 31, 90, -1]
LABELS = ["2024-01", "2024-02", "2024-06", "2023-12", "2024Q1", "2024Q2", "2024H1", "2024", "2024-2", "上月"]

counts = st.sampled_from([None, 0, 1, 2, 3, 5, 10])
amounts = st.sampled_from([None, 0.0, 0.1, 0.2, 0.5, 1.0, 1.1, 2.25])
words = st.one_of(st.none(), st.sampled_from(WORDS))
tags = st.one_of(st.none(), st.lists(st.sampled_from(TAGS), max_size=3))
kinds = st.sampled_from([*KINDS[:2], *KINDS[:2], KINDS[2]])


@st.composite
def _lifetimes(draw: st.DrawFn) -> tuple[date | None, date | None]:
    how = draw(st.sampled_from(["always", "always", "founded", "closed", "both"]))
    start = draw(days) if how in ("founded", "both") else None
    end = draw(days) if how in ("closed", "both") else None
    return (end, start) if start and end and end < start else (start, end)


@st.composite
def _spells(draw: st.DrawFn, gaps: bool) -> list[tuple[date | None, date | None]]:
    """The validity of a subject's rows: one open row, or two or three that follow each other, now and then with a gap."""
    size = draw(st.sampled_from([0, 0, 0, 1, 2]))
    turns = sorted(set(draw(st.lists(core_days, min_size=size, max_size=size))))
    spells: list[tuple[date | None, date | None]] = []
    start = None
    for turn in turns:
        spells.append((start, shift(turn, -1)))
        start = shift(turn, draw(st.sampled_from([0, 0, 0, 20])) if gaps else 0)
    spells.append((start, None))
    return [(a, b) for a, b in spells if a is None or b is None or a <= b]


@st.composite
def _history(draw: st.DrawFn, id_: Row, columns: dict[str, st.SearchStrategy[Any]], life: tuple[str, str], gaps: bool) -> list[Row]:  # fmt: skip
    """The rows of one subject. Its lifetime is usually one thing, but rows may disagree about it."""
    lifetime = draw(_lifetimes())
    rows = []
    for valid_from, valid_to in draw(_spells(gaps)):
        if draw(st.sampled_from([False] * 5 + [True])):
            lifetime = draw(_lifetimes())
        values = {name: draw(values) for name, values in columns.items()}
        rows.append({**id_, **values, **dict(zip(life, lifetime, strict=True)), "valid_from": valid_from, "valid_to": valid_to})  # fmt: skip
    return rows


@st.composite
def _organisations(draw: st.DrawFn) -> list[Row]:
    ids = [f"o{n}" for n in range(draw(st.integers(1, 6)))]
    rows: list[Row] = []
    for n, id_ in enumerate(ids):
        above: list[str | None] = [None, *ids[:n]]
        if draw(st.sampled_from([False] * 60 + [True])):  # a cycle or an unknown parent: both backends must refuse
            above += [id_, ids[-1], "nobody"]
        columns = {
            "parent_id": st.sampled_from(above), "kind": kinds, "sector": words, "members": counts, "fund": amounts,
            "tags": tags, "chartered_on": maybe_days, "model": st.sampled_from([None, True, False]), HOSTILE: words,
        }  # fmt: skip
        rows += draw(_history({"org_id": id_}, columns, ("founded_on", "dissolved_on"), gaps=n == len(ids) - 1))
    return rows


@st.composite
def _people(draw: st.DrawFn, orgs: list[str]) -> list[Row]:
    columns = {"org_id": st.sampled_from(orgs), "role": kinds, "age": counts, "chartered_on": maybe_days, HOSTILE: words, "tags": tags}  # fmt: skip
    rows: list[Row] = []
    for n in range(draw(st.integers(0, 3))):
        rows += draw(_history({"person_id": f"p{n}"}, columns, ("joined_on", "left_on"), gaps=True))
    return rows


@st.composite
def _units(draw: st.DrawFn) -> list[Row]:
    columns = {"kind": kinds, "staff": counts, "chartered_on": maybe_days, HOSTILE: words}
    rows: list[Row] = []
    for n in range(draw(st.integers(0, 2))):
        rows += draw(_history({"unit_id": f"u{n}"}, columns, ("founded_on", "dissolved_on"), gaps=True))
    return rows


@st.composite
def _event(draw: st.DrawFn, id_: str, subjects: Row) -> Row:
    held = draw(days)
    return {
        "event_id": id_,
        "types": draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=2)),
        **{key: draw(values) for key, values in subjects.items()},
        "held_on": held,
        "recorded_on": shift(held, draw(st.sampled_from(DELAYS))),
        "expected": draw(counts), "present": draw(counts), "days": draw(amounts), "hours": draw(amounts),
        "topics": draw(tags), "makes_up": None, "venue": draw(words), HOSTILE: draw(words),
        "online": draw(st.sampled_from([None, True, False])),
    }  # fmt: skip


def _ids(rows: list[Row], key: str) -> list[str]:
    return sorted({row[key] for row in rows})


@st.composite
def _events(draw: st.DrawFn, orgs: list[str], people: list[str], units: list[str]) -> list[Row]:
    subjects: Row = {
        "org_id": st.sampled_from([*orgs, *orgs, None]),
        "person_id": st.sampled_from([*people, *people, "p0", "stranger", None]),
        "unit_id": st.sampled_from([*units, *units, None]),
    }
    # Numbers run backwards so that the order of ids is not the order of arrival.
    rows = [draw(_event(f"e{30 - n}", subjects)) for n in range(draw(st.integers(0, 24)))]
    labels = LABELS + [f"{row['held_on']}..{shift(row['held_on'], n)}" for row in rows[:4] for n in (0, 1, 9, 30, 45)]
    for row in rows:
        if draw(st.sampled_from([False] * 5 + [True])):
            row["makes_up"] = draw(st.sampled_from(labels))
    return rows


@st.composite
def _waiver(draw: st.DrawFn, subjects: list[tuple[str, str]], rules: list[str]) -> Row:
    subject, id_ = draw(st.sampled_from(subjects))
    start, end = draw(maybe_days), draw(maybe_days)
    if start and end and end < start:
        start, end = end, start
    reason = draw(st.sampled_from(["整顿", "停产", "a'b"]))
    return {"subject": subject, "subject_id": id_, "rule": draw(st.sampled_from(rules)), "from": start, "to": end, "reason": reason}  # fmt: skip


@st.composite
def _adjustment(draw: st.DrawFn, orgs: list[str]) -> Row:
    points = draw(st.sampled_from([0.1, 0.2, 1.0, 3.5, -0.3, -2.0, -100.0, 0.0]))
    return {"subject_id": draw(st.sampled_from(orgs)), "item": "表彰", "on": draw(days), "points": points, "reason": "事由"}  # fmt: skip


@st.composite
def facts(draw: st.DrawFn, rules: list[str]) -> Tables:
    organisations = draw(_organisations())
    orgs = _ids(organisations, "org_id")
    people, units = draw(_people(orgs)), draw(_units())
    ids = {"organisation": orgs, "person": _ids(people, "person_id"), "unit": _ids(units, "unit_id")}
    subjects = [(subject, id_) for subject in ids for id_ in ids[subject]]
    return {
        "organisations": organisations,
        "people": people,
        "units": units,
        "events": draw(_events(orgs, ids["person"], ids["unit"])),
        "waivers": draw(st.lists(_waiver(subjects, rules), max_size=3)),
        "adjustments": draw(st.lists(_adjustment(orgs), max_size=4)),
    }
