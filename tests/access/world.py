"""Organisations around one post, and in each of them one row of everything, marked with its own canary.

    中共甲县委员会 (ancestor's ancestor)
    ├── 乙镇 (ancestor) ── 丙总支 (own) ── 丁支部 (descendant), 戊支部 (dissolved)
    │                   └─ 己支部 (sibling)
    └── 庚镇 (another town) ── 辛支部 (cousin), 壬 (sector), 癸 (organ), 子 (guided), 丑 (assigned)

A canary reads `ZQ<organisation>q<model><field>`: whatever page shows it tells whose row it shows.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, F, Value, When

from tests.access.rows import ANEW, SINCE, TODAY, WHY, World, book_at, canary, file_of, make, scoped_models, sent_to
from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.accounts.models import User
from zhibu.web.assessment.models import Score
from zhibu.web.duties.models import Tally, Verdict
from zhibu.web.organisations import supervision, tree
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.procedures.publishing import publish as publish_procedures
from zhibu.web.records.models import Series
from zhibu.web.regulations.actions import publish

SUPERVISED = ("sector", "organ", "guided")


def build(roles: list[str], pointed: set[str]) -> World:
    world = World()
    _plant(world)
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    publish_procedures(paths=[settings.PACKS / "central"])
    for number, role in enumerate(roles):
        person, _ = register(username=f"1399999{number:04d}", name=f"人{number}", password="支部-pass-1")
        points = [world.places["assigned"]] if role in pointed else []
        until = date(2027, 1, 1) if role in ("inspector", "campaign_staff") else None
        world.people[role] = person
        world.posts[role] = appoint(
            by=system_scope(), user=person, organisation=world.places["own"], role=role, starts_on=SINCE,
            ends_on=until, points=points,
        )  # fmt: skip
    for relation, place in world.places.items():
        world.things[relation] = _furnish(world, relation, place)
    Series.objects.create(name=str(TODAY.year), last=500_000)  # numbers given from now on are not those of the world
    refresh()
    return world


def disturb(world: World) -> None:
    """Everything at the cousin becomes more and other; no page of a post at `own` may tell the difference."""
    place = world.places["cousin"]
    colleague = User.objects.get(pk=world.things["cousin"]["account"])
    for model in scoped_models():
        told = ANEW.get(model.__name__, {})
        if told is not None:
            users = [one.name for one in model._meta.concrete_fields if one.related_model is User and not one.null]
            make(world, model, place, **dict.fromkeys(users, colleague), **told)
    verdicts = Verdict.objects.unscoped(WHY).filter(organisation=place)
    late = When(status="met", then=Value("missed"))
    verdicts.update(status=Case(late, default=Value("met")), deadline=TODAY - timedelta(days=2))
    above = Tally.objects.unscoped(WHY).filter(organisation__in=[place, world.places["elsewhere"], world.places["top"]])
    above.update(**{name: F(name) + more for name, more in (("met", 7), ("late", 2), ("missed", 5), ("open", 4))})
    Score.objects.unscoped(WHY).filter(organisation=place).update(total=F("total") / 2)
    _place(_place(world.places["elsewhere"], "more", Kind.COMMITTEE), "most", Kind.BRANCH)


def _plant(world: World) -> None:
    top = world.places["top"] = _place(None, "top", Kind.COMMITTEE)
    town = world.places["ancestor"] = _place(top, "ancestor", Kind.COMMITTEE)
    own = world.places["own"] = _place(town, "own", Kind.GENERAL_BRANCH)
    other = world.places["elsewhere"] = _place(top, "elsewhere", Kind.COMMITTEE)
    for above, relation in (
        (own, "descendant"), (own, "archived"), (town, "sibling"), (other, "cousin"), (other, "sector"),
        (other, "organ"), (other, "guided"), (other, "assigned"),
    ):  # fmt: skip
        world.places[relation] = _place(above, relation, Kind.BRANCH)
    gone = world.places["archived"]
    Organisation.objects.unscoped(WHY).filter(pk=gone.pk).update(dissolved_on=date(2026, 6, 30))
    gone.refresh_from_db()
    for kind in SUPERVISED:
        supervision.begin(
            by=system_scope(), organisation=world.places[kind], superior=own, kind=kind, starts_on=SINCE, document="文"
        )


def _place(above: Organisation | None, word: str, kind: Kind) -> Organisation:
    """Its names are no secret below it; all other words are canaries."""
    number = Organisation.objects.unscoped(WHY).count() + 1
    place = tree.plant(
        parent=above, code=f"W{number:03d}", name=f"某{word}党组织", kind=kind, sector=Sector.VILLAGE,
        founded_on=date(2010, 1, 1), term_ends_on=date(2028, 6, 30), phone=f"0999-{number:07d}",
    )  # fmt: skip
    Organisation.objects.unscoped(WHY).filter(pk=place.pk).update(
        name=canary(place, "name"), short_name=canary(place, "short"), secretary_name=canary(place, "secretary")
    )
    place.refresh_from_db()
    return place


def _furnish(world: World, relation: str, place: Organisation) -> dict[str, Any]:
    """One row of every scoped table at a place; gives what the addresses of its rows are made of."""
    made = {model.__name__: make(world, model, place) for model in scoped_models()}
    made["Attachment"].thing_id = made["Record"].pk
    made["Attachment"].save()
    colleague, _ = register(username=f"1388888{place.pk:04d}", name=canary(place, "u"), password="支部-pass-1")
    post = appoint(by=system_scope(), user=colleague, organisation=place, role="deputy", starts_on=SINCE)
    return {
        "place": place.code, "record": made["Record"].number, "batch": made["Batch"].pk, "trial": made["Trial"].pk,
        "book": book_at(made["Batch"], place), "post": post.pk, "audit": made["Line"].pk,
        "feedback": made["Feedback"].pk,
        "line": made["Supervision"].pk, "superior": world.places["top"].code, "stand_in": made["StandIn"].pk,
        "colleague": colleague.username, "colleague_name": colleague.name, "member": made["Member"].pk,
        "approval": made["Approval"].pk, "hosted_office": made["HostedOffice"].pk, "subunit": made["Subunit"].pk,
        "account": colleague.pk,
        "request": made["Request"].pk, "standing": made["Standing"].pk,
        "attachment": made["Attachment"].key,
        "office": made["Office"].pk, "tenure": made["Tenure"].pk, "reserve": made["Reserve"].pk,
        "reminder_asked": made["Asked"].pk, "talk": made["Talk"].pk, "opinion": made["Opinion"].pk,
        "exchange": made["Exchange"].pk,
        "document": made["Document"].pk, "checklist": made["Checklist"].pk, "answer": made["Answer"].pk,
        "charter": made["Progress"].charge.item.charter_id, "charter_item": made["Item"].pk,
        "holder": made["Progress"].charge.holder_id, "charge": made["Progress"].charge_id,
        "case": made["StepRecord"].case_id, "step": made["StepRecord"].pk,
        "step_file": file_of(world, place, "procedures.steprecord", made["StepRecord"]),
        "need": made["Care"].pk, "excused": made["Excused"].pk, "role": made["MemberRole"].pk,
        "transfer": made["Transfer"].pk, "check": made["RollCheck"].pk, "sheet": made["CheckSheet"].pk,
        "quota": made["AdmissionQuota"].pk,
        "unit": made["Covering"].unit_id, "covering": made["Covering"].pk, "station": made["Station"].pk,
        "assignment": sent_to(world, made["Covering"].unit, place), "area": made["Place"].pk,
        "relief": made["Relief"].pk, "payment": made["Payment"].pk, "receipt": made["Payment"].receipt,
        "matter": made["Message"].matter_id, "message": made["Message"].pk,
        "message_file": file_of(world, place, "liaison.message", made["Message"]),
        "programme": made["Programme"].pk,
        "agenda_item": made["AgendaItem"].pk, "life_opinion": made["LifeOpinion"].pk,
        "report": made["Report"].pk, "report_target": made["YearTarget"].pk,
        "conference": made["MeetingPaper"].record.number, "meeting_paper": made["MeetingPaper"].pk,
        "news": made["News"].pk, "story": made["Story"].pk, "press": made["Press"].pk, "column": made["Column"].pk,
        "tour_stop": made["TourStop"].pk, "recommended": made["Recommended"].pk, "recognised": made["Recognised"].pk,
        "story_file": file_of(world, place, "publicity.story", made["Story"]),
        "county_form": made["CountyForm"].pk, "form_sheet": made["FormSheet"].pk,
        "campaign": made["Enrolment"].campaign_id, "seat": made["OfficeStaff"].pk, "remark": made["Remark"].pk,
        "fault": made["Fault"].pk, "fault_call": made["FaultCall"].pk, "sampling": made["Sample"].sampling_id,
        "sample": made["Sample"].pk, "filing": made["FilingStep"].filing_id,
        "budget": made["Budget"].pk, "handed": made["HandIn"].pk, "goal": made["Goal"].pk,
        "served_goal": made["GoalActivity"].goal_id, "goal_activity": made["GoalActivity"].pk,
        "record_key": made["Record"].pk,
        "meeting": made["Meeting"].pk, "sign": made["Sign"].pk, "signed_meeting": made["Sign"].meeting_id,
        "guest": made["Guest"].pk, "guest_meeting": made["Guest"].meeting_id,
        "waived_unit": made["UnitWaiver"].unit_id, "unit_waiver": made["UnitWaiver"].pk,
        "park": made["ParkDuty"].place_id, "park_duty": made["ParkDuty"].pk,
        "condition_item": made["ConditionItem"].pk,
        "class": made["Trainee"].training_class_id, "trainee": made["Trainee"].pk, "resource": made["Resource"].pk,
        "booked_class": made["Booking"].training_class_id, "booking": made["Booking"].pk,
        "outside": made["OutsideHours"].pk, "reading": made["Reading"].pk, "corner_post": made["CornerPost"].pk,
        "centre_seat": made["CentreSeat"].pk, "centre_session": made["CentreSession"].pk, "paper": made["Paper"].pk,
        "question": made["Question"].pk, "contest": made["QuizTeam"].contest_id, "quiz_team": made["QuizTeam"].pk,
        "quiz_round": made["QuizRound"].pk, "scenario": made["Scenario"].pk, "organ": made["OrganStep"].programme_id,
        "organ_step": made["OrganStep"].pk, "lecture": made["LectureEntry"].pk,
        "lecture_file": file_of(world, place, "learning.lectureentry", made["LectureEntry"], name="某讲稿"),
        "lecture_contest": made["LectureEntry"].contest_id, "lecture_panel": made["LectureJudge"].pk,
        "study_programme": made["StudyCell"].programme_id, "study_cell": made["StudyCell"].pk,
        "essay": made["Essay"].pk,
        "plan": made["PlanItem"].plan_id, "plan_item": made["PlanItem"].pk, "notice": made["Told"].meeting_id,
        "cycle": made["CycleTheme"].cycle_id, "own_theme": made["CycleTheme"].pk, "breach": made["Kept"].pk,
        "discipline": made["Kept"].discipline_id,
        "service_item": made["ServiceItem"].pk, "service_window": made["ServiceWindow"].pk,
        "commitment": made["Commitment"].pk, "registration": made["Registration"].pk, "shift": made["Shift"].pk,
        "call": made["Call"].pk, "sign_up": made["SignUp"].pk, "call_post": made["CallPost"].pk,
        "team": made["Team"].pk, "team_member": made["TeamMember"].pk, "dispatch": made["Dispatch"].pk,
        "letter": made["Letter"].pk, "letter_template": made["Letter"].template_id,
        "letter_block": made["LetterBlock"].pk, "letter_clause": made["LetterClause"].pk,
        "letter_amendment": made["LetterAmendment"].pk,
        "letter_file": file_of(world, place, "letters.letter", made["Letter"]),
        "order": made["TaskStep"].task.order_id, "task": made["TaskStep"].task_id, "task_step": made["TaskStep"].pk,
        "task_file": file_of(world, place, "tasks.taskstep", made["TaskStep"]), "problem": made["Problem"].pk,
        "concern": made["Concern"].pk, "concern_kind": made["ConcernKind"].pk, "point_visit": made["PointVisit"].pk,
        "hint": made["Hint"].pk, "quoted": made["Reference"].pk,
        "appraisal": made["AppraisalLine"].appraisal_id, "appraisal_public": made["Appraisal"].pk,
        "appraisal_method": made["AppraisalMethod"].pk,
        "appraisal_file": file_of(world, place, "appraisal.appraisal", made["AppraisalLine"].appraisal),
    }  # fmt: skip
