"""A case as a page shows it: steps from the top down, each with its day, limits, clause and who does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from zhibu.engine.procedures.model import Procedure, StepStanding
from zhibu.web.core.scope import Scope
from zhibu.web.files.models import Attachment
from zhibu.web.procedures import who, words
from zhibu.web.procedures.actions import step_of
from zhibu.web.procedures.keeping import Stood, first_of, stood
from zhibu.web.procedures.library import Versions
from zhibu.web.procedures.models import Case, StepRecord

STATES = {"done": "done", "skipped": "done", "next": "now", "waiting": "todo", "dropped": "todo"}


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the track. `url` leads to its form, for whoever may record it now."""

    one: StepStanding
    said: words.StepWords
    by: str
    records: Sequence[StepRecord]
    url: str
    first: bool
    stage: str  # the stage it opens; else empty

    @property
    def state(self) -> str:
        return STATES[self.one.state]

    @property
    def when(self) -> str:
        """最早 …，最晚 …, in words; what a date can't say stays empty."""
        one = self.one
        parts = [f"最早 {one.earliest}" if one.earliest and one.early else ""]
        if one.latest:
            parts.append(f"最晚 {one.latest}" + (f"（有特殊情况可到 {one.longest}）" if one.longest else ""))
        if one.provisional and any(parts):
            parts.append("节假日安排没有公布，按周末推算")
        return "，".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Track:
    """`rows` are empty with `trouble`; `history` is every record ever made, those taken back too."""

    rows: Sequence[Row] = ()
    trouble: str = ""
    history: Sequence[StepRecord] = ()
    values: Sequence[tuple[str, str]] = ()
    book: Procedure | None = None
    first: Row | None = None
    files: dict[int, list[Attachment]] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return sum(row.state == "done" for row in self.rows)

    @property
    def left(self) -> list[StepRecord]:
        """Records after which people must still do something elsewhere."""
        return [one for one in self.history if one.effect_left and not one.undone_at]


def track(scope: Scope, case: Case) -> Track:
    """Of a case that was reached."""
    found = stood(case, scope.on)
    history, files = list(found.records), files_of(found.records)
    for one in history:
        step = step_of(found.versions, one.step)
        one.files = files.get(one.pk, [])  # type: ignore[attr-defined]
        one.own = bool(step and who.acts(scope, step, who.place(step, case)))  # type: ignore[attr-defined]
    if found.standing is None:
        return Track((), found.trouble, history, files=files)
    book, first = found.standing.procedure, first_of(found.standing, scope.on)
    rows, stage = [], ""
    for one in found.standing.steps:
        opens = book.stages.get(one.step.stage, "") if one.step.stage != stage else ""
        stage = one.step.stage
        counted = {record.key for record in one.records}
        rows.append(
            Row(
                one=one,
                said=words.step_words(book, one.step),
                by=who.case_words(one.step, case),
                records=[row for row in history if str(row.pk) in counted],
                url=_url(scope, case, one) if case.open else "",
                first=first is not None and first.step.id == one.step.id and case.open,
                stage=opens,
            )
        )
    chosen = next((row for row in rows if row.first), None)
    return Track(rows, "", history, values_of(found, case), book, chosen, files)


def _url(scope: Scope, case: Case, one: StepStanding) -> str:
    again = one.state == "done" and one.step.repeats is not None
    if one.state != "next" and not again:
        return ""
    at = who.place(one.step, case)
    own = at.pk == scope.organisation_id
    action = "procedures.record" if own else "procedures.decide"
    if not scope.may_at(action, at.path) or not who.acts(scope, one.step, at):
        return ""
    return reverse("case-step" if own else "case-decide", args=[case.pk, one.step.id])


def values_of(found: Stood, case: Case) -> list[tuple[str, str]]:
    """Title and words of the values as they stand, start values included; the birth date stays with the person."""
    told = dict(case.values)
    for one in found.records:
        if not one.undone_at:
            told.update(one.values)
    known = {value.id: value for version in found.versions for value in version.values}
    return [(known[name].title, value_words(known[name], raw)) for name, raw in told.items() if name in known]


def value_words(value, raw: object) -> str:
    if value.type == "flag":
        return "是" if raw is True else "否"
    return value.options.get(str(raw), str(raw)) if value.type == "choice" else str(raw)


def papers_there(found: Stood) -> frozenset[str]:
    """Papers of the steps that still count, so that nobody hands them in twice."""
    if found.standing is None:
        return frozenset()
    there: set[str] = set()
    for one in found.standing.steps:
        if one.state == "done":
            there.update(one.step.makes, *(record.papers for record in one.records))
    return frozenset(there)


def newest(versions: Versions, on: date) -> Procedure:
    """The version in force on a day, else the last."""
    fits = [one for one in versions if one.since <= on and (one.until is None or on <= one.until)]
    return max(fits or versions, key=lambda one: one.since)


def files_of(records: Sequence[StepRecord]) -> dict[int, list[Attachment]]:
    """Record → its attachments, by one query."""
    found: dict[int, list[Attachment]] = {}
    rows = Attachment.objects.unscoped("of a case that was reached")
    keys = [one.pk for one in records]
    for one in rows.filter(thing=StepRecord._meta.label_lower, thing_id__in=keys).order_by("pk") if keys else ():
        found.setdefault(one.thing_id, []).append(one)
    return found
