"""全年各项: every item of an organisation's year with its strip of periods, in the order of the rulebooks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zhibu.web.design.vocabulary import status_of
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.rows import period_of
from zhibu.web.duties.status import Shown, reason_words, shown
from zhibu.web.regulations.models import Rule
from zhibu.web.regulations.words import GRADES, STRENGTHS


@dataclass(frozen=True, slots=True)
class Period:
    """One verdict in the strip."""

    verdict: Verdict
    shown: Shown
    words: str

    @property
    def word(self) -> str:
        return self.shown.text or status_of(self.shown.status).word

    @property
    def reason(self) -> str:
        return reason_words(self.verdict) if self.verdict.status == "exempt" else ""


@dataclass(frozen=True, slots=True)
class YearItem:
    rulebook: str
    id: str
    rule: Rule | None
    periods: tuple[Period, ...]
    scored: bool

    @property
    def title(self) -> str:
        return self.rule.title if self.rule else self.id

    @property
    def standing(self) -> bool:
        """A state to be in at any time: one verdict, of the day of the evaluation."""
        return self.rule is not None and self.rule.every == "always"

    @property
    def grade(self) -> str:
        return GRADES.get(self.rule.evidence, "") if self.rule else ""

    @property
    def strength(self) -> str:
        return STRENGTHS.get(self.rule.strength, "") if self.rule else ""

    @property
    def concluded(self) -> list[Verdict]:
        return [one.verdict for one in self.periods if one.verdict.points is not None]

    @property
    def due(self) -> int:
        return sum(one.shown.status not in ("na", "extended") for one in self.periods)

    @property
    def done(self) -> int:
        return sum(one.shown.status == "done" for one in self.periods)

    @property
    def overdue(self) -> int:
        return sum(one.shown.status == "late" for one in self.periods)

    @property
    def words(self) -> str:
        """The strip read aloud."""
        return "，".join(f"{one.words}{one.word}" for one in self.periods)

    @property
    def sum_words(self) -> str:
        """0.5 + 1 + 0 = 1.5：the points of the concluded periods, one by one."""
        points = [one.points or 0 for one in self.concluded]
        return f"{' + '.join(f'{one:g}' for one in points)} = {sum(points):g}" if points else ""

    @property
    def most(self) -> float:
        return sum(one.max_points for one in self.concluded)


def year_items(
    verdicts: Iterable[Verdict], rules: Mapping[tuple[str, str], Rule], scored: set[tuple[str, str]], today: date
) -> list[YearItem]:
    groups: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for one in verdicts:
        groups[one.rulebook, one.rule].append(one)
    order = {key: place for place, key in enumerate(rules)}
    return [
        YearItem(*key, rules.get(key), _periods(found, rules.get(key), today), key in scored)
        for key, found in sorted(groups.items(), key=lambda pair: (order.get(pair[0], 10_000), pair[0]))
    ]


def _periods(found: list[Verdict], rule: Rule | None, today: date) -> tuple[Period, ...]:
    ordered = sorted(found, key=lambda one: (one.ends_on, one.starts_on))
    standing = rule is not None and rule.every == "always"
    return tuple(Period(one, shown(one, today), "现在" if standing else period_of(one, today)) for one in ordered)
