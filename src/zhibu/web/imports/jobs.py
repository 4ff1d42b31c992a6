"""Nightly: the files of old batches are forgotten. Identity numbers don't stay on the disk longer than needed."""

from __future__ import annotations

from datetime import timedelta

from zhibu.web.core import clock
from zhibu.web.imports import limits, store
from zhibu.web.imports.models import Batch


def forget_files() -> int:
    """Remove the files of batches older than the undo window; their counts stay. Returns how many batches."""
    before = clock.now() - timedelta(hours=limits.UNDO_HOURS)
    old = Batch.objects.unscoped("files of old imports go").exclude(folder="")
    done = 0
    for batch in old.filter(created_at__lt=before):
        if batch.applied_at and batch.applied_at > before:
            continue
        store.forget(batch)
        batch.created.all().delete()  # former values are kept for the undo alone
        batch.folder = ""
        batch.save(update_fields=["folder"])
        done += 1
    _forget_strays(before.timestamp())
    return done


def _forget_strays(before: float) -> None:
    """Folders of an upload that was killed before its batch was stored."""
    strays = set(store.folders(before))
    kept = Batch.objects.unscoped("files of no batch go").filter(folder__in=strays).values_list("folder", flat=True)
    for folder in strays - set(kept):
        store.drop(folder)
