"""The burden in minutes: sums equal their rows, nobody is named, who may see and say what."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from zhibu.web.assessment.models import Trial
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line as Written
from zhibu.web.burden import actions, schemes
from zhibu.web.burden.estimates import answers, minutes, spoken
from zhibu.web.burden.issuers import issuers
from zhibu.web.burden.loads import average, unit_loads
from zhibu.web.burden.models import BurdenAnswer, CountyForm, Estimate, SentDown
from zhibu.web.burden.month import load, rows_of
from zhibu.web.config.publishing import Stopped, publish
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.queries import month
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.library import list_of
from zhibu.web.regulations.models import Rule, Scheme

pytestmark = pytest.mark.django_db
WHY = "test"
FIRST = TODAY.replace(day=1)
THEME, STUDY = "rule:branch-life/theme-day", "rule:county-branches/study"


@pytest.fixture
def told(year: Cast) -> Cast:
    """The year with two rules estimated by the county's office."""
    actions.estimate(by=year.scope("officer"), told={THEME: 15, STUDY: 10})
    return year


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def sent(year: Cast, **more: object) -> SentDown:
    given = {"organisation": year.county, "thing": "x.y", "thing_id": SentDown.objects.unscoped(WHY).count() + 1}
    given |= {"kind": "表", "title": "某表", "units": 3, "minutes": 20, "starts_on": FIRST, "sent_on": FIRST}
    return SentDown.objects.create(**(given | more))


# --- who


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("/burden/", {"officer", "committee_officer", "secretary", "leader", "member", "auditor", "neighbour"}),
        ("/burden/forms/", {"officer", "committee_officer", "secretary", "leader", "member", "auditor", "neighbour"}),
        ("/burden/month/", {"secretary", "neighbour"}),
        ("/burden/units/", {"officer", "committee_officer"}),
        ("/burden/estimates/", {"officer", "committee_officer"}),
        ("/burden/forms/new/", {"officer", "committee_officer"}),
    ],
)
def test_who_sees_what(year: Cast, address: str, may: set[str]) -> None:
    codes = {who: year.client(who).get(address).status_code for who in year.posts}
    assert {who for who, code in codes.items() if code == 200} == may
    assert {code for who, code in codes.items() if who not in may} <= {403}


def test_units_out_of_reach_are_not_listed(told: Cast) -> None:
    page = text(told.client("committee_officer"), "/burden/units/?month=2026-11")
    assert told.branch.name in page and told.neighbour.name not in page


# --- a branch's month


def test_the_month_is_the_sum_of_its_rows(told: Cast) -> None:
    sent(told, every="month", minutes=25)
    found = month(told.scope("secretary"), told.branch, TODAY)
    load_ = load(told.branch, FIRST, rows_of(found, []))
    assert len(load_.lines) == found.total + 1
    # theme day of November done and of September missed, 15 each; study of October and November, 10 each; the form
    assert load_.total == 15 + 15 + 10 + 10 + 25 == sum(line.told.minutes for line in load_.lines if line.told)
    assert load_.unknown == sum(line.told is None for line in load_.lines) == found.total - 4


def test_the_page_shows_the_rows_of_its_sum(told: Cast) -> None:
    client = told.client("secretary")
    page = text(client, "/burden/month/?month=2026-11")
    cells = [int(cell) for cell in re.findall(r'data-label="分钟">(?:<b>)?(\d+)', page)]
    assert cells[-1] == sum(cells[:-1]) and len(cells) > 3
    assert f"约 {spoken(cells[-1])}" in text(client, "/duties/month/?month=2026-11")


def test_other_months_and_nonsense(told: Cast) -> None:
    client = told.client("secretary")
    for query in ("", "?month=2026-10", "?month=2026-99", "?month=%00", "?month=9999-12"):
        assert client.get(f"/burden/month/{query}").status_code == 200


def test_what_was_sent_down_binds_those_it_was_sent_to(told: Cast) -> None:
    rows = [
        sent(told, title="全部"),
        sent(told, title="点名", to={"units": [told.branch.pk]}),
        sent(told, title="别人", to={"units": [told.sister.pk]}),
        sent(told, title="机关", to={"sectors": ["organ"]}),
        sent(told, title="收回", withdrawn_on=FIRST),
        sent(told, title="旁系", organisation=told.other_town),
        sent(told, title="到期", ends_on=date(2026, 12, 31)),
    ]
    shown = {line.title for line in load(told.branch, FIRST, []).lines}
    assert shown == {"表：全部", "表：点名"} and len(rows) == 7


@pytest.mark.parametrize(
    ("every", "starts", "ends", "times"),
    [
        ("once", date(2026, 3, 5), None, 1),
        ("once", date(2025, 3, 5), date(2026, 1, 31), 1),
        ("once", date(2025, 3, 5), None, 0),
        ("month", date(2026, 3, 5), None, 10),
        ("month", date(2026, 3, 5), date(2026, 5, 1), 3),
        ("quarter", date(2026, 3, 5), date(2026, 12, 31), 4),
        ("quarter", date(2026, 4, 1), date(2026, 8, 31), 1),
        ("half_year", date(2025, 1, 1), None, 2),
        ("year", date(2026, 2, 1), None, 1),
    ],
)
def test_how_often_in_a_year(every: str, starts: date, ends: date | None, times: int) -> None:
    row = SentDown(every=every, starts_on=starts, ends_on=ends)
    assert row.times(2026) == times == sum(row.times(2026, range(one, one + 1)) for one in range(1, 13))


# --- an issuer's year


def test_the_issuers_year_is_the_sum_of_the_verdicts(told: Cast) -> None:
    """Read from the roll-ups; equal to the verdict rows themselves, one by one."""
    verdicts = Verdict.objects.unscoped(WHY).filter(year=2026).exclude(status="exempt")
    known = {THEME: 15, STUDY: 10}
    by_hand = sum(known.get(f"rule:{row.rulebook}/{row.rule}", 0) for row in verdicts)
    found = issuers(2026)
    assert sum(one.total for one in found) == by_hand > 0
    for one in found:
        assert one.total == sum(item.times * item.told.minutes for item in one.items if item.told)
    standing = Q()
    for rule in Rule.objects.filter(every="always").select_related("book"):
        standing |= Q(rulebook=rule.book.rulebook, rule=rule.rule)
    assert sum(item.times for one in found for item in one.items) == verdicts.exclude(standing).count()
    assert [one.name for one in found] == sorted(one.name for one in found), "no ranking"


def test_the_ledger_shows_its_arithmetic(told: Cast) -> None:
    sent(told, every="month", minutes=20, units=3, starts_on=date(2026, 11, 1))
    page = text(told.client("member"), "/burden/?year=2026")
    assert re.search(r"\d+ 个组织，共 \d+ 次 × 15 分钟 = ", page)
    assert "3 个组织，共 6 次 × 20 分钟 = 2 小时" in page and "表：某表" in page
    assert "还没有估时" in page and "平台不记录任何人用了多少时间" in page
    assert text(told.client("member"), "/burden/?year=1999") and text(told.client("member"), "/burden/?year=x&page=99")


def test_unit_months_and_the_average(told: Cast) -> None:
    branches = list(Organisation.objects.within(told.scope("officer")).filter(kind="branch").order_by("path"))
    rows = unit_loads(told.scope("officer"), branches, FIRST)
    due = Verdict.objects.unscoped(WHY).filter(organisation__in=branches, ends_on="2026-11-30").exclude(status="exempt")
    standing = Rule.objects.filter(every="always").values("rule")
    assert sum(row.duties for row in rows) == due.exclude(rule__in=standing).count()
    assert average(branches, len(branches), FIRST) == round(sum(row.minutes for row in rows) / len(rows)) > 0
    assert average([], 0, FIRST) == 0


def test_a_number_of_queries_that_does_not_grow(told: Cast, django_assert_max_num_queries) -> None:
    for number in range(30):
        sent(told, title=f"表{number}")
    for who, address, most in (("officer", "/burden/", 16), ("secretary", "/burden/month/", 60)):
        client = told.client(who)
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


# --- minutes said


def test_estimates_are_added_not_changed(told: Cast) -> None:
    actions.estimate(by=told.scope("officer"), told={THEME: 20, STUDY: 10}, note="问了 5 个支部")
    rows = Estimate.objects.unscoped(WHY).filter(key=THEME)
    assert sorted(rows.values_list("minutes", flat=True)) == [15, 20]
    assert minutes({THEME})[THEME].minutes == 20
    line = Written.objects.unscoped(WHY).filter(action="burden.estimate").latest("pk")
    assert line.new == {"minutes": {THEME: 20}} and line.old == {"minutes": {THEME: 15}}


def test_the_uppermost_office_counts(told: Cast) -> None:
    actions.estimate(by=told.scope("committee_officer"), told={THEME: 99, "rule:town/own": 7})
    assert minutes({THEME, "rule:town/own"}, told.branch)[THEME].minutes == 15
    assert minutes({"rule:town/own"}, told.branch)["rule:town/own"].minutes == 7
    assert "rule:town/own" not in minutes({"rule:town/own"}, told.neighbour), "another town's"


@pytest.mark.parametrize("value", [0, -1, 6001, 10**9])
def test_impossible_minutes(year: Cast, value: int) -> None:
    with pytest.raises(Unfit):
        actions.estimate(by=year.scope("officer"), told={THEME: value})


def test_what_another_office_sent_is_not_ones_own_to_estimate(year: Cast) -> None:
    row = sent(year)
    with pytest.raises(NotAllowed):
        actions.estimate(by=year.scope("committee_officer"), told={row.key: 5})
    actions.estimate(by=year.scope("officer"), told={row.key: 5})
    assert minutes({row.key})[row.key].minutes == 5


def test_the_form_of_estimates(year: Cast) -> None:
    client = year.client("officer")
    assert "项没有估" in text(client, "/burden/estimates/")
    answer = client.post("/burden/estimates/", {"minutes_0": "15", "note": "问了 5 个支部"})
    assert answer.status_code == 302 and Estimate.objects.unscoped(WHY).get().minutes == 15
    wrong = {"0": "最少 1 分钟", "十": "写整数分钟，如 20", "9999": "最多 6000 分钟", "15": "没有改动"}
    for typed, says in wrong.items():
        answer = client.post("/burden/estimates/", {"minutes_0": typed})
        assert answer.status_code == 422 and says in answer.content.decode()


# --- answers of branches


def test_a_branch_answers_and_only_counts_are_told(told: Cast) -> None:
    client = told.client("secretary")
    client.post("/burden/answer/", {"key": THEME, "says": "longer", "month": "2026-11"})
    actions.answer(by=told.scope("neighbour"), key=THEME, says="about")
    assert answers({THEME})[THEME].words == "1 个组织说更久，1 个组织说差不多"
    page = text(told.client("officer"), "/burden/estimates/")
    assert "1 个组织说更久" in page and told.branch.name not in page
    client.post("/burden/answer/", {"key": THEME, "says": "shorter"})
    assert answers({THEME})[THEME].words == "1 个组织说差不多，1 个组织说更短", "one answer of a branch"
    client.post("/burden/answer/", {"key": THEME, "says": ""})
    assert answers({THEME})[THEME].words == "1 个组织说差不多", "taken back"
    assert Written.objects.unscoped(WHY).filter(action="burden.answer").count() == 4


@pytest.mark.parametrize("given", [{}, {"key": "rule:no/such", "says": "longer"}, {"key": THEME, "says": "fast"},
                                   {"key": "x" * 999, "says": "about"}, {"key": "\x00", "says": "about"}])  # fmt: skip
def test_answers_that_say_nothing(told: Cast, given: dict[str, str]) -> None:
    answer = told.client("secretary").post("/burden/answer/", given)
    assert answer.status_code in (302, 422) and not BurdenAnswer.objects.unscoped(WHY).exists()


# --- county forms

FORM = """\
form: income-2026
title: 村集体经济情况表
issuer: 中共云岭县委组织部
basis: 云组通〔2026〕8号（示例）
why: 平台里没有村集体经营的数
until: 2026-12-31
of: organisation
every: month
minutes: 10
fields:
  - {id: name, label: 支部名称, from: organisation.name}
  - {id: income, label: 村集体经营性收入（万元）}
"""


@pytest.mark.mechanism("M080")
def test_a_form_is_checked_weighed_and_registered(told: Cast) -> None:
    client = told.client("officer")
    given = {"text": FORM, "units": f"{told.branch.code}\n{told.sister.code}"}
    page = client.post("/burden/forms/new/", given)
    assert page.status_code == 200 and not CountyForm.objects.unscoped(WHY).exists()
    shown = page.content.decode()
    assert "2 个组织 × 10 分钟 × 2 次 = 40 分钟" in shown and "平均每个约" in shown
    assert re.search(rf"{told.branch.name}：到期事项 \d+ 件，另外下发 0 件，约 \d+ 分钟", shown)
    seen = re.search(r'name="seen" value="([^"]+)"', shown)[1]
    more = given | {"seen": seen, "units": told.branch.code}
    assert client.post("/burden/forms/new/", more).status_code == 200, "other numbers are shown again"
    answer = client.post("/burden/forms/new/", given | {"seen": seen})
    assert answer.status_code == 302
    one, row = CountyForm.objects.unscoped(WHY).get(), SentDown.objects.unscoped(WHY).get()
    assert (row.units, row.minutes, row.every, row.times(2026)) == (2, 10, "month", 2)
    assert "表：村集体经济情况表" in text(told.client("secretary"), "/burden/month/")
    assert "平台填好：组织·党组织名称" in text(told.client("member"), f"/burden/forms/{one.pk}/")
    again = client.post("/burden/forms/new/", given | {"seen": seen})
    assert again.status_code == 422 and "已经登记过" in again.content.decode()


def test_a_form_that_asks_what_is_held_is_refused(told: Cast) -> None:
    wrong = FORM + "  - {id: members, label: 党员人数}\n"
    answer = told.client("officer").post("/burden/forms/new/", {"text": wrong, "units": told.branch.code})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "第 13 行" in shown
    assert "平台里已有：党员名册的“党员人数”。请写 from: members.count" in shown
    for text_ in ("", "\x00", "[", "a: &a [*a]", "form: x\n" * 99, "!!python/object:os.system {}"):
        assert told.client("officer").post("/burden/forms/new/", {"text": text_, "units": ""}).status_code == 422


def test_a_form_is_withdrawn_by_its_own_office(told: Cast) -> None:
    from zhibu.web.regulations.form_checks import checked

    one = actions.register(by=told.scope("officer"), checked=checked(FORM), units=[told.branch])
    address = f"/burden/forms/{one.pk}/withdraw/"
    assert told.client("committee_officer").post(address, {"reason": "不要了"}).status_code == 404
    assert told.client("secretary").post(address, {"reason": "不要了"}).status_code == 403
    assert told.client("officer").post(address, {}).status_code == 422
    assert told.client("officer").post(address, {"reason": "并入年报"}).status_code == 302
    assert not load(told.branch, FIRST, []).lines, "asked no more from this month on"
    assert told.client("officer").post(address, {"reason": "并入年报"}).status_code == 422
    other = checked(FORM.replace("income-2026", "income-b"), [FORM.replace("income-2026", "old-form")] * 0)
    assert other.id == "income-b"


def test_two_forms_do_not_ask_the_same(told: Cast) -> None:
    from zhibu.web.regulations.form_checks import checked

    actions.register(by=told.scope("officer"), checked=checked(FORM), units=[told.branch])
    mine = FORM.replace("income-2026", "town-income").replace("村集体经济情况表", "镇里的表")
    answer = told.client("committee_officer").post("/burden/forms/new/", {"text": mine, "units": told.branch.code})
    assert answer.status_code == 422
    assert "已经在表“村集体经济情况表”里填" in answer.content.decode()


# --- 减负体检 of a drafted scheme


def test_a_trial_says_what_a_branch_has_each_month(told: Cast) -> None:
    """Theme day and study, monthly each: 25 minutes; the draft counts the theme day alone."""
    scheme = Scheme.objects.get(year=2026, withdrawn_at=None)
    text_ = (
        "id: draft-2026\ntitle: 草案\ndimensions: [{id: a, title: 工作, weight: 1, rules: [branch-life/theme-day]}]\n"
    )
    trial = Trial(organisation=told.county, year=2026, against=scheme, scheme_text=text_)
    assert schemes.told(trial)[0].startswith("每个支部每月约 15 分钟（所比的那一版 25 分钟）")
    trial.scheme_text = text_.replace("branch-life/theme-day", "branch-life/*")
    assert "条计入的规则还没有估时" in schemes.told(trial)[0]
    trial.scheme_text = "["
    assert schemes.told(trial) == []


def test_a_scheme_is_published_after_its_sum_was_seen(told: Cast, tmp_path: Path, capsys: Any) -> None:
    """On the command line: without a terminal nobody can agree, unless with --yes."""
    text_ = (
        "id: example-county-2027\ntitle: 考核办法\n"
        "dimensions: [{id: a, title: 工作, weight: 1, rules: [branch-life/theme-day]}]\n"
    )
    (tmp_path / "schemes").mkdir()
    (tmp_path / "schemes" / "example.yaml").write_text(text_, encoding="utf-8")
    with pytest.raises(Stopped, match="没有确认"):
        publish([tmp_path], list_of(None), None, yes=False)
    assert "《考核办法》计入的事项，每个支部每月约 15 分钟" in capsys.readouterr().out
    assert not Scheme.objects.filter(scheme="example-county-2027").exists()
    publish([tmp_path], list_of(None), None, yes=True)
    assert Scheme.objects.filter(scheme="example-county-2027").exists()
