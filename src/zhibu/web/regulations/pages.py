"""A rule as the page of its rulebook shows it: words and the year's result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zhibu.web.regulations.models import Rule
from zhibu.web.regulations.queries import Result
from zhibu.web.regulations.words import CLOCKS, GRADES, STRENGTHS, event_words

SUBJECTS = {"organisation": "党组织", "person": "党员", "unit": "单位"}


@dataclass(frozen=True, slots=True)
class RulePage:
    rule: Rule
    result: Result | None

    @property
    def strength(self) -> str:
        return STRENGTHS.get(self.rule.strength, self.rule.strength)

    @property
    def grade(self) -> str:
        return GRADES.get(self.rule.evidence, self.rule.evidence)

    @property
    def checked(self) -> bool:
        return self.rule.evidence == "text"

    @property
    def clock(self) -> str:
        return CLOCKS.get(self.rule.every, self.rule.every)

    @property
    def subject(self) -> str:
        return SUBJECTS.get(self.rule.subject, self.rule.subject)

    @property
    def types(self) -> str:
        return event_words(self.rule.types)

    @property
    def draft(self) -> bool:
        return self.rule.status == "draft"

    @property
    def why_draft(self) -> str:
        """Why nobody is asked yet."""
        if self.rule.evidence == "memory":
            return "条文是凭记忆写下的，核对原文以前不启用"
        return "还在草拟，启用以前不要求任何组织"

    @property
    def points(self) -> str:
        """按时 2，迟录 1，没有 0"""
        names = {"met": "按时", "late": "迟录", "missed": "没有"}
        if self.rule.every == "always":
            names = {"met": "做到", "missed": "没做到"}
        return "，".join(f"{word} {float(self.rule.points.get(name, 0)):g}" for name, word in names.items())


def rule_pages(rules: Iterable[Rule], results: Mapping[str, Result]) -> list[RulePage]:
    return [RulePage(rule, results.get(rule.rule)) for rule in rules]
