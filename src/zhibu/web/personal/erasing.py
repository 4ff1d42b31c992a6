"""Values of a person go, by the register: rows that are about the person are deleted or blanked column by column."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.db import models
from django.db.models import QuerySet

from zhibu.web.accounts.models import User
from zhibu.web.members.models import Member
from zhibu.web.personal.register import Entry, entries

GONE = date(1900, 1, 1)  # stands where a day is gone and the column can't be empty


def erase(member: Member) -> None:
    """Inside the transaction of `standings.erase`. Sessions of the account end, it can't sign in again."""
    user = member.user
    for entry in entries().values():
        rows = of_person(entry, member, user)
        if entry.erase == "row":
            rows.delete()
        else:
            blank(rows, [field.name for field in entry.fields if field.erase == "blank"])
    if user:
        User.objects.filter(pk=user.pk).update(is_active=False)


def of_person(entry: Entry, member: Member | None, user: User | None, *, acted: bool = False) -> QuerySet:
    """The rows of a table that are a person's; with `acted` also those the person handled. For this person only."""
    reach = models.Q(pk__in=[])
    model = entry.model
    people: dict[type[models.Model], models.Model | None] = {Member: member, User: user}
    if self_ := people.get(model):
        reach |= models.Q(pk=self_.pk)
    for name in (*entry.persons, *(entry.acted if acted else ())):
        who = people[model._meta.get_field(name).related_model]
        if who is not None and not (model is Member and name == "user"):  # the own row is found by itself
            reach |= models.Q(**{name: who})
    if acted and member and member.name and entry.by_name:
        named = models.Q(*[(name, member.name) for name in entry.by_name], _connector=models.Q.OR)
        place = model.scope_path.removesuffix("__path")  # whose people the table names
        reach |= named & models.Q(**{place: member.organisation_id})
    return model._base_manager.filter(reach)


def blank(rows: QuerySet, columns: list[str]) -> int:
    """Empty these columns. Returns how many rows; unique columns that can't be empty get a random word each."""
    model = rows.model
    chosen = [model._meta.get_field(name) for name in columns]
    alone = [one for one in chosen if one.unique and not one.null]
    told = {one.attname: empty(one) for one in chosen if one not in alone}
    keys = list(rows.values_list("pk", flat=True)) if told or alone else []
    for key in keys if alone else []:
        gone = {one.attname: f"gone-{secrets.token_hex(12)}" for one in alone}
        model._base_manager.filter(pk=key).update(**told, **gone)
    if told and not alone:
        for start in range(0, len(keys), 500):
            model._base_manager.filter(pk__in=keys[start : start + 500]).update(**told)
    return len(keys)


def empty(field: models.Field) -> Any:
    """What stands where a value is gone: null, nothing, the default, no, or the first day of 1900."""
    if field.null:
        return None
    if field.has_default():
        return field.get_default()
    if isinstance(field, models.DateTimeField):
        raise TypeError(f"{field}: a moment that can't be empty can't be erased")
    if isinstance(field, models.DateField):
        return GONE
    if isinstance(field, models.BooleanField):
        return False
    return ""
