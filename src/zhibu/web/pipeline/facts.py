"""The database as the engine's six tables. The only place that says which column of ours is which of theirs.

Organisations are known to the engine by `code`, members as `m<pk>`, records by their number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pyarrow as pa
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from zhibu.web.assessment.models import Adjustment
from zhibu.web.members.models import Member, MemberKind
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.regulations.models import Waiver

DAY, TEXT, LIST, WHOLE, AMOUNT = pa.date32(), pa.string(), pa.list_(pa.string()), pa.int64(), pa.decimal128(18, 6)

ORGANISATIONS = pa.schema(
    [("org_id", TEXT), ("parent_id", TEXT), ("kind", TEXT), ("sector", TEXT)]
    + [(name, DAY) for name in ("founded_on", "dissolved_on", "valid_from", "valid_to")]
    + [("members", WHOLE), ("full_members", WHOLE), ("has_committee", pa.bool_()), ("committee_size", WHOLE)]
    + [("groups", WHOLE), ("elected_on", DAY), ("term_years", WHOLE), ("term_ends_on", DAY)]
    + [("has_secretary", pa.bool_()), ("secretary_since", DAY)]
)
PEOPLE = pa.schema(
    [("person_id", TEXT), ("org_id", TEXT)]
    + [(name, DAY) for name in ("joined_on", "left_on", "valid_from", "valid_to")]
    + [("member_kind", TEXT), ("employment", TEXT)]
    + [(name, pa.bool_()) for name in ("frail", "floating", "retired", "is_secretary", "is_committee_member")]
    + [("is_leader", pa.bool_()), ("pays_dues", pa.bool_()), ("became_probationary_on", DAY), ("became_full_on", DAY)]
)
UNITS = pa.schema(
    [("unit_id", TEXT), ("kind", TEXT)]
    + [(name, DAY) for name in ("founded_on", "dissolved_on", "valid_from", "valid_to")]
    + [("employees", WHOLE), ("party_members", WHOLE), ("has_organisation", pa.bool_())]
)
EVENTS = pa.schema(
    [("event_id", TEXT), ("types", LIST), ("org_id", TEXT), ("person_id", TEXT), ("unit_id", TEXT)]
    + [("held_on", DAY), ("recorded_on", DAY), ("expected", WHOLE), ("present", WHOLE)]
    + [("days", AMOUNT), ("hours", AMOUNT), ("topics", LIST), ("makes_up", TEXT)]
)
WAIVERS = pa.schema(
    [("subject", TEXT), ("subject_id", TEXT), ("rule", TEXT), ("from", DAY), ("to", DAY), ("reason", TEXT)]
)
ADJUSTMENTS = pa.schema([("subject_id", TEXT), ("item", TEXT), ("on", DAY), ("points", AMOUNT), ("reason", TEXT)])

Chosen = Collection[int] | None  # organisation keys; None: all of them


def tables(chosen: Chosen = None, *, people: bool = True) -> dict[str, pa.Table]:
    """The six tables, for all organisations, or for those chosen with bare rows of their superiors."""
    return {
        "organisations": organisations(chosen),
        "people": _people(chosen) if people else PEOPLE.empty_table(),
        "units": UNITS.empty_table(),
        "events": events(chosen),
        "waivers": _waivers(chosen),
        "adjustments": _adjustments(chosen),
    }


def organisations(chosen: Chosen) -> pa.Table:
    full = Count("members", Q(members__kind=MemberKind.FULL, members__left_on=None))
    everyone = Count("members", Q(members__left_on=None))
    rows = _with_superiors(chosen).annotate(people=everyone, full=full).values(
        "pk", "path", "code", "kind", "sector", "founded_on", "dissolved_on", "people", "full", "committee_size",
        "groups", "elected_on", "term_years", "term_ends_on", "secretary_name", "secretary_since",
    )  # fmt: skip
    rows = list(rows.order_by("path"))
    codes = {row["path"]: row["code"] for row in rows}
    return pa.Table.from_pylist([_organisation(row, codes) for row in rows], ORGANISATIONS)


def _with_superiors(chosen: Chosen) -> QuerySet[Organisation]:
    """Those chosen and all above them: rules may ask for the superior, and the tree must have no holes."""
    everyone = Organisation.objects.unscoped("facts for the engine")
    if chosen is None:
        return everyone
    paths = list(everyone.filter(pk__in=chosen).values_list("path", flat=True))
    return everyone.filter(path__in={*paths, *(above for path in paths for above in tree.ancestor_paths(path))})


def _organisation(row: dict[str, Any], codes: dict[str, str]) -> dict[str, Any]:
    size = row["committee_size"]
    return {
        "org_id": row["code"],
        "parent_id": codes.get(tree.parent_path(row["path"])),
        "kind": row["kind"],
        "sector": row["sector"] or None,
        "members": row["people"],
        "full_members": row["full"],
        "has_committee": None if size is None else size > 0,
        "has_secretary": True if row["secretary_name"] else None,  # an empty cell says nothing
        **{name: row[name] for name in ("founded_on", "dissolved_on", "committee_size", "groups", "elected_on")},
        **{name: row[name] for name in ("term_years", "term_ends_on", "secretary_since")},
    }


def _people(chosen: Chosen) -> pa.Table:
    rows = _of(Member.objects.unscoped("facts for the engine"), "organisation", chosen).values(
        "pk", "organisation__code", "joined_on", "left_on", "arrived_on", "kind", "employment", "frail", "floating",
        "branch_post", "full_on",
    )  # fmt: skip
    return pa.Table.from_pylist([_person(row) for row in rows.order_by("pk").iterator()], PEOPLE)


def _person(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "person_id": f"m{row['pk']}",
        "org_id": row["organisation__code"],
        "joined_on": row["joined_on"],
        "left_on": row["left_on"],
        "valid_from": row["arrived_on"],
        "member_kind": row["kind"],
        "employment": row["employment"] or None,
        "frail": row["frail"],
        "floating": row["floating"],
        "retired": row["employment"] == "retired",
        "is_secretary": row["branch_post"] == "书记",
        "is_committee_member": bool(row["branch_post"]),
        "is_leader": False,
        "pays_dues": None,
        "became_probationary_on": row["joined_on"],
        "became_full_on": row["full_on"],
    }


def events(chosen: Chosen) -> pa.Table:
    rows = _of(Record.objects.unscoped("facts for the engine"), "organisation", chosen).filter(withdrawn_at=None)
    rows = rows.annotate(counted=Coalesce("recounted_on", "recorded_on"))  # decision 6: edits and honest time
    rows = rows.order_by("number").values_list(
        "number", "types", "organisation__code", "held_on", "counted", "expected", "present", "hours", "topic",
        "makes_up",
    )  # fmt: skip
    return _columns(rows.iterator(chunk_size=5000))


def _columns(rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    found = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(10)]
    number, types, code, held, recorded, expected, present, hours, topic, makes_up = found
    nothing = [None] * len(number)
    return pa.table(
        {
            "event_id": number,
            "types": types,
            "org_id": code,
            "person_id": nothing,
            "unit_id": nothing,
            "held_on": held,
            "recorded_on": recorded,
            "expected": expected,
            "present": present,
            "days": nothing,
            "hours": hours,
            "topics": [[one] if one else None for one in topic],
            "makes_up": [label or None for label in makes_up],
        },
        schema=EVENTS,
    )


def _waivers(chosen: Chosen) -> pa.Table:
    rows = _of(Waiver.objects.all(), "organisation", chosen).values_list(
        "organisation__code", "rule", "starts_on", "ends_on", "reason"
    )
    names = ("subject_id", "rule", "from", "to", "reason")
    found = [{"subject": "organisation", **dict(zip(names, row, strict=True))} for row in rows.order_by("pk")]
    return pa.Table.from_pylist(found, WAIVERS)


def _adjustments(chosen: Chosen) -> pa.Table:
    rows = _of(Adjustment.objects.unscoped("facts for the engine"), "organisation", chosen)
    names = ("subject_id", "item", "on", "points", "reason")
    found = rows.order_by("pk").values_list("organisation__code", "item", "on", "points", "reason")
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in found], ADJUSTMENTS)


def _of(rows: QuerySet, column: str, chosen: Chosen) -> QuerySet:
    return rows if chosen is None else rows.filter(**{f"{column}__in": chosen})
