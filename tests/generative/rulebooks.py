"""Rulebooks as a person would write them: YAML text, read by the real loader. Every clock, measure and corner."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.generative.conditions import KINDS, conditions
from tests.generative.days import core_days, shift
from tests.generative.page import text

TYPES = ["meeting", "lesson", "visit", "sign'ed"]
SUBJECTS = ["organisation", "organisation", "organisation", "person", "unit"]
BASIS = {"organisation": ["members", "fund"], "person": ["age"], "unit": ["staff"]}
SOURCES = {"S": {"title": "《某条例》", "issuer": "某机关", "issued": date(2018, 10, 28)}}

spans = st.one_of(
    st.builds(lambda n: {"days": n}, st.sampled_from([0, 1, 9, 30, 45])),
    st.builds(lambda n: {"months": n}, st.sampled_from([1, 1, 2, 3])),
    st.builds(lambda n: {"working_days": n}, st.sampled_from([1, 5, 10])),
)


@st.composite
def _after(draw: st.DrawFn, types: list[str]) -> dict[str, Any]:
    trigger = draw(st.one_of(st.builds(lambda t: {"event": t}, st.sampled_from(types)), st.just({"date": "chartered_on"})))
    clock: dict[str, Any] = {"after": trigger, "within": draw(spans)}
    if draw(st.sampled_from([False, False, True])):
        clock["not_before"] = draw(spans)
    return clock


@st.composite
def _clocks(draw: st.DrawFn, subject: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["calendar", "calendar", "calendar", "anchored", "after", "after", "always"]))
    if kind == "calendar":
        return {"every": draw(st.sampled_from(["month", "quarter", "half_year", "year"]))}
    if kind == "anchored":
        length = draw(st.sampled_from([{"months": 1}, {"months": 2}, {"months": 5}, {"years": 1}]))
        return {"every": {**length, "from": "chartered_on"}}
    if kind == "after":
        return draw(_after(TYPES))
    return {"always": draw(conditions(subject))}


def _at_least(subject: str) -> st.SearchStrategy[Any]:
    basis = st.builds(
        lambda column, times, rounding: {"column": column, "times": times} | ({"round": rounding} if rounding else {}),
        st.sampled_from(BASIS[subject]),
        st.sampled_from([0.1, 0.5, 1, 0.333, 1.25]),
        st.sampled_from([None, "up", "down"]),
    )
    return st.one_of(st.sampled_from([1, 1, 1, 2, 3, 0.5, 1.1, 0]), basis)


@st.composite
def _needs(draw: st.DrawFn, subject: str) -> dict[str, Any]:
    needs: dict[str, Any] = {"event": draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True))}
    if draw(st.sampled_from([False, False, True])):
        needs["where"] = draw(conditions("event"))
    if measure := draw(st.sampled_from([None, "count", "days", "hours", "topics", "people"])):
        needs["measure"] = measure
    if draw(st.booleans()):
        needs["at_least"] = draw(_at_least(subject))
    return needs


@st.composite
def _applies(draw: st.DrawFn) -> dict[str, Any]:
    subject = draw(st.sampled_from(SUBJECTS))
    where = draw(st.sampled_from(["none", "none", "kinds", "any"]))
    if where == "none":
        return {"subject": subject}
    if where == "kinds":
        column = "role" if subject == "person" else "kind"
        return {"subject": subject, "where": {column: KINDS[:2]}}
    return {"subject": subject, "where": draw(conditions(subject))}


@st.composite
def _rule(draw: st.DrawFn, id_: str) -> dict[str, Any]:
    applies = draw(_applies())
    clock = draw(_clocks(applies["subject"]))
    rule: dict[str, Any] = {"id": id_, "title": "规则", "source": {"ref": "S", "clause": "第一条"}}
    rule |= {"applies_to": applies, **clock}
    if "always" not in clock:
        rule["needs"] = draw(_needs(applies["subject"]))
        if draw(st.booleans()):
            rule["grace"] = {"days": draw(st.sampled_from([0, 1, 10, 31]))}
    if draw(st.sampled_from([False, False, True])):
        rule["strength"] = draw(st.sampled_from(["hard", "soft", "may"]))
    if draw(st.booleans()):
        rule["points"] = draw(st.sampled_from([{"met": 2, "late": 1, "missed": 0}, {"met": 0.7, "late": 0.35, "missed": 0.05}, {"met": 0, "late": 0, "missed": 0}, {"met": 3, "late": 1.5, "missed": -1}]))  # fmt: skip
    if draw(st.sampled_from([False, False, True])):
        rule["partial"] = draw(st.sampled_from(["exempt", "due"]))
    draft = draw(st.sampled_from([{}] * 8 + [{"status": "draft"}, {"evidence": "memory"}, {"evidence": "memory", "status": "active"}]))
    return rule | draft


def _book(id_: str, since: date, until: date | None, rules: list[dict[str, Any]]) -> str:
    effective: dict[str, date] = {"from": since} | ({"until": until} if until else {})
    book = {"id": id_, "title": "某条例", "level": "central", "effective": effective, "sources": SOURCES, "rules": rules}
    return text(book)


@st.composite
def _versions(draw: st.DrawFn, id_: str) -> list[str]:
    """One version, or a second that replaces it on a day inside the window, with rules of the same names."""
    rules = [f"r{n}" for n in range(draw(st.sampled_from([1, 2, 2, 3])))]
    first = [draw(_rule(rule)) for rule in rules]
    since = draw(st.one_of(st.just(date(2018, 1, 1)), st.just(date(2018, 1, 1)), core_days))
    ending = draw(st.sampled_from(["open", "open", "until", "replaced"]))
    if ending == "open":
        return [_book(id_, since, None, first)]
    until = max(since, draw(core_days))
    if ending == "until":
        return [_book(id_, since, until, first)]
    second = [draw(_rule(rule)) for rule in rules]
    return [_book(id_, since, until, first), _book(id_, shift(until, 1), None, second)]


@st.composite
def rulebooks(draw: st.DrawFn) -> list[str]:
    """The YAML text of one or two regulations."""
    texts = draw(_versions("book-a"))
    if draw(st.booleans()):
        texts += draw(_versions("book-b"))
    return texts
