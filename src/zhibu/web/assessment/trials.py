"""Trials within a scope, and the list of those that lose, read from its file page by page."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from zhibu.web.assessment.models import Trial
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Evaluation

SILENT = timedelta(minutes=2)  # without a word from the work it counts as stopped
LOSERS = "losers.jsonl"


def trials(scope: Scope) -> QuerySet[Trial]:
    """Those that offices within the reach asked for, the latest first."""
    return Trial.objects.within(scope).select_related("by", "organisation", "against", "replaces")


def years(scope: Scope) -> list[int]:
    """Years with figures that have begun, the latest first."""
    found = Evaluation.objects.filter(year__lte=scope.on.year).order_by("-year")
    return list(found.values_list("year", flat=True))


def working(trial: Trial) -> bool:
    return trial.state == Trial.State.WORKING and clock.now() - trial.told_at < SILENT


def stopped(trial: Trial) -> bool:
    return trial.state == Trial.State.WORKING and not working(trial)


# --- the list ------------------------------------------------------------------------------------------------------


def new_folder() -> str:
    name = f"trials/{secrets.token_hex(16)}"
    _path(name).mkdir(parents=True, mode=0o700)
    return name


def write_losers(folder: str, rows: Iterable[dict[str, Any]]) -> None:
    with (_path(folder) / LOSERS).open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def forget(trial: Trial) -> None:
    """Remove its list from the disk."""
    if trial.folder:
        shutil.rmtree(_path(trial.folder), ignore_errors=True)


class Losers:
    """All that lose, the deepest fall first, to be paged through."""

    def __init__(self, trial: Trial):
        self._trial = trial

    def __len__(self) -> int:
        return int(self._trial.result.get("losers", 0)) if self._file.exists() else 0

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        return list(self.rows(part.start, part.stop))

    def rows(self, start: int | None = None, stop: int | None = None) -> Iterator[dict[str, Any]]:
        if self._file.exists():
            with self._file.open(encoding="utf-8") as lines:
                yield from (json.loads(line) for line in islice(lines, start, stop))

    @property
    def _file(self) -> Path:
        return _path(self._trial.folder) / LOSERS


def _path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / (name or "trials/none")
