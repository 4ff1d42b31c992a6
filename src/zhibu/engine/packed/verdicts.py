"""Verdicts as the kernel hands them back, as rows of results.VERDICTS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pyarrow as pa

from zhibu.engine.measures import double
from zhibu.engine.packed.compiled import Compiled
from zhibu.engine.packed.judged import Judged
from zhibu.engine.packed.native import Numbers, narrowed
from zhibu.engine.packed.subjects import EPOCH
from zhibu.engine.periods import Period
from zhibu.engine.results import STATUSES, VERDICTS
from zhibu.engine.rulebooks.model import Always, Basis, Rule
from zhibu.engine.verdict import CONCLUDED

EXACT = 2**53  # up to here a double is a whole number
PARTIAL, NO_BASIS = -2, -3  # as in kernel.c; waivers are numbered from 0, no excuse is -1


class Writer:
    """Turns chunks into tables; what belongs to rules is made once."""

    def __init__(self, compiled: Compiled):
        rules = [bound.rule for bound in compiled.bounds]
        self.compiled = compiled
        self.standing = np.array([isinstance(rule.clock, Always) for rule in rules], bool)
        self.points = np.array([_points(rule) for rule in rules] or [[0.0] * 6])
        self.most = np.array([double(Fraction(rule.points.met)) for rule in rules] or [0.0])
        self.kind = pa.array([compiled.subjects.kind]).dictionary_encode()
        self.texts = {name: _words([of(rule) for rule in rules]) for name, of in _TEXTS.items()}
        self.statuses = _words(STATUSES)
        self.needs_at = np.cumsum([0, *(len(one) for one in compiled.shown)])
        self.needs = np.concatenate([np.zeros(1), *compiled.shown]) if compiled.shown else np.zeros(1)
        self.based = np.array([bool(rule.needs and isinstance(rule.needs.at_least, Basis)) for rule in rules], bool)
        self.reasons = _words(["no basis", "partial", None, *compiled.waivers])
        self.labels = _words(compiled.labels)

    def table(self, judged: Judged) -> pa.Table:
        """Texts are codes (coded.py)."""
        found = judged.verdicts
        rule = found["rule"]
        standing = self.standing[rule]
        columns = {
            "subject": self.kind.take(pa.array(np.zeros(len(rule), np.int32))),
            "subject_id": pa.DictionaryArray.from_arrays(found["subject"], self.compiled.subjects.ids),
            **{name: texts.take(pa.array(rule)) for name, texts in self.texts.items()},
            "period": self._periods(found),
            "starts_on": _days(found["start"]),
            "ends_on": _days(found["end"]),
            "deadline": _days(found["deadline"]),
            "status": self.statuses.take(pa.array(found["status"])),
            "need": self._needs(rule, found["need_code"], standing),
            "timely": self._measures(rule, found["timely"], standing),
            "total": self._measures(rule, found["total"], standing),
            "points": _doubles(self.points[rule, found["status"]]),
            "max_points": pa.array(self.most[rule]),
            "evidence": self._evidence(judged),
            "reason": self.reasons.take(pa.array(found["excuse"] + 3)),
            "provisional": pa.array(found["provisional"].astype(bool)),
        }
        return pa.table([columns[name] for name in VERDICTS.names], names=VERDICTS.names)

    def _periods(self, found: dict[str, Numbers]) -> pa.Array:
        slots = found["slot"]
        if (slots >= 0).all():
            return self.labels.take(pa.array(slots))
        own = slots < 0
        pairs = found["start"][own].astype(np.int64) << 32 | found["end"][own] - np.int64(-(2**31))
        known, places = np.unique(pairs, return_inverse=True)
        names = [_label(int(pair >> 32), int(pair & 0xFFFFFFFF) - 2**31) for pair in known]
        words = pa.concat_arrays([self.labels.dictionary, pa.array(names, pa.string())])
        codes = np.append(self.labels.indices.to_numpy(), np.int32(0))[slots]
        codes[own] = places + len(self.labels.dictionary)
        return pa.DictionaryArray.from_arrays(codes, words)

    def _needs(self, rule: Numbers, codes: Numbers, standing: Numbers) -> pa.Array:
        shown = self.needs[self.needs_at[rule] + codes + 1]
        return pa.array(shown, mask=standing | (self.based[rule] & (codes == 0)))

    def _measures(self, rule: Numbers, units: Numbers, standing: Numbers) -> pa.Array:
        scales = np.array([float(one) for one in self.compiled.scales] or [1.0])[rule]
        low, high = units[:, 0], units[:, 1]
        shown = low / scales
        for place in np.flatnonzero((high != 0) | (low < 0) | (low >= EXACT)):
            (exact,) = narrowed(units[place : place + 1])
            shown[place] = double(Fraction(exact, self.compiled.scales[rule[place]]))
        return pa.array(shown, mask=standing)

    def _evidence(self, judged: Judged) -> pa.Array:
        offsets = np.concatenate([[0], judged.verdicts["evidence_end"]]).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), self.compiled.subjects.events.ids.of(judged.evidence))


_TEXTS: dict[str, Callable[[Rule], str]] = {
    "rulebook": lambda rule: rule.rulebook,
    "rule": lambda rule: rule.id,
    "strength": lambda rule: rule.strength,
}


def _words(texts: Sequence[str | None]) -> pa.DictionaryArray:
    return pa.array(texts, pa.string()).dictionary_encode()


def _points(rule: Rule) -> list[float]:
    """By status; not a number where there are none."""
    return [double(Fraction(getattr(rule.points, one))) if one in CONCLUDED else float("nan") for one in STATUSES]


def _doubles(values: Numbers) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def _days(numbers: Numbers) -> pa.Array:
    return pa.array(numbers, pa.int32()).cast(pa.date32())


@lru_cache(maxsize=2**16)
def _label(start: int, end: int) -> str:
    return Period.of(date.fromordinal(start + EPOCH), date.fromordinal(end + EPOCH)).label
