"""常联系: two sides, a day to reply by, the time it took; nobody else reads it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.hostile.pdfs import pdf

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import scope_of, system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import TODAY, Cast, enter
from zhibu.web.core.scope import Scope
from zhibu.web.files.queries import attachments
from zhibu.web.liaison import actions, queries
from zhibu.web.liaison.models import Matter, Message
from zhibu.web.organisations import supervision, tree
from zhibu.web.organisations.models import Kind, Organisation, Sector

DUE = TODAY + timedelta(days=5)
SINCE = date(2020, 1, 1)
pytestmark = pytest.mark.django_db


class Two:
    """A work committee that looks after an organ committee, which a department's leading group guides."""

    def __init__(self, cast: Cast):
        self.work = plant(cast.county, "县直机关工委", Kind.WORK_COMMITTEE)
        self.organ = plant(cast.county, "县水务局机关党委", Kind.ORGAN_COMMITTEE)
        self.group = plant(cast.county, "县水务局党组", Kind.PARTY_GROUP)
        for kind, above in (("organ", self.work), ("guided", self.group)):
            supervision.begin(
                by=system_scope(), organisation=self.organ, superior=above, kind=kind, starts_on=SINCE, document="文"
            )
        self.clerk = post(self.work, "committee_officer")
        self.secretary = post(self.group, "secretary")


def plant(above: Organisation, name: str, kind: str) -> Organisation:
    number = Organisation.objects.unscoped("t").count() + 1
    return tree.plant(parent=above, code=f"T{number:03d}", name=name, kind=kind, sector=Sector.ORGAN, founded_on=SINCE)


def post(place: Organisation, role: str) -> Scope:
    user, _ = register(username=f"{role}{place.pk}", name=f"{role}{place.pk}", password="支部-pass-1")
    return scope_of(appoint(by=system_scope(), user=user, organisation=place, role=role, starts_on=SINCE), TODAY)


@pytest.fixture
def two(cast: Cast) -> Two:
    return Two(cast)


def asked(two: Two, due_on: date | None = DUE) -> Matter:
    return actions.send(by=two.clerk, to=two.group, subject="半年小结", text="请报半年小结", due_on=due_on)


def page(scope: Scope) -> Client:
    client = Client()
    enter(client, User.objects.get(pk=scope.user_id))
    return client


@pytest.mark.mechanism("M005")
def test_a_work_committee_and_a_leading_group_keep_in_touch(
    cast: Cast, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, secretary = page(two.clerk), page(two.secretary)
    told = {"to": two.group.pk, "subject": "半年小结", "text": "请报半年小结", "due_on": DUE.isoformat()}
    address = clerk.post("/liaison/new/", told).headers["Location"]
    assert "半年小结" in secretary.get("/duties/month/").content.decode()
    assert "1 件等答复" in clerk.get("/liaison/").content.decode()
    monkeypatch.setenv("ZHIBU_TODAY", (TODAY + timedelta(days=3)).isoformat())
    secretary.post(f"{address}reply/", {"text": "小结附后"})
    said = Message.objects.unscoped("t").get(organisation=two.group)
    secretary.post(f"{address}files/{said.pk}/", {"files": SimpleUploadedFile("小结.pdf", pdf())})
    paper = attachments(said)[0]
    answer = clerk.get(f"{address}files/{said.pk}/{paper.key}/")
    assert answer.getvalue() == pdf()  # type: ignore[attr-defined]
    assert cast.client("secretary").get(f"{address}files/{said.pk}/{paper.key}/").status_code == 404
    secretary.post(f"{address}files/{said.pk}/{paper.key}/remove/")
    assert not attachments(said)
    shown = clerk.get(address).content.decode()
    assert "小结附后" in shown and "用 3 天" in shown
    assert "用 3 天" in clerk.get("/liaison/?state=").content.decode()
    assert "没有符合条件" in clerk.get("/liaison/?state=unanswered").content.decode()
    assert clerk.get("/liaison/export/").status_code == 200
    assert clerk.get(f"{address}files/{said.pk}/").status_code == 404


def test_only_its_sides_and_their_superiors_read_it(cast: Cast, two: Two) -> None:
    one = asked(two)
    for who, status in (("officer", 200), ("committee_officer", 404), ("secretary", 404), ("leader", 403)):
        assert cast.client(who).get(f"/liaison/{one.pk}/").status_code == status
    assert cast.client("officer").post(f"/liaison/{one.pk}/reply/", {"text": "x"}).status_code == 404
    assert list(queries.matters(cast.scope("committee_officer").doing("liaison.view"))) == []
    for by in (cast.scope("officer"), cast.scope("secretary")):
        with pytest.raises(NotAllowed):
            actions.reply(by=by, matter=one, text="x")


def test_counterparts_come_from_the_tree_and_its_lines(cast: Cast, two: Two) -> None:
    below = plant(two.work, "县审计局党组", Kind.PARTY_GROUP)
    branch = plant(two.work, "机关一支部", Kind.BRANCH)
    assert {one.pk for one in queries.counterparts(two.work, two.clerk)} == {two.organ.pk, two.group.pk, below.pk}
    assert [one.pk for one in queries.counterparts(two.group, two.clerk)] == [two.work.pk]
    assert [one.pk for one in queries.counterparts(two.organ, two.clerk)] == [two.work.pk]
    assert [one.pk for one in queries.counterparts(below, two.clerk)] == [two.work.pk]
    assert not queries.counterparts(branch, two.clerk) and not queries.counterparts(cast.county, two.clerk)
    with pytest.raises(Unfit, match="联系对象"):
        actions.send(by=two.clerk, to=cast.town, subject="x", text="x", due_on=None)
    line = supervision.superiors(two.organ).get(kind="organ")
    supervision.end(by=system_scope(), line=line, ends_on=TODAY - timedelta(days=1), document="文")
    with pytest.raises(Unfit, match="联系对象"):
        asked(two)


def test_the_first_words_of_the_body_asked_are_the_reply(cast: Cast, two: Two) -> None:
    one = asked(two)
    actions.reply(by=two.clerk, matter=one, text="补充：只要两页")
    one.refresh_from_db()
    assert one.answered_on is None and one.status(DUE) == "todo" and one.status(DUE + timedelta(days=1)) == "late"
    actions.reply(by=two.secretary, matter=one, text="好")
    one.refresh_from_db()
    assert one.days == 0
    told = asked(two, None)
    assert told.status(DUE) == "na" and not queries.to_answer(two.secretary, two.group.pk)
    with pytest.raises(Unfit, match="早于今天"):
        asked(two, TODAY - timedelta(days=1))
