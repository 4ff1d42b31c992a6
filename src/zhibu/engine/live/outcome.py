"""All that an evaluation says of one organisation, from its own rows: verdicts, score, escalations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhibu.engine import scores
from zhibu.engine.backends.memory import of
from zhibu.engine.conditions import Row
from zhibu.engine.escalation import proposal, watched
from zhibu.engine.plan import Plan
from zhibu.engine.subjects import row_on
from zhibu.engine.tree import as_text
from zhibu.engine.verdict import Verdict
from zhibu.engine.world import World


@dataclass(frozen=True, slots=True)
class Outcome:
    """`escalations`: rows of ESCALATIONS."""

    verdicts: tuple[Verdict, ...]
    score: scores.Score | None
    escalations: tuple[dict[str, Any], ...]


def outcome(world: World, organisation: str, adjustments: Iterable[Row]) -> Outcome:
    """What a full run would say of the organisation; `world` has all its rows, `adjustments` are its own."""
    bounds = (bound for bound in world.plan.rules if bound.rule.subject == "organisation")
    verdicts = tuple(one for bound in bounds for one in of(world, bound, organisation))
    return Outcome(verdicts, _score(world, organisation, verdicts, adjustments), _escalations(world.plan, verdicts))


def _score(world: World, organisation: str, verdicts: Iterable[Verdict], rows: Iterable[Row]) -> scores.Score | None:
    scheme = world.plan.scheme
    if scheme is None:
        return None
    here = row_on(world.histories["organisation"].get(organisation, ()), world.plan.day)
    group = as_text(here[scheme.peer_group]) if here and scheme.peer_group else None
    return scores.score(scheme, organisation, group, verdicts, scores.adjusted(world.plan, scheme, rows))


def _escalations(plan: Plan, verdicts: Iterable[Verdict]) -> tuple[dict[str, Any], ...]:
    ladder = plan.scheme.escalation if plan.scheme else None
    own: dict[tuple[str, str, str], list[Verdict]] = defaultdict(list)
    for one in verdicts if ladder else ():
        own[one.subject_id, one.rulebook, one.rule].append(one)
    watching = ((key, rows) for key, rows in own.items() if ladder and watched(ladder, *key[1:]))
    return tuple(row for key, rows in watching if ladder and (row := proposal(ladder, key, rows)))
