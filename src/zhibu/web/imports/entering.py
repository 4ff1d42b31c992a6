"""Writes the good rows of an applied batch, in bulk. Runs inside the transaction of `actions.apply`.

Bulk writes make no audit line of their own: the batch writes one line for each kind of book with its counts, and
`Created` lists every row made or changed, with its former values, so that the batch can be undone.
"""

from __future__ import annotations

import pickle  # between two halves of one call; never bytes of a user
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import batched
from typing import Any

from django.db import models

from zhibu.web.core import clock
from zhibu.web.core.crypto import Broken
from zhibu.web.core.scope import Scope
from zhibu.web.core.sealed import stored_as
from zhibu.web.coverage.models import Covering, Responsibility, Unit
from zhibu.web.imports import registers
from zhibu.web.imports.books.check import Part
from zhibu.web.imports.books.check_events import EventRow
from zhibu.web.imports.books.check_members import MemberRow
from zhibu.web.imports.books.check_organisations import OrganisationRow, in_order
from zhibu.web.imports.books.check_units import UnitRow
from zhibu.web.imports.books.columns import EVENTS, KINDS, MEMBERS, ORGANISATIONS, UNITS
from zhibu.web.imports.books.names import Ref
from zhibu.web.imports.codes import Codes
from zhibu.web.imports.models import Batch, Created
from zhibu.web.members import history
from zhibu.web.members.models import Member, MemberChange
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.organisations.pinyin import initials
from zhibu.web.records.models import Record
from zhibu.web.records.numbers import take

WHY = "rows judged within the scope of who imports"
CHUNK = 2000
LONGEST_CONTENT = 20_000


def stamp() -> tuple[Any, ...]:
    """Changes when organisations come or go: then names have to be looked up anew."""
    rows = Organisation.objects.unscoped(WHY).order_by()
    return tuple(rows.aggregate(last=models.Max("pk"), count=models.Count("pk")).values())


class Spool:
    """The good rows between judging and writing, on disk: pickles of our own values in a file without a name."""

    def __enter__(self) -> Spool:
        self._file = tempfile.TemporaryFile()
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def put(self, part: Part) -> None:
        rows = in_order(part.rows) if part.kind == ORGANISATIONS else part.rows
        pickle.dump((part.kind, [row.value for row in rows if row.accepted]), self._file)

    def parts(self) -> Iterator[tuple[str, list[Any]]]:
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)  # noqa: S301
            except EOFError:
                return


class Entering:
    """Takes the parts of a check in order: organisations, members, events, units, then the registers."""

    def __init__(self, batch: Batch, by: Scope):
        self.batch, self.by = batch, by
        self.counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        self.touched: set[int] = set()  # organisations whose facts changed
        self.units: set[int] = set()  # … and units
        self.planted: list[Organisation] = []
        self.kept: dict[str, dict[Any, Any]] = {}  # what a register remembers from part to part
        self._keys: dict[int, Organisation] = {}

    def take(self, kind: str, rows: list[Any]) -> None:
        takes = {ORGANISATIONS: self._organisations, MEMBERS: self._members, EVENTS: self._events, UNITS: self._units}
        if kind in takes:
            takes[kind](rows)
        else:
            registers.OF[kind].take(self, rows)

    # --- organisations ------------------------------------------------------------------------------------------

    def _organisations(self, rows: Sequence[OrganisationRow]) -> None:
        codes = Codes([row.given.get("code", "") for row in rows if row.match is None])
        stored = Organisation.objects.unscoped(WHY)
        known = {one.pk: one for one in _by_pk(stored, {row.match for row in rows} | _superiors(rows))}
        planted: list[tuple[Organisation, Organisation | None]] = []
        changed: list[tuple[Organisation, dict[str, Any]]] = []
        for row in rows:
            if row.match is None:
                node = _organisation(row, codes)
                self._keys[row.key] = node
                above = row.superior
                planted.append((node, None if above is None else self._node(above, known)))
            else:
                self._keys[row.key] = known[row.match]
                changed.append((known[row.match], {k: v for k, v in row.given.items() if k not in ("code", "kind")}))
        tree.plant_many(planted)
        self.planted = [node for node, _ in planted]
        self.note(Organisation, self.planted)
        self.change(Organisation, changed, self.counts[ORGANISATIONS], lambda one: one.pk)
        self.counts[ORGANISATIONS]["new"] += len(planted)
        self.touched.update(node.pk for node in self.planted)

    def _node(self, ref: Ref, known: dict[int, Organisation]) -> Organisation:
        return known[ref[1]] if ref[0] == "db" else self._keys[ref[1]]

    def pk(self, ref: Ref) -> int:
        return ref[1] if ref[0] == "db" else self._keys[ref[1]].pk

    # --- members ------------------------------------------------------------------------------------------------

    def _members(self, rows: Sequence[MemberRow]) -> None:
        fresh = [_member(row, self.pk(row.branch)) for row in rows if row.match is None and row.branch]
        Member.objects.unscoped(WHY).bulk_create(fresh, batch_size=CHUNK)
        self.note(Member, fresh)
        known = {one.pk: one for one in _by_pk(Member.objects.unscoped(WHY), {row.match for row in rows})}
        changed = [(known[row.match], {"name": row.name, **row.given}) for row in rows if row.match]
        steps = [(known[row.match], row.given, row.changed_on) for row in rows if row.match]
        made = history.changes(steps, self.by.on, "导入")
        MemberChange.objects.unscoped(WHY).bulk_create(made, batch_size=CHUNK)
        self.note(MemberChange, made)
        self.change(Member, changed, self.counts[MEMBERS], lambda one: one.organisation_id)
        self.counts[MEMBERS]["new"] += len(fresh)
        self.touched.update(member.organisation_id for member in fresh)

    # --- events -------------------------------------------------------------------------------------------------

    def _events(self, rows: Sequence[EventRow]) -> None:
        stored = Record.objects.unscoped(WHY).filter(submitted_key__in=[row.mark for row in rows])
        known = set(stored.values_list("organisation_id", "submitted_key"))
        fresh = [row for row in rows if row.branch and (self.pk(row.branch), row.mark) not in known]
        years = Counter(row.held_on.year for row in fresh if row.held_on)
        numbers = {year: iter(take(year, count)) for year, count in sorted(years.items())}
        now = clock.now()
        records = [
            _record(row, self.pk(row.branch), next(numbers[row.held_on.year]), now, self.by)
            for row in fresh
            if row.branch and row.held_on
        ]
        Record.objects.unscoped(WHY).bulk_create(records, batch_size=1000)
        self.note(Record, records)
        self.counts[EVENTS]["new"] += len(records)
        self.counts[EVENTS]["same"] += len(rows) - len(records)
        self.touched.update(record.organisation_id for record in records)

    # --- units --------------------------------------------------------------------------------------------------

    def _units(self, rows: Sequence[UnitRow]) -> None:
        today, document = self.by.on, "导入"
        new = [row for row in rows if row.match is None]
        places = [self.pk(row.committee) if row.committee else self.by.organisation_id for row in new]
        fresh = [
            Unit(organisation_id=place, name=row.name, **row.given) for row, place in zip(new, places, strict=True)
        ]
        Unit.objects.unscoped(WHY).bulk_create(fresh, batch_size=CHUNK)
        known = {one.pk: one for one in _by_pk(Unit.objects.unscoped(WHY), {row.match for row in rows})}
        self.note(Unit, fresh)
        answers = [
            Responsibility(unit=unit, committee_id=unit.organisation_id, starts_on=today, document=document)
            for row, unit in zip(new, fresh, strict=True)
            if row.committee
        ]
        pairs = [*zip(new, fresh, strict=True), *((row, known[row.match]) for row in rows if row.match)]
        covered = [
            Covering(unit=unit, party_id=self.pk(row.party), mode=row.mode, starts_on=row.covered_on, document=document)
            for row, unit in pairs
            if row.party and row.covered_on
        ]
        for model, made in ((Responsibility, answers), (Covering, covered)):
            model.objects.unscoped(WHY).bulk_create(made, batch_size=CHUNK)
            self.note(model, made)
        changed = [(known[row.match], {"name": row.name, **row.given}) for row in rows if row.match]
        before = set(self.touched)
        self.change(Unit, changed, self.counts[UNITS], lambda one: one.pk)
        self.units.update(self.touched - before, (unit.pk for _, unit in pairs))
        self.touched = before
        self.counts[UNITS]["new"] += len(fresh)

    # --- both ---------------------------------------------------------------------------------------------------

    def change(self, model: type[models.Model], rows: Iterable[tuple[Any, dict[str, Any]]], counts, place) -> None:
        """Set what the book says otherwise than the database; an empty cell says nothing."""
        before: dict[int, dict[str, Any]] = {}
        objects, fields = {}, set()
        for one, given in rows:
            other = {field: value for field, value in given.items() if not _says(one, field, value)}
            if not other:
                counts["same"] += 1
                continue
            columns = [column for field in other for column in stored_as(model, field)]
            former = [getattr(one, column) for column in columns]
            for field, value in other.items():
                setattr(one, field, value)
            before[one.pk] = {column: [was, getattr(one, column)] for column, was in zip(columns, former, strict=True)}
            objects[one.pk] = one
            fields.update(columns)
            if place:
                self.touched.add(place(one))
        counts["changed"] += len(objects)
        if objects:
            model.objects.unscoped(WHY).bulk_update(list(objects.values()), sorted(fields), batch_size=200)
            self.note(model, before=before)

    def note(self, model: type[models.Model], made: Sequence[Any] = (), before: dict[int, Any] | None = None) -> None:
        label = model._meta.label_lower
        lines = [Created(batch=self.batch, thing=label, thing_id=pk, before=was) for pk, was in (before or {}).items()]
        for chunk in batched(made, CHUNK):
            lines.append(Created(batch=self.batch, thing=label, made=[one.pk for one in chunk]))
        Created.objects.bulk_create(lines, batch_size=CHUNK)


def _says(one: models.Model, field: str, value: Any) -> bool:
    """Whether the row holds this value already. One whose sealed text no longer opens does not: the book mends it."""
    try:
        return bool(getattr(one, field) == value)
    except Broken:
        return False


def _by_pk(rows: models.QuerySet, keys: Iterable[int | None]) -> models.QuerySet:
    return rows.filter(pk__in=[key for key in keys if key])


def _superiors(rows: Iterable[OrganisationRow]) -> set[int | None]:
    return {row.superior[1] for row in rows if row.superior and row.superior[0] == "db"}


def _organisation(row: OrganisationRow, codes: Codes) -> Organisation:
    given = {field: value for field, value in row.given.items() if field != "code"}
    short = str(given.get("short_name", ""))
    return Organisation(
        name=row.name, code=codes.give(str(row.given.get("code", ""))), initials=initials(row.name, short), **given
    )


def _member(row: MemberRow, branch: int) -> Member:
    return Member(
        organisation_id=branch,
        name=row.name,
        initials=name_initials(row.name),
        id_number=row.id_number,
        **row.given,
    )


def _record(row: EventRow, branch: int, number: str, now: Any, by: Scope) -> Record:
    """`recorded_on` is the day the ledger gives, for punctuality; `recorded_at` is the honest moment of this import."""
    given = dict(row.given)
    given["content"] = str(given.get("content", ""))[:LONGEST_CONTENT]
    return Record(
        number=number,
        organisation_id=branch,
        types=row.types,
        held_on=row.held_on,
        recorded_on=row.recorded_on,
        recorded_at=now,
        source="import",
        submitted_key=row.mark,
        by_id=by.user_id or None,
        **given,
    )


@lru_cache(maxsize=8000)
def _letters(character: str) -> tuple[str, ...]:
    return tuple(initials(character).split())


@lru_cache(maxsize=20_000)
def name_initials(name: str) -> str:
    """`initials` of a person's name from those of its characters, at a hundredth of the cost: the usual reading, then
    those with one character read in another way."""
    readings = [_letters(character) for character in name if character.isalnum()]
    usual = [letters[0] if letters else "" for letters in readings]
    found = {"".join(usual): None}
    for place, letters in enumerate(readings):
        for letter in letters[1:]:
            found["".join([*usual[:place], letter, *usual[place + 1 :]])] = None
    kept = ""
    for spelling in list(found)[:6]:
        longer = f"{kept} {spelling}".strip()
        kept = longer if len(longer) <= 40 else kept
    return kept
