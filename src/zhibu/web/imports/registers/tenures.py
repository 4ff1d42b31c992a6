"""任职记录: who held which office from when to when; offices that were not there yet come along."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import TYPE_CHECKING, Any

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.imports.books.cells import looks_like_formula, missing, squeeze
from zhibu.web.imports.books.check import Check
from zhibu.web.imports.books.columns import TENURES
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.names import Ref
from zhibu.web.imports.books.table import Table
from zhibu.web.imports.registers.common import CHUNK, People, Places, chunks, day, flag, one_of
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations.models import Organisation

if TYPE_CHECKING:
    from zhibu.web.imports.entering import Entering

NEEDS, EXPORT = "offices.keep", "offices.export"
MODELS = (Tenure, Office)
WHY = "offices of organisations judged within the scope of who imports"
OFFICES = {label: value for value, label in Office.Kind.choices} | {"其他": "other", "支部委员": "committee"}
HOW = {label: value for value, label in Tenure.How.choices} | {"选举产生": "elected", "任命产生": "appointed"}
YES = {True: "是", False: "否", None: ""}
Span = tuple[date, date | None]


@dataclass(slots=True)
class Seat:
    """An office as the judge sees it: `pk` None: this book makes it. `taken`: tenure or row → its days."""

    key: tuple[Ref, str]
    pk: int | None
    seats: int
    starts_on: date
    taken: dict[object, Span]
    new: dict[str, Any] | None = None
    settled: bool = False  # its first rows are judged: the day it was set up stays


@dataclass(slots=True)
class TenureRow:
    """`office` is told whole where the row brings it along; `match` is the tenure of the database it updates."""

    name: str
    branch: Ref
    branch_name: str
    title: str
    starts_on: date
    given: dict[str, Any]
    office: int | None = None
    new_office: dict[str, Any] | None = None
    member: int | None = None
    match: int | None = None


def check(tables: Iterable[Table], check: Check, by: Scope) -> Iterator[list[Checked]]:
    judge = _Judge(check, by)
    for some in chunks(tables):
        yield judge.rows(some)


class _Judge:
    def __init__(self, check: Check, by: Scope):
        self._today, self._places = check.today, Places(check, by, NEEDS)
        self._people = People(by.doing("members.view"))
        self._seats: dict[tuple[Ref, str], list[Seat]] = defaultdict(list)
        self._stored: dict[tuple[int, str, date], Tenure] = {}
        self._loaded: set[int] = set()
        self._claimed: dict[tuple[int, str, date], int] = {}

    def rows(self, some: list[Fields]) -> list[Checked]:
        read = [(fields, self._read(fields)) for fields in some]
        self._load({row.branch[1] for _, row in read if row and row.branch[0] == "db"})
        found = [(fields, row, seat) for fields, row in read if row and (seat := self._seat(fields, row))]
        for _, row, seat in found:  # who leaves makes room, wherever the row stands
            self._meet(row, seat)
        for fields, row, seat in found:
            self._sit(fields, row, seat)
            seat.settled = True
        return [fields.row for fields in some]

    def _read(self, fields: Fields) -> TenureRow | None:
        branch, branch_name = self._places.find(fields, "党组织")
        name, title = fields.person("name"), squeeze(fields.raw("office"))
        for field, word, told in (("name", name, "任职人姓名"), ("office", title, "职务名称")):
            if fields.formula(field) or looks_like_formula(fields.raw(field)):
                fields.error(field, f"{fields.title(field)}是公式，改为文字")
            elif not word or len(word) > 40:
                fields.error(field, f"{fields.title(field)}要填{told}，最多 40 字")
        starts, ends = day(fields, "starts_on", self._today), fields.past("ends_on", self._today)
        if starts and ends and ends < starts:
            fields.error("ends_on", f"离任早于任职（{starts} 任职，{ends} 离任），核对两处")
        given = {
            "ends_on": ends,
            "how": one_of(fields, "how", HOW) if not missing(fields.raw("how")) else None,
            "document": fields.text("document", 200),
            "end_document": fields.text("end_document", 200),
            **{one: flag(fields, one) for one in ("full_time", "head", "principal")},
        }
        if branch is None or not starts or not fields.row.accepted:
            return None
        filled = {field: value for field, value in given.items() if value not in (None, "")}
        row = fields.row.value = TenureRow(name, branch, branch_name, title, starts, filled)
        return row

    def _load(self, organisations: set[int]) -> None:
        fresh = sorted(organisations - self._loaded)
        self._loaded.update(fresh)
        self._people.load(fresh)
        for some in batched(fresh, 500):
            offices = Office.objects.unscoped(WHY).filter(organisation__in=some)
            seats: dict[int, Seat] = {}
            for one in offices.order_by("starts_on", "pk"):
                key = (("db", one.organisation_id), one.title)
                seats[one.pk] = Seat(key, one.pk, one.seats, one.starts_on, {})
                self._seats[key].append(seats[one.pk])
            for told in Tenure.objects.unscoped(WHY).filter(office__organisation__in=some):
                seats[told.office_id].taken[told.pk] = (told.starts_on, told.ends_on)
                self._stored[told.office_id, told.name, told.starts_on] = told

    def _seat(self, fields: Fields, row: TenureRow) -> Seat | None:
        """The office that was there on the day; else the last one of that title; else one that this row brings."""
        there = self._seats[row.branch, row.title]
        if not there:
            if (made := self._new(fields, row)) is None:
                return None
            there.append(made)
        same = [one for one in there if one.pk and (one.pk, row.name, row.starts_on) in self._stored]
        seat = (same or [one for one in there if one.starts_on <= row.starts_on] or there)[-1]
        if seat.new is not None and not seat.settled and row.starts_on < seat.starts_on:
            seat.starts_on = seat.new["starts_on"] = row.starts_on
        if row.starts_on < seat.starts_on:
            fields.error("starts_on", f"“{row.title}”{seat.starts_on} 才设立，任职日期不能更早")
            return None
        row.office, row.new_office = seat.pk, seat.new
        return seat

    def _new(self, fields: Fields, row: TenureRow) -> Seat | None:
        kind = _kind(fields, row.title)
        seats = fields.count("seats", 99)
        if seats is None and kind == Office.Kind.SECRETARY:
            seats = 1
        if not seats:
            fields.error("seats", f"“{row.title}”还没有设立，核定职数要填 1 以上的整数")
        founded = fields.past("founded_on", self._today) or row.starts_on
        if not kind or not fields.row.accepted or not seats:
            return None
        key = (row.branch, row.title)
        given = {"kind": kind, "title": row.title, "seats": seats, "document": "导入", "starts_on": founded}
        return Seat(key, None, seats, founded, {}, given)

    def _meet(self, row: TenureRow, seat: Seat) -> None:
        if seat.pk and (told := self._stored.get((seat.pk, row.name, row.starts_on))):
            row.match = told.pk
            seat.taken[told.pk] = (told.starts_on, row.given.get("ends_on", told.ends_on))

    def _sit(self, fields: Fields, row: TenureRow, seat: Seat) -> None:
        mine = (id(seat), row.name, row.starts_on)
        if first := self._claimed.get(mine):
            fields.row.error(f"与第 {first} 行是同一人的同一次任职，删去一行")
            return
        seats = fields.count("seats", 99)
        if seats and seats != seat.seats:
            fields.warn("seats", f"“{row.title}”核定 {seat.seats} 名，这里不改；要改，在“职务与班子”办理")
        if row.match is None:
            self._fresh(fields, row, seat)
        if fields.row.accepted:
            self._claimed[mine] = fields.row.row

    def _fresh(self, fields: Fields, row: TenureRow, seat: Seat) -> None:
        span = (row.starts_on, row.given.get("ends_on"))
        if _most(seat.taken.values(), span) >= seat.seats:
            fields.error(
                "starts_on", f"“{row.title}”核定 {seat.seats} 名，{row.starts_on} 起的这段时间已经满了；"
                "先写上前任的离任日期，或核对核定职数",
            )  # fmt: skip
            return
        seat.taken[fields.row.row, fields.row.sheet, fields.row.book] = span
        if "how" not in row.given:
            row.given["how"] = Tenure.How.APPOINTED if seat.pk is None and _appointed(seat) else Tenure.How.ELECTED
            fields.warn("how", f"产生方式没有填，按{Tenure.How(row.given['how']).label}；不对的在“职务与班子”改")
        row.given.setdefault("document", "导入")
        same = self._people.named(row.branch[1], row.name) if row.branch[0] == "db" else []
        row.member = same[0].pk if len(same) == 1 else None


def _appointed(seat: Seat) -> bool:
    return bool(seat.new) and seat.new["kind"] in (Office.Kind.OFFICE_HEAD, Office.Kind.STAFF)


def _kind(fields: Fields, title: str) -> str:
    if not missing(fields.raw("kind")):
        return one_of(fields, "kind", OFFICES)
    if title in OFFICES:
        return OFFICES[title]
    for ending, kind in (
        ("副书记", "deputy"),
        ("书记", "secretary"),
        ("委员", "committee"),
        ("党办主任", "office_head"),
    ):
        if title.endswith(ending):
            return kind
    return "other"


def _most(spans: Iterable[Span], mine: Span) -> int:
    """How many of the spans hold at once, at most, on a day of `mine`."""
    starts, ends = mine
    last = ends or date.max
    near = [(one, until or date.max) for one, until in spans if one <= last and (until or date.max) >= starts]
    days = {max(starts, one) for one, _ in near}
    return max((sum(one <= at <= until for one, until in near) for at in days), default=0)


def take(work: Entering, rows: list[TenureRow]) -> None:
    offices: dict[tuple[int, str], Office] = work.kept.setdefault(TENURES, {})
    made = []
    for row in rows:
        place = work.pk(row.branch)
        if row.office is None and row.new_office and (place, row.title) not in offices:
            office = offices[place, row.title] = Office(organisation_id=place, **row.new_office)
            made.append(office)
    Office.objects.unscoped(WHY).bulk_create(made, batch_size=CHUNK)
    work.note(Office, made)
    fresh = [
        Tenure(
            office_id=row.office or offices[work.pk(row.branch), row.title].pk, member_id=row.member, name=row.name,
            starts_on=row.starts_on, **row.given,
        )
        for row in rows if row.match is None
    ]  # fmt: skip
    Tenure.objects.unscoped(WHY).bulk_create(fresh, batch_size=CHUNK)
    work.note(Tenure, fresh)
    stored = Tenure.objects.unscoped(WHY).select_related("office")
    known = {one.pk: one for one in stored.filter(pk__in=[row.match for row in rows if row.match])}
    changed = [(known[row.match], row.given) for row in rows if row.match]
    work.change(Tenure, changed, work.counts[TENURES], lambda one: one.office.organisation_id)
    work.counts[TENURES]["new"] += len(fresh)
    _in_step(work, {work.pk(row.branch) for row in rows})


def _in_step(work: Entering, places: set[int]) -> None:
    """The secretary of each organisation as the engine reads it, where the register knows the office."""
    for some in batched(sorted(places), 500):
        heads = Tenure.objects.unscoped(WHY).filter(office__kind=Office.Kind.SECRETARY, office__organisation__in=some)
        now = dict.fromkeys(heads.values_list("office__organisation", flat=True), ("", None))
        told = heads.filter(held(work.by.on)).order_by("starts_on", "pk")
        now.update(
            (one, (name, since)) for one, name, since in told.values_list("office__organisation", "name", "starts_on")
        )
        known = Organisation.objects.unscoped(WHY).in_bulk(now)
        fields = [
            (known[one], {"secretary_name": name, "secretary_since": since}) for one, (name, since) in now.items()
        ]
        work.change(Organisation, fields, Counter(), lambda one: one.pk)


def rows(scope: Scope) -> Iterator[dict[str, Any]]:
    """Every tenure within reach, by organisation, office and day."""
    told = Tenure.objects.within(scope).select_related("office__organisation")
    for one in told.order_by("office__organisation__path", "office", "starts_on", "pk").iterator(CHUNK):
        office = one.office
        yield {
            "branch": office.organisation.name, "office": office.title, "kind": office.get_kind_display(),
            "seats": office.seats, "founded_on": office.starts_on, "name": one.name, "starts_on": one.starts_on,
            "ends_on": one.ends_on, "how": one.get_how_display(), "full_time": YES[one.full_time],
            "head": YES[one.head], "principal": YES[one.principal], "document": one.document,
            "end_document": one.end_document,
        }  # fmt: skip
