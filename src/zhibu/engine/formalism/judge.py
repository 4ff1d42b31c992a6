"""Judges rulebooks and schemes by a formalism list: what is refused, what is warned of, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from zhibu.engine.errors import Fault, Place
from zhibu.engine.formalism.beyond import beyond
from zhibu.engine.formalism.model import Catalogue, Entry, Hold, Severity
from zhibu.engine.formalism.signs import Hit, Reader
from zhibu.engine.rulebooks.model import Rule, Rulebook
from zhibu.engine.scheme import Pattern, Scheme

GRADES = {"text": "见到原文", "secondary": "二手来源，待核对", "memory": "凭记忆，待核对"}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing not to be asked for. `rule` is `rulebook/rule`, empty for a scheme or a rulebook's title.

    `said`: the fault's text for a reader who has the rule before their eyes.
    """

    fault: Fault
    severity: Severity
    entry: str
    rule: str
    said: str


def refused(findings: Iterable[Finding]) -> list[Fault]:
    return sorted({one.fault for one in findings if one.severity == "refuse"})


def warned(findings: Iterable[Finding]) -> list[Fault]:
    return sorted({one.fault for one in findings if one.severity == "warn"})


def judge(
    rulebooks: Iterable[Rulebook],
    schemes: Iterable[Scheme] = (),
    *,
    on: date,
    catalogue: Catalogue,
    beside: Iterable[Rulebook] = (),
    words: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Everything the entries that hold `on` that day find in the rulebooks and schemes, sorted by place.

    `beside`: rulebooks that are not judged, but which schemes name and local rules are compared with. `words`: the
    Chinese names of ids, read as names too. A draft rule is only warned of: it asks nothing of anybody yet.
    """
    books = tuple(rulebooks)
    every = (*books, *beside)
    found: set[Finding] = set()
    for entry in catalogue.entries:
        if hold := entry.on(on):
            judging = _Judging(entry, hold, Reader(entry.signs, catalogue.negations, words or {}), every)
            if "rule" in entry.judged:
                found.update(one for book in books for one in judging.of_book(book))
            if "scheme" in entry.judged:
                found.update(one for scheme in schemes for one in judging.of_scheme(scheme))
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class _Judging:
    """One entry on one day."""

    entry: Entry
    hold: Hold
    reader: Reader
    books: tuple[Rulebook, ...]

    def of_book(self, book: Rulebook) -> Iterator[Finding]:
        draft = all(rule.status == "draft" for rule in book.rules)
        yield from self._found(f"规则集“{book.title}”", self.reader.of_names([book.title]), book.place, draft=draft)
        for rule in book.rules:
            yield from self._of_rule(f"规则“{rule.title}”（{rule.name}）", rule, book, rule.place)

    def of_scheme(self, scheme: Scheme) -> Iterator[Finding]:
        yield from self._found(f"考核办法“{scheme.title}”", self.reader.of_scheme(scheme), scheme.place)
        for use, pattern in _uses(scheme):
            for book in self.books:
                for rule in book.rules:
                    if pattern.fits(book.id, rule.id):
                        yield from self._of_rule(f"{use}规则“{rule.title}”（{rule.name}）", rule, book, pattern.place)

    def _of_rule(self, what: str, rule: Rule, book: Rulebook, place: Place) -> Iterator[Finding]:
        own, draft = place == rule.place, rule.status == "draft"
        hits = self.reader.of_rule(rule) if own else [Hit(hit.what) for hit in self.reader.of_rule(rule)]
        yield from self._found(what, hits, place, rule.name, draft=draft)
        if self.entry.requirements:
            for sentence in beyond(rule, book, self.books, self.entry.requirements, self.reader.words):
                yield from self._found(what, [Hit(sentence)], place, rule.name, draft=draft)

    def _found(
        self, what: str, hits: list[Hit], place: Place, rule: str = "", *, draft: bool = False
    ) -> Iterator[Finding]:
        if not hits:
            return
        seen = "、".join(dict.fromkeys(hit.what for hit in hits))
        source = self.hold.source
        number = f"（{source.number}）" if source.number else ""
        basis = f"依据{source.title}{number}{self.hold.clause}（{GRADES[self.hold.evidence]}）"
        where = next((hit.place for hit in hits if hit.place), place)
        still = "。还是草案，先提醒" if draft and self.hold.severity == "refuse" else ""
        said, right = f"{self.entry.wrong}：{seen}。{basis}{still}", f"请改为：{self.entry.instead}"
        severity = "warn" if draft else self.hold.severity
        yield Finding(Fault(where, what + said, right), severity, self.entry.id, rule, f"{said}。{right}")


def _uses(scheme: Scheme) -> Iterator[tuple[str, Pattern]]:
    for dimension in scheme.dimensions:
        yield from ((f"维度“{dimension.title}”计入的", pattern) for pattern in dimension.rules)
    if scheme.escalation:
        yield from (("逐级提醒所用的", pattern) for pattern in scheme.escalation.rules)
