"""本支部: who may see it, that every number on it adds up, and that each verdict is explained as it was computed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from zhibu.web.assessment.models import Adjustment, Proposal, Score, Tie
from zhibu.web.assessment.queries import standing
from zhibu.web.assessment.ties import Ties, cents
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.announce import facts_changed
from zhibu.web.dashboards.branch_score import apportioned, table
from zhibu.web.dashboards.tests.crowd import crowd
from zhibu.web.duties.models import Evaluation, Verdict
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline.queries import explain
from zhibu.web.pipeline.scoring import taken_apart
from zhibu.web.pipeline.tests.year import record
from zhibu.web.regulations.models import Scheme
from zhibu.web.regulations.queries import rules_by_name

pytestmark = pytest.mark.django_db
QUERIES = 20
WHY_QUERIES = 27


def url(place: Organisation) -> str:
    return f"/o/{place.code}/"


def why(place: Organisation, rule: str, period: str) -> str:
    return f"/o/{place.code}/why/{rule}/{period}/"


def page(year: Cast, who: str = "secretary", place: Organisation | None = None, query: str = "") -> str:
    response = year.client(who).get(url(place or year.branch) + query)
    assert response.status_code == 200
    return response.content.decode()


def score_of(place: Organisation) -> Score:
    return Score.objects.unscoped("test").get(organisation=place, year=2026)


def parts_of(place: Organisation):
    verdicts = Verdict.objects.unscoped("test").filter(organisation=place, year=2026)
    given = Adjustment.objects.unscoped("test").filter(organisation=place)
    return taken_apart(score_of(place), verdicts, given, TODAY, rules_by_name())


def everyone() -> list[Organisation]:
    scored = Score.objects.unscoped("test").filter(year=2026).values("organisation")
    return list(Organisation.objects.unscoped("test").filter(pk__in=scored))


# --- who -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", "why/branch-life/theme-day/2026-10/"])
def test_the_cast(year: Cast, part: str):
    codes = {who: year.client(who).get(url(year.branch) + part).status_code for who in year.posts}
    assert codes == {
        "officer": 200,
        "committee_officer": 200,
        "secretary": 200,
        "leader": 200,
        "member": 403,
        "auditor": 403,
        "neighbour": 404,
    }


def test_anonymous_is_sent_to_sign_in(client, year: Cast):
    assert client.get(url(year.branch)).headers["Location"] == f"/login/?next={url(year.branch)}"


def test_own_organisation(year: Cast):
    for who, place in (("secretary", year.branch), ("committee_officer", year.town), ("leader", year.branch)):
        assert year.client(who).get("/o/").headers["Location"] == url(place)


def test_unknown_and_unreachable_read_alike(year: Cast):
    client = year.client("secretary")
    assert client.get("/o/T999/").status_code == client.get(url(year.sister)).status_code == 404
    assert client.get(why(year.branch, "branch-life/theme-day", "2031-01")).status_code == 404


def test_rank_is_for_the_supervising_level(year: Cast):
    rank = f"第 {standing(year.scope('officer'), year.branch, 2026).rank} 名"
    assert rank in page(year, "committee_officer")
    assert rank in page(year, "officer")
    assert rank not in page(year, "secretary")
    assert rank not in page(year, "leader")


def test_no_member_is_named(year: Cast):
    text = page(year)
    assert not any(member.name in text for member in year.branch.members.unscoped("test"))


# --- numbers -----------------------------------------------------------------------------------------------------


def shown_rows(text: str) -> list[tuple[Decimal, Decimal, Decimal, Decimal]]:
    """(应得, 已得, 差, 能补) of every row of the loss table, read from the page."""
    rows = []
    for row in re.findall(r"<tr data-line>(.*?)</tr>", text, re.S):
        numbers = re.findall(r'data-label="(?:应得|已得|差)">([−+\d.]+)<', row)
        gain = re.search(r'class="gain">\+([\d.]+)<', row)
        values = [Decimal(number.replace("−", "-")) for number in numbers]
        rows.append((*values, Decimal(gain[1]) if gain else Decimal(0)))
    return rows


def number(text: str, pattern: str) -> Decimal:
    found = re.search(pattern, text, re.S)
    return Decimal(found[1].replace("−", "-").replace("+", "")) if found else Decimal(0)


def test_headline_total_and_gain_are_the_sums_of_the_displayed_rows(year: Cast):
    for place in everyone():
        text = page(year, "officer", place)
        rows = shown_rows(text)
        full = number(text, r'id="full-got">([\d.]+)')
        headline = number(text, r'id="total">([\d.]+)')
        if not rows:
            assert headline == 100
            continue
        assert sum(row[0] for row in rows) + full == 100
        assert sum(row[1] for row in rows) + full == headline
        assert all(got - should == short for should, got, short, _ in rows)
        assert sum(row[3] for row in rows) == number(text, r'id="gain">([\d.]+)')
        assert headline == Decimal(str(score_of(place).total)).quantize(Decimal("0.1"), "ROUND_HALF_UP")
        losses = [row[2] for row in rows]
        assert losses == sorted(losses)


def test_the_lines_are_the_published_score(year: Cast):
    for place in everyone():
        score, found = score_of(place), parts_of(place)
        assert found is not None
        assert float(found.total) == score.total
        scores = {part.id: None if part.published is None else float(part.published) for part in found.dimensions}
        assert scores == score.dimensions
        for part in found.dimensions:
            assert sum((item.earned for item in part.rules), Fraction(0)) == part.earned


def test_bonus_and_deduction_are_rows_of_their_own(year: Cast):
    Adjustment.objects.create(
        organisation=year.branch, item="表彰", on=date(2026, 7, 1), points=Decimal("2.5"), reason="县级表彰"
    )
    Adjustment.objects.create(organisation=year.branch, item="通报", on=date(2026, 8, 1), points=-1, reason="通报")
    facts_changed([year.branch.pk])
    text = page(year)
    rows = sum(row[1] for row in shown_rows(text)) + number(text, r'id="full-got">([\d.]+)')
    assert number(text, r'id="bonus">([+−\d.]+)') == Decimal("2.5")
    assert number(text, r'id="deduction">([+−\d.]+)') == -1
    assert number(text, r'id="total">([\d.]+)') == rows + Decimal("2.5") - 1


def test_the_gain_is_what_the_score_gains_when_it_is_done(year: Cast):
    """Make every missed period of one item good, reassess, and compare with the promise."""
    rules, before = rules_by_name(), score_of(year.branch)
    line = next(one for one in table(parts_of(year.branch), rules, TODAY).lines if one.title == "主题党日")
    for month in (8, 9):
        record(year.branch, ["theme_day"], date(2026, 11, month), makes_up=f"2026-{month:02}", recorded_on=TODAY).save()
    facts_changed([year.branch.pk])
    assert abs(Decimal(str(score_of(year.branch).total - before.total)) - line.gain) < Decimal("0.11")


def test_what_is_not_due_yet_is_never_shown_as_lost(year: Cast):
    text = page(year)
    assert "还没到期，先不计分" in text
    losses = text[text.index('id="losses"') : text.index("</table>")]
    assert "组织生活会" not in losses
    assert "11 月" not in losses


def test_why_names_the_periods(year: Cast):
    text = page(year)
    assert "8 月、9 月没有记录" in text
    assert "第三季度没有记录" in text
    assert "2 月次数不够" in text or "2 月没有记录；9 月迟录" in text


@pytest.mark.parametrize("seed", range(40))
def test_tenths_always_add_up(seed: int):
    import random

    chance = random.Random(seed)
    exact = [Fraction(chance.randrange(0, 999), chance.randrange(20, 99)) for _ in range(chance.randrange(1, 14))]
    total = Decimal(round(sum(exact) * 10)) / 10
    shown = apportioned(exact, total)
    assert sum(shown) == total
    assert all(abs(Fraction(one) - value) <= Fraction(2, 10) for one, value in zip(shown, exact, strict=True))


def test_nothing_exceeds_its_most():
    assert apportioned([Fraction(1, 3)] * 3, Decimal("1.0"), [Decimal("0.3"), Decimal("0.3"), Decimal("0.4")]) == [
        Decimal("0.3"),
        Decimal("0.3"),
        Decimal("0.4"),
    ]


@pytest.mark.mechanism("M028", "M029")
def test_each_item_has_its_own_counter_and_strip(year: Cast):
    """Twelve studies, four discussions and four lectures a year: how many are due, done and overdue."""
    text = page(year)
    for rule, due, done, overdue in (
        ("county-branches-study", 12, 9, 1),
        ("county-branches-discussion", 4, 3, 0),
        ("county-branches-lecture", 4, 2, 1),
        ("branch-life-committee-meeting", 12, 9, 1),
    ):
        item = text[text.index(f'id="{rule}"') :].split("</summary>")[0]
        late = f"，逾期 {overdue}" if overdue else ""
        assert f"应办 {due}，已办 {done}{late}<" in item
        assert item.count('class="sym') == due
        assert item.count("sym-late") == overdue


# --- explanations ------------------------------------------------------------------------------------------------


def test_every_explanation_equals_its_verdict(year: Cast):
    scope = year.scope("officer")
    rows = Verdict.objects.unscoped("test").filter(organisation=year.branch, year=2026)
    for verdict in {(row.rule, row.status): row for row in rows}.values():  # each rule in each of its states
        found = explain(scope, year.branch, verdict.rulebook, verdict.rule, verdict.period)
        assert found is not None
        traced = found[1].verdict
        assert (traced.status, list(traced.evidence), traced.deadline) == (
            verdict.status,
            verdict.evidence,
            verdict.deadline,
        )
        for name in ("points", "need", "timely", "total"):
            exact = getattr(traced, name)
            assert (None if exact is None else float(exact)) == getattr(verdict, name)


def test_what_nearly_counted_is_told(year: Cast):
    text = year.client("secretary").get(why(year.branch, "branch-life/committee-meeting", "2026-02")).content.decode()
    assert "差一点、没算进来的记录" in text
    assert "到会率" in text
    assert "/records/new/?rule=branch-life%2Fcommittee-meeting&amp;period=2026-02" in text


def test_evidence_links_to_its_record(year: Cast):
    text = year.client("secretary").get(why(year.branch, "branch-life/theme-day", "2026-10")).content.decode()
    number = (
        Verdict.objects.unscoped("test").get(organisation=year.branch, rule="theme-day", period="2026-10").evidence[0]
    )
    assert f'href="/records/{number}/"' in text
    assert "二手来源，待核对" in text


def test_only_the_branch_itself_is_offered_to_record(year: Cast):
    assert "去补" in page(year, "secretary")
    assert "去补" not in page(year, "committee_officer")


# --- states and proposals ------------------------------------------------------------------------------------------


def test_before_the_first_evaluation(year: Cast):
    Evaluation.objects.all().delete()
    assert "还没有计算过" in page(year)


def test_without_a_scheme(year: Cast):
    Score.objects.unscoped("test").all().delete()
    Scheme.objects.all().delete()
    text = page(year)
    assert "本年考核方案发布后开始计分" in text
    assert "主题党日" in text


def test_without_a_loss(year: Cast):
    Verdict.objects.unscoped("test").filter(organisation=year.branch, status__in=("late", "missed")).update(
        status="met", points=1, max_points=1
    )
    Score.objects.unscoped("test").filter(organisation=year.branch).update(total=100)
    assert "没有失分项" in page(year)


def test_a_committee_without_score_still_has_its_page(year: Cast):
    text = page(year, "committee_officer", year.town)
    assert year.town.name in text


def test_a_small_peer_group_is_not_compared(year: Cast):
    Tie.objects.filter(year=2026, peer_group="village").delete()
    Tie.objects.create(year=2026, peer_group="village", cents=cents(score_of(year.branch).total), count=4)
    text = page(year)
    assert "同类不足 5 个组织，不作比较" in text
    assert "中位数 " not in text


def test_band_and_median_are_those_of_the_own_kind(year: Cast):
    totals = sorted(
        Score.objects.unscoped("test").filter(year=2026, peer_group="village").values_list("total", flat=True)
    )
    assert len(totals) == Ties(2026, "village").size == 9
    text = page(year)
    assert "在村类 9 个组织中属" in text
    assert number(text, r"同类中位数 ([\d.]+)") == Decimal(str(totals[4])).quantize(Decimal("0.1"), "ROUND_HALF_UP")


def test_a_proposal_is_a_proposal(year: Cast):
    given = {"rulebook": "branch-life", "rule": "theme-day", "run": 2, "step": "警告", "since": date(2026, 8, 1)}
    Proposal.objects.unscoped("test").filter(organisation=year.branch).delete()
    Proposal.objects.create(organisation=year.branch, year=2026, **given)
    text = page(year)
    assert "连续 2 期没有完成" in text
    assert "由人决定" in text
    assert "可以向上级说明" in text


def test_another_year(year: Cast):
    assert "2025 年得" in page(year, query="?year=2025")
    for nonsense in ("?year=1999", "?year=x", "?year=²²²²"):
        assert "2026 年暂得" in page(year, query=nonsense)


def test_printed_everything_is_open(year: Cast):
    text = page(year, query="?print=1")
    assert text.count("<details") == len(re.findall(r"<details[^>]* open>", text)) > 10


# --- speed -----------------------------------------------------------------------------------------------------


def test_queries_do_not_grow_with_the_county(year: Cast, django_assert_num_queries):
    client = year.client("secretary")
    client.get(url(year.branch))  # reads the published rules once
    with django_assert_num_queries(QUERIES):
        client.get(url(year.branch))
    crowd(year, 40)
    with django_assert_num_queries(QUERIES):
        client.get(url(year.branch))


def test_an_explanation_reads_one_organisation(year: Cast, django_assert_num_queries):
    client, address = year.client("secretary"), why(year.branch, "branch-life/theme-day", "2026-10")
    client.get(address)  # reads the published rules once
    with django_assert_num_queries(WHY_QUERIES):
        client.get(address)
    crowd(year, 40)
    with django_assert_num_queries(WHY_QUERIES):
        client.get(address)
