"""The database as the engine's six tables. The only place that says which column of ours is which of theirs.

Organisations are known to the engine by `code`, members as `m<pk>`, records by their number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhibu.engine.facts.load import from_tables
from zhibu.engine.facts.shape import SHAPES
from zhibu.engine.facts.sound import sound
from zhibu.web.assessment.models import Adjustment
from zhibu.web.members.models import Member, MemberChange, MemberKind
from zhibu.web.organisations import history, tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import units
from zhibu.web.records.models import Record, Review
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
    + [("employees", WHOLE), ("party_members", WHOLE), ("full_members", WHOLE), ("above_scale", pa.bool_())]
    + [(name, pa.bool_()) for name in ("operating", "has_organisation", "has_instructor")]
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

SCHEMAS = {
    "organisations": ORGANISATIONS,
    "people": PEOPLE,
    "units": UNITS,
    "events": EVENTS,
    "waivers": WAIVERS,
    "adjustments": ADJUSTMENTS,
}

WHY = "facts for the engine"
Chosen = Collection[int] | None  # organisation keys; None: all of them
Row = dict[str, Any]


def tables(chosen: Chosen = None, *, people: bool = True) -> dict[str, pa.Table]:
    """The six tables, for all organisations, or for those chosen, bare rows of their superiors, no units."""
    return {
        "organisations": organisations(chosen),
        "people": _people(chosen) if people else PEOPLE.empty_table(),
        "units": UNITS.empty_table() if chosen is not None else pa.Table.from_pylist(units.rows(), UNITS),
        "events": events(chosen) if chosen is not None else pa.concat_tables([events(None), _visits()]),
        "waivers": pa.Table.from_pylist(_waivers(chosen) + ([] if chosen is not None else units.waivers()), WAIVERS),
        "adjustments": pa.Table.from_pylist(_adjustments(chosen), ADJUSTMENTS),
    }


def own(found: Iterable[Row], codes: Mapping[str, str]) -> dict[str, dict[str, list[Row]]]:
    """Organisation code → its own rows by table; `found` has the columns `OWN`, `codes` the superiors by path."""
    places = list(found)
    chosen = [row["pk"] for row in places]
    heads, columns = _heads(chosen), _columns(_events(chosen))
    happened = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    tables: dict[str, dict[str, list[Row]]] = {row["code"]: {name: [] for name in SCHEMAS} for row in places}
    steps = history.steps_of(chosen)
    for row in places:
        tables[row["code"]]["organisations"] += _organisation(row, codes, heads, steps)
    rows = {"events": (happened, "org_id"), "waivers": (_waivers(chosen), "subject_id")}
    rows["adjustments"] = (_adjustments(chosen), "subject_id")
    for name, (all_rows, identity) in rows.items():
        for row in all_rows:
            tables[row[identity]][name].append(row)
    return tables


def checked(own: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows as the engine would load them; without the loader where all are sure to be kept as they stand."""
    if all(sound(SHAPES[name], row) for name, rows in own.items() for row in rows):
        return own
    loaded = from_tables({name: pa.Table.from_pylist(rows, SCHEMAS[name]) for name, rows in own.items()})
    return {name: loaded[name].to_pylist() for name in own}


def specimen() -> dict[str, pa.Table]:
    """Rows with a value in every column: what rules are bound to when only single organisations are judged."""
    values = {TEXT: "x", DAY: date(2000, 1, 1), LIST: ["x"], WHOLE: 1, AMOUNT: Decimal(1), pa.bool_(): True}
    rows = {name: {field.name: values[field.type] for field in schema} for name, schema in SCHEMAS.items()}
    above = rows["organisations"] | {"org_id": "above", "parent_id": None}
    tables = {name: [row] for name, row in rows.items()}
    tables["organisations"] = [above, rows["organisations"] | {"parent_id": "above"}]
    tables["waivers"][0] |= {"subject": "organisation", "rule": "x/x"}
    return {name: pa.Table.from_pylist(found, SCHEMAS[name]) for name, found in tables.items()}


def organisations(chosen: Chosen) -> pa.Table:
    """A superior of the past that is not in the table is left out: the tree must have no holes."""
    found = list(_with_superiors(chosen).order_by("path").values(*OWN))
    codes = {row["path"]: row["code"] for row in found}
    keys = None if chosen is None else [row["pk"] for row in found]
    heads, steps, known = _heads(keys), history.steps_of(keys), frozenset(codes.values())
    rows = [one for row in found for one in _organisation(row, codes, heads, steps)]
    for row in rows:
        row["parent_id"] = row["parent_id"] if row["parent_id"] in known else None
    return pa.Table.from_pylist(rows, ORGANISATIONS)


OWN = (
    "pk", "path", "code", "kind", "sector", "founded_on", "dissolved_on", "committee_size", "groups", "elected_on",
    "term_years", "term_ends_on", "secretary_name", "secretary_since",
)  # fmt: skip


def _heads(chosen: Chosen) -> dict[int, tuple[int, int]]:
    """(members, full members) of every organisation that has any, as of now."""
    rows = _of(Member.objects.unscoped("facts for the engine"), "organisation", chosen).filter(left_on=None)
    full = Count("pk", Q(kind=MemberKind.FULL))
    found = rows.order_by().values("organisation").annotate(people=Count("pk"), full=full)
    return {pk: (people, count) for pk, people, count in found.values_list("organisation", "people", "full")}


def _with_superiors(chosen: Chosen) -> QuerySet[Organisation]:
    """Those chosen and all above them: rules may ask for the superior, and the tree must have no holes."""
    everyone = Organisation.objects.unscoped("facts for the engine")
    if chosen is None:
        return everyone
    paths = list(everyone.filter(pk__in=chosen).values_list("path", flat=True))
    return everyone.filter(path__in={*paths, *(above for path in paths for above in tree.ancestor_paths(path))})


Heads = Mapping[int, tuple[int, int]]


def _organisation(
    row: Row, codes: Mapping[str, str], heads: Heads, steps: Mapping[int, Sequence[history.Step]]
) -> list[Row]:
    """The row of today, and before it one for each spell in which a rule could have read something else (M001).

    Numbers of members are those of today in every row, as they are for an organisation without a history.
    """
    now = row | {"superior": codes.get(tree.parent_path(row["path"]))}
    spells = history.unrolled(now, steps.get(row["pk"], ()), history.FACTS)
    people = heads.get(row["pk"], (0, 0))
    return [_spell(one.row, people) | {"valid_from": one.first, "valid_to": one.last} for one in spells]


def _spell(row: Row, people: tuple[int, int]) -> Row:
    size = row["committee_size"]
    return {
        "org_id": row["code"],
        "parent_id": row["superior"],
        "kind": row["kind"],
        "sector": row["sector"] or None,
        "members": people[0],
        "full_members": people[1],
        "has_committee": None if size is None else size > 0,
        "has_secretary": True if row["secretary_name"] else None,  # an empty cell says nothing
        **{name: row[name] for name in ("founded_on", "dissolved_on", "committee_size", "groups", "elected_on")},
        **{name: row[name] for name in ("term_years", "term_ends_on", "secretary_since")},
    }


def _people(chosen: Chosen) -> pa.Table:
    """A row for each state: those that are over (`MemberChange`), then the one of now, from the day after the last."""
    over = MemberChange.objects.unscoped(WHY).filter(until__isnull=False)
    last = over.filter(member=OuterRef("pk")).order_by("-until").values("until")[:1]
    members = Member.objects.unscoped(WHY)
    now = _of(members, "organisation", chosen).annotate(over_on=Subquery(last)).values(*STATE, "over_on")
    rows = [_person(row) for row in now.order_by("pk").iterator()]
    then = _of(over.filter(member__in=members), "organisation", chosen).order_by("member", "until")
    rows += [_person_then(row) for row in then.values(*THEN, *(f"member__{name}" for name in OF_THE_PERSON)).iterator()]
    return pa.Table.from_pylist(rows, PEOPLE)


STATE = (
    "pk", "organisation__code", "joined_on", "left_on", "arrived_on", "kind", "employment", "frail", "floating",
    "branch_post", "full_on",
)  # fmt: skip
THEN = ("member", "organisation__code", "kind", "employment", "since", "until")
OF_THE_PERSON = ("joined_on", "left_on", "frail", "floating", "full_on")


def _begun(row: dict[str, Any]) -> date | None:
    """Who came back begins on the day of coming, not on the day after leaving."""
    days = [row["arrived_on"], row["over_on"] and row["over_on"] + timedelta(days=1)]
    return max((one for one in days if one), default=None)


def _person_then(row: dict[str, Any]) -> dict[str, Any]:
    """A state that is over. Of a post in the branch, only the one of now is known."""
    told = {name: row[f"member__{name}"] for name in OF_THE_PERSON}
    told |= {"pk": row["member"], "organisation__code": row["organisation__code"], "kind": row["kind"]}
    told |= {"employment": row["employment"], "arrived_on": row["since"], "over_on": None, "branch_post": ""}
    return _person(told) | {"valid_to": row["until"]}


def _person(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "person_id": f"m{row['pk']}",
        "org_id": row["organisation__code"],
        "joined_on": row["joined_on"],
        "left_on": row["left_on"],
        "valid_from": _begun(row),
        "valid_to": None,
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
    return pa.table(_columns(_events(chosen).iterator(chunk_size=5000)), schema=EVENTS)


def _visits() -> pa.Table:
    return pa.Table.from_pylist(units.visits(), EVENTS)


def _events(chosen: Chosen) -> QuerySet:
    rows = _of(Record.objects.unscoped("facts for the engine"), "organisation", chosen).filter(withdrawn_at=None)
    rows = rows.exclude(review=Review.RETURNED)  # decision 20: until it is back
    rows = rows.annotate(counted=Coalesce("recounted_on", "recorded_on"))  # decision 6: edits and honest time
    return rows.order_by("number").values_list(
        "number", "types", "organisation__code", "held_on", "counted", "expected", "present", "hours", "topic",
        "makes_up",
    )  # fmt: skip


def _columns(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    found = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(10)]
    number, types, code, held, recorded, expected, present, hours, topic, makes_up = found
    nothing = [None] * len(number)
    return {
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
    }


def _waivers(chosen: Chosen) -> list[Row]:
    rows = _of(Waiver.objects.all(), "organisation", chosen).order_by("pk")
    names = ("subject_id", "rule", "from", "to", "reason")
    found = rows.values_list("organisation__code", "rule", "starts_on", "ends_on", "reason")
    return [{"subject": "organisation", **dict(zip(names, row, strict=True))} for row in found]


def _adjustments(chosen: Chosen) -> list[Row]:
    rows = _of(Adjustment.objects.unscoped("facts for the engine"), "organisation", chosen).order_by("pk")
    names = ("subject_id", "item", "on", "points", "reason")
    found = rows.values_list("organisation__code", "item", "on", "points", "reason")
    return [dict(zip(names, row, strict=True)) for row in found]


def _of(rows: QuerySet, column: str, chosen: Chosen) -> QuerySet:
    return rows if chosen is None else rows.filter(**{f"{column}__in": chosen})
