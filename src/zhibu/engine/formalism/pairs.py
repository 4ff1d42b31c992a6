"""Runs the pairs of a list: each entry catches its own example and leaves its near neighbour alone."""

from __future__ import annotations

from collections.abc import Iterator

from zhibu.engine.errors import Fault
from zhibu.engine.formalism.judge import Finding, judge
from zhibu.engine.formalism.model import Catalogue, Entry, Example


def run(catalogue: Catalogue) -> list[Fault]:
    """What does not come out as the list expects, on the list's own day; nothing for entries that hold no longer."""
    entries = [entry for entry in catalogue.entries if entry.on(catalogue.dated)]
    return sorted(fault for entry in entries for fault in (*_caught(catalogue, entry), *_spared(catalogue, entry)))


def _judged(catalogue: Catalogue, example: Example) -> tuple[Finding, ...]:
    books = [example.rules] if example.rules else []
    schemes = [example.scheme] if example.scheme else []
    beside = [example.central] if example.central else []
    return judge(books, schemes, on=catalogue.dated, catalogue=catalogue, beside=beside)


def _caught(catalogue: Catalogue, entry: Entry) -> Iterator[Fault]:
    own = [one for one in _judged(catalogue, entry.caught) if one.entry == entry.id]
    caught = {one.rule for one in own}
    for rule in entry.caught.rules.rules if entry.caught.rules else ():
        if rule.name not in caught:
            yield Fault(rule.place, f"条目“{entry.title}”没有认出例子“{rule.title}”", "请补上特征，或改例子")
    scheme = entry.caught.scheme
    if scheme and not any(one.fault.place.line >= scheme.place.line and not _of_a_rule(one, entry) for one in own):
        yield Fault(scheme.place, f"条目“{entry.title}”没有认出例子“{scheme.title}”", "请补上特征，或改例子")


def _of_a_rule(one: Finding, entry: Entry) -> bool:
    """Found in the example's rules themselves rather than in its scheme."""
    own = entry.caught.rules
    return own is not None and one.rule in {rule.name for rule in own.rules}


def _spared(catalogue: Catalogue, entry: Entry) -> Iterator[Fault]:
    for one in _judged(catalogue, entry.spared):
        wrong = f"条目“{one.entry}”误认了“{entry.title}”旁边的例子：{one.fault.wrong}"
        yield Fault(one.fault.place, wrong, "请去掉特征，或写进 apart")
