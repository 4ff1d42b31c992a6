"""A record that comes with an act of an app above (信息报送): stored and withdrawn inside that act's transaction.

The act says who may, and its audit line tells of both. A record may also be corrected at /records/ as any other.
"""

from __future__ import annotations

from datetime import date

from zhibu.web.core import announce, clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import numbers
from zhibu.web.records.actions.entry import own_only, since, values
from zhibu.web.records.models import Record


def store(*, by: Scope, organisation: Organisation, kind: str, held_on: date, topic: str, content: str) -> Record:
    """`kind`: an id of `packs/words.yaml`. Raises NotAllowed, or Refused with the sentence for the reader."""
    own_only(by, organisation)
    row = values({"types": [kind], "held_on": held_on, "topic": topic, "content": content}, {})
    [number] = numbers.take(clock.today().year)
    made = Record.objects.create(
        **row, number=number, organisation=organisation, recorded_at=clock.now(), recorded_on=clock.today(),
        by_id=by.user_id,
    )  # fmt: skip
    announce.facts_changed({organisation.pk}, since(made))
    return made


def take_back(*, by: Scope, record: Record, reason: str) -> None:
    """Out of every count; one that was withdrawn before stays as it is."""
    own_only(by, record.organisation)
    if record.withdrawn_at is None:
        record.withdrawn_at, record.withdrawn_reason = clock.now(), reason
        record.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        announce.facts_changed({record.organisation_id}, since(record))
