"""Review by the committee, as a branch sees it in its duties: ⋯ for what is done and waits, ↩ for what came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from zhibu.web.core.scope import Scope
from zhibu.web.duties.rows import Row
from zhibu.web.duties.status import Shown
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record, Review

IN_REVIEW = (Review.WAITING, Review.RETURNED)


def in_review(scope: Scope, organisation: Organisation) -> list[Record]:
    """Records of the organisation that wait for the committee or came back; the earliest activity first."""
    rows = Record.objects.within(scope).filter(organisation=organisation, review__in=IN_REVIEW, withdrawn_at=None)
    return list(rows.order_by("held_on", "pk"))


def shown_with(rows: Iterable[Row], records: Sequence[Record]) -> list[Row]:
    """The rows with the status that the review gives them. For the branch a waiting one is done (ux.md 2.1)."""
    waiting = frozenset(one.number for one in records if one.waiting)
    returned = [one for one in records if one.returned]
    return [_shown(row, waiting, returned) for row in rows]


def alone(rows: Iterable[Row], records: Sequence[Record]) -> tuple[Record, ...]:
    """Returned records that no row speaks of: what they were for is done by another one, or nothing asks for it."""
    named = {row.returned.number for row in rows if row.returned}
    return tuple(one for one in records if one.returned and one.number not in named)


def _shown(row: Row, waiting: frozenset[str], returned: Sequence[Record]) -> Row:
    if row.status == "done" and _rests_on(row, waiting):
        return replace(row, shown=Shown("waiting", row.shown.text and f"{row.shown.text}，待审核"))
    if row.status in ("late", "soon", "todo") and (found := next((one for one in returned if meant(row, one)), None)):
        return replace(row, shown=Shown("returned"), returned=found)
    return row


def _rests_on(row: Row, waiting: frozenset[str]) -> bool:
    """Without those that wait it would not be done."""
    own = waiting.intersection(row.verdict.evidence)
    return bool(own) and len(row.verdict.evidence) - len(own) < (row.verdict.need or 1)


def meant(row: Row, record: Record) -> bool:
    """Whether the record was for this duty, were it not returned."""
    if not set(row.types) & set(record.types):
        return False
    inside = row.verdict.starts_on <= record.held_on <= row.verdict.ends_on and not record.makes_up
    return inside or record.makes_up == row.verdict.period
