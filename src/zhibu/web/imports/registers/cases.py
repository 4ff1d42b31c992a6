"""办理步骤记录: matters under way on paper, a step a row; the rows of one matter stand together and go in together.

Whether a step can have been so is said by the procedure (`procedures/bringing.py`); a matter that is known already is
left as it is, its next steps are recorded on its own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import batched, groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.core.sheets import clean
from zhibu.web.imports.books.cells import looks_like_formula, squeeze, text
from zhibu.web.imports.books.check import Check
from zhibu.web.imports.books.columns import CASES
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.table import Table
from zhibu.web.imports.registers.common import CHUNK, People, Places, day
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures import bringing
from zhibu.web.procedures.library import Versions
from zhibu.web.procedures.models import Case, Custody, StepRecord

if TYPE_CHECKING:
    from zhibu.web.imports.entering import Entering

NEEDS, EXPORT = "procedures.bring", "procedures.export"
MODELS = (StepRecord, Custody, Case)
WHY = "of organisations judged within the scope of who imports"
MOST = 200  # steps of one matter
VOTES = {"due": "due", "present": "present", "ayes": "yes", "noes": "no", "abstain": "abstain",
         "written": "written_yes", "seats": "seats", "returned": "returned"}  # fmt: skip
KEPT = ("step", "title", "version", "begun", "done", "outcome", "outcome_title", "values", "votes", "papers", "reason",
        "hints", "effect", "effect_left", "by_title")  # fmt: skip
SUMS = ("organisation_id", "procedure", "title", "member_id", "name", "born_on", "opened", "written_later", "values",
        "ended", "ended_on", "next_step", "next_title", "next_at_id", "next_from", "next_until", "trouble",
        "stood_on")  # fmt: skip


@dataclass(slots=True)
class CaseRow:
    """The first row of a matter brings it whole; the others bring nothing (`case` None)."""

    name: str
    branch_name: str
    case: dict[str, Any] | None = None
    records: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class _Step:
    fields: Fields
    branch: int
    branch_name: str
    name: str
    procedure: str
    born_on: date | None
    opened: date | None
    told: bringing.Told | None


def check(tables: Iterable[Table], check: Check, by: Scope) -> Iterator[list[Checked]]:
    judge = _Judge(check, by)
    for table in tables:
        rows = (Fields(table, number, cells) for number, cells in table.rows())
        matters = (list(some) for _, some in groupby(rows, _matter))
        for some in _gathered(matters):
            yield judge.rows(some)


def _matter(fields: Fields) -> tuple[object, ...]:
    return tuple(squeeze(fields.raw(one)) for one in ("procedure", "branch", "name", "born_on", "opened"))


def _gathered(matters: Iterator[list[Fields]]) -> Iterator[list[list[Fields]]]:
    """Whole matters, together about as many rows as a chunk has."""
    some: list[list[Fields]] = []
    for one in matters:
        some.append(one)
        if sum(map(len, some)) >= CHUNK:
            yield some
            some = []
    if some:
        yield some


class _Judge:
    def __init__(self, check: Check, by: Scope):
        self._today, self._places = check.today, Places(check, by, NEEDS)
        self._people = People(by.doing("members.view"))
        self._bringing = bringing.Bringing(by, self._places.known.values())
        self._claimed: dict[tuple[object, ...], int] = {}
        self._stored: dict[tuple[object, ...], list[Case]] = {}
        self._steps: dict[int, set[tuple[str, date]]] = {}  # case → its steps, by id and by title, with their days
        self._looked: set[int] = set()

    def rows(self, matters: list[list[Fields]]) -> list[Checked]:
        read = [[self._read(fields) for fields in some] for some in matters]
        places = {one.branch for some in read for one in some if one.branch}
        self._people.load(places)
        self._look(places - self._looked)
        for some in read:
            self._judge(some)
            _together(some)
        return [fields.row for some in matters for fields in some]

    def _read(self, fields: Fields) -> _Step:
        ref, branch_name = self._places.find(fields, "党组织")
        if ref and ref[0] != "db":
            fields.error("branch", "这个党组织是这一次新加的：先导入党组织信息表，再传这张表")
        name, step = fields.person("name", 60), text(fields.raw("step"))[:120]
        for column in ("name", "step", "told", "papers", "reason", "values"):
            if fields.has(column) and (fields.formula(column) or looks_like_formula(fields.raw(column))):
                fields.error(column, f"{fields.title(column)}是公式，改为文字")
        if not step:
            fields.error("step", "步骤没有填")
        done = day(fields, "done", self._today)
        votes = {word: fields.count(one) for one, word in VOTES.items()}
        told = bringing.Told(
            step, done or self._today, fields.past("begun", self._today), text(fields.raw("outcome"))[:60],
            _lines(fields, "told"), _lines(fields, "papers"), {one: n for one, n in votes.items() if n is not None},
            fields.text("reason", 300),
        )  # fmt: skip
        place = ref[1] if ref and ref[0] == "db" else 0
        born, opened = fields.past("born_on", self._today), fields.past("opened", self._today)
        procedure = text(fields.raw("procedure"))[:60]
        return _Step(fields, place, branch_name, name, procedure, born, opened, told if fields.row.accepted else None)

    def _look(self, places: set[int]) -> None:
        self._looked |= places
        for some in batched(sorted(places), 500):
            found = Case.objects.unscoped(WHY).filter(organisation__in=some).select_related("member")
            steps = StepRecord.objects.unscoped(WHY).filter(case__organisation__in=some, undone_at=None)
            for case, step, title, done in steps.values_list("case", "step", "title", "done"):
                self._steps.setdefault(case, set()).update({(step, done), (bringing.plainly(title), done)})
            for one in found:
                for who in {one.member_id, one.name or (one.member and one.member.name) or ""} - {None}:
                    self._stored.setdefault((one.organisation_id, one.procedure, who), []).append(one)

    def _judge(self, some: list[_Step]) -> None:
        first = some[0]
        if len(some) > MOST:
            first.fields.row.error(f"一件事最多 {MOST} 步")
        if any(one.told is None for one in some) or not first.fields.row.accepted:
            return
        try:
            self._whole(some, self._places.known[first.branch])
        except bringing.Unknown as unknown:
            first.fields.error(unknown.column, str(unknown))

    def _whole(self, some: list[_Step], place: Organisation) -> None:
        first = some[0]
        key, versions = self._bringing.versions(place, first.procedure)
        opened = first.opened or min(one.told.done for one in some if one.told)
        procedure = self._bringing.opening(versions, opened)
        case = Case(
            organisation=place, procedure=key, title=procedure.title, opened=opened, written_later=True,
            name=first.name, born_on=first.born_on,
        )  # fmt: skip
        born_on = first.born_on
        if procedure.subject == "person":
            born_on = self._person(case, first)
        elif procedure.subject == "unit" and not first.name:
            raise bringing.Unknown("name", "单位名称没有填")
        elif procedure.subject == "organisation":
            case.name, case.born_on = "", None
        if not first.fields.row.accepted:
            return
        mine = (place.pk, key, case.member_id or case.name)
        named = "" if procedure.subject == "organisation" else first.name
        stored = [*self._stored.get(mine, ()), *self._stored.get((place.pk, key, named), ())]
        if was := self._claimed.get((*mine, opened)):
            first.fields.row.error(f"与第 {was} 行起的是同一件事，各步骤的行要排在一起")
        elif not self._known(some, [one for one in stored if one.opened == opened]):
            case.values = self._bringing.starts(versions, opened, _lines(first.fields, "values"), born_on is not None)
            self._walk(some, case, versions, born_on)
        self._claimed[*mine, opened] = first.fields.row.row

    def _person(self, case: Case, first: _Step) -> date | None:
        """Somebody on the roster with this name and birth date is the member; anybody else an applicant."""
        if not first.name:
            raise bringing.Unknown("name", "姓名没有填")
        found = [one for one in self._people.named(first.branch, first.name) if first.born_on in (None, one.born_on)]
        if len(found) > 1:
            raise bringing.Unknown("born_on", f"名册里有 {len(found)} 个“{first.name[:20]}”，填出生日期以便区分")
        if found:
            case.member, case.name, case.born_on = found[0], "", None
            return found[0].born_on
        return first.born_on

    def _known(self, some: list[_Step], stored: list[Case]) -> bool:
        """Whether the matter is there. Its steps are all in the register, or a finding says where to go on."""
        if not stored:
            return False
        told = {step for case in stored for step in self._steps.get(case.pk, ())}
        for one in some:
            assert one.told
            if (bringing.plainly(one.told.step), one.told.done) not in told:
                one.fields.error("step", f"这件事已在办理台账里（{stored[0].number}），后面的步骤在那里记")
        for one in some:
            one.fields.row.value = CaseRow(one.name, one.branch_name)
        return True

    def _walk(self, some: list[_Step], case: Case, versions: Versions, born_on: date | None) -> None:
        engine, made = bringing.begun(versions, case, born_on), []
        for one in some:
            assert one.told
            try:
                row = self._bringing.record(case, versions, one.told)
            except bringing.Unknown as unknown:
                one.fields.error(unknown.column, str(unknown))
                return
            reasons, record = self._bringing.against(versions, engine, row)
            if record is None:
                one.fields.error("done", "；".join(reasons)[:600])
                return
            engine = replace(engine, records=(*engine.records, record))
            made.append(row)
        self._bringing.settle(case, versions, engine, made)
        for one in some:
            one.fields.row.value = CaseRow(one.name, one.branch_name)
        whole = some[0].fields.row.value
        whole.case = {name: getattr(case, name) for name in SUMS}
        whole.records = [{name: getattr(row, name) for name in KEPT} for row in made]


def _lines(fields: Fields, name: str) -> str:
    """Text with its lines kept: each says something of its own."""
    return "\n".join(filter(None, (clean(line).strip() for line in str(fields.raw(name) or "").splitlines())))[:4000]


def _together(some: list[_Step]) -> None:
    bad = next((one.fields.row for one in some if not one.fields.row.accepted), None)
    for one in some:
        if bad and one.fields.row.accepted:
            one.fields.row.error(f"同一件事的第 {bad.row} 行要改，整件改好一起导入")


def take(work: Entering, rows: list[CaseRow]) -> None:
    whole, now = [row for row in rows if row.case], clock.now()
    by = work.by.user_id or None
    cases = [Case(**row.case, opened_at=now, by_id=by) for row in whole if row.case]
    Case.objects.unscoped(WHY).bulk_create(cases, batch_size=500)
    custodies = [Custody(case=one, organisation_id=one.organisation_id, starts_on=one.opened) for one in cases]
    Custody.objects.unscoped(WHY).bulk_create(custodies, batch_size=CHUNK)
    records = [
        StepRecord(case=case, entered_at=now, by_id=by, **told)
        for case, row in zip(cases, whole, strict=True)
        for told in row.records
    ]
    StepRecord.objects.unscoped(WHY).bulk_create(records, batch_size=500)
    for model, made in ((Case, cases), (Custody, custodies), (StepRecord, records)):
        work.note(model, made)
    work.counts[CASES]["new"] += len(records)
    work.counts[CASES]["same"] += len(rows) - len(records)


def rows(scope: Scope) -> Iterator[dict[str, Any]]:
    """Every step that counts of the cases within reach whose persons the post may see."""
    books, versions = bringing.shelf(), {}
    shown = Member.objects.unscoped("whose data may be processed")
    told = StepRecord.objects.within(scope).filter(undone_at=None, case__withdrawn_reason="")
    told = told.filter(Q(case__member=None) | Q(case__member__in=shown))
    told = told.select_related("case__organisation", "case__member").order_by("case__organisation__path", "case", "pk")
    for one in told.iterator(CHUNK):
        case, place = one.case, one.case.organisation
        if not scope.doing("procedures.view").sees("case.person", place.path):
            continue
        if (place.pk, case.procedure) not in versions:
            versions[place.pk, case.procedure] = books.at(place.path).get(case.procedure, ())
        there, votes = versions[place.pk, case.procedure], one.votes or {}
        yield {
            "procedure": case.title, "branch": place.name, "name": case.member.name if case.member else case.name,
            "born_on": case.member.born_on if case.member else case.born_on, "opened": case.opened,
            "values": bringing.words(there, case.values), "step": one.title, "begun": one.begun, "done": one.done,
            "outcome": one.outcome_title, "told": bringing.words(there, one.values),
            "papers": bringing.papers(one.papers), "reason": one.reason,
            **{column: votes.get(word) for column, word in VOTES.items()},
        }  # fmt: skip
