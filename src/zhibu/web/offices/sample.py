"""The sample county's offices: bodies of the first branches as its books name them, a few reserves and matters."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.offices import standards, terms
from zhibu.web.offices.actions import matters, seats
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations.models import Kind, Organisation

BODY = (("secretary", "书记"), ("deputy", "副书记"), ("committee", "组织委员"), ("committee", "宣传委员"))
DOCUMENT = "示例文件〔2025〕1 号"
MOST = 120  # branches with a body


def fill(by: Scope) -> None:
    """Bodies in bulk (the actions would judge every branch anew each time), the rest by the actions."""
    county = Organisation.objects.within(by).get(depth=1)
    branches = list(Organisation.objects.within(by).filter(kind=Kind.BRANCH).exclude(secretary_name="")[:MOST])
    _bodies(by, branches)
    for key, value in (("reserve_secretary", 2), ("years", 8), ("age", 58), ("talk_days", 30)):
        standards.set_standard(by=by, organisation=county, key=key, value=Decimal(value), document=DOCUMENT)
    _deputy(by, county)
    _villages(by, [one for one in branches if one.sector == "village"][:6])
    _opinions(by, branches[:3])
    terms.remind(by=by, year=by.on.year)


def _bodies(by: Scope, branches: list[Organisation]) -> None:
    people: dict[int, list[Member]] = {}
    for one in Member.objects.within(by).filter(organisation__in=branches, kind="full", left_on=None).order_by("pk"):
        people.setdefault(one.organisation_id, []).append(one)
    offices, tenures = [], []
    for number, place in enumerate(branches):
        since = place.elected_on or date(by.on.year - 1, 3, 1)
        full = people.get(place.pk, [])
        head = next((one for one in full if one.name == place.secretary_name), None)
        rest = [one for one in full if one is not head]
        body = BODY if len(rest) >= 6 else BODY[:1]
        for at, (kind, title) in enumerate(body):
            office = Office(organisation=place, kind=kind, title=title, document=DOCUMENT, starts_on=since)
            offices.append(office)
            if at == 3 and number % 4 == 0:
                continue  # a seat to be filled
            member = rest[at] if at else head
            name = member.name if member else place.secretary_name
            tenures.append(
                Tenure(
                    office=office, member=member, name=name, starts_on=since, how="elected", document=DOCUMENT,
                    full_time=number % 5 == 0 if at == 0 else None, head=number % 3 == 0 if at == 0 else None,
                    principal=number % 2 == 0 if at == 0 and place.sector == "school" else None,
                )
            )  # fmt: skip
    Office.objects.bulk_create(offices, batch_size=500)
    Tenure.objects.bulk_create(tenures, batch_size=500)


def _deputy(by: Scope, county: Organisation) -> None:
    """A work committee with a new full-time deputy, and an empty seat beside it."""
    place = Organisation.objects.within(by).filter(kind=Kind.WORK_COMMITTEE).first() or county
    told = {"kind": "deputy", "title": "副书记", "document": DOCUMENT, "starts_on": date(by.on.year - 2, 1, 1)}
    office = seats.approve(by=by, organisation=place, seats=2, **told)
    seats.appoint(
        by=by, office=office, name="何文涛", starts_on=by.on - timedelta(days=12), how="appointed", document=DOCUMENT,
        full_time=True,
    )  # fmt: skip
    matters.plan_exchange(
        by=by, organisation=place, name="何文涛", way="out", to="县司法局", planned_on=by.on + timedelta(days=200)
    )


def _villages(by: Scope, villages: list[Organisation]) -> None:
    names = ("罗春生", "贺秋云", "石立新", "方小满", "严冬青", "梁夏至")
    for at, (place, name) in enumerate(zip(villages, names, strict=False)):
        matters.list_reserve(
            by=by, organisation=place, post="secretary", source=("deputy", "clerk", "group")[at % 3], name=name,
            starts_on=date(by.on.year, 1, 15), training="参加县委党校村级后备干部班",
        )  # fmt: skip
        heading, text = (("selection", "经镇党委考察进入村“两委”"), ("incentive", "年度考核优秀"))[at % 2]
        matters.note_career(
            by=by, organisation=place, name=place.secretary_name, heading=heading, text=text,
            happened_on=date(by.on.year, 1, 10), document=DOCUMENT,
        )  # fmt: skip


def _opinions(by: Scope, places: list[Organisation]) -> None:
    for at, place in enumerate(places):
        kind, matter = (
            ("appoint", "拟任用一名中层干部"),
            ("reward", "拟推荐年度先进"),
            ("appraise", "班子成员年度考核"),
        )[at]
        matters.ask(by=by, organisation=place, kind=kind, matter=matter, due_on=by.on + timedelta(days=5 + at))
