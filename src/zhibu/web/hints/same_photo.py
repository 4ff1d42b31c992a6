"""The same photo at two records: marks of photos in their table, and the questions that come of them."""

from __future__ import annotations

import logging
from itertools import batched

from django.db.models import Exists, OuterRef, Q

from zhibu.web.files import store as files
from zhibu.web.files.models import Attachment
from zhibu.web.hints import asking, photos, switch
from zhibu.web.hints.models import Hint, PhotoMark

WHY = "photos are compared across all branches; who sees what of it the pages say"
log = logging.getLogger(__name__)


def look(attachment: int) -> None:
    """At a photo just added: shapes within its branch, pixels everywhere. The night compares all shapes."""
    file = _unmarked().filter(pk=attachment).first()
    if file is not None and (made := _mark(file)) is not None:
        near = Q(attachment__organisation=file.organisation_id) | Q(pixels=made.pixels)
        _compare(made, file, list(_marks().filter(near)))


def look_through() -> None:
    """Every photo without a mark, against all the others."""
    keys = list(_unmarked().values_list("pk", flat=True))
    made = [(one, file) for file in _files(keys) if (one := _mark(file)) is not None]
    if made:
        everything = list(_marks())
        for one, file in made:
            _compare(one, file, everything)


def _unmarked():
    there = PhotoMark.objects.unscoped(WHY).filter(attachment=OuterRef("pk"))
    photos_of_records = Attachment.objects.unscoped(WHY).filter(thing="records.record", kind="jpeg")
    return photos_of_records.filter(~Exists(there)).order_by("pk")


def _files(keys: list[int]):
    for some in batched(keys, 500):
        yield from Attachment.objects.unscoped(WHY).filter(pk__in=some)


def _marks():
    return PhotoMark.objects.unscoped(WHY).select_related("attachment").order_by("pk")


def _mark(file: Attachment) -> PhotoMark | None:
    try:
        told = photos.mark(files.path(file.stored))
    except OSError:
        log.warning("photo %s cannot be read: no mark", file.pk)
        return None
    return PhotoMark.objects.create(attachment=file, pixels=told.pixels, shape=told.shape)


def _compare(one: PhotoMark, file: Attachment, others: list[PhotoMark]) -> None:
    """Asks about each record with this photo; a picture twice at one record is no matter."""
    if not switch.is_on(Hint.Kind.PHOTO):
        return
    others = [other for other in others if other.attachment.thing_id != file.thing_id]
    shaped = [other for other in others if other.shape and one.shape]
    bits = photos.apart(bytes(one.shape), [bytes(other.shape) for other in shaped])
    same = {other.pk for other, apart in zip(shaped, bits, strict=True) if apart <= photos.APART}
    for other in others:
        if other.pixels == one.pixels or other.pk in same:
            found = {"picture": file, "other_picture": other.attachment}
            asking.ask(Hint.Kind.PHOTO, file.thing_id, other.attachment.thing_id, **found)
