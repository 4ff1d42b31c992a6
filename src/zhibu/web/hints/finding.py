"""Looks at records and asks what there is to ask: at submission one text, at night all that are new or changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import batched

from zhibu.web.hints import asking, late, same_photo, similarity, store, switch, twice
from zhibu.web.hints.models import Hint
from zhibu.web.hints.similarity import Hashes
from zhibu.web.records.models import Record

WHY = store.WHY
FEW, MOST = 3, 20  # organisations and records looked at in passing; the night does the rest
CHUNK = 1_000
FRAMED = 500  # texts of a branch, the latest, that tell its frame

Alike = dict[int, dict[int, float]]  # record → the records near it, with what they share


def look(organisations: Iterable[int]) -> None:
    """At the new and changed records of a few organisations, after the write that changed them."""
    few = set(organisations)
    if len(few) > FEW:
        return
    edition, usual = store.usual()
    store.forget_withdrawn(few)
    rows = store.unread(edition).filter(organisation__in=few).select_related("organisation")
    read(list(rows.order_by("-pk")[:MOST]), edition, usual)


def look_through() -> int:
    """The nightly look at everything that has not been looked at. Returns how many records."""
    store.renew()
    edition, usual = store.usual()
    store.forget_withdrawn()
    keys = list(store.unread(edition).values_list("pk", flat=True))
    for some in batched(keys, CHUNK):
        rows = Record.objects.unscoped(WHY).filter(pk__in=some).select_related("organisation").order_by("pk")
        read(list(rows), edition, usual)
    same_photo.look_through()
    return len(keys)


def read(records: Sequence[Record], edition: int, usual: Hashes) -> None:
    """Sketches the texts, asks about each record, and settles what no longer holds."""
    if not records:
        return
    bounds = late.Bounds()
    found = near(store.alike(store.put(records, edition, usual)), usual)
    asked = asking.asked_about([one.pk for one in records])
    for one in records:
        if switch.is_on(Hint.Kind.TEXT):
            for other, share in found.get(one.pk, {}).items():
                asking.ask(Hint.Kind.TEXT, one.pk, other, share=share)
        for other in (told := twice.others(one)):
            asking.ask(Hint.Kind.TWICE, one.pk, other)
        if one.pk in asked:
            asking.settle(Hint.Kind.TEXT, one.pk, found.get(one.pk, {}))
            asking.settle(Hint.Kind.TWICE, one.pk, told)
        if bounds.passed(one):
            asking.ask(Hint.Kind.LATE, one.pk)


def near(pairs: Iterable[tuple[int, int]], usual: Hashes) -> Alike:
    """Those of the pairs of records that are near, exactly."""
    found: Alike = defaultdict(dict)
    for some in batched(set(pairs), CHUNK):
        rows = store.kept().filter(pk__in={pk for pair in some for pk in pair})
        texts = {pk: (place, text) for pk, place, text in rows.values_list("pk", "organisation", "content")}
        there = [pair for pair in some if texts.keys() >= set(pair)]
        shares = similarity.jaccard([texts[a][1] for a, _ in there], [texts[b][1] for _, b in there], usual)
        frames: dict[int, Hashes] = {}
        for (one, other), share in zip(there, shares.tolist(), strict=True):
            if share >= similarity.NEAR and _beyond(texts[one], texts[other], frames, usual):
                found[one][other] = share
    return found


def _beyond(one: tuple[int, str], other: tuple[int, str], frames: dict[int, Hashes], usual: Hashes) -> bool:
    """Two texts of one branch are near beyond what it always writes; `frames` is filled as it goes."""
    if one[0] != other[0]:
        return True
    if one[0] not in frames:
        rows = store.kept().filter(organisation=one[0]).order_by("-pk").values_list("content", flat=True)
        frames[one[0]] = similarity.frame(list(rows[:FRAMED]), usual)
    return similarity.beyond(one[1], other[1], frames[one[0]], usual)
