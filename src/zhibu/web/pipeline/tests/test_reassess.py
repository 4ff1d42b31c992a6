"""At once equals a full run: random changes one by one, then everything anew, and the same rows."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from zhibu.engine import evaluate as engine
from zhibu.engine.facts.load import from_tables
from zhibu.web.assessment.models import Adjustment, Proposal, Score, Tie
from zhibu.web.assessment.queries import standing
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.config.server import turn
from zhibu.web.conftest import TODAY, AtOnce, Cast
from zhibu.web.core.announce import facts_changed
from zhibu.web.duties.models import Evaluation, Tally, Verdict
from zhibu.web.members import actions as members
from zhibu.web.members.models import Member
from zhibu.web.organisations import actions as organisations
from zhibu.web.organisations import lifecycle
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import facts, rows
from zhibu.web.pipeline.evaluate import refresh, window
from zhibu.web.pipeline.scoring import grade
from zhibu.web.records.actions.entry import since
from zhibu.web.records.models import Record
from zhibu.web.regulations import waivers
from zhibu.web.regulations.actions import publish
from zhibu.web.regulations.models import Waiver
from zhibu.web.regulations.queries import books_in_force, scheme_for, scheme_row

KEPT = {
    Verdict: (*rows.VERDICT_KEY, *rows.VERDICT_VALUES),
    Tally: (*rows.TALLY_KEY, *rows.TALLY_VALUES),
    Score: (*rows.SCORE_KEY, *rows.SCORE_VALUES),
    Tie: (*rows.TIE_KEY, "count"),
    Proposal: (*rows.PROPOSAL_KEY, *rows.PROPOSAL_VALUES),
}
PAPER = "云组〔2026〕5号"
TYPES = ("theme_day", "general_meeting", "committee_meeting", "party_lecture", "study", "life_meeting")


@pytest.fixture
def county(cast: Cast) -> Cast:
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    refresh()
    return cast


def stored() -> dict[str, list[tuple[Any, ...]]]:
    return {model.__name__: sorted(map(repr, model._base_manager.values_list(*names))) for model, names in KEPT.items()}


def changes(cast: Cast, seed: int) -> Iterator[tuple[Organisation, date | None]]:
    """Endless random changes of facts, each already written; yields the organisation it concerns, and since when."""
    chance, number = random.Random(seed), 0
    while True:
        number += 1
        place, first = chance.choice([cast.branch, cast.sister, cast.neighbour, cast.town]), None
        match chance.randrange(10):
            case 0 | 1 | 2:
                first = since(_record(chance, place, f"x-{seed}-{number}"))
            case 3:
                _forget(chance)
            case 4:
                _waive(chance, place)
            case 5:
                _adjust(chance, place)
            case 6:
                _leave_or_go_over(chance, cast)
            case 7:
                _elect(chance, cast, place)
            case 8:
                _hang_elsewhere(chance, cast)
            case 9:
                _grant(chance, cast, place)
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


def _leave_or_go_over(chance: random.Random, cast: Cast) -> None:
    member = chance.choice(list(Member.objects.unscoped("test").filter(left_on=None)))
    if chance.random() < 0.5:
        members.leave(by=cast.scope("officer"), member=member, on=TODAY)
    else:
        to = chance.choice([cast.branch, cast.sister, cast.neighbour])
        members.transfer(by=cast.scope("officer"), member=member, to=to, on=TODAY)


def _elect(chance: random.Random, cast: Cast, place: Organisation) -> None:
    day = TODAY - timedelta(days=chance.randrange(2000))
    fields = {
        "elected_on": day,
        "term_ends_on": day + timedelta(days=1095),
        "committee_size": chance.choice([None, 0, 3]),
    }
    fields |= {"secretary_name": chance.choice(["", "李某"]), "secretary_since": day}
    told = chance.choice([{}, {"on": day, "document": PAPER}])  # a figure put right, or an election with its day
    with contextlib.suppress(Unfit):
        organisations.change(by=cast.scope("officer"), organisation=place, fields=fields, **told)
    with contextlib.suppress(Unfit, NotAllowed):
        kind = chance.choice(["branch", "joint_branch", "general_branch"])
        by, on = cast.scope("officer"), TODAY - timedelta(days=chance.randrange(400))
        lifecycle.convert(by=by, organisation=place, kind=kind, on=on, document=PAPER)


def _hang_elsewhere(chance: random.Random, cast: Cast) -> None:
    place, to = chance.sample([cast.branch, cast.sister, cast.neighbour, cast.town, cast.other_town, cast.county], 2)
    on = TODAY - timedelta(days=chance.choice([0, 0, 40, 400]))
    with contextlib.suppress(Unfit, NotAllowed):
        lifecycle.move(by=cast.scope("officer"), organisation=place, to=to, on=on, document=PAPER)


def _grant(chance: random.Random, cast: Cast, place: Organisation) -> None:
    if (found := Waiver.objects.last()) and chance.random() < 0.5:
        waivers.withdraw(by=cast.scope("officer"), waiver=found)
        return
    first = date(2026, chance.randint(1, 12), 1)
    given = {"rule": "branch-life/committee-meeting", "starts_on": first, "ends_on": first + timedelta(days=90)}
    waivers.grant(by=cast.scope("officer"), organisation=place, reason="换届整顿", **given)


@pytest.mark.parametrize("seed", range(5))
def test_at_once_equals_a_full_run(county: Cast, seed: int) -> None:
    source = changes(county, seed)
    for _ in range(16):
        place, first = next(source)
        facts_changed([place.pk], first)
    at_once = stored()
    refresh()
    anew = stored()
    for table, kept in at_once.items():
        assert set(kept) ^ set(anew[table]) == set()
    assert len(at_once["Verdict"]) > 50 and at_once["Score"] and at_once["Tie"]


def test_rank_size_and_grade_are_those_of_the_engine(county: Cast) -> None:
    source = changes(county, 7)
    for _ in range(8):
        place, first = next(source)
        facts_changed([place.pk], first)
    scheme, row = scheme_for(2026), scheme_row(2026)
    tables = from_tables(facts.tables(people=False))
    answer = engine.evaluate(books_in_force(), tables, window(2026), TODAY, scheme=scheme, backend="memory")
    places = {one.code: one for one in Organisation.objects.unscoped("test")}
    assert answer.scores.num_rows == 3
    for told in answer.scores.to_pylist():
        found = standing(county.scope("officer"), places[told["org_id"]], 2026)
        assert found is not None
        ours = (found.rank, found.size, grade(found, row) or None)
        assert ours == (told["rank"], told["group_size"], told["grade"])


def test_what_is_saved_while_a_full_run_goes_on_stays(county: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run read its facts before; it must not put the old verdicts back."""

    def slow(*args: Any, **kwargs: Any) -> Any:
        answer = engine.evaluate(*args, **kwargs)
        if not Record.objects.unscoped("test").filter(number="meanwhile").exists():
            _record(random.Random(3), county.branch, "meanwhile")
            facts_changed([county.branch.pk])
        return answer

    with monkeypatch.context() as patch:
        patch.setattr("zhibu.web.pipeline.evaluate.engine", SimpleNamespace(evaluate=slow))
        refresh()
    meanwhile = stored()
    refresh()
    assert meanwhile == stored()
    assert any("meanwhile" in row for row in meanwhile["Verdict"])


def test_writers_a_move_and_a_run_at_the_same_moment(at_once: AtOnce, county: Cast) -> None:
    """Nobody fails, nobody waits for ever, and what is kept is what a run says afterwards."""
    towns = [county.other_town, county.town]

    def save(place: Organisation, seed: int) -> None:
        for number in range(4):
            with transaction.atomic():
                _record(random.Random(seed * 10 + number), place, f"t-{seed}-{number}")
                facts_changed([place.pk])

    def hang() -> None:
        for to in towns:
            lifecycle.move(by=county.scope("officer"), organisation=county.branch, to=to, on=TODAY, document=PAPER)

    branches = [county.branch, county.branch, county.sister, county.neighbour]
    savers = [partial(save, place, seed) for seed, place in enumerate(branches)]
    ends = at_once(*savers, hang, refresh)
    assert [one for one in ends if isinstance(one, Exception)] == []
    [together] = at_once(stored)
    at_once(refresh)
    assert together == at_once(stored)[0]


def test_in_december_the_next_year_has_duties_and_no_score(county: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIBU_TODAY", "2026-12-10")
    refresh()
    assert Verdict.objects.unscoped("test").filter(year=2027, status="upcoming").exists()
    assert not Score.objects.unscoped("test").filter(year=2027).exists()
    before = stored()
    facts_changed([county.branch.pk])
    assert stored() == before


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
    answer = engine.evaluate(books_in_force(), from_tables(facts.tables(people=False)), window(2026), TODAY)
    names = dict(Organisation.objects.unscoped("test").values_list("code", "pk"))
    for row in answer.rollups.to_pylist():
        cells = Tally.objects.unscoped("test").filter(
            organisation=names[row["org_id"]], rulebook=row["rulebook"], rule=row["rule"], year=2026
        )
        for status in ("met", "late", "missed", "exempt", "open", "upcoming"):
            assert sum(cells.values_list(status, flat=True)) == row[status]


def test_a_failing_listener_undoes_the_write(county: Cast, monkeypatch: pytest.MonkeyPatch) -> None:

    def broken(*args: object) -> None:
        raise RuntimeError("no verdict")

    monkeypatch.setattr("zhibu.web.pipeline.reassess._one_year", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        _record(random.Random(1), county.branch, "never")
        facts_changed([county.branch.pk])
    assert not Record.objects.unscoped("test").filter(number="never").exists()
