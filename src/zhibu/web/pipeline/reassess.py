"""At once: a saved record moves its organisation's verdicts, score, escalations and its superiors' roll-ups.

Runs inside the transaction of the write (`core/announce.py`), so a record and its consequences are saved together
or not at all. Judged are only the organisations that changed, with the engine's own steps (engine/live/outcome.py);
what is stored moves by the difference, so a click costs the same in a county and in a province. The result equals a
full run; `tests/test_reassess.py` compares them after random changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from zhibu.engine import scores, verdict
from zhibu.engine.conditions import Row
from zhibu.engine.live.outcome import Outcome, outcome
from zhibu.engine.plan import Plan
from zhibu.engine.world import World
from zhibu.web.core import clock, turns
from zhibu.web.duties.models import Evaluation, Moved
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import facts, moving, rows
from zhibu.web.pipeline.days import WHY, window
from zhibu.web.pipeline.plans import plans, reads


@dataclass(frozen=True, slots=True)
class Places:
    """The organisations to judge: rows of `facts.OWN`, and of each the keys of itself and all its superiors."""

    found: list[Row]
    codes: dict[str, str]  # path → code, of them and of their superiors
    upward: dict[int, list[int]]

    @property
    def keys(self) -> dict[str, int]:
        return {row["code"]: row["pk"] for row in self.found}


def reassess(organisations: Iterable[int], since: date | None = None) -> None:
    """Bring every evaluated year up to date for these organisations.

    `since` leaves out the years before: an activity of today belongs to no period that ended last year and starts none.
    """
    years = list(Evaluation.objects.order_by("year").values_list("year", flat=True))
    years = [year for year in years if since is None or since <= window(year)[1]]
    chosen = sorted(set(organisations))
    if not years or not chosen:
        return
    with transaction.atomic(savepoint=False):
        turns.together()
        places = _places(chosen)
        Moved.objects.bulk_create([Moved(organisation_id=row["pk"]) for row in places.found])
        judge_again(places, years)
        moment = clock.now()
        for year in years:  # last, one by one and in order: every writer changes these rows
            Evaluation.objects.filter(year=year).update(computed_at=moment)


def catch_up(organisations: Iterable[int], year: int) -> None:
    """Judge these again in one year; for a run that is alone already."""
    judge_again(_places(sorted(organisations)), [year])


def _places(chosen: list[int]) -> Places:
    """Their rows stay locked: two changes of one organisation follow one another, and its path stays what it is."""
    everyone = Organisation.objects.unscoped(WHY)
    found = list(everyone.filter(pk__in=chosen).order_by("pk").select_for_update(no_key=True).values(*facts.OWN))
    above = {row["path"]: [*tree.ancestor_paths(row["path"]), row["path"]] for row in found}
    named = everyone.filter(path__in={path for paths in above.values() for path in paths})
    known = {path: (pk, code) for path, pk, code in named.values_list("path", "pk", "code")}
    upward = {row["pk"]: [known[path][0] for path in above[row["path"]]] for row in found}
    return Places(found, {path: code for path, (_, code) in known.items()}, upward)


def judge_again(places: Places, years: Iterable[int]) -> None:
    """Judge them anew and move everything stored by the difference."""
    today = clock.today()
    tables = {code: facts.checked(own) for code, own in facts.own(places.found, places.codes).items()}
    told = moving.Told()
    for year, plan in plans(years, today, places.upward).items():
        told += _one_year(plan, year, tables, places.keys)
    moving.move(told, places.upward, list(years))


def _one_year(plan: Plan, year: int, tables: dict[str, dict[str, list[Row]]], keys: dict[str, int]) -> moving.Told:
    found = [outcome(World.of_rows(plan, own), code, own["adjustments"]) for code, own in tables.items()]
    scored = [scores.row(plan.scheme, one.score) for one in found if plan.scheme and one.score]
    return moving.Told(
        list(rows.verdicts(_verdicts(found), keys, year)),
        list(rows.scores(scored, keys, year)),
        list(rows.proposals((row for one in found for row in one.escalations), keys, year)),
    )


def _verdicts(found: Iterable[Outcome]) -> Iterable[dict[str, Any]]:
    return (verdict.row(one) for outcome_ in found for one in outcome_.verdicts)


def tree_moved(organisation: int, old_path: str, new_path: str) -> None:
    """Listener of `core.announce`: roll-ups follow a subtree to its new superiors."""
    everyone = Organisation.objects.unscoped(WHY)
    old, new = set(tree.ancestor_paths(old_path)), set(tree.ancestor_paths(new_path))
    signs = {path: 1 if path in new else -1 for path in old ^ new}
    keys = dict(everyone.filter(path__in=signs).values_list("path", "pk"))
    moving.carry(organisation, {keys[path]: sign for path, sign in signs.items()})
    years = Evaluation.objects.values_list("year", flat=True)
    if any(reads(plan, "parent_id") for plan in plans(years, clock.today(), [organisation]).values()):
        reassess({organisation})  # its row names another superior now
    else:
        Moved.objects.create(organisation_id=organisation)
