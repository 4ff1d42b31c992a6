"""Batches within a scope, and what the pages say about one."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.imports import actions, limits, store
from zhibu.web.imports.books.columns import PRIVATE
from zhibu.web.imports.models import Batch, Book

SILENT = 60  # seconds without a word from background work before it counts as stopped
State = Batch.State


def batches(scope: Scope) -> QuerySet[Batch]:
    """Imports made within the reach of the scope, the latest first. Books of dues are seen where their names are."""
    private = Q()
    for kind in PRIVATE:
        private |= Q(kind__contains=kind)
    shut = Book.objects.filter(private, batch=OuterRef("pk"))
    own = scope.doing("dues.members").where("organisation__path")
    rows = Batch.objects.within(scope).filter(~Exists(shut) | own)
    return rows.select_related("by", "organisation").prefetch_related("books")


def shown(scope: Scope, batch: Batch, kinds: Iterable[str]) -> bool:
    """Whether the post may have a file of these kinds back, judged or not yet."""
    place = batch.organisation
    return not set(PRIVATE) & set(kinds) or bool(place and scope.may_at("dues.members", place.path))


def bad_rows(batch: Batch) -> int:
    return sum(batch.report.get(kind, {}).get("rejected_count", 0) for kind in actions.TITLES)


def good_rows(batch: Batch) -> int:
    return sum(batch.report.get(kind, {}).get("accepted", 0) for kind in actions.TITLES)


def hours_left(batch: Batch) -> float:
    """Hours in which the batch can still be undone; 0 when it can't."""
    if batch.state != State.APPLIED:
        return 0
    return max(0.0, (actions.undo_until(batch) - clock.now()).total_seconds() / 3600)


def working(batch: Batch) -> bool:
    """Is background work going on? A batch whose worker fell silent is not: nothing of it was written."""
    if batch.state not in (State.CHECKING, State.APPLYING):
        return False
    _, told = store.progress(batch)
    return time.time() - max(told, batch.created_at.timestamp()) < SILENT


def kinds(batch: Batch) -> list[dict[str, Any]]:
    """One line per kind of book that has rows."""
    rows = []
    for kind, title in actions.TITLES.items():
        counts = batch.report.get(kind, {})
        if counts.get("accepted") or counts.get("rejected_count"):
            entered = batch.report.get("entered", {}).get(kind, {})
            rows.append({"kind": kind, "title": title, **counts, "entered": entered})
    return rows


class Findings:
    """The rows with findings as a list to page through; read from the file page by page."""

    def __init__(self, batch: Batch):
        self._batch = batch
        self._count: int | None = None

    def __len__(self) -> int:
        if self._count is None:
            self._count = sum(1 for _ in store.findings(self._batch))
        return self._count

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        names = [book["name"] for book in self._batch.report.get("books", [])]
        lines = list(store.findings(self._batch, part.start, part.stop))
        for line in lines:
            line["book_name"] = names[line["book"]] if line["book"] < len(names) else ""
            line["title"] = actions.TITLES[line["kind"]]
        return lines


def in_background(batch: Batch) -> bool:
    """Is there too much to do while a browser waits?"""
    return batch.due > limits.IN_REQUEST_ROWS
