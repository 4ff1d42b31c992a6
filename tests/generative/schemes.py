"""Schemes as YAML text: weights, caps, grades with shares, ladders."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.generative.page import text

GRADES = [
    [{"grade": "好", "min": 90, "max_share": 0.333}, {"grade": "较好", "min": 60, "max_share": 0.5}, {"grade": "差"}],
    [{"grade": "好", "min": 60, "max_share": 0.5}, {"grade": "一般", "min": 30}, {"grade": "差"}],
    [{"grade": "好", "min": 75}, {"grade": "一般", "min": 25, "max_share": 0.25}],
    [{"grade": "好", "max_share": 1}, {"grade": "差"}],
]
STEPS = [{1: "提醒", 2: "警告", 3: "通报"}, {2: "警告", 5: "通报"}, {1: "提醒"}]


@st.composite
def _patterns(draw: st.DrawFn, names: list[str]) -> list[str]:
    books = sorted({name.split("/")[0] + "/*" for name in names})
    return draw(st.lists(st.sampled_from(books + names), min_size=1, max_size=3, unique=True))


@st.composite
def schemes(draw: st.DrawFn, names: list[str]) -> str:
    """A scheme over the rules named (`rulebook/rule`)."""
    ids = ["life", "team", "dues"][: draw(st.integers(1, 3))]
    weights = st.sampled_from([40, 60, 33.3, 0.5, 100])
    scheme: dict[str, Any] = {"id": "s", "title": "考核办法", "peer_group": draw(st.sampled_from(["sector", "kind"]))}
    scheme["dimensions"] = [
        {"id": id_, "title": "维度", "weight": draw(weights), "rules": draw(_patterns(names))} for id_ in ids
    ]
    scheme["bonus"] = {"cap": draw(st.sampled_from([5, 0.5]))}
    scheme["deduction"] = {"cap": draw(st.sampled_from([10, 120]))}
    scheme["grades"] = draw(st.sampled_from(GRADES))
    scheme["escalation"] = {"rules": draw(_patterns(names)), "steps": draw(st.sampled_from(STEPS))}
    return text(scheme)
