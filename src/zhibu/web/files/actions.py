"""Rows of attachments, inside the transaction and the audited action of the app they belong to."""

from __future__ import annotations

from django.db import models, transaction

from zhibu.web.core import announce, clock
from zhibu.web.core.scope import Scope
from zhibu.web.core.uploads import TABLE
from zhibu.web.files import queries, store
from zhibu.web.files.models import Attachment
from zhibu.web.files.receive import Received
from zhibu.web.files.refuse import Refused

MOST: int = TABLE["attachments"]["files"]


def keep(*, by: Scope, thing: models.Model, organisation: models.Model, file: Received) -> Attachment:
    """Give a received file its row. The caller holds a lock on `thing`, so that the limit holds too. Raises Refused."""
    there = queries.attachments(thing)
    if any(one.digest == file.digest for one in there):
        raise Refused("已经传过，不用再传")
    if len(there) >= MOST:
        raise Refused(f"最多 {MOST} 个附件。先移除用不着的")
    kept = Attachment.objects.create(
        organisation=organisation,
        thing=thing._meta.label_lower,
        thing_id=thing.pk,
        name=file.name,
        kind=file.kind,
        size=file.size,
        digest=file.digest,
        stored=file.stored,
        at=clock.now(),
        by_id=by.user_id or None,
    )
    announce.file_kept(kept.pk, kept.thing)
    return kept


def remove(*, attachment: Attachment) -> None:
    """Take the row away now and the file when the transaction is done."""
    stored = attachment.stored
    Attachment.objects.unscoped("found with its thing").filter(pk=attachment.pk).delete()
    transaction.on_commit(lambda: store.drop(stored))
