"""Yearly duties of organs, from the form to the counter: who has done it, who has not, out of how many."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.conftest import Cast, _plant, enter
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.pipeline.tests.year import record
from zhibu.web.records.tests import given
from zhibu.web.regulations.actions import publish

pytestmark = pytest.mark.django_db
REPORT = "county-duty-reports/duty-report"


def ruled(*early: tuple[Organisation, str, date]) -> None:
    """The published packs, with records from before, evaluated."""
    for place, kind, held_on in early:
        record(place, [kind], held_on).save()
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    refresh()


def secretary(place: Organisation) -> Client:
    user, _ = register(username=f"s{place.code}", name="王书记", password="支部-pass-1")
    appoint(by=system_scope(), user=user, organisation=place, role="secretary", starts_on=date(2020, 1, 1))
    client = Client()
    enter(client, user)
    return client


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def status(place: Organisation, rule: str, period: str) -> str:
    return Verdict.objects.unscoped("test").get(organisation=place, rule=rule, period=period).status


@pytest.mark.mechanism("M139")
def test_secretaries_who_reported_are_counted_and_the_others_are_listed(cast: Cast) -> None:
    office = _plant(cast.county, "县住建局党总支", Kind.GENERAL_BRANCH, Sector.ORGAN)
    first = _plant(office, "县住建局第一党支部", Kind.BRANCH, Sector.ORGAN)
    second = _plant(office, "县住建局第二党支部", Kind.BRANCH, Sector.ORGAN)
    ruled((first, "duty_report", date(2025, 12, 20)))
    officer = cast.client("officer")

    # Last year is over: one of three reported. The foot of the board counts, the list names the two.
    board = officer.get(f"/board/?area={office.code}&period=2025-12&k={REPORT}").content.decode()
    foot = re.findall(r"<td>([^<]*)</td>", board[board.index("<tfoot>") : board.index("</tfoot>")])
    assert foot[1] == "2/3"  # overdue/due of the chosen item, which leads
    late = text(officer, f"/board/late/?k={REPORT}")
    assert "2 个组织有 2 项逾期" in late
    assert second.name in late and first.name not in late
    assert late.count("2025 年书记述职") == 2 + 2  # the list, and the text for the chat group

    # This year: the secretary writes it down, the counter moves, the row of the branch says so.
    book = "/regulations/county-duty-reports/"
    assert "适用 3 个组织；应办 3 项，已到期或已办结 0 项，其中办到 0 项" in text(officer, book)
    given.sent(secretary(second), types=["duty_report"], content="述职要点", rest="", expected="40", present="38")
    assert "适用 3 个组织；应办 3 项，已到期或已办结 1 项，其中办到 1 项" in text(officer, book)
    below = text(officer, f"/board/?area={office.code}&period=2026-12&k={REPORT}")
    assert f"{second.name} 书记述职 已完成" in below and f"{first.name} 书记述职 未到期" in below


@pytest.mark.mechanism("M281")
def test_the_yearly_situation_report_is_owed_recorded_and_done(cast: Cast) -> None:
    """Asked once a year of the work committee of organs; the record has day, audience and who spoke."""
    works = _plant(cast.county, "中共云岭县直属机关工作委员会", Kind.WORK_COMMITTEE, Sector.ORGAN)
    ruled()
    assert (status(works, "situation-report", "2025"), status(works, "situation-report", "2026")) == ("missed", "open")
    client = secretary(works)
    assert "2026 年形势教育报告会" in text(client, "/records/new/")
    said = {"content": "报告人：县委党校赵某。讲全年经济形势。", "rest": "", "expected": "200", "present": "186"}
    done = given.sent(client, types=["situation_report"], **said)
    assert status(works, "situation-report", "2026") == "met"
    page = text(cast.client("officer"), f"/records/{done.number}/")
    for word in ("2026-11-21", "186", "报告人：县委党校赵某"):
        assert word in page
    assert "2025 年形势教育报告会" in text(cast.client("officer"), "/board/late/?k=county-committees/situation-report")
