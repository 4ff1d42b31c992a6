"""At once: a saved record moves its organisation's verdicts, score, rank and its superiors' roll-ups.

Runs inside the transaction of the write (`core/announce.py`), so a record and its consequences are saved together
or not at all. The result equals a full run; `tests/test_reassess.py` compares them after random changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from django.db import transaction
from django.db.models import F

from zhibu.engine import evaluate as engine
from zhibu.engine.facts import Facts
from zhibu.engine.facts.load import from_tables
from zhibu.engine.results import STATUSES
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.scores import graded
from zhibu.web.assessment.models import Proposal, Score
from zhibu.web.core import clock
from zhibu.web.duties.models import Evaluation, Tally, Verdict
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import facts, rows
from zhibu.web.pipeline.evaluate import WHY, lock, refresh, window
from zhibu.web.pipeline.keep import keep
from zhibu.web.regulations.queries import books_in_force, scheme_for

MANY = 30  # above this a full run is quicker than one by one


def facts_changed(organisations: frozenset[int]) -> None:
    """Listener of `core.announce`: bring every evaluated year up to date for these organisations."""
    if len(organisations) > MANY:
        Evaluation.objects.update(stale=True)  # should the run below fail, the worker does it within a minute
        transaction.on_commit(refresh, robust=True)
    else:
        reassess(organisations)


def reassess(organisations: Iterable[int]) -> None:
    chosen = frozenset(organisations)
    years = list(Evaluation.objects.order_by("year").values_list("year", flat=True))
    if not years or not chosen:
        return
    books, tables = books_in_force(), from_tables(facts.tables(chosen, people=False))
    for year in years:
        with transaction.atomic():
            lock(year)
            Evaluation.objects.filter(year=year).update(computed_at=clock.now())
            _one_year(chosen, year, books, tables)


def _one_year(chosen: frozenset[int], year: int, books: tuple[Rulebook, ...], tables: Facts) -> None:
    scheme = scheme_for(year)
    answer = engine.evaluate(books, tables, window(year), clock.today(), scheme=scheme, backend="memory")
    found = Organisation.objects.unscoped(WHY).filter(pk__in=chosen).values_list("code", "pk", "path")
    codes, paths = {code: pk for code, pk, _ in found}, {pk: path for _, pk, path in found}
    verdicts = list(rows.verdicts(answer.verdicts, codes, year))
    _move_tallies(_changes(verdicts, chosen, year), paths, year)
    keep(verdicts, _of(Verdict, chosen, year), rows.VERDICT_KEY, rows.VERDICT_VALUES)
    proposals = rows.proposals(answer.escalations, codes, year)
    keep(proposals, _of(Proposal, chosen, year), rows.PROPOSAL_KEY, rows.PROPOSAL_VALUES)
    if scheme is not None:
        _scores(list(rows.scores(answer.scores, codes, year)), chosen, year, scheme)


def _of(model: type, chosen: frozenset[int], year: int):
    return model.objects.unscoped(WHY).filter(organisation__in=chosen, year=year)


# --- roll-ups: what changed, added to every superior --------------------------------------------------------------

Cell = tuple[int, str, str, str, object]  # organisation, rulebook, rule, period, ends_on


def _changes(verdicts: list[Verdict], chosen: frozenset[int], year: int) -> dict[Cell, Counter[str]]:
    """Per cell: how many verdicts of each status more (or fewer) than are stored. Call before storing."""
    changes: dict[Cell, Counter[str]] = {}
    names = ("organisation_id", "rulebook", "rule", "period", "ends_on", "status")
    for *cell, status in _of(Verdict, chosen, year).values_list(*names):
        changes.setdefault(tuple(cell), Counter())[status] -= 1  # type: ignore[arg-type]
    for one in verdicts:
        cell = (one.organisation_id, one.rulebook, one.rule, one.period, one.ends_on)
        changes.setdefault(cell, Counter())[one.status] += 1
    return {cell: change for cell, change in changes.items() if any(change.values())}


def _move_tallies(changes: dict[Cell, Counter[str]], paths: dict[int, str], year: int) -> None:
    above = {pk: [*tree.ancestor_paths(path), path] for pk, path in paths.items()}
    everyone = Organisation.objects.unscoped(WHY).filter(path__in={path for found in above.values() for path in found})
    by_path = dict(everyone.values_list("path", "pk"))
    for (pk, rulebook, rule, period, ends_on), change in changes.items():
        cell = {"rulebook": rulebook, "rule": rule, "period": period}
        superiors = [by_path[path] for path in above[pk]]
        Tally.objects.bulk_create(
            [Tally(organisation_id=one, year=year, ends_on=ends_on, **cell) for one in superiors],
            ignore_conflicts=True,
        )
        here = Tally.objects.unscoped(WHY).filter(organisation__in=superiors, **cell)
        here.update(**{status: F(status) + change[status] for status in STATUSES if change[status]})
        here.filter(**dict.fromkeys(STATUSES, 0)).delete()


# --- scores: the own one anew, ranks and grades of the peer group from the stored totals ---------------------------


def _scores(found: list[Score], chosen: frozenset[int], year: int, scheme: Scheme) -> None:
    before = set(_of(Score, chosen, year).values_list("peer_group", flat=True))
    keep(found, _of(Score, chosen, year), rows.SCORE_KEY, rows.SCORE_VALUES)
    for group in before | {one.peer_group for one in found}:
        _rank(group, year, scheme)


def _rank(group: str, year: int, scheme: Scheme) -> None:
    """Rank and grade one peer group; only rows that move are written."""
    peers = list(Score.objects.unscoped(WHY).filter(year=year, peer_group=group).order_by("-total"))
    totals = [Fraction(str(one.total)) for one in peers]
    grades = graded(totals, scheme.grades)
    moved, rank = [], 0
    for place, (one, total) in enumerate(zip(peers, totals, strict=True)):
        if place == 0 or total != totals[place - 1]:
            rank = place + 1
        new = (rank, len(peers), grades[total] or "")
        if new != (one.rank, one.group_size, one.grade):
            one.rank, one.group_size, one.grade = new
            moved.append(one)
    if moved:
        Score._base_manager.bulk_update(moved, ["rank", "group_size", "grade"], batch_size=200)
