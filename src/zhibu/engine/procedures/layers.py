"""Supplements laid over the versions of a procedure (decision 18, section 7): they add, and take nothing away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

from zhibu.engine.procedures.model import Procedure, Step
from zhibu.engine.procedures.read import Added, Supplement
from zhibu.engine.rulebooks.model import Level

LEVELS = get_args(Level)


def laid_over(version: Procedure, supplements: Sequence[Supplement]) -> Iterator[Procedure]:
    """The version cut where a supplement begins or ends; over each piece those in force, the higher level first."""
    own = sorted(supplements, key=lambda one: (LEVELS.index(one.level), one.since, one.version))
    for first, last in _pieces(version, own):
        made = replace(version, since=first, until=last)
        for one in own:
            if one.since <= first and (one.until is None or (last is not None and last <= one.until)):
                made = with_(made, one)
        yield made


def _pieces(version: Procedure, supplements: Iterable[Supplement]) -> Iterator[tuple[date, date | None]]:
    starts = {version.since}
    for one in supplements:
        starts |= {one.since} | ({one.until + timedelta(days=1)} if one.until and one.until < date.max else set())
    inside = sorted(day for day in starts if version.since <= day and (version.until is None or day <= version.until))
    for day, following in zip(inside, [*inside[1:], None], strict=True):
        yield day, version.until if following is None else following - timedelta(days=1)


def with_(version: Procedure, one: Supplement) -> Procedure:
    """The version with all that the supplement adds."""
    steps = list(version.steps)
    for added in one.added:
        steps = _inserted(steps, added)
    for tight in one.tightened:
        steps = [
            replace(
                step,
                gates=(*step.gates, *tight.gates),
                needs=tuple(dict.fromkeys((*step.needs, *tight.needs))),
            )
            if step.id == tight.step
            else step
            for step in steps
        ]
    return replace(
        version,
        version=f"{version.version}+{one.version}",
        sources=(*version.sources, *one.sources),
        values=(*version.values, *one.values),
        papers=(*version.papers, *one.papers),
        stages={**one.stages, **version.stages},
        steps=tuple(steps),
        digest=hashlib.sha256(f"{version.digest}+{one.digest}".encode()).hexdigest(),
    )


def _inserted(steps: list[Step], added: Added) -> list[Step]:
    """Behind the last of its `after`; the steps it comes before wait for it."""
    at = max((at + 1 for at, step in enumerate(steps) if step.id in added.step.after), default=0)
    waiting = [replace(step, after=(*step.after, added.step.id)) if step.id in added.before else step for step in steps]
    return [*waiting[:at], added.step, *waiting[at:]]
