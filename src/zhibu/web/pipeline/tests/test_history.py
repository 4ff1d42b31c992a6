"""What an organisation was reaches the engine as rows of its history; verdicts of the past use them."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from zhibu.web.conftest import Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations import lifecycle
from zhibu.web.organisations.actions import change
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import facts
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.regulations.actions import publish

PAPER, JUNE = "云组〔2026〕5号", date(2026, 6, 10)


def rows(code: str) -> list[dict]:
    return [row for row in facts.organisations(None).to_pylist() if row["org_id"] == code]


def test_without_steps_there_is_one_open_row(cast: Cast) -> None:
    (row,) = rows(cast.branch.code)
    assert (row["valid_from"], row["valid_to"], row["parent_id"]) == (None, None, cast.town.code)


def test_a_new_name_begins_no_row_and_a_new_superior_does(cast: Cast) -> None:
    by = cast.scope("officer")
    lifecycle.rename(by=by, organisation=cast.branch, name="槐树村支部", on=JUNE, document=PAPER)
    assert len(rows(cast.branch.code)) == 1
    lifecycle.move(by=by, organisation=cast.branch, to=cast.other_town, on=JUNE, document=PAPER)
    past, now = rows(cast.branch.code)
    assert (past["valid_from"], past["valid_to"], past["parent_id"]) == (None, date(2026, 6, 9), cast.town.code)
    assert (now["valid_from"], now["valid_to"], now["parent_id"]) == (JUNE, None, cast.other_town.code)
    lone = facts.organisations([cast.branch.pk]).to_pylist()
    assert {row["parent_id"] for row in lone} <= {row["org_id"] for row in lone} | {None}


def test_a_correction_holds_for_the_past_and_an_election_does_not(cast: Cast) -> None:
    by = cast.scope("officer")
    change(by=by, organisation=cast.branch, fields={"committee_size": 3}, on=JUNE, document=PAPER)
    change(by=by, organisation=cast.branch, fields={"term_years": 3})
    past, now = rows(cast.branch.code)
    assert (past["committee_size"], past["has_committee"], past["term_years"]) == (None, None, 3)
    assert (now["committee_size"], now["has_committee"], now["term_years"]) == (3, True, 3)
    assert len(facts.checked({"organisations": [past, now]})["organisations"]) == 2


@pytest.mark.mechanism("M001")
def test_verdicts_of_a_past_period_use_what_it_was_then(cast: Cast) -> None:
    """A general branch until June owes no theme days of a branch for the months before."""
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    Organisation.objects.unscoped("test").filter(pk=cast.branch.pk).update(kind="general_branch")
    refresh()
    by = cast.scope("officer")
    lifecycle.convert(by=by, organisation=cast.branch, kind="branch", on=JUNE, document=PAPER)
    found = Verdict.objects.unscoped("test").filter(organisation=cast.branch, rule="theme-day", year=2026)
    assert set(found.values_list("period", flat=True)) == {f"2026-{month:02d}" for month in range(6, 13)}
    at_once = _stored()
    refresh()
    assert at_once == _stored()


def _stored() -> list[str]:
    rows = Verdict.objects.unscoped("test").values_list("organisation", "rule", "period", "status")
    return sorted(map(repr, rows))
