"""At once equals a full run: random changes one by one, then everything anew, and the same rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings

from zhibu.web.assessment.models import Adjustment, Proposal, Score
from zhibu.web.config.server import turn
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.announce import facts_changed
from zhibu.web.duties.models import Evaluation, Tally, Verdict
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import rows
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.records.actions.entry import since
from zhibu.web.records.models import Record
from zhibu.web.regulations.actions import publish
from zhibu.web.regulations.models import Waiver

KEPT = {
    Verdict: (*rows.VERDICT_KEY, *rows.VERDICT_VALUES),
    Tally: (*rows.TALLY_KEY, *rows.TALLY_VALUES),
    Score: (*rows.SCORE_KEY, *rows.SCORE_VALUES),
    Proposal: (*rows.PROPOSAL_KEY, *rows.PROPOSAL_VALUES),
}
TYPES = ("theme_day", "general_meeting", "committee_meeting", "party_lecture", "study", "life_meeting")


@pytest.fixture
def county(cast: Cast) -> Cast:
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    refresh()
    return cast


def stored() -> dict[str, list[tuple[Any, ...]]]:
    return {
        model.__name__: sorted(map(repr, model.objects.unscoped("test").values_list(*names)))
        for model, names in KEPT.items()
    }


def changes(cast: Cast, seed: int) -> Iterator[tuple[Organisation, date | None]]:
    """Endless random changes of facts, each already written; yields the organisation it concerns, and since when."""
    chance, number = random.Random(seed), 0
    while True:
        number += 1
        place, first = chance.choice([cast.branch, cast.sister, cast.neighbour, cast.town]), None
        match chance.randrange(6):
            case 0 | 1 | 2:
                first = since(_record(chance, place, f"x-{seed}-{number}"))
            case 3:
                _forget(chance)
            case 4:
                _waive(chance, place)
            case 5:
                _adjust(chance, place)
        yield place, first


def _record(chance: random.Random, place: Organisation, number: str) -> Record:
    held = TODAY - timedelta(days=chance.randrange(500))
    return Record.objects.create(
        number=number,
        organisation=place,
        types=chance.sample(TYPES, chance.randint(1, 2)),
        held_on=held,
        recorded_on=min(TODAY, held + timedelta(days=chance.choice([0, 3, 40]))),
        recorded_at="2026-11-21T12:00:00Z",
        expected=8,
        present=chance.randint(0, 8),
        makes_up=chance.choice(["", "", "", f"{held:%Y-%m}"]),
    )


def _forget(chance: random.Random) -> None:
    everyone = Record.objects.unscoped("test")
    chosen = everyone.order_by("pk")[chance.randrange(everyone.count())] if everyone.exists() else None
    if chosen is not None:
        everyone.filter(pk=chosen.pk).update(withdrawn_at="2026-11-21T12:00:00Z")
        facts_changed([chosen.organisation_id])


def _waive(chance: random.Random, place: Organisation) -> None:
    first = date(2026, chance.randint(1, 12), 1)
    last = first + timedelta(days=60)
    Waiver.objects.create(
        organisation=place, rule="branch-life/theme-day", starts_on=first, ends_on=last, reason="抗洪抢险"
    )


def _adjust(chance: random.Random, place: Organisation) -> None:
    points = chance.choice([-2, 1, 3])
    Adjustment.objects.create(organisation=place, item="x", on=date(2026, 3, 1), points=points, reason="测试")


@pytest.mark.parametrize("seed", range(3))
def test_at_once_equals_a_full_run(county: Cast, seed: int) -> None:
    source = changes(county, seed)
    for _ in range(12):
        place, first = next(source)
        facts_changed([place.pk], first)
    at_once = stored()
    refresh()
    anew = stored()
    for table, kept in at_once.items():
        assert set(kept) ^ set(anew[table]) == set()
    assert len(at_once["Verdict"]) > 50 and at_once["Score"]


def test_a_change_after_midnight_does_not_pass_for_the_days_run(county: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_TODAY", "2026-11-22")
    facts_changed([county.branch.pk])
    assert set(Evaluation.objects.values_list("as_of", flat=True)) == {TODAY}
    assert turn() and not turn()
    assert set(Evaluation.objects.values_list("as_of", flat=True)) == {date(2026, 11, 22)}


def test_a_full_run_over_unchanged_facts_writes_nothing(county: Cast) -> None:
    assert refresh() == 0


def test_tallies_are_the_sums_of_the_engines_roll_ups(county: Cast) -> None:
    """Summed over periods, the tallies are the roll-ups of engine.md section 4."""
    from zhibu.engine import evaluate as engine
    from zhibu.engine.facts.load import from_tables
    from zhibu.web.pipeline import facts
    from zhibu.web.pipeline.evaluate import window
    from zhibu.web.regulations.queries import books_in_force

    answer = engine.evaluate(books_in_force(), from_tables(facts.tables(people=False)), window(2026), TODAY)
    names = dict(Organisation.objects.unscoped("test").values_list("code", "pk"))
    for row in answer.rollups.to_pylist():
        cells = Tally.objects.unscoped("test").filter(
            organisation=names[row["org_id"]], rulebook=row["rulebook"], rule=row["rule"], year=2026
        )
        for status in ("met", "late", "missed", "exempt", "open", "upcoming"):
            assert sum(cells.values_list(status, flat=True)) == row[status]


def test_a_failing_listener_undoes_the_write(county: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    def broken(*args: object) -> None:
        raise RuntimeError("no verdict")

    monkeypatch.setattr("zhibu.web.pipeline.reassess._one_year", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        _record(random.Random(1), county.branch, "never")
        facts_changed([county.branch.pk])
    assert not Record.objects.unscoped("test").filter(number="never").exists()
