"""届期: the rulebook's term, reminders once for a term, and what a branch sees."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from zhibu.web.audit.actions import Unfit
from zhibu.web.conftest import Cast
from zhibu.web.offices import terms
from zhibu.web.offices.jobs import remind_year
from zhibu.web.offices.models import TermReminder
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations import waivers
from zhibu.web.regulations.actions import publish
from zhibu.web.regulations.terms import Terms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules(cast: Cast) -> None:
    publish(paths=[settings.PACKS / "central/branch-terms"])
    elected = {cast.branch: "2021-12-20", cast.sister: "2021-11-01", cast.neighbour: "2022-03-01"}
    for place, day in elected.items():
        Organisation.objects.unscoped("t").filter(pk=place.pk).update(elected_on=day, term_ends_on=None)


def by_code(cast: Cast, who: str = "officer") -> dict[str, terms.Due]:
    return {one.organisation.code: one for one in terms.dues(cast.scope(who))}


@pytest.mark.mechanism("M239")
def test_the_rulebook_says_when_a_term_ends(cast: Cast) -> None:
    found = by_code(cast)
    branch, sister, neighbour = (found[one.code] for one in (cast.branch, cast.sister, cast.neighbour))
    assert (branch.ends_on, branch.state) == (date(2026, 12, 20), "soon")  # village: five years
    assert (sister.ends_on, sister.state) == (date(2026, 11, 1), "late")
    assert (neighbour.ends_on, neighbour.state) == (date(2027, 3, 1), "soon")  # six months ahead
    assert branch.term.opens_on == date(2025, 12, 20)
    assert found[cast.town.code].term is None  # only the recorded day is known
    assert found[cast.town.code].state == "later"


def test_six_months_ahead_to_the_day(cast: Cast) -> None:
    for day, state in (("2022-05-21", "soon"), ("2022-05-22", "later")):
        Organisation.objects.unscoped("t").filter(pk=cast.branch.pk).update(elected_on=day)
        assert by_code(cast)[cast.branch.code].state == state


def test_the_sector_decides_and_without_it_no_rule_does(cast: Cast) -> None:
    rows = Organisation.objects.unscoped("t").filter(pk=cast.branch.pk)
    for sector, ends in (("organ", date(2024, 12, 20)), ("community", date(2026, 12, 20)), ("", None)):
        rows.update(sector=sector)
        found = Terms().of(rows.get())
        assert (found.ends_on if found else None) == ends


def test_who_is_appointed_has_no_term(cast: Cast) -> None:
    Organisation.objects.unscoped("t").filter(pk=cast.other_town.pk).update(kind="work_committee")
    assert cast.other_town.term_ends_on
    assert cast.other_town.code not in by_code(cast)


def test_an_approved_delay_is_told_as_such(cast: Cast) -> None:
    waivers.grant(
        by=cast.scope("officer"), organisation=cast.sister, rule="branch-terms/village-branch-term",
        starts_on=date(2026, 10, 1), ends_on=date(2027, 10, 31), reason="上级批准延期",
    )  # fmt: skip
    found = by_code(cast)[cast.sister.code]
    assert (found.state, found.until) == ("extended", date(2027, 10, 31))
    assert "经批准延期" in cast.client("officer").get("/offices/terms/").content.decode()


@pytest.mark.mechanism("M239")
def test_the_batch_reminds_each_term_once(cast: Cast) -> None:
    client = cast.client("committee_officer")
    assert client.post("/offices/terms/remind/").status_code == 302
    told = TermReminder.objects.unscoped("t")
    assert {one.organisation_id for one in told.all()} == {cast.branch.pk, cast.sister.pk}
    assert client.post("/offices/terms/remind/").status_code == 302
    assert told.all().count() == 2
    assert "今年届满的都提醒过了" in client.get("/offices/terms/").content.decode()
    assert remind_year() == 0
    assert remind_year(2027) == 1
    with pytest.raises(Unfit, match="只提醒"):
        terms.remind(by=cast.scope("officer"), year=2030)


@pytest.mark.mechanism("M239")
def test_the_branch_sees_its_reminder_until_it_is_elected_anew(cast: Cast) -> None:
    cast.client("committee_officer").post("/offices/terms/remind/")
    address = f"/o/{cast.branch.code}/"
    assert "换届提醒" in cast.client("secretary").get(address).content.decode()
    assert "换届提醒" not in cast.client("neighbour").get(f"/o/{cast.neighbour.code}/").content.decode()
    Organisation.objects.unscoped("t").filter(pk=cast.branch.pk).update(elected_on=date(2026, 12, 1))
    assert "换届提醒" not in cast.client("secretary").get(address).content.decode()


def test_who_may_remind(cast: Cast) -> None:
    assert cast.client("secretary").post("/offices/terms/remind/").status_code == 403
    assert cast.client("secretary").get("/offices/terms/").status_code == 200
    assert list(by_code(cast, "secretary")) == [cast.branch.code]
