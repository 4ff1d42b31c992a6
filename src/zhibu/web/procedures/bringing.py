"""Cases that were kept on paper: their steps as history. Whether they can have been is asked of the engine.

Nothing is written here; `imports` does that for many cases at once. Effects do not run: what a step changed elsewhere
was changed then, or is still to be done by hand, and the record says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zhibu.engine import holidays
from zhibu.engine.errors import EngineError
from zhibu.engine.procedures.model import SKIPPED, YES, Outcome, Procedure, Record, Step, Value, Votes
from zhibu.engine.procedures.model import Case as EngineCase
from zhibu.engine.procedures.standing import check, standing
from zhibu.engine.procedures.versions import governing, in_force
from zhibu.engine.rulebooks.model import Scalar
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures import keeping, who
from zhibu.web.procedures.actions import effect_of, outcome_of
from zhibu.web.procedures.casework import BORN, engine_record, known, plain, scalar
from zhibu.web.procedures.effects import WORDS
from zhibu.web.procedures.library import Versions, shelf
from zhibu.web.procedures.models import Case, StepRecord

FLAGS = {"是": True, "否": False}
LEFT = "补录的步骤没有改动别处的台账；还没有的，到那里办理："


class Unknown(ValueError):
    """A word of the book that the procedure does not have. `column` is the book's field, `str()` the sentence."""

    def __init__(self, column: str, sentence: str):
        super().__init__(sentence)
        self.column = column


@dataclass(frozen=True, slots=True)
class Told:
    """A step as the paper has it, in words."""

    step: str
    done: date
    begun: date | None = None
    outcome: str = ""
    values: str = ""
    papers: str = ""
    votes: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""


class Bringing:
    """The procedures as they bind each organisation, read once for a whole book."""

    def __init__(self, by: Scope, organisations: Iterable[Organisation]):
        self._by, self._books, self._offices = by, shelf(), who.staffed(by)
        self._days = holidays.official()
        who.know_above(organisations)

    def versions(self, organisation: Organisation, procedure: str) -> tuple[str, Versions]:
        """Key and versions of a procedure by its title or key. Raises Unknown."""
        try:
            there = self._books.at(organisation.path)
        except EngineError:
            raise Unknown("procedure", "发布的程序互相矛盾，先到“程序”一页停用或改好") from None
        if procedure in there:
            return procedure, there[procedure]
        word = plainly(procedure)
        found = {key: one for key, one in there.items() if any(plainly(each.title) == word for each in one)}
        if len(found) == 1:
            return found.popitem()
        titles = "、".join(sorted({each.title for one in there.values() for each in one}))
        right = f"可填：{titles}" if titles else "还没有发布程序，先在“程序”一页发布"
        raise Unknown("procedure", f"程序“{procedure[:20]}”不适用于本组织，{right}"[:300])

    def opening(self, versions: Versions, opened: date) -> Procedure:
        """The version of that day, else the first there is: an old case may be older than the procedure."""
        return in_force(versions, opened) or min(versions, key=lambda one: one.since)

    def starts(self, versions: Versions, opened: date, text: str, born: bool) -> dict[str, Any]:
        """The values a case begins with, as JSON. Raises Unknown for those that are missing."""
        asked = [one for one in self.opening(versions, opened).values if one.at_start]
        found = values(asked, text, "values")
        for one in asked:
            if one.id == BORN and not born:
                raise Unknown("born_on", "出生日期没有填")
            if one.id not in found and one.id != BORN:
                raise Unknown("values", f"开始时填写的内容里没有“{one.title}”，写成“{one.title}：……”")
        return found

    def record(self, case: Case, versions: Versions, told: Told) -> StepRecord:
        """The row of a step, not stored. Raises Unknown for a word that is not the procedure's."""
        step = _step(versions, told)
        outcome = _outcome(step, told.outcome)
        row = StepRecord(
            case=case, step=step.id, title=step.title, done=told.done, begun=told.begun, outcome=outcome,
            values=values(known(versions), told.values, "told"), votes=_votes(told.votes),
            papers=_papers(versions, told.papers), reason=told.reason[:300], entered_at=clock.now(),
            by_id=self._by.user_id or None, by_title=self._by.title[:120],
        )  # fmt: skip
        said = outcome_of(step, outcome)
        row.outcome_title = said.title[:60] if said else "跳过"
        if name := effect_of(step, said):
            row.effect, row.effect_left = name, f"{LEFT}{WORDS.get(name, name)}"[:200]
        return row

    def against(self, versions: Versions, case: EngineCase, row: StepRecord) -> tuple[list[str], Record | None]:
        """(why this step can't have been so, the record). The row learns its version and hints."""
        record = engine_record(versions, row)
        try:
            reasons = check(versions, case, record, self._by.on, self._days)
            row.version = governing(versions, case, record.done).version
        except EngineError as error:
            return [f"{one.wrong}。{one.right}" for one in error.faults], None
        bad = [one for one in reasons if one.weight != "hint"]
        row.hints = [one.sentence for one in reasons if one.weight == "hint"]
        said = [f"{one.sentence}{'，在“补录说明”里写明原因' if one.weight == 'reason_needed' else ''}" for one in bad]
        return said, None if bad else record

    def settle(self, case: Case, versions: Versions, engine: EngineCase, rows: list[StepRecord]) -> None:
        """Where the case stands today, in its columns."""
        try:
            found = keeping.Stood(versions, rows, standing(versions, engine, self._by.on, self._days))
        except EngineError as error:
            found = keeping.Stood((), rows, None, "；".join(one.wrong for one in error.faults)[:300])
        keeping.settle(case, self._by, found, self._offices)


def begun(versions: Versions, case: Case, born_on: date | None) -> EngineCase:
    """The engine's case before its first step."""
    types = {one.id: one.type for one in known(versions)}
    start: dict[str, Scalar] = {}
    for name, raw in case.values.items():
        if name in types and (one := scalar(types[name], raw)) is not None:
            start[name] = one
    if born_on and BORN in types:
        start[BORN] = born_on
    return EngineCase(case.opened, start, (), True)


def _step(versions: Versions, told: Told) -> Step:
    """By title or id: of the version in force on the day, else of the newest that knows it."""
    now, word = in_force(versions, told.done), plainly(told.step)
    order = [*([now] if now else []), *sorted(versions, key=lambda one: one.since, reverse=True)]
    for version in order:
        for one in version.steps:
            if word in (plainly(one.title), one.id):
                return one
    titles = "、".join(one.title for one in order[0].steps)
    raise Unknown("step", f"程序里没有“{told.step[:20]}”这一步，可填：{titles}"[:400])


def _outcome(step: Step, word: str) -> str:
    if not word:
        return YES
    if word == "跳过":
        return SKIPPED
    said = plainly(word)
    found: Outcome | None = next((one for one in step.outcomes if said in (plainly(one.title), one.id)), None)
    if found is None:
        titles = "、".join(one.title for one in step.outcomes)
        raise Unknown("outcome", f"“{step.title}”没有“{word[:20]}”这种结果，可填：{titles}"[:300])
    return found.id


def plainly(word: str) -> str:
    """For comparing titles: full width folded, without spaces."""
    return "".join(unicodedata.normalize("NFKC", word).split())


def _votes(told: Mapping[str, int]) -> dict[str, int] | None:
    if not told:
        return None
    if missing := {"due", "present", "yes"} - told.keys():
        column = {"due": "due", "present": "present", "yes": "ayes"}[min(missing)]
        raise Unknown(column, "表决的应到、实到、赞成都要填")
    Votes(**told)  # the names are right
    return dict(told)


def values(asked: Collection[Value], text: str, column: str) -> dict[str, Any]:
    """“名称：值” on lines of their own (or after ；) → JSON by id. Raises Unknown."""
    if not text.strip():
        return {}
    named = {one.title: one for one in asked}
    words = "|".join(re.escape(one) for one in sorted(named, key=len, reverse=True))
    parts = re.split(rf"(?:^|[；;\n])\s*({words})\s*[：:]", text) if words else [text]
    if parts[0].strip():
        raise Unknown(
            column, f"“{parts[0].strip()[:20]}”没有读懂，一行写一项“名称：值”，可填：{'、'.join(named)}"[:300]
        )
    found: dict[str, Any] = {}
    for title, raw in zip(parts[1::2], parts[2::2], strict=True):
        one = named[title]
        found[one.id] = _value(one, raw.strip().strip("；;").strip(), column)
    return found


def _value(one: Value, word: str, column: str) -> Any:
    told: Any = FLAGS.get(word) if one.type == "flag" else word
    if one.type == "choice":
        told = next((key for key, title in one.options.items() if word in (key, title)), None)
    if one.type == "date":
        told = re.sub(r"[年月./]", "-", word.rstrip("日"))
        told = "-".join(part.zfill(2) for part in told.split("-"))
    found = scalar(one.type, told) if told is not None else None
    if found is None or (isinstance(found, (int, Decimal)) and not abs(found) < 10**9):
        wanted = {"date": "日期，如 2025-03-04", "whole": "整数", "money": "金额", "flag": "是或否",
                  "choice": "、".join(one.options.values())}.get(one.type, "文字")  # fmt: skip
        raise Unknown(column, f"“{one.title}”要填{wanted}")
    return plain(found)[:500] if isinstance(found, str) else plain(found)


def words(versions: Versions, given: Mapping[str, Any]) -> str:
    """The opposite of `values`: what a book says of them."""
    named = {one.id: one for one in known(versions)}
    lines = []
    for name, raw in given.items():
        if one := named.get(name):
            said = one.options.get(str(raw), str(raw)) if one.type == "choice" else raw
            lines.append(f"{one.title}：{'是' if said is True else '否' if said is False else said}")
    return "\n".join(lines)


def _papers(versions: Versions, text: str) -> list[dict[str, str]]:
    """Titles of papers, each with its number in （） or without → as a record keeps them. Raises Unknown."""
    named = {one.title: one.id for version in versions for one in version.papers}
    found, rest = [], text.strip()
    while rest:
        title = next((one for one in sorted(named, key=len, reverse=True) if rest.startswith(one)), None)
        if title is None:
            raise Unknown("papers", f"材料“{rest[:30]}”不在程序里，可填：{'、'.join(named)}"[:400])
        rest = rest.removeprefix(title)
        number = re.match(r"[（(]([^（）()]{0,60}(?:[（(][^（）()]*[）)][^（）()]*)?)[）)]", rest)
        if number:
            rest = rest[number.end() :]
        found.append({"id": named[title], "title": title, "number": number[1] if number else "", "on": ""})
        rest = rest.lstrip("、；;，,\n ")
    return found


def papers(told: Iterable[Mapping[str, str]]) -> str:
    return "；".join(f"{one['title']}（{one['number']}）" if one.get("number") else one["title"] for one in told)
