"""事项库: what is asked, on what basis, how surely known, and how the year went in the reader's reach."""

from __future__ import annotations

import re

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.dashboards.tests.crowd import crowd
from zhibu.web.duties.models import Tally, Verdict
from zhibu.web.regulations.models import Rule, Rulebook
from zhibu.web.regulations.queries import results

pytestmark = pytest.mark.django_db
LIST, BOOK = "/regulations/", "/regulations/branch-life/"


def page(year: Cast, address: str = BOOK, who: str = "secretary") -> str:
    response = year.client(who).get(address)
    assert response.status_code == 200
    return response.content.decode()


def section(text: str, rule: str) -> str:
    return text[text.index(f'id="{rule}"') :].split("</section>")[0]


@pytest.mark.parametrize("address", [LIST, BOOK])
def test_everybody_signed_in_may_read_the_rules(year: Cast, client, address: str):
    assert {year.client(who).get(address).status_code for who in year.posts} == {200}
    assert client.get(address).headers["Location"] == f"/login/?next={address}"


def test_an_unknown_rulebook(year: Cast):
    assert year.client("officer").get("/regulations/nothing/").status_code == 404


def test_each_published_rulebook_is_listed_by_level(year: Cast):
    text = page(year, LIST)
    assert all(f'href="/regulations/{book.rulebook}/' in text for book in Rulebook.objects.all())
    assert text.index("<h2>中央</h2>") < text.index("<h2>县区</h2>")


def test_a_rule_shows_sentence_source_clause_strength_and_grade(year: Cast):
    text = section(page(year), "theme-day")
    row = Rule.objects.get(book__rulebook="branch-life", rule="theme-day")
    assert row.sentence in text
    assert "《中国共产党支部工作条例（试行）》第十六条（待核对）" in text
    assert "二手来源，待核对" in text
    assert "要求程度“应当”" in text
    assert "主题党日" in text
    assert "按时 1，迟录 0.5，没有 0" in text
    assert "条文核对过" in section(page(year), "committee-meeting")


def test_sentences_have_no_untranslated_ids(year: Cast):
    words = " ".join(Rule.objects.values_list("sentence", flat=True))
    assert re.findall(r"[a-z]+_[a-z_]+", words) == []


def test_a_draft_says_why_it_is_not_asked(year: Cast):
    text = section(page(year, "/regulations/dues/"), "dues-report")
    assert "草拟，未启用" in text
    assert "核对原文以前不启用" in text


def test_the_text_is_there_as_issued(year: Cast):
    assert "id: branch-life" in page(year)


def test_results_are_those_of_the_own_reach(year: Cast):
    county = results(year.scope("officer"), "branch-life", 2026)["theme-day"]
    assert county.bound == 9
    rows = Verdict.objects.unscoped("test").filter(rulebook="branch-life", rule="theme-day", year=2026)
    assert county.due == rows.exclude(status="exempt").count()
    assert county.done == rows.filter(status__in=("met", "late")).count()
    assert county.missed == rows.filter(status="missed").count()
    own = results(year.scope("secretary"), "branch-life", 2026)["theme-day"]
    assert (own.bound, own.missed) == (1, 2)
    assert "适用 9 个组织" in section(page(year, who="officer"), "theme-day")
    assert "适用 1 个组织" in section(page(year, who="leader"), "theme-day")


def test_members_and_auditors_see_rules_without_results(year: Cast):
    for who in ("member", "auditor"):
        assert "个组织；应办" not in page(year, who=who)


def test_before_anything_is_published(year: Cast):
    Rulebook.objects.all().delete()
    assert "还没有发布规则" in page(year, LIST)


def test_queries(year: Cast, django_assert_num_queries):
    client = year.client("officer")
    with django_assert_num_queries(7):
        client.get(LIST)
    with django_assert_num_queries(9):
        client.get(BOOK)
    crowd(year, 30)
    Tally.objects.unscoped("test").filter(rule="theme-day").update(met=400)
    with django_assert_num_queries(9):
        client.get(BOOK)
