"""`@action`: a write is one transaction with its audit line inside it, or it did not happen."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from zhibu.web.audit import masking
from zhibu.web.audit.models import Line, Outcome
from zhibu.web.audit.where import address, device
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope

P = ParamSpec("P")
R = TypeVar("R")

_written: ContextVar[int] = ContextVar("audit_lines_written", default=0)
# What actions refused during the request being served, to be written down when its transactions are over.
refusals: ContextVar[list[tuple[Scope, str, str]] | None] = ContextVar("audit_refusals", default=None)


class Unaudited(RuntimeError):
    """An action finished without writing its audit line."""


class NotAllowed(PermissionError):
    """The post may not do this; `str()` is the sentence for the reader."""


class Unfit(ValueError):
    """What was typed can't be done; `field` is the form's, `str()` the sentence for the reader."""

    def __init__(self, field: str, sentence: str):
        super().__init__(sentence)
        self.field = field


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a keyword-only write. It needs `by` (a Scope that may do `name`, and reaches where it may), runs in one
    transaction and must call `write(...)` at least once.

    Raises NotAllowed before anything is touched, Unaudited (and rolls back) when no line was written.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            by = kwargs.get("by")
            if args or not isinstance(by, Scope):
                raise TypeError(f"{function.__qualname__} takes keywords only, and by=Scope")
            try:
                return _done(name, function, by, kwargs)
            except NotAllowed as error:
                if (told := refusals.get()) is not None:
                    told.append((by, name, str(error)))
                raise

        run.action_name = name  # type: ignore[attr-defined]
        return run

    return wrap


def reached[M: models.Model](rows: models.QuerySet[M], pk: object, sentence: str = "不在本级管理范围内") -> M:
    """The row of this key among `rows`, which are those within the asker's scope. Raises NotAllowed: it is not there.

    An action looks its thing up anew by this, so that it holds the row as it is now, and only one it may touch.
    """
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotAllowed(sentence)
    return found


def _done[T](name: str, function: Callable[..., T], by: Scope, given: dict[str, Any]) -> T:
    if not by.may(name):
        raise NotAllowed(f"“{by.title}”不能做这件事")
    before = _written.get()
    with transaction.atomic():
        result = function(**given | {"by": by.doing(name)})
        if _written.get() == before:
            raise Unaudited(function.__qualname__)
    return result


def write(
    *,
    by: Scope | None,
    action: str,
    sentence: str,
    thing: models.Model | None,
    organisation: models.Model | None,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    happened_on: date | None = None,
    user: models.Model | None = None,
    outcome: str = Outcome.DONE,
) -> Line:
    """Add one line. `by=None` is the system itself (nightly work, a command on the server), or `user`, who is signing
    in and has no post yet. `outcome`: done, denied or failed. What looks personal in the texts is masked.
    """
    line = Line(
        at=clock.now(),
        happened_on=happened_on,
        **who(by, user),
        address=address.get(),
        device=device.get(),
        action=action,
        outcome=Outcome(outcome),
        sentence=masking.text(sentence)[:300],
        thing=thing._meta.label_lower if thing else "",
        thing_id=str(thing.pk or "") if thing else "",
        organisation_id_then=organisation.pk if organisation else None,
        organisation_name=getattr(organisation, "name", "") if organisation else "",
        organisation_path=getattr(organisation, "path", "") if organisation else "",
        old=masking.values(old),
        new=masking.values(new),
    )
    return add(line)


def who(by: Scope | None, user: models.Model | None = None) -> dict[str, Any]:
    """The columns that say who it was. The system's own scope has user 0 and post 0."""
    if by is None:
        return {"user_id": user.pk if user else None, "post_title": "" if user else "系统"}
    named = by.user_id or (user.pk if user else None)
    return {
        "user_id": named,
        "post_id_then": by.post_id or None,
        "post_title": by.title,
        "acting_for": by.acting_for,
    }


def add(line: Line) -> Line:
    """Store a line that is ready; an action counts as audited from here on."""
    line.save(force_insert=True)
    _written.set(_written.get() + 1)
    return line
