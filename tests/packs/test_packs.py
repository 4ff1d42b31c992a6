"""The published rulebooks: readable, sourced, honest about how surely they are known, and inside their columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from zhibu.engine import scheme, uses
from zhibu.engine.rulebooks.load import collect, load
from zhibu.engine.rulebooks.model import After, Always, Equals, OneOf, Rule, Rulebook

PACKS = Path(__file__).parents[2] / "packs"
LEVELS = [PACKS / "central", PACKS / "county-example"]
BOOKS = load(LEVELS)
RULES = [rule for book in BOOKS for rule in book.rules]
SCHEMES = sorted(PACKS.glob("*/scheme-*.yaml"))
WORDS = yaml.safe_load((PACKS / "words.yaml").read_text(encoding="utf-8"))["words"]

# What the web application exports. A rule that reads anything else would never meet a fact.
COLUMNS = {
    "organisations": "org_id parent_id kind sector founded_on dissolved_on valid_from valid_to members full_members "
    "has_committee committee_size groups elected_on term_years term_ends_on has_secretary secretary_since",
    "people": "person_id org_id joined_on left_on member_kind frail floating retired employment is_secretary "
    "is_committee_member is_leader became_probationary_on became_full_on pays_dues",
    "units": "unit_id kind employees party_members has_organisation",
    "events": "event_id types org_id person_id unit_id held_on recorded_on expected present attendance days hours "
    "topics makes_up",
}
VALUES = {
    ("organisations", "kind"): "kinds",
    ("organisations", "sector"): "sectors",
    ("people", "member_kind"): "member_kinds",
    ("people", "employment"): "employment",
    ("units", "kind"): "sectors",
}
# JN-07, JN-08, AP-04: what no regulation may ask for here and no scheme may count.
FORBIDDEN_WORDS = ["登录", "打卡", "签到", "在线时长", "点赞", "转发", "照片", "视频", "定位", "人脸", "安装率", "排名"]

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.name}@{rule.place.file.split('/')[-2]}")
every_book = pytest.mark.parametrize("book", BOOKS, ids=lambda book: f"{book.id}-{book.since}")
every_scheme = pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)


def test_everything_under_packs_is_readable():
    assert [str(fault) for fault in collect(LEVELS).faults] == []
    assert len(RULES) > 40


@every_rule
def test_a_rule_names_its_source(rule: Rule):
    assert rule.source.title
    assert rule.source.issuer
    assert rule.clause.strip()


@every_rule
def test_a_clause_not_seen_is_marked_for_checking(rule: Rule):
    assert rule.evidence == "text" or "待核对" in rule.clause


@every_rule
def test_a_rule_from_memory_is_a_draft(rule: Rule):
    assert rule.evidence != "memory" or rule.status == "draft"


@every_rule
def test_a_title_is_short_and_chinese(rule: Rule):
    assert len(rule.title) <= 12
    assert re.match(r"[一-鿿]", rule.title)


@every_rule
def test_time_to_write_a_record_down_is_given_wherever_a_record_is_asked_for(rule: Rule):
    assert rule.grace == (0 if isinstance(rule.clock, Always) else 10)


@every_rule
def test_a_rule_reads_only_columns_that_are_exported(rule: Rule):
    for use in uses.of_rule(rule):
        assert use.column in COLUMNS[use.table].split(), use.place


@every_rule
def test_every_value_compared_with_has_a_word(rule: Rule):
    for use in uses.of_rule(rule):
        known = VALUES.get((use.table, use.column))
        match use.test if known else None:
            case Equals(value=value):
                assert value in WORDS[known], use.place
            case OneOf(values=values):
                assert set(values) <= set(WORDS[known]), use.place


@every_rule
def test_every_event_type_has_a_word(rule: Rule):
    types = set(rule.needs.event) if rule.needs else set()
    if isinstance(rule.clock, After) and rule.clock.event:
        types.add(rule.clock.event)
    assert types <= set(WORDS["events"])


@every_rule
def test_nothing_forbidden_is_asked_for(rule: Rule):
    said = [rule.title, *(WORDS["events"][name] for name in (rule.needs.event if rule.needs else ()))]
    assert not [word for word in FORBIDDEN_WORDS for text in said if word in text]


@every_rule
def test_temporary_branches_are_left_alone(rule: Rule):
    """Article 8 of the branch regulation frees them; no rule may name them, and every branch rule names its kinds."""
    named = [use.test for use in uses.of_rule(rule) if use.table == "organisations" and use.column == "kind"]
    assert rule.subject != "organisation" or named
    for test in named:
        assert "temporary_branch" not in (test.values if isinstance(test, OneOf) else [test.value])


@every_book
def test_a_rulebook_has_cases_and_a_changelog_beside_it(book: Rulebook):
    folder = Path(book.place.file).parent
    assert list(folder.glob("cases/*.yaml"))
    assert (folder / "CHANGELOG.md").read_text(encoding="utf-8").count("\n## ") >= 1


@every_book
def test_the_cases_show_every_rule_kept_broken_and_a_third_thing(book: Rulebook):
    """The third: late, exempt, open, or a case of whom the rule does not bind."""
    files = Path(book.place.file).parent.glob("cases/*.yaml")
    cases = [case for path in files for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
    for rule in book.rules:
        seen = {row["status"] for case in cases for row in case.get("expect", []) if row["rule"] == rule.id}
        spared = any(rule.id in case.get("none", []) for case in cases)
        assert "met" in seen, rule.name
        assert "missed" in seen, rule.name
        assert len(seen) + spared >= 3, rule.name


@every_scheme
def test_a_scheme_names_rules_that_exist(path: Path):
    scheme.read(path, BOOKS)


@every_scheme
def test_a_scheme_scores_branches_only_and_nothing_that_may_not_be_scored(path: Path):
    by_name = {rule.name: rule for rule in RULES}
    for dimension in scheme.read(path, BOOKS).dimensions:
        for pattern in dimension.rules:
            rule = by_name[f"{pattern.rulebook}/{pattern.rule}"]  # a `*` would take in rules of groups and committees
            assert rule.subject == "organisation"
            assert rule.status == "active"
            assert rule.needs is None or (rule.needs.measure == "count" and "information" not in rule.needs.event)


@every_scheme
def test_only_hard_rules_climb_the_four_steps(path: Path):
    by_name = {rule.name: rule for rule in RULES}
    escalation = scheme.read(path, BOOKS).escalation
    assert [name for _, name in escalation.steps] == ["提醒", "警告", "通报", "问责建议"]
    assert {by_name[f"{p.rulebook}/{p.rule}"].strength for p in escalation.rules} == {"hard"}


@every_scheme
def test_no_share_for_the_best_grade_is_made_up(path: Path):
    assert [step.max_share for step in scheme.read(path, BOOKS).grades] == [None] * 4
