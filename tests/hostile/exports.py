"""How each export of the product is filled with texts and asked for. A new route that answers a file needs a row here.

`feed` puts texts where the export reads them and asks; it gives one answer after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import batched, cycle, islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.access.world import TODAY, World
from zhibu.web.approvals.models import Approval, State
from zhibu.web.assessment.models import Trial
from zhibu.web.assessment.trials import new_folder, write_losers
from zhibu.web.audit.models import Line
from zhibu.web.core import clock
from zhibu.web.feedback.models import Feedback
from zhibu.web.imports import actions as imports
from zhibu.web.imports.books.columns import TITLES
from zhibu.web.imports.models import Batch
from zhibu.web.members.models import Member
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.procedures.models import Case, StepRecord

WHY = "texts for the exports"
FEW = 90  # members whose numbers one person may take alone
NO_TABLE = {
    "record-file": "the file that was uploaded, as it came",
    "case-file": "the file that was uploaded, as it came",
    "lecture-file": "the file that was uploaded, as it came",
    "matter-file": "the file that was uploaded, as it came",
    "story-file": "the file that was uploaded, as it came",
    "letter-file": "the file that was uploaded, as it came",
    "letter-word": "a Word document: no cell that could be a formula; its texts in letters/tests",
    "task-file": "the file that was uploaded, as it came",
    "appraisal-file": "the file that was uploaded, as it came",
    "report-word": "a Word document: no cell that could be a formula; its texts in reports/tests",
    "meeting-ics": "a calendar, no table",
    "calendar-feed": "a calendar, no table",
    "audit-checkpoints": "signed notes, plain text",
    "audit-held": "signed notes, plain text",
}
NO_TEXT = {"processing-export": "names of tables and columns, nothing typed by anybody"}


@dataclass
class Crowd:
    """The world with room for many texts."""

    world: World
    texts: list[str]
    folder: Path
    client: Client = field(default_factory=Client)
    role: str = ""
    branches: list[Organisation] = field(default_factory=list)

    def url(self, name: str, **path: Any) -> str:
        return reverse(name, kwargs=path)


Feed = Callable[[Crowd], Iterator[HttpResponse]]
FEEDS: dict[str, Feed] = {}


def feed(name: str) -> Callable[[Feed], Feed]:
    def add(function: Feed) -> Feed:
        FEEDS[name] = function
        return function

    return add


def furnish(crowd: Crowd) -> None:
    """Branches below the post, all of them late; members and lines one for each text."""
    own, number = crowd.world.places["own"], len(crowd.texts)
    for one in range(max(10, number // 10)):
        crowd.branches.append(
            tree.plant(
                parent=own, code=f"X{one:05d}", name="x", kind=Kind.BRANCH, sector=Sector.VILLAGE,
                founded_on=TODAY.replace(year=2010), term_ends_on=TODAY, phone="0",
            )
        )  # fmt: skip
    Member.objects.bulk_create([_member(crowd, text, one) for one, text in enumerate(crowd.texts)], batch_size=500)
    _lines(crowd)
    refresh()


def _member(crowd: Crowd, text: str, one: int) -> Member:
    """The first few stand alone in the first branch."""
    place = crowd.branches[0] if one < FEW else crowd.branches[1]
    return Member(
        organisation=place, name=text, branch_post=text[:20], education=text[:20], born_on=TODAY.replace(year=1990),
        joined_on=TODAY.replace(year=2020), kind="full", id_number=f"99{one:016d}", initials="x",
    )  # fmt: skip


def _lines(crowd: Crowd) -> None:
    own, person, texts = crowd.world.places["own"], crowd.world.people["auditor"], cycle(crowd.texts)
    for part in batched(crowd.texts, 5):
        for who in (person, crowd.world.people["secretary"]):
            given = [*part, *islice(texts, 5 - len(part))]
            Line.objects.create(
                at=clock.now(), happened_on=TODAY, user=who, post_title=given[0], acting_for=given[1],
                address="10.0.0.1", device=given[2], action="disclosures.note", sentence=given[3],
                thing="records.record", thing_id="1", organisation_name=given[4], organisation_path=own.path,
                old={given[0]: given[1]},
                new={"to": given[1], "what_given": given[2], "ground": given[0], "document": given[3]},
            )  # fmt: skip


def named(crowd: Crowd) -> Iterator[None]:
    """Again and again other texts as names and telephones of the branches, until all have been there."""
    for part in batched(crowd.texts, len(crowd.branches)):
        for branch, text in zip(crowd.branches, part, strict=False):
            branch.name = text
            branch.short_name, branch.secretary_name, branch.phone = text, text[::-1][:40], text[:30]
        Organisation.objects.unscoped(WHY).bulk_update(
            crowd.branches, ["name", "short_name", "secretary_name", "phone"], batch_size=200
        )
        yield


@feed("board-export")
def board(crowd: Crowd) -> Iterator[HttpResponse]:
    area = crowd.world.places["own"].code
    yield from (crowd.client.get(crowd.url("board-export"), {"area": area}) for _ in named(crowd))
    yield from (crowd.client.get(crowd.url("board-export"), {"area": one.code}) for one in crowd.branches[:5])


@feed("late-export")
def late(crowd: Crowd) -> Iterator[HttpResponse]:
    area = crowd.world.places["own"].code
    yield from (crowd.client.get(crowd.url("late-export"), {"area": area}) for _ in named(crowd))


@feed("import-template")
def template(crowd: Crowd) -> Iterator[HttpResponse]:
    for _ in named(crowd):
        yield from (crowd.client.get(crowd.url("import-template", kind=kind)) for kind in TITLES)


@feed("import-export")
def registers(crowd: Crowd) -> Iterator[HttpResponse]:
    """Offices and tenures with texts, and matters of applicants; books of dues show names of the roster."""
    here = crowd.branches[0]
    seat = Office.objects.create(
        organisation=here, kind="other", title="x", seats=len(crowd.texts) + 1, document="x", starts_on=TODAY
    )
    told = [
        Tenure(
            office=seat, name=text[:40], starts_on=TODAY, how="elected", document=text[:200], end_document=text[:200]
        )
        for text in crowd.texts
    ]
    Tenure.objects.bulk_create(told, batch_size=500)
    for text in crowd.texts:
        case = Case.objects.create(
            organisation=here, procedure="admission", title=text[:120], name=text[:60], opened=TODAY,
            opened_at=clock.now(),
        )  # fmt: skip
        StepRecord.objects.create(
            case=case, step="x", title=text[:120], version="1", done=TODAY, outcome="yes", reason=text[:300],
            papers=[{"id": "x", "title": text, "number": text, "on": ""}], entered_at=clock.now(), by_title="x",
        )  # fmt: skip
    yield from (crowd.client.get(crowd.url("import-export", kind=kind)) for kind in ("tenures", "cases"))


@feed("members-export")
def members(crowd: Crowd) -> Iterator[HttpResponse]:
    yield crowd.client.get(crowd.url("members-export"))
    yield from (crowd.client.get(crowd.url("members-export"), {"q": text}) for text in crowd.texts[:50])


@feed("members-numbers")
def numbers(crowd: Crowd) -> Iterator[HttpResponse]:
    """Few at a time; what one person may take in a day is forgotten after each."""
    few = list(Member.objects.unscoped(WHY).filter(organisation=crowd.branches[0])[:FEW])
    url = f"{crowd.url('members-numbers')}?org={crowd.branches[0].code}"
    for part in batched(crowd.texts, FEW):
        mark = transaction.savepoint_create()
        for one, text in zip(few, part, strict=False):
            one.name = text
        Member.objects.unscoped(WHY).bulk_update(few, ["name"])
        yield crowd.client.post(url, {"why": "look_dues", "more": "名册核对" + part[0].replace("\0", "")})
        transaction.savepoint_rollback(mark)


@feed("members-numbers-take")
def numbers_taken(crowd: Crowd) -> Iterator[HttpResponse]:
    everybody = list(
        Member.objects.unscoped(WHY).filter(organisation__in=crowd.branches[:2]).values_list("pk", flat=True)
    )
    for text in crowd.texts[:2]:
        approval = Approval.objects.create(
            organisation=crowd.world.places["own"], action="members.export_numbers", sentence=text, reason=text,
            payload={"unit": text, "members": everybody, "reason": text}, asked_by=crowd.world.people[crowd.role],
            asked_post=crowd.world.posts[crowd.role].pk, asked_title=text, asked_at=clock.now(), state=State.APPROVED,
            expires_at=clock.now() + timedelta(days=1),
        )  # fmt: skip
        yield crowd.client.post(crowd.url("members-numbers-take", number=approval.pk))


@feed("audit-export")
def audit(crowd: Crowd) -> Iterator[HttpResponse]:
    url = crowd.url("audit-export")
    for kind in ("csv", "xlsx"):
        yield crowd.client.get(url, {"kind": kind})
        yield from (crowd.client.get(url, {"kind": kind, "text": one, "person": one}) for one in crowd.texts[:50])


@feed("disclosures-export")
def disclosures(crowd: Crowd) -> Iterator[HttpResponse]:
    yield crowd.client.get(crowd.url("disclosures-export"))


@feed("trial-losers")
def losers(crowd: Crowd) -> Iterator[HttpResponse]:
    number, folder = crowd.world.things["own"]["trial"], new_folder()
    write_losers(folder, (_loser(text) for text in crowd.texts))
    result = {"before": {"title": crowd.texts[0]}, "after": {"title": crowd.texts[1]}, "losers": len(crowd.texts)}
    trial = Trial.objects.unscoped(WHY).filter(pk=number)
    trial.update(state="done", folder=folder, result=result, post_id=crowd.world.posts[crowd.role].pk)
    yield crowd.client.get(crowd.url("trial-losers", number=number))


def _loser(text: str) -> dict[str, Any]:
    figures = {"total": 1.5, "rank": 2, "grade": text, "group": text}
    return {
        "name": text, "code": text, "before": figures, "after": figures, "difference": -1,
        "reasons": [{"points": text, "text": text}],
    }  # fmt: skip


@feed("my-data")
def own_data(crowd: Crowd) -> Iterator[HttpResponse]:
    person, own = crowd.world.people[crowd.role], crowd.world.places["own"]
    Feedback.objects.bulk_create(
        [
            Feedback(organisation=own, user=person, text=text, name=text, contact=text, sent_on=TODAY)
            for text in crowd.texts
        ],
        batch_size=500,
    )
    yield crowd.client.post(crowd.url("my-data"), {"kind": "xlsx"})


@feed("affected")
def affected(crowd: Crowd) -> Iterator[HttpResponse]:
    given = {
        "account": crowd.world.things["own"]["colleague"],
        "since": "2026-11-20",
        "until": "2026-11-21",
        "take": "1",
    }
    yield crowd.client.post(crowd.url("affected"), given)


@feed("processing-export")
def register(crowd: Crowd) -> Iterator[HttpResponse]:
    yield crowd.client.get(crowd.url("processing-export"))


@feed("import-file")
def red(crowd: Crowd) -> Iterator[HttpResponse]:
    from tests.hostile.user_books import books
    from zhibu.web.access.queries import posts_on, scope_of

    held = next(iter(posts_on(crowd.world.people[crowd.role].pk, TODAY)))
    for number, path in enumerate(books(crowd.folder, crowd.texts)):
        batch = imports.check(by=scope_of(held, TODAY), files=[path])
        assert batch.state == Batch.State.CHECKED, (number, batch.error)
        yield from (
            crowd.client.get(crowd.url("import-file", number=batch.pk, book=0, form=form)) for form in ("marked", "bad")
        )


@feed("goals-export")
def goals(crowd: Crowd) -> Iterator[HttpResponse]:
    from zhibu.web.coverage.models import Goal

    rows = [
        Goal(organisation=crowd.branches[0], title=text[:80], measure=text[:200], result=text[:200], starts_on=TODAY)
        for text in crowd.texts
    ]
    Goal.objects.bulk_create(rows, batch_size=500)
    yield crowd.client.get(crowd.url("goals-export"))


@feed("units-three-export")
def three(crowd: Crowd) -> Iterator[HttpResponse]:
    from zhibu.web.coverage.models import Place, Unit

    own = crowd.world.places["own"]
    for number, text in enumerate(crowd.texts):
        place = Place.objects.create(organisation=own, name=f"{number}{text}"[:40])
        Unit.objects.create(organisation=own, name=text[:120], kind="npe", place=place, party_members=3)
    yield crowd.client.get(crowd.url("units-three-export"))


@feed("conditions-export")
def conditions(crowd: Crowd) -> Iterator[HttpResponse]:
    from zhibu.web.funds.models import ConditionItem

    own = crowd.world.places["own"]
    Organisation.objects.unscoped(WHY).filter(pk=crowd.branches[0].pk).update(sector=Sector.COMMUNITY)
    rows = [
        ConditionItem(organisation=own, name=text[:60], measure=text[:20], standard=2, weight=1, document=text[:200],
                      state="active")
        for text in crowd.texts
    ]  # fmt: skip
    ConditionItem.objects.bulk_create(rows, batch_size=500)
    yield crowd.client.get(crowd.url("conditions-export"))


def _charged(crowd: Crowd) -> int:
    """A charter of names and functions at the own place, given to a body for each text, which is its progress too."""
    from zhibu.web.responsibilities.models import Charge, Charter, Holder, Item, Progress

    own = crowd.world.places["own"]
    charter = Charter.objects.create(
        organisation=own, kind="functions", title="清单", document=crowd.texts[0][:200], starts_on=TODAY
    )
    item = Item.objects.create(charter=charter, position=1, text=crowd.texts[1][:300])
    names = list(dict.fromkeys(text[:120] for text in crowd.texts if text))
    holders = Holder.objects.bulk_create(Holder(organisation=own, kind="other", name=name) for name in names)
    charges = Charge.objects.bulk_create(
        Charge(organisation=own, item=item, holder=holder, given_on=TODAY) for holder in holders
    )
    Progress.objects.bulk_create(
        Progress(charge=one, state="doing", happened_on=TODAY, reported_on=TODAY, sentence=text[:200])
        for one, text in zip(charges, crowd.texts, strict=False)
    )
    return charter.pk


@feed("letter-board-export")
def letters(crowd: Crowd) -> Iterator[HttpResponse]:
    from zhibu.web.letters.models import Letter, LetterTemplate

    own, text = crowd.world.places["own"], crowd.texts[0][:80]
    made = LetterTemplate.objects.create(organisation=own, title=text, year=2026, year_by=TODAY, made_on=TODAY)
    told = {"organisation": own, "template": made, "issued_on": TODAY, "sign_by": TODAY}
    Letter.objects.bulk_create(Letter(unit=one, **told) for one in crowd.branches)
    yield from (crowd.client.get(crowd.url("letter-board-export", number=made.pk)) for _ in named(crowd))


@feed("charter-export")
def charter(crowd: Crowd) -> Iterator[HttpResponse]:
    yield crowd.client.get(crowd.url("charter-export", number=_charged(crowd)))


@feed("holders-export")
def holders(crowd: Crowd) -> Iterator[HttpResponse]:
    _charged(crowd)
    yield crowd.client.get(crowd.url("holders-export"))


@feed("conformity-export")
def conformity(crowd: Crowd) -> Iterator[HttpResponse]:
    _charged(crowd)
    yield crowd.client.get(crowd.url("conformity-export"))
