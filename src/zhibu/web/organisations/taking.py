"""What a merger took, so that it can be given back: the rows of every app that pointed to the organisation, compared
before and after. Apps take over in their own ways (`core.announce`); none has to remember how.

Given back is all or nothing: only while everything stands as the merger left it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import batched
from typing import Any

from django.apps import apps
from django.db import models

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.models import Line
from zhibu.web.core import clock, scoped
from zhibu.web.organisations import hanging
from zhibu.web.organisations.models import Organisation

WHY = "what a merger took"
TRACKED = (models.ForeignKey, models.DateField, models.CharField, models.BooleanField)
# What is nothing without a row of the organisation, and changes with it: model → (its part, the column).
PARTS = {
    "offices.office": ("offices.tenure", "office"),
    "access.post": ("access.standin", "post"),
    "procedures.case": ("procedures.custody", "case"),
}
ANEW = ("next_step", "next_title", "next_at", "next_from", "next_until", "trouble", "stood_on")  # of cases, by the day
LOOKED = ("members.unmask", "members.find", "members.export", "members.export_numbers")  # changes nothing
CHUNK, NAMED = 500, 5

Row = dict[str, Any]
Rows = dict[str, dict[int, Row]]  # label → key → column → value


def look(here: Organisation, owners: Mapping[str, Iterable[int]] | None = None) -> Rows:
    """The rows that point to an organisation now, and the parts of these and of `owners`."""
    found: Rows = {}
    for relation in hanging.relations():
        label = relation.related_model._meta.label_lower
        rows = scoped.everything(relation.related_model, WHY).filter(**{relation.field.name: here})
        found.setdefault(label, {}).update(_read(relation.related_model, rows))
    for whole, (part, column) in PARTS.items():
        model, keys = apps.get_model(part), {*found.get(whole, ()), *(owners or {}).get(whole, ())}
        for chunk in batched(sorted(keys), CHUNK):
            found.setdefault(part, {}).update(
                _read(model, scoped.everything(model, WHY).filter(**{f"{column}__in": chunk}))
            )
    return found


def taken(here: Organisation, before: Rows) -> dict[str, Any]:
    """What is otherwise than before, as JSON: columns with both values, rows made, and how many are gone."""
    changed: dict[str, Any] = {}
    gone: dict[str, int] = {}
    for label, rows in before.items():
        now = _now(label, rows)
        gone |= {label: count} if (count := len(rows) - len(now)) else {}
        for key, row in now.items():
            if columns := {name: [rows[key][name], value] for name, value in row.items() if rows[key][name] != value}:
                changed.setdefault(label, {})[str(key)] = columns
    after = look(here, before)
    made = {label: sorted(rows.keys() - before.get(label, {}).keys()) for label, rows in after.items()}
    kept = {label: keys for label, keys in made.items() if keys}
    return {"at": clock.now().isoformat(), "changed": changed, "made": kept, "gone": gone}


def give_back(told: Mapping[str, Any]) -> None:
    """Everything as it was. Raises Unfit, naming all that stands in the way; then nothing is changed."""
    if not told:
        raise Unfit("reason", "这次合并没有留下转移清单，不能撤回。请重新设立，再把人转回来")
    if left := [*_gone(told), *_altered(told), *_later(told)]:
        raise Unfit("reason", f"合并不能撤回：{'；'.join(left[:NAMED])}{' 等' if len(left) > NAMED else ''}")
    for label, keys in told["made"].items():
        scoped.everything(apps.get_model(label), WHY).filter(pk__in=keys).delete()
    for label, rows in told["changed"].items():
        model = apps.get_model(label)
        for key, columns in rows.items():
            old = {name: _field(model, name).to_python(values[0]) for name, values in columns.items()}
            scoped.everything(model, WHY).filter(pk=int(key)).update(**old)


def _gone(told: Mapping[str, Any]) -> list[str]:
    return [f"合并时删去了{_title(label)} {count} 条" for label, count in told["gone"].items()]


def _altered(told: Mapping[str, Any]) -> list[str]:
    """Rows that are not as the merger left them."""
    counts: dict[str, int] = {}
    for label, rows in told["changed"].items():
        now = _now(label, map(int, rows))
        as_left = sum(
            all(now[int(key)][name] == value for name, (_, value) in columns.items())
            for key, columns in rows.items() if int(key) in now
        )  # fmt: skip
        counts[label] = len(rows) - as_left
    for label, keys in told["made"].items():
        counts[label] = counts.get(label, 0) + len(keys) - len(_now(label, keys))
    return [f"{_title(label)} {count} 条合并以后又变动过" for label, count in counts.items() if count]


def _later(told: Mapping[str, Any]) -> list[str]:
    """What people did since with a thing that went over, in the words of the log."""
    things = {label: {*rows} for label, rows in told["changed"].items()}
    for label, keys in told["made"].items():
        things.setdefault(label, set()).update(map(str, keys))
    rows = Line.objects.unscoped(WHY).filter(at__gt=told["at"], thing__in=things).exclude(action__in=LOOKED)
    lines = rows.order_by("pk").values_list("thing", "thing_id", "sentence")
    return [f"合并以后又有人做了“{sentence}”" for thing, key, sentence in lines if key in things[thing]]


def _now(label: str, keys: Iterable[int]) -> dict[int, Row]:
    model, found = apps.get_model(label), {}
    for chunk in batched(sorted(keys), CHUNK):
        found.update(_read(model, scoped.everything(model, WHY).filter(pk__in=chunk)))
    return found


def _read(model: type[models.Model], rows: models.QuerySet[Any]) -> dict[int, Row]:
    columns = [
        one.attname for one in model._meta.concrete_fields
        if isinstance(one, TRACKED) and not one.primary_key and one.name not in ANEW
    ]  # fmt: skip
    return {
        row["pk"]: {name: _plain(row[name]) for name in columns} for row in rows.values("pk", *columns)
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _field(model: type[models.Model], column: str) -> Any:
    return next(one for one in model._meta.concrete_fields if one.attname == column)


def _title(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name)
