"""我的资料副本 (PIPL 45): every row of every table that has a key to the person, by the register, so that a new table
is in it or the build fails. Identity number and phone are whole: they are the person's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import action, write
from zhibu.web.audit.models import Line
from zhibu.web.core import clock, sheets
from zhibu.web.core.crypto import CryptoError
from zhibu.web.core.scope import Scope
from zhibu.web.members.about_me import own_row
from zhibu.web.members.masks import UNREADABLE
from zhibu.web.members.models import Member
from zhibu.web.personal.erasing import of_person
from zhibu.web.personal.register import Entry, Field, entries

MOST = 20_000  # rows of one table


@dataclass(frozen=True, slots=True)
class Part:
    """One table's rows of a person; `rows` have the columns of `headings`."""

    label: str
    title: str
    names: tuple[str, ...]
    headings: tuple[str, ...]
    rows: list[list[Any]]
    more: bool  # there are more rows than fit


@action("me.copy")
def take(*, by: Scope, kind: str) -> bytes:
    """`kind` is json or xlsx. One's own data, whatever the post."""
    user, member = User.objects.get(pk=by.user_id), own_row(by.user_id)
    parts = list(of(user, member))
    count = sum(len(part.rows) for part in parts)
    write(
        by=by, action="me.copy", sentence=f"下载本人资料副本 {count} 行", thing=member or user,
        organisation=member.organisation if member else None, new={"rows": count, "kind": kind, "people": 1},
    )  # fmt: skip
    return as_json(parts) if kind == "json" else as_workbook(parts, user)


def of(user: User, member: Member | None) -> Iterator[Part]:
    """A part for every registered table that can hold something of a person; empty ones too."""
    for entry in entries().values():
        if entry.self_ or entry.persons or entry.acted or entry.by_name:
            yield _part(entry, user, member)


def _part(entry: Entry, user: User, member: Member | None) -> Part:
    copied = [field for field in entry.fields if field.copied]
    beside = [_along(entry.model, path) for path in entry.beside]
    related = [field.name for field in copied if entry.model._meta.get_field(field.name).is_relation]
    rows = of_person(entry, member, user, acted=True).order_by("pk")
    if roads := {*related, *_roads(entry)}:
        rows = rows.select_related(*sorted(roads))
    found = list(rows[: MOST + 1])
    return Part(
        label=entry.label,
        title=entry.title,
        names=(*(field.name for field in copied), *entry.beside),
        headings=(*(field.word for field in copied), *(word for word, _ in beside)),
        rows=[
            [*(_value(row, field) for field in copied), *(_walk(row, path) for path in entry.beside)]
            for row in found[:MOST]
        ],
        more=len(found) > MOST,
    )


def _roads(entry: Entry) -> list[str]:
    return sorted({path.rpartition("__")[0] for path in entry.beside})


def _along(model: type[models.Model], path: str) -> tuple[str, models.Field]:
    """The word and the column at the end of `record__held_on`."""
    *road, last = path.split("__")
    for step in road:
        model = model._meta.get_field(step).related_model
    field = model._meta.get_field(last)
    return str(field.verbose_name), field


def _walk(row: models.Model, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step)
    return _plain(row)


def _value(row: models.Model, field: Field) -> Any:
    """As a person reads it: words of choices, names of what a key leads to, sealed values opened."""
    if field.sealed:
        try:
            return _plain(getattr(row, field.sealed))
        except CryptoError:
            return UNREADABLE
    if isinstance(row, Line) and field.name == "action":
        return row.word
    column = row._meta.get_field(field.name)
    if column.choices:
        return getattr(row, f"get_{field.name}_display")()
    return _plain(getattr(row, field.name))


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else value


def as_json(parts: list[Part]) -> bytes:
    tables = {
        part.label: {
            "title": part.title,
            "words": dict(zip(part.names, part.headings, strict=True)),
            "rows": [dict(zip(part.names, row, strict=True)) for row in part.rows],
            "more": part.more,
        }
        for part in parts
    }
    told = {"made_on": clock.today().isoformat(), "tables": tables}
    return json.dumps(told, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode()


def as_workbook(parts: list[Part], user: User) -> bytes:
    """The first sheet says what is there; then a sheet for each table that holds something."""
    contents = [[part.title, len(part.rows), "只列前面一部分" if part.more else ""] for part in parts]
    title = f"{user.name}的资料副本"
    pages = [
        sheets.Sheet("目录", f"{title}；{clock.today().isoformat()}", ("内容", "条数", "说明"), contents, (24, 8, 20))
    ]
    for part in parts:
        if part.rows:
            rows = [[_cell(value) for value in row] for row in part.rows]
            pages.append(sheets.Sheet(part.title, title, part.headings, rows, [18] * len(part.headings)))
    return sheets.workbooks(pages)


def _cell(value: Any) -> sheets.Cell:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder) if isinstance(value, (dict, list)) else value
