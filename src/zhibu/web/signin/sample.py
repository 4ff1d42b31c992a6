"""The sample county signs in: a meeting of the secretary's branch, one who leads and lectures, a list of sit-ins."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Attendance, Record, Way
from zhibu.web.records.queries import roster
from zhibu.web.signin import actions, sitting
from zhibu.web.signin.models import Lecture

WHY = "making the sample county"
PRESENT, LEAVE, EXCUSED = Attendance.State.PRESENT, Attendance.State.LEAVE, Attendance.State.EXCUSED


LATELY = 4  # records that get names


def fill(*, branch: Scope, town: Scope, group: Scope, today: date) -> None:
    """`group`: whoever keeps the meetings of a leading group that guides an organ committee."""
    _names(branch, today)
    _meeting(branch, today)
    _leader(branch, town, today)
    _sitting(group, today)


def _meeting(branch: Scope, today: date) -> None:
    now = clock.now()
    fields = {
        "title": "主题党日（示例）", "held_on": today, "types": ["theme_day"], "category": "", "opens_at": now,
        "closes_at": now + timedelta(hours=3),
    }  # fmt: skip
    made = actions.open_(by=branch, fields=fields)
    here = Organisation.objects.unscoped(WHY).get(pk=branch.organisation_id)
    people = list(roster(branch.doing("signin.host"), here, today).filter(frail=False)[:6])
    actions.tick(by=branch, meeting=made, members=[one.pk for one in people[:3]], way=Way.HOST)
    actions.tick(by=branch, meeting=made, members=[one.pk for one in people[3:5]], way=Way.PAPER)
    actions.invite(by=branch, meeting=made, name="田某（示例）", branch="驻村工作队临时党支部")


def _names(branch: Scope, today: date) -> None:
    """The books count heads; the last records tell who was there, so that 到会率 has something to show."""
    here = Organisation.objects.unscoped(WHY).get(pk=branch.organisation_id)
    people = list(roster(branch.doing("signin.host"), here, today))
    rows = Record.objects.unscoped(WHY).filter(organisation=here, withdrawn_at=None, present__isnull=False)
    for turn, record in enumerate(rows.order_by("-held_on", "-pk")[:LATELY]):
        asked = [one for one in people[turn:] + people[:turn] if not one.frail]
        states = [PRESENT] * (record.present or 0) + [LEAVE] * len(asked)
        told = [(one, EXCUSED) for one in people if one.frail] + list(zip(asked, states, strict=False))
        Attendance.objects.bulk_create(Attendance(record=record, member=one, state=state) for one, state in told)


def _leader(branch: Scope, town: Scope, today: date) -> None:
    """A member of the branch sits on the town's committee; a lecture on record was theirs."""
    above = Organisation.objects.unscoped(WHY).get(pk=town.organisation_id)
    member = Member.objects.unscoped(WHY).filter(organisation=branch.organisation_id, left_on=None).order_by("pk")[1]
    since = date(today.year - 1, 1, 1)
    office, _ = Office.objects.unscoped(WHY).get_or_create(
        organisation=above, title="党委委员（示例）",
        defaults={"kind": Office.Kind.COMMITTEE, "seats": 9, "document": "示例", "starts_on": since},
    )  # fmt: skip
    _sits(member.name, office, member, since)
    taught = Record.objects.unscoped(WHY).filter(organisation=branch.organisation_id, withdrawn_at=None)
    lectures = [one for one in taught.order_by("-held_on") if "party_lecture" in one.types]
    if lectures:
        Lecture.objects.create(record=lectures[0], member=member)


def _sitting(group: Scope, today: date) -> None:
    organ = Organisation.objects.unscoped(WHY).get(supervisions__superior=group.organisation_id)
    office = Office.objects.create(
        organisation=organ, kind=Office.Kind.DEPUTY, title="专职副书记", seats=1, document="示例",
        starts_on=date(today.year - 2, 1, 1),
    )  # fmt: skip
    _sits("苏某（示例）", office, None, date(today.year - 1, 1, 1))
    for title, category, ago in (("党组民主生活会（示例）", "life", 40), ("研究重大业务（示例）", "business", 8)):
        fields = {
            "title": title, "held_on": today - timedelta(days=ago), "types": [], "category": category,
            "opens_at": None, "closes_at": None,
        }  # fmt: skip
        made = actions.open_(by=group, fields=fields)
        row = sitting.lines(made)[0]
        told = (True, True, "") if category == "life" else (True, False, "在省里培训")
        sitting.note(by=group, meeting=made, told={row.pk: told})


def _sits(name: str, office: Office, member: Member | None, since: date) -> None:
    Tenure.objects.create(
        office=office, member=member, name=name, starts_on=since, how="appointed", full_time=True, document="示例"
    )
