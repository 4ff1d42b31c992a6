"""Tables that can't be read without a scope: `Model.objects.within(scope)`, else ScopeMissing.

Rejected: django-scopes keeps the scope in a thread-local and filters by equality; our reach is a set of subtrees
and is passed in the open (docs/decisions/0004-scope.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from django.db import models

from zhibu.web.core.scope import Scope, ScopeMissing, subtree

_lifted: ContextVar[bool] = ContextVar("scope_lifted", default=False)
# Rows an app above keeps from everybody (persons whose data may not be processed): table → which those are.
_withheld: dict[str, Callable[[], models.Q]] = {}


def withhold(label: str, rows: Callable[[], models.Q]) -> None:
    """From now on neither `within` nor `unscoped` gives these rows of `label` (members.member); `everything` does."""
    _withheld[label] = rows


@contextmanager
def lifted(reason: str) -> Iterator[None]:
    """Let a library read the table with its own queries. Used by `organisations/tree.py` alone (a test says so)."""
    token = _lifted.set(bool(reason))
    try:
        yield
    finally:
        _lifted.reset(token)


class ScopedQuerySet(models.QuerySet):
    """Refuses to touch the database until `within`, `below` or `unscoped` has said for whom it reads."""

    _said: bool = False

    def within(self, scope: Scope) -> Self:
        """The rows this scope reaches."""
        if not isinstance(scope, Scope):
            raise ScopeMissing(f"within() takes a Scope, not {type(scope).__name__}")
        return self._say(self._open().filter(scope.where(self.model.scope_path)))

    def below(self, scope: Scope, path: str) -> Self:
        """The rows this scope reaches inside the subtree of `path`."""
        return self.within(scope).filter(subtree(self.model.scope_path, path))

    def unscoped(self, reason: str) -> Self:
        """Every row, for the machinery that works for nobody in particular; `reason` is for the reader."""
        if not reason:
            raise ScopeMissing("unscoped() needs its reason")
        return self._say(self._open())

    def everything(self, reason: str) -> Self:
        """The rows withheld from everybody too: for storing and protecting them, and for the person they are of."""
        if not reason:
            raise ScopeMissing("everything() needs its reason")
        return self._say(self.all())

    def _open(self) -> Self:
        rule = _withheld.get(self.model._meta.label_lower)
        return self.exclude(rule()) if rule else self.all()

    def _say(self, queryset: Self) -> Self:
        queryset._said = True
        return queryset

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._said = self._said
        return clone

    def _require(self) -> None:
        if not self._said and not _lifted.get():
            raise ScopeMissing(f"{self.model.__name__}.objects was read without .within(scope)")

    def _fetch_all(self) -> None:
        self._require()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._require()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._require()
        return super().count()

    def exists(self) -> bool:
        self._require()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require()
        return super().update(**kwargs)

    def delete(self) -> Any:
        self._require()
        return super().delete()

    def explain(self, *args: Any, **kwargs: Any) -> str:
        self._require()
        return super().explain(*args, **kwargs)


def everything(model: type[models.Model], reason: str) -> models.QuerySet[Any]:
    """Every row of a table, scoped or not, those withheld from everybody too; in no order."""
    if not reason:
        raise ScopeMissing("everything() needs its reason")
    rows = model._default_manager.all()
    return (rows._say(rows) if isinstance(rows, ScopedQuerySet) else model._base_manager.all()).order_by()


class Scoped(models.Model):
    """Base of every table that belongs to an organisation. `scope_path` names the column holding its tree path."""

    scope_path = "organisation__path"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
