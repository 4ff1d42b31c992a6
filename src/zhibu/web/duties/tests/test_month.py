"""本月任务: who may see it, what it lists, and that its counts add up."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.announce import facts_changed
from zhibu.web.dashboards.tests.crowd import crowd
from zhibu.web.duties.models import Evaluation, Verdict
from zhibu.web.duties.queries import left_this_month, month
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.pipeline.tests.year import record
from zhibu.web.regulations.models import Waiver

pytestmark = pytest.mark.django_db
URL = "/duties/month/"


def names(rows) -> list[str]:
    return sorted(row.title for row in rows)


def page(year: Cast, query: str = "", who: str = "secretary") -> str:
    response = year.client(who).get(URL + query)
    assert response.status_code == 200
    return response.content.decode()


# --- who -------------------------------------------------------------------------------------------------------


def test_only_a_secretary_has_a_month(year: Cast):
    codes = {who: year.client(who).get(URL).status_code for who in year.posts}
    assert codes.pop("secretary") == codes.pop("neighbour") == 200
    assert set(codes.values()) == {403}


def test_anonymous_is_sent_to_sign_in(client):
    assert client.get(URL).headers["Location"] == f"/login/?next={URL}"


def test_each_secretary_sees_the_own_branch(year: Cast):
    assert "补上 9 月主题党日" in page(year)
    assert "T004" not in page(year, who="neighbour")


# --- what ------------------------------------------------------------------------------------------------------


def test_a_term_that_ran_out_last_year_is_owed_until_the_election(year: Cast):
    """换届 does not lapse with the year, as a missed monthly meeting of last year does."""
    overdue = Verdict.objects.unscoped("test").filter(organisation=year.branch, year=2025, status="missed")
    overdue.filter(rule="theme-day", period="2025-03").update(rulebook="branch-terms", rule="village-branch-term")
    found = month(year.scope("secretary"), year.branch, TODAY)
    assert [row.status for row in found.now if row.verdict.rule == "village-branch-term"] == ["late"]
    assert not [row for row in (*found.now, *found.older) if row.verdict.year == 2025 and not row.lasting]


@pytest.mark.mechanism("M020", "M028")
def test_the_groups_of_a_branch_in_november(year: Cast):
    found = month(year.scope("secretary"), year.branch, TODAY)
    assert names(found.now) == ["补上 10 月集体学习", "补上 9 月主题党日", "补上第三季度党课"]
    assert names(found.todo) == ["记录 11 月支委会", "记录 11 月活动日准备会", "记录 11 月集体学习"]
    # the September committee meeting was recorded in November: work done in November counts in November
    assert names(found.done) == ["11 月主题党日", "9 月支委会"]
    assert names(found.older) == ["补上 2 月支委会", "补上 8 月主题党日"]
    assert "记录第四季度党课" in names(found.preview)


def test_overdue_comes_first_and_the_longest_overdue_before_the_rest(year: Cast):
    found = month(year.scope("secretary"), year.branch, TODAY)
    assert [row.status for row in found.now] == ["late", "late", "late"]
    assert [row.verdict.deadline for row in found.now] == sorted(row.verdict.deadline for row in found.now)


def test_the_last_week_moves_the_month_into_now(year: Cast, monkeypatch):
    monkeypatch.setenv("ZHIBU_TODAY", "2026-11-24")
    text = page(year)
    assert "剩 6 天" in text
    assert "现在办（6）" in text
    assert "本月还要办" not in text


def test_the_counts_of_the_page_add_up(year: Cast):
    for who in ("secretary", "neighbour"):
        for query in ("", "?month=2026-10", "?month=2026-12", "?month=2025-12"):
            text = page(year, query, who)
            headline = re.search(r"月要办 (\d+) 件，已办 (\d+) 件", text)
            counts = [int(n) for n in re.findall(r"(?:现在办|还没办|本月还要办|当月要办|已办)（(\d+)）", text)]
            assert headline is not None
            assert sum(counts) == int(headline[1])
            assert int(headline[2]) == int((re.search(r"已办（(\d+)）", text) or [0, 0])[1])


def test_every_duty_of_the_year_is_listed_in_its_month_once(year: Cast):
    scope = year.scope("secretary")
    listed = []
    for number in range(1, 13):
        found = month(scope, year.sister, date(2026, number, 1)) if scope.reaches(year.sister.path) else None
        found = found or month(scope, year.branch, date(2026, number, 1))
        own = [row for row in (*found.now, *found.todo, *found.done) if row.verdict.ends_on.month == number]
        listed += [row.verdict.pk for row in own if not row.standing]
    rows = Verdict.objects.within(scope).filter(organisation=year.branch, year=2026).exclude(status="exempt")
    assert sorted(listed) == sorted(rows.exclude(need=None).values_list("pk", flat=True))


def test_a_recorded_activity_moves_its_duty_to_done(year: Cast):
    scope = year.scope("secretary")
    before = month(scope, year.branch, TODAY)
    record(year.branch, ["study"], date(2026, 11, 20), recorded_on=TODAY).save()
    facts_changed([year.branch.pk])
    after = month(scope, year.branch, TODAY)
    assert (after.total, len(after.done)) == (before.total, len(before.done) + 1)
    assert left_this_month(scope, year.branch) == before.left - 1


def test_made_up_late_it_is_done_and_says_so(year: Cast):
    record(year.branch, ["theme_day"], TODAY, makes_up="2026-09", recorded_on=TODAY).save()
    facts_changed([year.branch.pk])
    found = month(year.scope("secretary"), year.branch, TODAY)
    row = next(row for row in found.done if row.title == "9 月主题党日")
    assert (row.shown.text, row.note) == ("迟录", "期限后记上或补开的")


def test_a_postponement_shows_its_reason_outside_the_sum(year: Cast):
    given = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30), "reason": "防汛值守，12 月补"}
    Waiver.objects.create(organisation=year.branch, rule="county-branches/study", **given)
    before = month(year.scope("secretary"), year.branch, TODAY).total
    facts_changed([year.branch.pk])
    found = month(year.scope("secretary"), year.branch, TODAY)
    assert found.total == before - 1
    assert [(row.status, row.note) for row in found.exempt] == [("extended", "防汛值守，12 月补")]
    assert "缓办和不要求（1）" in page(year)


def test_a_standing_requirement_is_listed_only_while_it_is_not_met(year: Cast):
    assert not any(row.standing for row in month(year.scope("secretary"), year.branch, TODAY).now)
    Organisation.objects.unscoped("test").filter(pk=year.branch.pk).update(committee_size=1)
    facts_changed([year.branch.pk])
    row = next(row for row in month(year.scope("secretary"), year.branch, TODAY).now if row.standing)
    assert row.title == "落实支委会委员人数"
    assert f"/o/{year.branch.code}/why/branch-setup/committee-size/" in page(year)


def test_what_one_record_can_close_is_hinted(year: Cast):
    found = month(year.scope("secretary"), year.branch, TODAY)
    notes = {row.title: row.note for row in found.todo}
    assert "可与 11 月活动日准备会一起记" in notes["记录 11 月支委会"]
    assert "一起记" not in notes["记录 11 月集体学习"]


@pytest.mark.mechanism("M020")
def test_a_row_links_to_the_form_with_its_duty(year: Cast):
    assert '/records/new/?rule=county-branches%2Fpreparation&amp;period=2026-11"' in page(year)


# --- states ------------------------------------------------------------------------------------------------------


def test_before_the_first_evaluation(year: Cast):
    Evaluation.objects.all().delete()
    assert "任务还没有算出来" in page(year)


def test_when_everything_is_done_it_says_so_and_stops(year: Cast):
    Verdict.objects.within(year.scope("secretary")).exclude(ends_on__gt=date(2026, 11, 30)).update(status="met")
    text = page(year)
    assert re.search(r"本月的事都办完了。下月有 \d+ 件，12 月 1 日起办", text)
    assert "现在办" not in text


def test_an_evaluation_of_another_day_is_said(year: Cast):
    assert "任务没能更新" not in page(year)
    Evaluation.objects.filter(year=2026).update(as_of=date(2026, 11, 20), computed_at=timezone.now())
    assert "任务没能更新" in page(year)


@pytest.mark.parametrize("asked", ["", "2026-13", "nonsense", "2026-11-01", "9999-99"])
def test_a_month_that_is_none_is_this_month(year: Cast, asked: str):
    assert "11 月要办" in page(year, f"?month={asked}")


def test_neighbouring_months_stop_where_nothing_was_evaluated(year: Cast):
    assert 'href="?month=2024-12"' not in page(year, "?month=2025-01")
    assert 'href="?month=2026-12"' in page(year)
    assert 'href="?month=2027-01"' not in page(year, "?month=2026-12")


def test_the_next_year_is_previewed_in_december(year: Cast, monkeypatch):
    monkeypatch.setenv("ZHIBU_TODAY", "2026-12-05")
    refresh([2027])
    assert "2027 年 1 月主题党日" in page(year)


def test_the_printed_ledger_has_everything_open_and_a_title_block(year: Cast):
    text = page(year, "?month=2026-11&print=1")
    assert text.count("<details") == text.count(" open>") > 0
    assert "本月任务台账" in text
    assert "制表人" in text
    assert "制表人" not in page(year)


# --- burden and speed ----------------------------------------------------------------------------------------------


def test_elder_size_is_the_same_page(year: Cast):
    client = year.client("secretary")
    client.cookies["size"] = "elder"
    text = client.get(URL).content.decode()
    assert '<html lang="zh-CN" data-size="elder">' in text
    assert "现在办（3）" in text


# One more for each app that adds rows or a line (procedures, library, campaigns, liaison, tasks, responsibilities,
# hints, reports, members, offices; two of dues and of reminders; three of burden and of appraisal; one more of plans
# for its themes).
QUERIES = 48


def test_queries_are_few(year: Cast, django_assert_num_queries):
    client = year.client("secretary")
    with django_assert_num_queries(QUERIES):
        client.get(URL)


def test_queries_and_page_do_not_grow_with_the_county(year: Cast, django_assert_num_queries):
    crowd(year, 40)
    client = year.client("secretary")
    with django_assert_num_queries(QUERIES):
        client.get(URL)
