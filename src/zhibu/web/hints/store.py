"""Sketches in their table: what is kept of each text, and which records a text is to be compared with."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import batched

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from zhibu.web.core import clock
from zhibu.web.hints import similarity
from zhibu.web.hints.models import Band, Reference, Sketch, Usual
from zhibu.web.hints.similarity import NOTHING, Hashes
from zhibu.web.library.models import Clause
from zhibu.web.records.models import Record

WHY = "texts are compared across all branches; who sees what of it the pages say"
GROWN = 1.2  # times the texts of the last edition from which what is usual is counted anew
BUCKET = 64  # texts of one band that are looked at; the latest
ASKED = 40  # texts whose bands are looked up by one query


def usual() -> tuple[int, Hashes]:
    """(edition, hashes) of what everybody writes; edition 0 before the first night."""
    row = Usual.objects.order_by("-edition").values_list("edition", "hashes").first()
    return (row[0], np.frombuffer(bytes(row[1]), np.uint64)) if row else (0, NOTHING)


@transaction.atomic
def renew() -> bool:
    """A new edition when the texts that everybody quotes changed or the records grew. True when one was made."""
    records = kept().count()
    quoted = references()
    digest = hashlib.sha256("\0".join(quoted).encode()).hexdigest()
    last = Usual.objects.order_by("-edition").first()
    if last and last.references == digest and last.texts / GROWN <= records <= max(last.texts * GROWN, 100):
        return False
    hashes = similarity.usual(_sample(records), quoted)
    made = Usual.objects.create(
        edition=last.edition + 1 if last else 1, hashes=hashes.astype("<u8").tobytes(), texts=records,
        references=digest, at=clock.now(),
    )  # fmt: skip
    Usual.objects.exclude(pk=made.pk).delete()
    return True


def references() -> list[str]:
    """The clauses of the library and the texts that offices have named."""
    clauses = Clause.objects.order_by("pk").values_list("text", flat=True)
    return [*clauses, *Reference.objects.unscoped(WHY).order_by("pk").values_list("text", flat=True)]


def _sample(records: int) -> list[str]:
    """Every n-th text, so that all branches and years are in it."""
    step = max(1, records // similarity.SAMPLE)
    keys = list(kept().order_by("organisation", "pk").values_list("pk", flat=True))[::step]
    found: list[str] = []
    for some in batched(keys, 500):
        found += Record.objects.unscoped(WHY).filter(pk__in=some).values_list("content", flat=True)
    return found


def kept() -> QuerySet[Record]:
    return Record.objects.unscoped(WHY).filter(withdrawn_at=None)


def unread(edition: int) -> QuerySet[Record]:
    """Records whose present text has no sketch of this edition."""
    there = Sketch.objects.unscoped(WHY).filter(
        record=OuterRef("pk"), version=OuterRef("version"), edition=edition
    )  # fmt: skip
    return kept().filter(~Exists(there)).order_by("pk")


def forget_withdrawn(organisations: Iterable[int] | None = None) -> None:
    rows = Sketch.objects.unscoped(WHY).filter(record__withdrawn_at__isnull=False)
    (rows if organisations is None else rows.filter(record__organisation__in=organisations)).delete()


@transaction.atomic
def put(records: Sequence[Record], edition: int, usual: Hashes) -> list[Sketch]:
    """New sketches of these records; gives those long enough to be compared."""
    slots, sizes = similarity.sketch([one.content for one in records], usual)
    keys = similarity.bands(slots).view(np.int64)
    long = sizes >= similarity.LEAST
    Sketch.objects.unscoped(WHY).filter(record__in=[one.pk for one in records]).delete()
    made = Sketch.objects.bulk_create(
        Sketch(record=one, version=one.version, edition=edition, slots=slots[at].tobytes() if long[at] else b"")
        for at, one in enumerate(records)
    )
    Band.objects.bulk_create(
        (Band(sketch=made[at], key=key) for at in np.nonzero(long)[0] for key in set(keys[at].tolist())),
        batch_size=5_000,
    )
    return [one for one in made if one.slots]


def alike(sketches: Sequence[Sketch]) -> list[tuple[int, int]]:
    """Pairs of records to compare exactly: (of these sketches, any other)."""
    found: list[tuple[int, int]] = []
    for some in batched(sketches, ASKED):
        mine = {one.pk: one for one in some}
        several = _bucketed(some)
        rows = (
            Sketch.objects.unscoped(WHY).filter(pk__in={pk for _, pk in several}).values_list("pk", "record", "slots")
        )
        theirs = {pk: (record, np.frombuffer(bytes(slots), np.uint32)) for pk, record, slots in rows}
        for own, other in several:
            record, slots = theirs[other]
            if (np.frombuffer(mine[own].slots, np.uint32) == slots).sum() >= similarity.MAYBE:
                found.append((mine[own].record_id, record))
    return found


def _bucketed(some: Sequence[Sketch]) -> set[tuple[int, int]]:
    """(own sketch, other sketch) with a band in common."""
    slots = np.frombuffer(b"".join(one.slots for one in some), np.uint32).reshape(len(some), -1)
    keys = similarity.bands(slots).view(np.int64)
    owners: dict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(some):
        for key in keys[at].tolist():
            owners[key].append(one.pk)
    buckets: dict[int, list[int]] = defaultdict(list)
    for key, sketch in Band.objects.filter(key__in=owners).order_by("-pk").values_list("key", "sketch"):
        if len(buckets[key]) < BUCKET:
            buckets[key].append(sketch)
    return {(own, other) for key, told in buckets.items() for own in owners[key] for other in told if own != other}
