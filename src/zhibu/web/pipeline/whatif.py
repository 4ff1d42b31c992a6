"""试算: a draft compared with what is published, on the facts of a year, for the office that asked.

All organisations are compared, for ranks are those among all peers; what is kept for the page holds only those that
the office reaches. A small county waits for its answer, and the next draft finds the counts of the last; a large one
is computed by a process of its own (`python -m zhibu.web.pipeline.whatif ID`) that tells how far it is.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine import holidays
from zhibu.engine.errors import EngineError
from zhibu.engine.facts.load import from_tables
from zhibu.engine.whatif.comparison import Comparison, compare
from zhibu.engine.whatif.counted import Counted
from zhibu.engine.whatif.movers import Mover, Standing, falling, rising
from zhibu.engine.whatif.summary import summary
from zhibu.engine.whatif.words import HOW, OTHERS, because, changes, signed
from zhibu.web.assessment import trials
from zhibu.web.assessment.models import Trial
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Evaluation, Moved
from zhibu.web.organisations.models import Organisation, Sector
from zhibu.web.pipeline import facts
from zhibu.web.pipeline.days import window
from zhibu.web.records.models import Record
from zhibu.web.regulations.drafts import Draft, Mistake, hints, sides
from zhibu.web.regulations.words import flat_words

log = logging.getLogger(__name__)

MANY = 200_000  # records: from here on nobody waits in front of a browser
RISING = 20  # of those that gain, the first; all that lose are listed
EVERY = 1.0  # seconds between two words of progress
PIECE = 1000  # organisations whose names are looked up at a time
WHY = "background work of a trial"

Tell = Callable[[int], None]


def asked(trial_id: int) -> None:
    """Listener of `core.announce`."""
    trial = Trial.objects.unscoped(WHY).get(pk=trial_id)
    if Record.objects.unscoped(WHY).count() < MANY:
        run(trial, lambda percent: None)
    else:
        command = [sys.executable, "-m", "zhibu.web.pipeline.whatif", str(trial_id)]
        subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603


def run(trial: Trial, tell: Tell) -> None:
    """Compute it as the post that asked, if that post still stands; what goes wrong is told on the page."""
    scope = _scope(trial)
    if scope is None:
        _failed(trial, [Mistake("other", 0, "试算的人已经不在这个岗位上")])
        return
    try:
        found, tips = _compared(trial, tell)
        folder = trial.folder or trials.new_folder()
        trials.write_losers(folder, _rows(found, scope))
        result = page_data(scope, found) | {"hints": tips}
    except EngineError as error:
        _failed(trial, [Mistake.of(fault) for fault in error.faults])
    except Exception:
        log.exception("trial %s", trial.pk)
        _failed(trial, [Mistake("other", 0, "系统出了问题，没有算成。可以再试一次")])
    else:
        _keep(trial, state=Trial.State.DONE, done=100, folder=folder, result=result)


def _scope(trial: Trial) -> Scope | None:
    from zhibu.web.access.queries import posts_on, scope_of

    today = clock.today()
    return next((scope_of(post, today) for post in posts_on(trial.by_id, today) if post.pk == trial.post_id), None)


def _failed(trial: Trial, found: list[Mistake]) -> None:
    _keep(trial, state=Trial.State.FAILED, mistakes=[asdict(one) for one in found])


def _keep(trial: Trial, **values: Any) -> None:
    Trial.objects.unscoped(WHY).filter(pk=trial.pk).update(told_at=clock.now(), **values)


# --- computing -----------------------------------------------------------------------------------------------------


def _compared(trial: Trial, tell: Tell) -> tuple[Comparison, list[str]]:
    draft = Draft(trial.scheme_text, trial.against, trial.book_text, trial.replaces, trial.on)
    before, after = sides(draft)
    with _lock:
        counted = _counted(trial.year)
        tell(30)
        return compare(counted, before, after, lambda done: tell(30 + int(60 * done))), hints(before, after)


_lock = threading.Lock()
_warm: list[tuple[tuple[Any, ...], Counted]] = []  # the last facts, with everything counted over them


def _counted(year: int) -> Counted:
    """Of the facts as they are now; the counts of the last trial are found again while nothing has changed."""
    stamp = _stamp(year)
    if not _warm or _warm[0][0] != stamp:
        _warm[:] = [
            (stamp, Counted(from_tables(facts.tables(people=False)), window(year), stamp[1], holidays.official()))
        ]
    return _warm[0][1]


def _stamp(year: int) -> tuple[Any, ...]:
    """Every change of facts moves one of these, in its own transaction."""
    as_of, *rest = Evaluation.objects.values_list("as_of", "computed_at", "stale").get(year=year)
    moved = Moved.objects.order_by("-pk").values_list("pk", flat=True).first()
    return year, as_of, *rest, moved


# --- what the page shows ---------------------------------------------------------------------------------------------


def page_data(scope: Scope, found: Comparison) -> dict[str, Any]:
    """Words and numbers of the organisations that the scope reaches, and of no other."""
    chosen, words = _reached(scope, found), flat_words()
    told = summary(found, chosen)
    before, after = found.sides
    plan = found.plans[0]
    data = asdict(told) | {
        "as_of": plan.as_of.isoformat(),
        "window": [day.isoformat() for day in plan.window],
        "before": {"title": before.scheme.title},
        "after": {"title": after.scheme.title},
        "tried": list(after.tried),
        "changes": [asdict(one) for one in changes(found, words)],
        "regraded": told.regraded,
        "share": told.regraded_share,
        "matrix": _matrix(found, told.grades),
        "others": [{"title": OTHERS[kind], "points": signed(points)} for kind, points in told.others],
        "rising": list(_people(scope, found, rising(found, chosen).page(0, RISING))),
        "gainers": len(rising(found, chosen)),
    }
    data["most_affected"] = told.most_affected and _group(asdict(told.most_affected))
    data["groups"] = [_group(line) for line in data["groups"]]
    data["rules"] = [line | {"how": HOW[line["how"]], "points": signed(line["points"])} for line in data["rules"]]
    data["dimensions"] = [line | {"points": signed(line["points"])} for line in data["dimensions"]]
    return data


def _reached(scope: Scope, found: Comparison) -> np.ndarray:
    """A truth for each organisation there is: whether the scope reaches it."""
    codes = pa.array(Organisation.objects.within(scope).values_list("code", flat=True), pa.string())
    return np.asarray(pc.is_in(found.every, codes))


def _matrix(found: Comparison, cells: tuple[tuple[str | None, str | None, int], ...]) -> dict[str, Any]:
    """Rows of grades before, columns of grades after; those nobody has are left out."""
    counts = {(before, after): count for before, after, count in cells}
    rows, columns = ([*dict.fromkeys(step.grade for step in side.scheme.grades), None] for side in found.sides)
    rows = [row for row in rows if any((row, column) in counts for column in columns)]
    columns = [column for column in columns if any((row, column) in counts for row in rows)]
    return {
        "columns": [column or "没有" for column in columns],
        "rows": [
            {"grade": row or "没有", "cells": [[counts.get((row, column), 0), row == column] for column in columns]}
            for row in rows
        ],
    }


def _group(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"group": _peers(line["group"]), "change_text": signed(line["change"])}


def _peers(group: str | None) -> str:
    if group is None:
        return "没有分类"
    return f"{Sector(group).label}类" if group in Sector.values else group


def _rows(found: Comparison, scope: Scope) -> Iterator[dict[str, Any]]:
    """All that lose within the scope."""
    listed = falling(found, _reached(scope, found))
    for first in range(0, len(listed), PIECE):
        yield from _people(scope, found, listed.page(first, first + PIECE))


def _people(scope: Scope, found: Comparison, movers: list[Mover]) -> Iterator[dict[str, Any]]:
    places = Organisation.objects.within(scope).filter(code__in=[one.org_id for one in movers])
    names = {code: short or name for code, short, name in places.values_list("code", "short_name", "name")}
    for one in movers:
        yield {
            "code": one.org_id,
            "name": names[one.org_id],
            "before": _standing(one.before),
            "after": _standing(one.after),
            "difference": signed(one.difference),
            "reasons": [{"points": signed(why.points), "text": because(found, why)} for why in one.reasons],
        }


def _standing(one: Standing | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return asdict(one) | {"group": _peers(one.group), "total": f"{one.total:.2f}"}


# --- a process of its own --------------------------------------------------------------------------------------------


def _main(trial_id: int) -> int:
    trial, last = Trial.objects.unscoped(WHY).get(pk=trial_id), 0.0

    def tell(percent: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            _keep(trial, done=percent)

    run(trial, tell)
    return 0


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
    django.setup()
    sys.exit(_main(int(sys.argv[1])))
