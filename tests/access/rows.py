"""One row of every scoped table at a place: filled by the kind of each field, by OWN where no kind can tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import models

from zhibu.web.access.models import Post
from zhibu.web.accounts.actions import register
from zhibu.web.accounts.models import User
from zhibu.web.core import clock
from zhibu.web.core.scoped import Scoped
from zhibu.web.files.models import Attachment
from zhibu.web.members.models import CheckSheet, Member, RollCheck
from zhibu.web.offices.models import Office
from zhibu.web.organisations.models import Organisation, Supervision
from zhibu.web.procedures.models import Case as Matter
from zhibu.web.records.models import Record
from zhibu.web.regulations.models import Scheme

TODAY = date(2026, 11, 21)
SINCE = date(2020, 1, 1)
WITHHELD = 999_999  # of no place
WHY = "the world of the matrix"
# Tables whose rows the evaluation makes, or that have no text of their own to tell.
COMPUTED = {"Organisation", "Verdict", "Tally", "Score", "Proposal", "UnitVerdict"}


@dataclass
class World:
    places: dict[str, Organisation] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)  # relation → word → value
    people: dict[str, User] = field(default_factory=dict)  # role → who holds it at `own`
    posts: dict[str, Post] = field(default_factory=dict)


def canary(place: Organisation, *words: str) -> str:
    return f"ZQ{place.pk}q{''.join(words)}"


def sent_to(world: World, unit: Any, place: Organisation) -> int:
    from zhibu.web.coverage.models import Assignment

    return make(world, Assignment, place, unit=unit).pk


def scoped_models() -> list[type[models.Model]]:
    found = [model for model in apps.get_models() if issubclass(model, Scoped) or hasattr(model, "scope_path")]
    return [model for model in found if model.__name__ not in COMPUTED]


def make(world: World, model: type[models.Model], place: Organisation, **told: Any) -> Any:
    """A row filled by the kind of each field; OWN and `told` say what no kind can tell."""
    told = OWN.get(model.__name__, lambda *_: {})(world, place) | told
    for one in model._meta.concrete_fields:
        if one.primary_key or one.name in told or one.attname in told:
            continue
        told[one.name] = value_of(world, model, one, place)
    return model._base_manager.create(**told)


def value_of(world: World, model: type[models.Model], one: models.Field, place: Organisation) -> Any:
    if one.is_relation:
        return _related(world, one, place)
    if one.choices:
        return one.choices[0][0]
    kind = one.get_internal_type()
    if kind in ("CharField", "TextField"):
        return canary(place, model.__name__, one.name)[: one.max_length]
    if kind == "JSONField":
        return {"note": canary(place, model.__name__, one.name)}
    if one.null or one.has_default():
        return None if one.null else one.get_default()
    return {"DateField": TODAY, "DateTimeField": clock.now(), "BinaryField": b""}.get(kind, 0)


def _related(world: World, one: models.Field, place: Organisation) -> Any:
    target = one.related_model.__name__
    if target == "Organisation":
        return place
    if one.null:
        return None
    if target == "User":
        return world.people["secretary"]
    if target == "Scheme":
        return Scheme.objects.get(year=2026)
    if one.related_model in (Member, RollCheck, CheckSheet) and (made := _first(one.related_model, place)):
        return made
    return make(world, one.related_model, place)


def file_of(world: World, place: Organisation, thing: str, row: Any, **more: Any) -> str:
    word = f"{thing.partition('.')[0]}{place.pk}"
    told = {"thing": thing, "thing_id": row.pk, "key": word, "stored": word}
    return make(world, Attachment, place, **told | more).key


def _first(model: type[models.Model], place: Organisation) -> Any:
    """Rows about a member, a round or a list are about the one the place has."""
    return model.objects.unscoped(WHY).filter(organisation=place).order_by("pk").first()  # type: ignore[attr-defined]


def book_at(batch: Any, place: Organisation) -> int:
    from zhibu.web.imports.models import Book

    return Book.objects.create(batch=batch, kind="members", name=canary(place, "book"), stored="none").pk


def _member(world: World, place: Organisation) -> dict[str, Any]:
    return {
        "id_number": f"99000119900101{place.pk:04d}", "phone": f"1377777{place.pk:04d}", "born_on": date(1990, 1, 1),
        "joined_on": SINCE, "left_on": None, "user": None, "sex": "m",
    }  # fmt: skip


def _withheld(place: Organisation) -> Member:
    """A member whose data may not be processed: their canaries are of no place, so no page of anybody may show them."""
    return Member.objects.create(
        organisation=place, id_number=f"99000119900102{place.pk:04d}", phone=f"1377778{place.pk:04d}",
        name=f"ZQ{WITHHELD}qwithheld", education=f"ZQ{WITHHELD}qwithheld", born_on=date(1990, 1, 2), joined_on=SINCE,
    )  # fmt: skip


def _resident(world: World, place: Organisation) -> dict[str, Any]:
    """The member of a place, for tables that are about one."""
    return {"member": Member.objects.unscoped(WHY).filter(organisation=place).first() or make(world, Member, place)}


def _record(world: World, place: Organisation) -> dict[str, Any]:
    return {
        "number": f"2026-{place.pk:06d}", "types": ["theme_day"], "held_on": date(2026, 11, 6), "present": 5,
        "recorded_on": date(2026, 11, 7), "expected": 8, "makes_up": "", "submitted_key": f"k{place.pk}",
    }  # fmt: skip


ENTRY = {"name": "某项", "ended_on": None}  # of the directory of services
# The round of a place stands at its beginning; the one that is public is of the year before.
APPRAISAL: dict[str, Any] = {
    "Appraisal": lambda world, place: {
        "year": 2024, "roster_on": SINCE, "issued": None, "returned": None, "valid": None, "totals": {},
        "decided_on": TODAY, "told_what": "counts", "told_from": TODAY,
    },
    "AppraisalLine": lambda world, place: {
        **_resident(world, place), "excellent": None, "grade": "",
        "appraisal": make(world, apps.get_model("appraisal", "Appraisal"), place, year=2026, decided_on=TODAY,
                           told_what="", told_from=None, held_on=SINCE),
    },
    "AppraisalMethod": lambda world, place: {"from_year": 2030},
}  # fmt: skip
OWN: dict[str, Any] = {
    "Member": _member,
    **APPRAISAL,
    "Record": _record,
    "MeetingPaper": lambda world, place: {
        "record": make(world, Record, place, number=f"2026-7{place.pk:05d}", types=["liaison_conference"],
                        submitted_key=f"conference{place.pk}"),
    },
    "Base": _resident,
    "Relief": _resident,
    "Payment": lambda world, place: {
        **_resident(world, place), "month": date(2026, 10, 1), "amount": 3, "receipt": f"{place.pk:04d}",
        "passed_up_on": None, "voided_on": None, "hand_in": None,
    },
    "Line": lambda world, place: {"organisation_path": place.path, "organisation_id_then": place.pk},
    "Trial": lambda world, place: {
        "state": "failed", "year": 2026, "post_id": world.posts["officer"].pk, "told_at": clock.now(), "replaces": None,
        "mistakes": [{"text": "other", "line": 0, "said": canary(place, "trial")}], "result": {}, "folder": "",
    },
    "Batch": lambda world, place: {"state": "checked", "folder": ""},
    "Supervision": lambda world, place: {"superior": world.places["elsewhere"], "kind": Supervision.Kind.SECTOR,
                                         "starts_on": date(2015, 1, 1), "ends_on": date(2015, 12, 31)},
    "Change": lambda world, place: {"kind": "renamed", "on": date(2020, 1, 1), "old": {"name": canary(place, "old")}},
    "HostedOffice": lambda world, place: {"ends_on": None},
    "Seat": lambda world, place: {"member": Member.objects.unscoped(WHY).filter(organisation=place).first()
                                  or make(world, Member, place)},
    "Subunit": lambda world, place: {"covered_by": place, "gone_on": None},
    "Campaign": lambda world, place: {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 12, 31)},
    "Post": lambda world, place: {"role": "deputy", "starts_on": date(2015, 1, 1), "ends_on": date(2015, 12, 31)},
    "Terminals": lambda world, place: {"networks": "127.0.0.0/8"},
    "StandIn": lambda world, place: {"post": make(world, Post, place), "starts_on": date(2015, 1, 1)},
    "Approval": lambda world, place: {"action": "members.export_numbers", "state": "asked", "asked_post": 0,
                                      "expires_at": clock.now() + timedelta(days=7), "decided_by": None},
    "Feedback": lambda world, place: {"answered_at": None, "answer": "", "subject": "", "user": None},
    "Request": lambda world, place: {
        "state": "asked", "kind": "correct", "member": None, "wanted_sealed": "",
        "user": register(username=f"1366666{place.pk:04d}", name=canary(place, "asker"), password="支部-pass-1")[0],
    },
    "Standing": lambda world, place: {"member": _withheld(place), "state": "restricted", "request": None},
    "Attachment": lambda world, place: {
        "thing": "records.record", "thing_id": 0, "kind": "pdf", "size": 4, "key": f"file{place.pk}",
    },
    "Case": lambda world, place: {
        "procedure": "admission", "born_on": date(1995, 5, 5), "ended": "", "withdrawn_reason": "", "trouble": "",
        "member": None,
    },
    "Custody": lambda world, place: {"case": make(world, Matter, place)},
    "StepRecord": lambda world, place: {
        "case": make(world, Matter, place), "step": "apply", "outcome": "yes", "values": {}, "papers": [], "hints": [],
        "effect": "", "effect_left": "", "effect_old": {}, "votes": None,
    },


    "Transfer": lambda world, place: {"to": None, "state": "sent"},
    "CheckLine": lambda world, place: {"state": "here"},
    "FilePaper": lambda world, place: {"paper": "application"},
    "LeaderItem": lambda world, place: {"year": 2026, "members": 2, "leaders": 3},
    "AdmissionQuota": lambda world, place: {"year": 2026},
    "Adjustment": lambda world, place: {"item": "x"},
    "Office": lambda world, place: {"seats": 2, "title": f"ZQ{place.pk}qOffice{Office.objects.unscoped(WHY).count()}"},
    "Standard": lambda world, place: {"value": 2},
    # A superior's documents are read below it.
    "Document": lambda world, place: {"title": "某文件", "number": "", "issuer": "某机关", "replaced_by": ""},
    "Clause": lambda world, place: {"number": "第一条", "text": "某条文"},
    "Follow": lambda world, place: {"text": "某后续", "heads": None},
    "Checklist": lambda world, place: {"closed_on": None},
    "Answer": lambda world, place: {"checklist": make(world, apps.get_model("library.Checklist"), place)},
    "Charter": lambda world, place: {"kind": "functions", "ends_on": None},
    "Holder": lambda world, place: {
        "gone_on": None, "name": f"{canary(place, 'holder')}{_kept('Holder')}",
    },
    "Charge": lambda world, place: {"withdrawn_on": None, "done_on": None, "due_on": date(2026, 11, 1)},
    "Unit": lambda world, place: _unit(place),
    "Meeting": lambda world, place: {"types": ["theme_day"], "category": "", "nonce": f"n{place.pk}{_meetings()}"},
    "Sign": _resident,
    "SitIn": lambda world, place: {"attended": None, "invited": True},
    "Lecture": lambda world, place: {**_resident(world, place), "record": _first(Record, place)},
    "LectureCount": lambda world, place: {"year": 2026, "times": 1},
    # A superior's programmes are read below it.
    "QuietDays": lambda world, place: {"days": 30, "document": "文"},
    "Programme": lambda world, place: {
        "kind": "programme", "name": "某专项", "document": "某文件", "themes": ["主题甲"], "text": "", "sectors": [],
        "starts_on": SINCE, "ends_on": None, "withdrawn_at": None, "withdrawn_reason": "",
    },
    "Mark": lambda world, place: {
        "programme": _first(apps.get_model("programmes.Programme"), place), "theme": "主题甲",
        "record": Record.objects.unscoped(WHY).get(number=f"2026-{place.pk:06d}"),
    },
    # Of the rule and the things in hand; what an office sends down it names in the open.
    "Estimate": lambda world, place: {"minutes": 9, "key": f"rule:{place.pk}/x"},
    "BurdenAnswer": lambda world, place: {"key": f"rule:{place.pk}/{_count('burden.BurdenAnswer')}"},
    "SentDown": lambda world, place: {
        "thing_id": _count("burden.SentDown"), "kind": "表", "title": "某表", "to": {}, "units": 1, "minutes": 7,
        "ends_on": None, "withdrawn_on": None,
    },
    "CountyForm": lambda world, place: {
        "fields": [["某项", ""]], "until": date(2026, 12, 31), "withdrawn_on": None, "withdrawn_why": "",
        "asked": "organisation", "every": "once",
    },
    "FormSheet": lambda world, place: {"form": _unsent(world, place), "answers": {}},
    # Of one campaign of the place: staffed by the post of that role, wherever it is.
    "Enrolment": lambda world, place: {"campaign": _campaign(world, place)},
    "OfficeStaff": lambda world, place: {
        "campaign": _campaign(world, place), "post": world.posts.get("campaign_staff") or make(world, Post, place),
    },
    "Remark": lambda world, place: {
        "campaign": _campaign(world, place), "record": _first(apps.get_model("records.Record"), place),
        "replied_on": None, "reply": "", "kind": "note",
    },
    # A superior's resources, reading list, bank and papers are read below it.
    "Resource": lambda world, place: {"name": "某资源", "about": "", "place": "", "closed_on": None},
    "TrainingClass": lambda world, place: {
        "audience": "audience_all", "abilities": [], "starts_on": date(2026, 11, 20), "ends_on": TODAY, "hours": 8,
        "cancelled_on": None,
    },
    "Trainee": lambda world, place: {**_resident(world, place), "attended": None, "hours": None},
    "OutsideHours": lambda world, place: {
        **_resident(world, place), "ended_on": date(2026, 11, 1), "hours": 4, "voided_on": None,
    },
    "ReadMark": _resident,
    "Reading": lambda world, place: {
        "title": "某篇", "edition": "", "audience": "audience_all", "link": "", "new_until": None, "ended_on": None,
    },
    "CornerPost": lambda world, place: {"withdrawn_on": None},
    "Question": lambda world, place: {
        "topic": "某题", "kind": "single", "text": "某题干", "options": ["甲", "乙"], "answer": [0], "source": "某章",
        "explanation": "", "retired_on": None,
    },
    "Paper": lambda world, place: {
        "title": "某卷", "document": "", "opens_on": date(2026, 11, 1), "closes_on": date(2026, 11, 10), "seed": 1,
        "pass_percent": 60, "withdrawn_on": None, "withdrawn_why": "",
    },
    "Sitting": lambda world, place: {**_resident(world, place), "answers": {}, "right": 1, "total": 1},
    "Scenario": lambda world, place: {
        "title": "某情景", "procedure": "x", "story": "某景", "roles": "某", "notes": "", "closed_on": None,
    },
    "LearningOrgan": lambda world, place: {
        "applied_on": None, "accepted_on": None, "opinion": "", "due_on": date(2027, 1, 1),
        "starts_on": TODAY - timedelta(days=apps.get_model("learning.LearningOrgan")._base_manager.count()),
    },
    "OrganStep": lambda world, place: {"done_on": None, "result": ""},
    "LectureContest": lambda world, place: {
        "title": "某评选", "document": "某文", "items": [["好", 10]], "closes_on": TODAY, "ended_on": None,
    },
    "LectureEntry": lambda world, place: {"title": "某课", "speaker": "某", "text": "", "best": True},
    "LectureJudge": lambda world, place: {
        "user": register(username=f"13555{_seats():06d}", name=canary(place, "judge"), password="支部-pass-1")[0],
    },
    "StudyProgramme": lambda world, place: {"title": "某安排", "document": "", "ended_on": None},
    "StudyCell": lambda world, place: {
        "stage": "一", "audience": "audience_all", "topic": "某", "form": "form_special",
    },
    "Essay": _resident,
    "QuizRound": lambda world, place: {"contest": _contest(place)},
    "QuizTeam": lambda world, place: {"contest": _contest(place)},
    "QuizScore": lambda world, place: {
        "round": _contest(place).rounds.unscoped(WHY).first(), "team": _contest(place).teams.unscoped(WHY).first(),
        "question": None, "struck": False,
    },
    # The record of the place waits for the committee above; what was decided about it before was undone.
    "RecordReview": lambda world, place: {"record": _waiting(place), "waiting_since": clock.now()},
    "Decision": lambda world, place: {
        "record": _first(Record, place), "undone_at": clock.now(), "at": clock.now(),
    },
    "ReviewSetting": lambda world, place: {
        "types": [], "share": 0, "marks": 1, "mark_days": 30, "sentences": [canary(place, "usual")],
    },
    "Snooze": lambda world, place: {"key": "nothing"},
    "Fault": lambda world, place: {"record": _first(Record, place), "kind": "careless"},
    "FaultCall": lambda world, place: {"take": True, "due_on": TODAY, "reported_on": TODAY, "closed_on": None},
    "Sampling": lambda world, place: {"items": [canary(place, "item")], "each": 1},
    "Sample": lambda world, place: {
        "record": _first(Record, place), "sampling": _of(world, "review.Sampling", place), "answers": [],
    },
    "SamplingResult": lambda world, place: {"sampling": _of(world, "review.Sampling", place)},
    "AgendaItem": lambda world, place: {"kind": "work_conference", "every": 12, "starts_on": SINCE, "ends_on": None},
    "InCharge": lambda world, place: {"starts_on": SINCE, "ends_on": None},
    "LifeOpinion": lambda world, place: {"filing": _of(world, "review.Filing", place), "withdrawn_on": None},
    "LifeProblem": lambda world, place: {"filing": _of(world, "review.Filing", place)},
    "Report": lambda world, place: {
        "kind": "half", "since": date(2026, 1, 1), "until": date(2026, 6, 30), "kept_on": None, "withdrawn_on": None,
    },
    "ReportText": lambda world, place: {"report": _of(world, "reports.Report", place), "part": "life"},
    "ReportFigure": lambda world, place: {"report": _of(world, "reports.Report", place), "part": "life"},
    "ReportOrder": lambda world, place: {"report": _of(world, "reports.Report", place)},
    "YearTarget": lambda world, place: {"year": 2026, "first": 10, "withdrawn_on": None},
    "Filing": lambda world, place: {"kind": "leaders_life_meeting", "year": 2026, "stage": "plan_sent"},
    "FilingStep": lambda world, place: {"filing": _of(world, "review.Filing", place)},
    "Hint": lambda world, place: {
        "record": _first(Record, place), "kind": "text", "asked_on": SINCE, "answer": "", "answered_on": None,
        "share": 0.8, "other": Record.objects.unscoped(WHY).order_by("pk").first(),  # of the top: out of reach
    },
    "Sketch": lambda world, place: {"record": _first(Record, place)},
    "PhotoMark": lambda world, place: {"attachment": _first(Attachment, place)},
    "Place": lambda world, place: {"name": f"{canary(place, 'area')}{_number()}", "park": True},
    "Station": lambda world, place: {"closed_on": None},
    "Covering": lambda world, place: {"starts_on": SINCE, "mode": "joint"},
    "Responsibility": lambda world, place: {"starts_on": SINCE},
    "Assignment": lambda world, place: {"starts_on": SINCE},
    "Benchmark": lambda world, place: {"as_of": date(2026, 1, 1), "percent": 50},
    "UnitWaiver": lambda world, place: {"rule": "x/y", "ends_on": date(2026, 11, 30)},
    "GoalActivity": lambda world, place: {"record": Record.objects.unscoped(WHY).get(number=f"2026-{place.pk:06d}")},
    "Goal": lambda world, place: {"starts_on": date(2026, 1, 1), "closed_on": None, "due_on": None},
    "ParkWeight": lambda world, place: {"year": 2026, "percent": 30},
    "ParkDuty": lambda world, place: {"starts_on": SINCE},
    "ConditionItem": lambda world, place: {"standard": 2, "weight": 1, "state": "active"},
    "ConditionValue": lambda world, place: {"as_of": date(2026, 1, 1), "value": 1},
    # A superior's kinds are read below it.
    "ConcernKind": lambda world, place: {
        "ended_on": None, "name": f"类{_count('concerns.ConcernKind')}", "document": "",
    },
    # A superior's guides and standards are read below it.
    "ServiceItem": lambda world, place: {**ENTRY, "who": "", "papers": "", "steps": "来办", "basis": ""},
    "ServiceWindow": lambda world, place: {**ENTRY, "classes": "民政", "place": "大厅", "hours": "", "phone": ""},
    "ServicePoint": lambda world, place: {
        **ENTRY, "kind": "超市", "place": "街口", "what": "米面", "hours": "", "phone": "",
    },
    "WindowStandard": lambda world, place: {**ENTRY, "document": ""},
    "Satisfaction": lambda world, place: {"month": date(2026, 10, 1)},
    "ContactCards": lambda world, place: {"as_of": date(2026, 10, 1), "members": 3, "cards": 9},
    "Commitment": lambda world, place: {
        **_resident(world, place), "due_on": date(2026, 11, 30), "fulfilled_by": None, "confirmed_by": None,
    },
    "Registration": _resident,
    "Shift": lambda world, place: {**_resident(world, place), "hours": 2, "began": None, "ended": None},
    # A superior's calls reach down.
    "Call": lambda world, place: {
        "title": f"招募{_count('service.Call')}", "task": "某事", "place": "某处", "report": "",
        "starts_on": TODAY, "ends_on": TODAY, "closed_on": None,
    },
    "CallPost": lambda world, place: {"name": "某岗", "needed": 2},
    "SignUp": _resident,
    "Team": lambda world, place: {"name": f"{canary(place, 'team')}{_count('service.Team')}", "ended_on": None},
    "TeamMember": lambda world, place: {**_resident(world, place), "until": None},
    "Dispatch": lambda world, place: {"closed_on": None},
    "LetterTemplate": lambda world, place: {
        "year": 2026, "half_by": date(2026, 11, 30), "year_by": date(2026, 12, 20), "dropped_on": None,
    },
    "LetterBlock": lambda world, place: {"template": _of(world, "letters.LetterTemplate", place)},
    "LetterClause": lambda world, place: {"block": _of_letter(world, "LetterBlock", place), "points": 5, "rules": []},
    # The first of a place reads the template that has the clauses; any other one has its own.
    "Letter": lambda world, place: {
        "template": make(world, apps.get_model("letters.LetterTemplate"), place)
        if _first(apps.get_model("letters.Letter"), place) else _of(world, "letters.LetterTemplate", place),
        "state": "signed", "above_signed_on": TODAY, "unit_signed_on": TODAY, "withdrawn_on": None,
    },
    **{
        name: lambda world, place, more=more: {"letter": _of(world, "letters.Letter", place)} | more(world, place)
        for name, more in (
            ("LetterAmendment", lambda world, place: {
                "clause": _of_letter(world, "LetterClause", place), "points": 5, "undone_on": None,
            }),
            ("LetterTask", lambda world, place: {"clause": _of_letter(world, "LetterClause", place)}),
            ("LetterCheck", lambda world, place: {"term": "year", "state": "reported"}),
        )
    },
    "LetterMark": lambda world, place: {
        "checked": _of_letter(world, "LetterCheck", place), "clause": _of_letter(world, "LetterClause", place),
    },
    "PointVisit": lambda world, place: {"visited_on": date(2026, 11, 5), "withdrawn_on": None},
    "Concern": lambda world, place: {
        "kind": None, "taken_on": date(2026, 11, 2), "due_on": date(2026, 11, 30), "state": "taken", "outcome": "",
        "rating": "",
    },
    "HandIn": lambda world, place: {"handed_on": date(2026, 11, 1), "due": 3, "amount": 3, "received": None,
                                    "answered_on": None, "state": "sent"},
    "Plan": lambda world, place: {"year": 2026, "state": "filed", "changed_on": None},
    "PlanItem": lambda world, place: {"plan": _of(world, "plans.Plan", place), "month": 11, "types": ["theme_day"]},
    "ReminderRule": lambda world, place: {"days": [3], "roles": ["secretary"]},
    "Asked": lambda world, place: {"on": TODAY, "key": f"x/y/{_count('reminders.Asked')}"},
    "Reminder": lambda world, place: {
        "on": TODAY, "kind": "closing", "key": f"x/y/{_count('reminders.Reminder')}", "address": "/duties/month/",
    },
    "MeetingNotice": lambda world, place: {"types": ["theme_day"], "on": date(2026, 11, 25), "cancelled_on": None},
    # A superior's lists are read below it.
    "Cycle": lambda world, place: {
        "name": "某目录", "document": "某文件", "starts_on": SINCE, "ends_on": date(2026, 12, 31),
    },
    "CycleTheme": lambda world, place: {"required": False, "dropped_on": None},
    "Discipline": lambda world, place: {"text": "某纪律", "source": "某文件", "starts_on": SINCE, "ends_on": None},
    "Served": lambda world, place: {"record": _first(Record, place)},
    "Kept": lambda world, place: {"record": _first(Record, place), "kept": False, "above": True},
    "DayCheck": lambda world, place: {"record": _first(Record, place)},
}  # fmt: skip


def _seats() -> int:
    return apps.get_model("learning.LectureJudge")._base_manager.count()


def _contest(place: Organisation) -> Any:
    return _first(apps.get_model("quizzes.QuizContest"), place)


def _of(world: World, label: str, place: Organisation) -> Any:
    """The one of that table the place has."""
    model = apps.get_model(label)
    return _first(model, place) or make(world, model, place)


def _of_letter(world: World, name: str, place: Organisation) -> Any:
    """The one of that table the letters of the place have: such tables reach the place by another one."""
    model: Any = apps.get_model("letters", name)
    return model.objects.unscoped(WHY).filter(**{model.scope_path: place.path}).order_by("pk").first() or make(
        world, model, place
    )


def _waiting(place: Organisation) -> Any:
    """The record of a place, waiting for review."""
    found = _first(Record, place)
    Record.objects.unscoped(WHY).filter(pk=found.pk).update(review="waiting")
    return found


def _campaign(world: World, place: Organisation) -> Any:
    return _of(world, "campaigns.Campaign", place)


def _unsent(world: World, place: Organisation) -> Any:
    """A form of the place that it was not sent itself yet."""
    model = apps.get_model("burden.CountyForm")
    rows = model.objects.unscoped(WHY).filter(organisation=place).exclude(sheets__organisation=place)  # type: ignore[attr-defined]
    return rows.order_by("pk").first() or make(world, model, place)


def _number() -> int:
    from zhibu.web.coverage.models import Place

    return Place.objects.unscoped(WHY).count()


def _meetings() -> int:
    return apps.get_model("signin.Meeting")._base_manager.count()


def _count(label: str) -> int:
    return apps.get_model(label)._base_manager.count()


def _kept(model: str) -> int:
    return apps.get_model("responsibilities", model)._base_manager.count()


def _unit(place: Organisation) -> dict[str, Any]:
    """Of a trade of its own, due by the rules of the packs."""
    return {
        "credit_code": "", "trade": canary(place, "trade"), "party_members": 3, "full_members": 3, "operating": True,
        "closed_on": None, "above_scale": True,
    }  # fmt: skip


# What a second row of the same organisation needs to differ in; None: no second one is made.
ANEW: dict[str, dict[str, Any] | None] = {
    "LetterCheck": {"term": "half"},
    "LetterMark": None,
    "Satisfaction": {"month": date(2026, 9, 1)},
    "ReminderRule": None,
    "ContactCards": {"as_of": date(2026, 9, 1)},
    "Registration": None,
    "TeamMember": None,
    "Enrolment": None,
    "LectureCount": {"year": 2025},
    "Lecture": None,
    "RecordReview": None,
    "ReviewSetting": None,
    "Snooze": {"key": "other"},
    "Sample": None,
    "SamplingResult": None,
    "Filing": {"year": 2025},
    "AgendaItem": {"ends_on": TODAY},
    "InCharge": {"ends_on": TODAY},
    "MeetingPaper": None,
    "ReportText": None,
    "YearTarget": {"year": 2025},
    "Appraisal": {"year": 2023},
    "AppraisalLine": None,
    "AppraisalMethod": {"from_year": 2031},
    "Plan": {"year": 2025},
    "DayCheck": None,
    "Mark": None,
    "QuietDays": None,
    "OfficeStaff": None,
    "QuizTeam": None,
    "Hint": {"key": "anew"},
    "LateBound": None,
    "Sketch": None,
    "PhotoMark": None,
    "Party": {"part": "owns"},
    "Floating": None,
    "Care": None,
    "Excused": None,
    "Transfer": None,
    "CheckSheet": None,
    "CheckLine": None,
    "FilePaper": None,
    "MemberStandard": {"version": 9},
    "AdmissionQuota": {"year": 2025},
    "LeaderItem": {"year": 2025},
    "Benchmark": {"as_of": date(2026, 2, 1)},
    "ParkWeight": {"year": 2025},
    "ConditionValue": {"as_of": date(2026, 2, 1)},
    "Member": {"id_number": "990001199001039999", "phone": "13777779999"},
    "Record": {"number": "2026-999998", "submitted_key": "anew"},
    "Attachment": {"key": "anew", "stored": "anew"},
    "Draft": {"key": "anew"},
    "Profile": None,
    "Seat": None,
    "Subunit": {"name": "又一个单位"},
    "Link": {"chain": "又一条链"},
    "Base": {"since": date(2026, 2, 1)},
    "Practice": {"starts_on": date(2026, 2, 1)},
    "Payment": {"month": date(2026, 9, 1)},
    "Fund": {"year": 2026},
    "Rate": {"year": 2026},
    "Request": None,
    "StandIn": None,
    "Standing": None,
    "Standard": {"key": "age"},
    "TermReminder": {"ends_on": date(2027, 5, 1)},
    "Terminals": None,
}
