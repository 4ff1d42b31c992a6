"""A verdict as a line of 本月任务: a title that begins with a verb, one line of reason or date, one status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from zhibu.web.core.clock import day_words
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.status import Shown, next_date, reason_words, shown
from zhibu.web.records.models import Record
from zhibu.web.records.words import duty_words, period_words
from zhibu.web.regulations.models import Rule

LASTING = ("anchored", "after")  # clocks of Rule.every whose duties do not lapse with the year


@dataclass(frozen=True, slots=True)
class Row:
    verdict: Verdict
    rule: Rule | None
    shown: Shown
    name: str  # 11 月主题党日
    today: date
    together: tuple[str, ...] = ()
    returned: Record | None = None  # the activity that was for it and came back from review

    @property
    def standing(self) -> bool:
        """A state to be in, not an activity to hold: nothing to record."""
        return self.rule is not None and self.rule.every == "always"

    @property
    def lasting(self) -> bool:
        """A term or a step owed once, such as 换届: overdue until it is done, however long ago it fell due."""
        return self.rule is not None and self.rule.every in LASTING

    @property
    def status(self) -> str:
        return self.shown.status

    @property
    def done(self) -> bool:
        """Nothing left for the branch to do: 已完成, or 待审核."""
        return self.status in ("done", "waiting")

    @property
    def acts_by(self) -> date:
        return next_date(self.verdict, self.today)

    @property
    def title(self) -> str:
        if self.done or self.status in ("na", "extended"):
            return self.name
        if self.standing:
            return f"落实{self.name}"
        if self.returned:
            return f"补充{_spaced(self.name)}记录"
        verb = "补上" if self.status == "late" else "记录"
        return f"{verb}{_spaced(self.name)}"

    @property
    def query(self) -> str:
        """The part of the record form's address that says which duty is meant."""
        return urlencode({"rule": f"{self.verdict.rulebook}/{self.verdict.rule}", "period": self.verdict.period})

    @property
    def types(self) -> list[str]:
        return self.rule.types if self.rule else []

    @property
    def note(self) -> str:
        if self.status in ("na", "extended"):
            return reason_words(self.verdict)
        if self.done:
            return "期限后记上或补开的" if self.verdict.status == "late" else ""
        if self.returned:
            return self.returned.returned_note
        parts = [_late_words(self) if self.status == "late" else _date_words(self), _count_words(self.verdict)]
        parts.append(f"可与{_spaced('、'.join(self.together))}一起记" if self.together else "")
        return " · ".join(part for part in parts if part)


def row_of(verdict: Verdict, rule: Rule | None, today: date) -> Row:
    title = rule.title if rule else verdict.rule
    by_calendar = rule is None or rule.every in ("month", "quarter", "half_year", "year")
    name = duty_words(verdict.period, title, today) if by_calendar else title
    return Row(verdict, rule, shown(verdict, today), name, today)


def _spaced(words: str) -> str:
    """One blank between a Chinese word and the digit that follows it."""
    return f" {words}" if words[:1].isdigit() else words


def _date_words(row: Row) -> str:
    verdict, today = row.verdict, row.today
    until = f"{day_words(verdict.deadline, today)}前"
    if today > verdict.ends_on:
        return f"期内开展过的，{until}记上算按时；没开展的可以补开"
    held = f"{day_words(verdict.ends_on, today)}前开展"
    return held if verdict.deadline == verdict.ends_on else f"{held}，{until}记上"


def _late_words(row: Row) -> str:
    if row.standing:
        return row.rule.sentence if row.rule else ""
    return f"期限 {day_words(row.verdict.deadline, row.today)} · {recovery_words(row.rule)}"


def recovery_words(rule: Rule | None) -> str:
    """What is still gained by making a missed period good. Points come from the rulebook itself."""
    points = {name: float(value) for name, value in (rule.points if rule else {}).items()}
    gain, most = points.get("late", 0) - points.get("missed", 0), points.get("met", 0)
    if gain <= 0:
        return "补录或补开仍要办，不再得分"
    share = "一半的分" if 2 * gain == most else "分" if gain >= most else "部分得分"
    return f"补录或补开后算迟录，还能得{share}"


def _count_words(verdict: Verdict) -> str:
    """已有 1，要 4: only where one is not enough."""
    if verdict.need is None or verdict.need <= 1:
        return ""
    return f"已有 {verdict.total or 0:g}，要 {verdict.need:g}"


def period_of(verdict: Verdict, today: date) -> str:
    return period_words(verdict.period, today)
