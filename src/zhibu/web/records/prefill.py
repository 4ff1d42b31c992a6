"""What the form holds before anybody types (B5: ask once), as if it had been typed. Serves convenience."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import queries, ties
from zhibu.web.records.extras import PREFIX as ASKS
from zhibu.web.records.forms import RecordForm
from zhibu.web.records.models import Record
from zhibu.web.records.sheet import OUT, PREFIX
from zhibu.web.records.typed import unpack
from zhibu.web.regulations.queries import rules_by_name

# What plans and notices know of a coming activity: `source(scope, organisation, rule, period)` gives answers by the
# name of the form's field, and under "from" the words for where they are from (按 11 月计划). The first source that
# knows anything is taken; its answers go before last time's.
Source = Callable[[Scope, Organisation, str, str], Mapping[str, Any]]
sources: list[Source] = []

_AGAIN = ("place", "host", "starts_at", "ends_at")  # what 「按上次填」 copies


def blank(scope: Scope, own: Organisation, rule: str, period: str, recorder: str) -> tuple[QueryDict, list[Filled]]:
    """A new form for a duty (or for nothing in particular), and what was filled in without being asked."""
    duty = queries.duty_of(scope, own, rule, period) if rule else None
    row = rules_by_name().get(tuple(rule.split("/", 1))) if rule and not duty else None  # type: ignore[arg-type]
    kinds = list(duty.types if duty else row.types if row else ())[:1]
    last = queries.last_like(scope, own, kinds) if kinds else None
    # A period that is over: only the writer knows whether it was held then (late entry) or is made up now.
    over = duty is not None and duty.ends_on < scope.on
    fields: dict[str, Any] = {
        "key": uuid.uuid4().hex,
        "rule": rule,
        "period": period,
        "types": kinds,
        "held_on": "" if over else scope.on.isoformat(),
        "recorder": recorder,
        **_again(last),
    }
    planned = dict(next(filter(None, (source(scope, own, rule, period) for source in sources)), {}))
    said = str(planned.pop("from", "按计划"))
    filled = [Filled(said, _labels(planned))] if planned else []
    again = {name: value for name, value in _again(last).items() if value and name not in planned}
    if last and again:
        filled.append(Filled(f"按 {last.held_on.month} 月 {last.held_on.day} 日那次", _labels(again)))
    return _as_typed(fields | planned), [one for one in filled if one.labels]


@dataclass(frozen=True, slots=True)
class Filled:
    """按 10 月 20 日那次, 地点、主持: what stands in the form already and where it is from."""

    by: str
    labels: str


def _labels(fields: Mapping[str, Any]) -> str:
    named = {name: field.label for name, field in RecordForm.base_fields.items() if fields.get(name)}
    if "starts_at" in named and "ends_at" in named:
        named["starts_at"] = "起止时间"
        del named["ends_at"]
    return "、".join(str(label) for label in named.values() if label)


def _again(last: Record | None) -> dict[str, Any]:
    return {name: _text(getattr(last, name)) for name in _AGAIN} if last else {}


def of_record(record: Record, members: list[Member]) -> QueryDict:
    """A stored record as its form, with everybody who was not expected marked so."""
    names = ("topic", "place", "host", "recorder", "content", "makes_up", "expected", "present", "hours")
    fields: dict[str, Any] = {name: _text(getattr(record, name)) for name in names}
    states = dict(record.attendances.values_list("member_id", "state"))
    return _as_typed(
        fields
        | {f"{PREFIX}{member.pk}": states.get(member.pk, OUT) for member in members if states}
        | {f"{ASKS}{name}": _text(value) for name, value in record.extra.items()}
        | {f"{ties.PREFIX}{tie.name}": tie.chosen(record) for tie in ties.ties()}
        | {"types": record.types, "held_on": record.held_on.isoformat(), "key": f"edit-{record.number}"}
        | {"starts_at": _text(record.starts_at), "ends_at": _text(record.ends_at), "version": str(record.version)}
    )


def frame_of(record: Record | None) -> str:
    """The headings of a text: its lines that end with a colon, blank below each."""
    lines = [line.strip() for line in (record.content if record else "").split("\n")]
    heads = [line.split("：", 1)[0] + "：" for line in lines if "：" in line[:12]]
    return "\n\n".join(dict.fromkeys(heads))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.strftime("%H:%M") if hasattr(value, "strftime") else str(value)


def _as_typed(fields: dict[str, Any]) -> QueryDict:
    return unpack({name: value if isinstance(value, list) else [value] for name, value in fields.items()})
