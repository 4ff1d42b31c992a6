"""The registers whose export shows rows of one table, or names of organisations: what each needs to hold texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import batched, product
from typing import Any

from django.db import models
from django.http import HttpResponse

from tests.access.rows import TODAY, value_of
from tests.hostile.exports import WHY, Crowd, Feed, named
from zhibu.web.agendas.models import InCharge
from zhibu.web.bodies.models import Subunit
from zhibu.web.burden.models import CountyForm, FormSheet
from zhibu.web.campaigns.models import Campaign, Enrolment
from zhibu.web.concerns.models import Concern, PointVisit
from zhibu.web.core.scoped import lifted
from zhibu.web.coverage.models import Unit, UnitVerdict
from zhibu.web.dues.models import HandIn
from zhibu.web.funds.models import Budget
from zhibu.web.guides.models import ServiceItem, ServicePoint, ServiceWindow
from zhibu.web.learning.models import TrainingClass
from zhibu.web.liaison.models import Matter
from zhibu.web.library.models import Answer, Checklist, Clause, Document
from zhibu.web.members.models import Care, Excused, Floating, Member, MemberRole, Transfer
from zhibu.web.offices.models import Career, Exchange, Office, Reserve, Tenure
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.parties.models import Party
from zhibu.web.plans.models import Cycle, DayCheck, Discipline, Kept, Plan, PlanItem
from zhibu.web.procedures.models import Case
from zhibu.web.programmes.models import Programme
from zhibu.web.publicity.models import Column, News, Press, Recognised, Recommended, TourStop
from zhibu.web.quizzes.models import Paper, Sitting
from zhibu.web.records.models import Record
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.reminders.models import Reminder
from zhibu.web.review.models import Fault, Sample, Sampling, SamplingResult
from zhibu.web.service.models import Call, Commitment, Registration, Team
from zhibu.web.tasks.models import Order, Task

SINCE = date(2020, 1, 1)


def rows(crowd: Crowd, model: type[models.Model], **told: Any) -> Sequence[Any]:
    """A row for each text, in every text field that is not `told`; what is told may be a function of its number."""
    own, made = crowd.world.places["own"], []
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    for number, text in enumerate(crowd.texts):
        values = {name: value(number) if callable(value) else value for name, value in told.items()}
        for one in fields:
            if one.name not in values:
                typed = one.get_internal_type() in ("CharField", "TextField") and not one.choices
                values[one.name] = text[: one.max_length] if typed else value_of(crowd.world, model, one, own)
        made.append(model(**values))
    return model._base_manager.bulk_create(made, batch_size=500)


def _members(crowd: Crowd) -> Sequence[Member]:
    """The one whose name is the text, for each text."""
    return Member.objects.unscoped(WHY).filter(organisation__in=crowd.branches).order_by("pk")


def _of_members(model: type[models.Model], **told: Any) -> Callable[[Crowd], None]:
    def plant(crowd: Crowd) -> None:
        everybody = list(_members(crowd))
        Member.objects.unscoped(WHY).filter(organisation__in=crowd.branches).update(floating=True)
        rows(crowd, model, member=lambda number: everybody[number], **told)

    return plant


def _of_own(model: type[models.Model], **told: Any) -> Callable[[Crowd], None]:
    return lambda crowd: void(rows(crowd, model, **told))


def _tasks(crowd: Crowd) -> None:
    own = crowd.world.places["own"]
    dates = {"decided_on": SINCE, "due_on": TODAY}
    made = rows(crowd, Order, organisation=own, record=None, part_of=None, abilities=[], **dates)
    Task.objects.bulk_create(
        Task(organisation=own, owner=own, order=one, person=text[:40], given_on=TODAY, due_on=TODAY, moved_on=TODAY)
        for one, text in zip(made, crowd.texts, strict=True)
    )


def void(_: object) -> None:
    """A planting answers nothing."""


def _tenures(crowd: Crowd) -> None:
    """Each by the member of its name."""
    own, everybody = crowd.world.places["own"], list(_members(crowd))
    office = Office.objects.create(organisation=own, kind="secretary", title="x", document="x", starts_on=SINCE)
    rows(crowd, Tenure, office=office, starts_on=SINCE, ends_on=None, member=lambda number: everybody[number])


def _cases(crowd: Crowd) -> None:
    rows(crowd, Case, procedure="admission", member=None, born_on=SINCE, opened=SINCE, ended_on=TODAY)


def _verdicts(crowd: Crowd) -> None:
    units = _units(crowd)
    rows(crowd, UnitVerdict, unit=lambda number: units[number], status="missed", year=TODAY.year, deadline=TODAY)


def _units(crowd: Crowd) -> Sequence[Unit]:
    return rows(crowd, Unit, credit_code="", party_members=3, closed_on=None, operating=True, place=None)


def _answers(crowd: Crowd) -> None:
    """Texts as answers: a unit for each branch, and clauses enough."""
    own = crowd.world.places["own"]
    document = Document.objects.create(organisation=own, title="x", issuer="x")
    wanted = range(-(-len(crowd.texts) // len(crowd.branches)))
    clauses = [Clause.objects.create(document=document, position=one, number=f"x{one}", text="x") for one in wanted]
    sent = Checklist.objects.create(organisation=own, document=document, asked_on=TODAY, due_on=TODAY)
    sent.clauses.set(clauses)
    with lifted(WHY):
        sent.units.set(crowd.branches)
    places = [*product(crowd.branches, clauses)]
    rows(
        crowd, Answer, checklist=sent, organisation=lambda number: places[number][0],
        clause=lambda number: places[number][1], state="done", record=None,
    )  # fmt: skip
    crowd.world.things["own"]["checklist"] = sent.pk


def _scattered(crowd: Crowd) -> None:
    """Every branch has members."""
    everybody = list(_members(crowd))
    for number, one in enumerate(everybody):
        one.organisation = crowd.branches[number % len(crowd.branches)]
    Member.objects.unscoped(WHY).bulk_update(everybody, ["organisation"], batch_size=500)


def _budgets(crowd: Crowd) -> None:
    Budget.objects.bulk_create(Budget(organisation=one, year=TODAY.year, line="x", amount=1) for one in crowd.branches)


def _guides(crowd: Crowd) -> None:
    for model in (ServiceItem, ServiceWindow, ServicePoint):
        rows(crowd, model, ended_on=None)


def _registered(crowd: Crowd) -> None:
    """Every branch has somebody registered."""
    people = list(_members(crowd))[: len(crowd.branches)]
    Registration.objects.bulk_create(
        Registration(organisation=place, member=one, state="accepted", asked_on=TODAY)
        for place, one in zip(crowd.branches, people, strict=True)
    )


def _news(crowd: Crowd) -> None:
    News.objects.bulk_create(
        News(organisation=one, kind="news", title="x", text="x", sent_on=TODAY) for one in crowd.branches
    )


def _are(**columns: Any) -> Callable[[Crowd], None]:
    """Branches become another kind of organisation."""
    return lambda crowd: void(
        Organisation.objects.unscoped(WHY).filter(pk__in=[one.pk for one in crowd.branches]).update(**columns)
    )


def _once(name: str, plant: Callable[[Crowd], None]) -> Feed:
    def ask(crowd: Crowd) -> Iterator[HttpResponse]:
        plant(crowd)
        yield crowd.client.get(crowd.url(name))

    return ask


def _names(name: str, plant: Callable[[Crowd], None]) -> Feed:
    def ask(crowd: Crowd) -> Iterator[HttpResponse]:
        plant(crowd)
        path = {"number": crowd.world.things["own"]["checklist"]} if name == "checklist-export" else {}
        yield from (crowd.client.get(crowd.url(name, **path)) for _ in named(crowd))

    return ask


def _dues(crowd: Crowd) -> Iterator[HttpResponse]:
    own = crowd.world.places["own"]
    _members(crowd).update(organisation=own)
    yield crowd.client.get(crowd.url("dues-export", code=own.code))


def _campaign(crowd: Crowd) -> Iterator[HttpResponse]:
    own = crowd.world.places["own"]
    made = Campaign.objects.create(organisation=own, name="x", document="x", starts_on=SINCE, ends_on=TODAY)
    Enrolment.objects.bulk_create(Enrolment(campaign=made, organisation=one) for one in crowd.branches)
    yield from (crowd.client.get(crowd.url("campaign-export", number=made.pk)) for _ in named(crowd))


def _sampling(crowd: Crowd) -> Iterator[HttpResponse]:
    """Texts as results in words: one draw for as many of them as there are branches with a record."""
    own = crowd.world.places["own"]
    drawn = [
        Record(organisation=one, number=f"X{one.pk}"[:20], types=["theme_day"], held_on=TODAY, recorded_on=TODAY,
               recorded_at=f"{TODAY}T10:00Z", submitted_key=f"x{one.pk}")
        for one in crowd.branches
    ]  # fmt: skip
    Record.objects.bulk_create(drawn)
    for part in batched(crowd.texts, len(drawn)):
        made = Sampling.objects.create(
            organisation=own, name=part[0][:80], starts_on=SINCE, ends_on=TODAY, each=1, seed="x", drawn_on=TODAY,
            items=[part[0][:200]],
        )  # fmt: skip
        Sample.objects.bulk_create(Sample(sampling=made, record=one, answers=[0]) for one in drawn[: len(part)])
        SamplingResult.objects.bulk_create(
            SamplingResult(sampling=made, organisation_id=one.organisation_id, words=text[:300], said_on=TODAY)
            for one, text in zip(drawn, part, strict=False)
        )
        yield crowd.client.get(crowd.url("sampling-export", number=made.pk))


def _agendas(crowd: Crowd) -> Iterator[HttpResponse]:
    """Texts as names and offices of those in charge."""
    _are(kind=Kind.PARTY_GROUP)(crowd)
    for part in batched(crowd.texts, len(crowd.branches)):
        InCharge.objects.unscoped(WHY).delete()
        for place, text in zip(crowd.branches, part, strict=False):
            office = Office.objects.create(
                organisation=place,
                kind="deputy",
                title=text[:40],
                document="x",
                starts_on=SINCE,
                ends_on=TODAY,
            )
            one = Tenure.objects.create(office=office, name=text[:40], starts_on=SINCE, how="elected", document="x")
            InCharge.objects.create(organisation=place, tenure=one, starts_on=SINCE)
        yield crowd.client.get(crowd.url("agendas-export"))


def _programme(crowd: Crowd) -> Iterator[HttpResponse]:
    own = crowd.world.places["own"]
    made = Programme.objects.create(organisation=own, name="x", document="x", starts_on=SINCE)
    yield from (crowd.client.get(crowd.url("programme-export", number=made.pk)) for _ in named(crowd))


def _parties(crowd: Crowd) -> Iterator[HttpResponse]:
    """Texts as documents of the decisions about each rule."""
    own, rules = crowd.world.places["own"], [name for name, one in rules_by_name().items() if one.status == "active"]
    for part in batched(crowd.texts, len(rules)):
        Party.objects.unscoped(WHY).delete()
        Party.objects.bulk_create(
            Party(organisation=own, rulebook=book, rule=rule, part="owns", kind="committee", document=text[:200])
            for (book, rule), text in zip(rules, part, strict=False)
        )
        yield crowd.client.get(crowd.url("parties-export"))


def _classes(crowd: Crowd) -> None:
    for one in crowd.branches:
        TrainingClass.objects.create(
            organisation=one, name="x", audience="x", form="x", channel="x", starts_on=TODAY, ends_on=TODAY, hours=8
        )


def _trained(crowd: Crowd) -> Iterator[HttpResponse]:
    """Everybody, by name."""
    yield crowd.client.get(f"{crowd.url('trained-export')}?audience=audience_all")


def _plan(crowd: Crowd) -> Iterator[HttpResponse]:
    made = Plan.objects.create(organisation=crowd.world.places["own"], year=2024)
    rows(crowd, PlanItem, plan=made, month=5, day=None, types=["study"], theme=None, record=None)
    yield crowd.client.get(crowd.url("plan-export", number=made.pk))


def _cycle(crowd: Crowd) -> Iterator[HttpResponse]:
    made = Cycle.objects.create(
        organisation=crowd.world.places["own"], name="x", document="x", starts_on=SINCE, ends_on=TODAY
    )
    yield from (crowd.client.get(crowd.url("cycle-export", number=made.pk)) for _ in named(crowd))


def _paper(crowd: Crowd) -> Iterator[HttpResponse]:
    """Somebody of every branch handed it in."""
    one = Paper.objects.create(
        organisation=crowd.world.places["own"], title="x", opens_on=SINCE, closes_on=SINCE, seed=1, pass_percent=60
    )
    _scattered(crowd)
    Sitting.objects.bulk_create(
        Sitting(paper=one, member=each, right=1, total=1, passed=True, handed_in_on=SINCE) for each in _members(crowd)
    )
    yield from (crowd.client.get(crowd.url("paper-export", number=one.pk)) for _ in named(crowd))


def _fixed_days(crowd: Crowd) -> Sequence[Record]:
    own = {"organisation": crowd.world.places["own"], "types": ["theme_day"], "held_on": TODAY, "by": None}
    keys = {"number": lambda number: f"x-{number}", "submitted_key": lambda number: f"x-{number}"}
    return rows(crowd, Record, withdrawn_at=None, makes_up="", source="web", content="x", **own, **keys)


def _day_checks(crowd: Crowd) -> None:
    held = _fixed_days(crowd)
    rows(crowd, DayCheck, record=lambda number: held[number], preparation=None)


def _breaches(crowd: Crowd) -> None:
    held = _fixed_days(crowd)
    rule = Discipline.objects.create(organisation=crowd.world.places["own"], text="x", source="x", starts_on=SINCE)
    rows(crowd, Kept, record=lambda number: held[number], discipline=rule, kept=False, noted_on=TODAY)


def _sheets(crowd: Crowd) -> Iterator[HttpResponse]:
    """Texts as what units typed into a county form."""
    own, wide = crowd.world.places["own"], -(-len(crowd.texts) // len(crowd.branches))
    sent = CountyForm.objects.create(
        organisation=own, form="x", title="x", text="x", fields=[["x", ""]] * wide, until=TODAY, registered_on=TODAY
    )
    FormSheet.objects.bulk_create(
        FormSheet(form=sent, organisation=place, answers={"once": {"on": f"{TODAY}", "values": list(part)}})
        for place, part in zip(crowd.branches, batched(crowd.texts, wide), strict=False)
    )
    yield crowd.client.get(crowd.url("burden-form-answers-export", number=sent.pk))


# Exports of rows, asked for once.
ROWS: dict[str, Callable[[Crowd], None]] = {
    "as-of-export": void,
    "breaches-export": _breaches,
    "days-export": _day_checks,
    "care-export": _of_members(Care, until=None),
    "cases-export": _cases,
    "calls-export": _of_own(Call, starts_on=TODAY, ends_on=TODAY),
    "commitments-export": _of_own(Commitment, member=None, fulfilled_by=None, confirmed_by=None),
    "tasks-export": _tasks,
    "concerns-export": _of_own(Concern, kind=None, state="taken", contact_sealed=""),
    "dues-handed-export": _of_own(HandIn, answer="", handed_on=TODAY, first=None, last=None),
    "excused-export": _of_members(Excused, until=None),
    "faults-export": _of_own(Fault, record=None, call=None, withdrawn_on=None),
    "floating-export": _of_members(Floating, back_on=None),
    "hours-export": void,
    "guides-export": _guides,
    "liaison-export": _of_own(Matter),
    "library-export": _of_own(Document),
    "offices-careers-sheet": _of_own(Career),
    "offices-dual-sheet": _tenures,
    "offices-exchanges-sheet": _of_own(Exchange),
    "offices-lasting-sheet": _tenures,
    "offices-offices-sheet": _of_own(Office, seats=1, ends_on=None),
    "offices-reserves-sheet": _of_own(Reserve, ends_on=None),
    "offices-structure-sheet": _tenures,
    "offices-vacancies-sheet": _of_own(Office, seats=1, ends_on=None),
    "publicity-columns-export": _of_own(Column, withdrawn_on=None),
    "publicity-export": _of_own(News, record=None, state="sent", level=""),
    "publicity-press-export": _of_own(Press, withdrawn_on=None, column=None),
    "publicity-recognised-export": _of_own(Recognised, withdrawn_on=None),
    "publicity-recommended-export": _of_own(Recommended, withdrawn_on=None),
    "publicity-tours-export": _of_own(TourStop, withdrawn_on=None),
    "records-export": lambda crowd: void(_fixed_days(crowd)),
    "reminders-told-export": _of_own(Reminder, digest=None, asked=None, on=TODAY, kind="closing"),
    "roles-export": _of_members(MemberRole),
    "subunits-export": _of_own(Subunit, gone_on=None),
    "visits-export": _of_own(PointVisit, withdrawn_on=None, visited_on=TODAY),
    "teams-export": _of_own(Team, ended_on=None),
    "transfers-export": _of_members(Transfer, to=None, state="sent"),
    "units-due-export": _verdicts,
    "units-export": lambda crowd: void(_units(crowd)),
}
# Exports whose texts are names of organisations.
NAMES: dict[str, Callable[[Crowd], None]] = {
    "appraisals-export": void,
    "checklist-export": _answers,
    "classes-report-export": _classes,
    "funds-export": _budgets,
    "offices-inactive-sheet": _are(sector=Sector.ORGAN),
    "offices-ratio-sheet": void,
    "offices-terms-sheet": void,
    "offices-work-committees-sheet": _are(kind=Kind.WORK_COMMITTEE),
    "organisations-export": void,
    "registrations-export": _registered,
    "papers-export": _scattered,
    "plans-export": void,
    "publicity-participation-export": _scattered,
    "publicity-rates-export": _news,
}


FEEDS: dict[str, Feed] = {name: _once(name, plant) for name, plant in ROWS.items()}
FEEDS |= {name: _names(name, plant) for name, plant in NAMES.items()}
FEEDS["dues-export"] = _dues
FEEDS["programme-export"] = _programme
FEEDS["campaign-export"] = _campaign
FEEDS["agendas-export"] = _agendas
FEEDS["parties-export"] = _parties
FEEDS["trained-export"] = _trained
FEEDS["sampling-export"] = _sampling
FEEDS["plan-export"] = _plan
FEEDS["paper-export"] = _paper
FEEDS["cycle-export"] = _cycle
FEEDS["burden-form-answers-export"] = _sheets
