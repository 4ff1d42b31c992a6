"""Walks along the chain and says which row is the first that doesn't fit, and how.

Each row is judged with the stored digest of the row before it, so that one altered row is one finding and not the rest
of the chain.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils import timezone

from zhibu.web.audit.chain.canonical import ALGORITHMS, GENESIS
from zhibu.web.audit.chain.rows import Row

MOST = 50  # findings kept; the first is what matters


@dataclass(frozen=True, slots=True)
class Finding:
    """`number` in the chain (None: a line without a seal), `line` the number of the audit line where there is one."""

    number: int | None
    line: int | None
    words: str


@dataclass
class Walk:
    """`last` and `before` are where it starts: the number and the digest of the row before the first."""

    last: int = 0
    before: str = GENESIS
    wanted: Collection[int] = ()  # counts of which the digest is asked for
    heads: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    bad: int = 0  # all findings, also those not kept
    shift: int = 0  # by how much numbers were moved by what was inserted or taken out
    newest: str | None = None  # the time of the last line that is there
    _before_that: str = GENESIS

    def step(self, row: Row) -> None:
        if row.number != self.last + 1:
            self._gap(row.number - 1)
        if row.at is None:
            self.find(row.number, row.line, f"第 {row.number} 号的记录被删去了，只剩封条")
        elif row.algorithm not in ALGORITHMS:
            self.find(row.number, row.line, f"第 {row.number} 号的封条被改过：没有“{row.algorithm}”这种算法")
        elif row.digest(row.number + self.shift, self.before) != row.hash:
            self._unfit(row)
        self.last, self._before_that, self.before = row.number, self.before, row.hash
        self.newest = row.at or self.newest
        if row.number in self.wanted:
            self.heads[row.number] = row.hash

    def _gap(self, until: int) -> None:
        first = self.last + 1
        which = f"第 {first} 号" if first == until else f"第 {first} 至 {until} 号"
        self.find(first, None, f"{which}不见了，连同封条")
        self.last = until

    def _unfit(self, row: Row) -> None:
        """Changed; or one before it was put in; or one before it was taken out and numbers were moved up."""
        number, line = row.number, row.line
        if row.digest(number + self.shift + 1, self.before) == row.hash:
            self.shift += 1
            if not self.bad:
                self.find(number, line, f"第 {number} 号的编号被改过")
        elif row.digest(number + self.shift - 1, self._before_that) == row.hash:
            self.shift -= 1
            self.find(number - 1, None, f"第 {number - 1} 号是后来插进来的")
        else:
            moment = f"{timezone.localtime(row.moment):%Y-%m-%d %H:%M}"
            words = "跟封存时不一样：内容或封条被改过、换过，或者它前面的一条被删去了"
            self.find(number, line, f"第 {number} 号（{moment}）{words}")

    def find(self, number: int | None, line: int | None, words: str) -> None:
        self.bad += 1
        if len(self.findings) < MOST:
            self.findings.append(Finding(number, line, words))
