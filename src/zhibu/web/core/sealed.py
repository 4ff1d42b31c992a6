"""Columns that hold sealed texts, so that a key change, a check and a fresh installation find them all.

    phone_sealed = SealedField(row="row_key")            # context: members.member.phone_sealed:<row_key>
    put(member, "phone_sealed", "139…");  whole(member, "phone_sealed")

`row` names a field that is set before the row is saved and never changes (a random key, or the pk of another row).
A digest column beside it is declared with `digest="id_digest"`; it follows the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import OperationalError, ProgrammingError, connection, models, transaction

from zhibu.web.core import crypto


class SealedField(models.TextField):
    """`v1|…` of `crypto.seal`. An empty text stays empty."""

    def __init__(self, *args: Any, row: str = "row_key", digest: str = "", **kwargs: Any) -> None:
        self.row, self.digest = row, digest
        super().__init__(*args, **{"blank": True, "default": "", "editable": False} | kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["row"] = self.row
        if self.digest:
            kwargs["digest"] = self.digest
        return name, path, args, kwargs

    @property
    def purpose(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def context(self, row: models.Model) -> str:
        return f"{self.purpose}:{getattr(row, self.row)}"


def put(row: models.Model, name: str, plain: str) -> None:
    """Seal `plain` into the row, with its digest; saved by whoever saves the row."""
    field = _field(type(row), name)
    setattr(row, name, crypto.seal(plain, field.context(row)))
    if field.digest:
        setattr(row, field.digest, crypto.digest(plain, field.purpose))


def whole(row: models.Model, name: str) -> str:
    """The value in plain. Raises crypto.CryptoError."""
    return crypto.unseal(getattr(row, name), _field(type(row), name).context(row))


def digests(model: type[models.Model], name: str, plain: str) -> list[str]:
    """What the digest column may hold for this value, whichever key the row was written under."""
    return crypto.digests(plain, _field(model, name).purpose)


def columns() -> Iterator[SealedField]:
    """Every sealed column of every app."""
    for model in apps.get_models():
        yield from (field for field in model._meta.concrete_fields if isinstance(field, SealedField))


def anything_stored() -> bool:
    """Whether the database holds a sealed value; no when its tables are not made yet. Raises without a database."""
    present = set(connection.introspection.table_names())
    return any(_holds(field) for field in columns() if field.model._meta.db_table in present)


def _holds(field: SealedField) -> bool:
    try:
        with transaction.atomic():
            return field.model._base_manager.exclude(**{field.name: ""}).exists()
    except (OperationalError, ProgrammingError):  # a table from before it had this column
        return False


def _field(model: type[models.Model], name: str) -> SealedField:
    field = model._meta.get_field(name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{model.__name__}.{name} is no SealedField")
    return field
