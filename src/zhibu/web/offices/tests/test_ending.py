"""Offices keep step: with the roster, with the history of the organisation, and with its end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from zhibu.web.access.queries import system_scope
from zhibu.web.approvals.models import Approval, State
from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.members import actions, transfers
from zhibu.web.members.models import Member
from zhibu.web.offices.actions import matters, seats
from zhibu.web.offices.actions.election import Holder, elected
from zhibu.web.offices.models import Office, Opinion, Tenure
from zhibu.web.offices.tests.test_offices import anew, appoint, approve, member
from zhibu.web.organisations import history, lifecycle
from zhibu.web.organisations.models import Change

pytestmark = pytest.mark.django_db
PAPER = "县委组〔2026〕12 号"


def posts(cast: Cast) -> list[str]:
    rows = Member.objects.unscoped("t").filter(organisation=cast.branch).exclude(branch_post="").order_by("pk")
    return list(rows.values_list("branch_post", flat=True))


def elect(cast: Cast, on: date, *members: Member) -> None:
    kinds = [("secretary", "书记"), ("deputy", "副书记"), ("committee", "委员"), ("committee", "委员")]
    holders = [Holder(kind, title, member=one) for (kind, title), one in zip(kinds, members, strict=False)]
    elected(by=system_scope(), organisation=cast.branch, on=on, document=PAPER, holders=holders, term_years=3)


def test_the_roster_says_what_somebody_holds_today(cast: Cast) -> None:
    who = member(cast.branch)
    tenure = appoint(cast, approve(cast, cast.branch), member=who)
    assert posts(cast) == ["书记"]
    seats.leave(by=cast.scope("officer"), tenure=tenure, ends_on=TODAY - timedelta(days=1), document="文")
    assert posts(cast) == []


def test_an_office_elsewhere_is_none_of_the_own_branch(cast: Cast) -> None:
    appoint(cast, approve(cast, cast.town), member=member(cast.branch))
    assert posts(cast) == []


def test_a_new_body_takes_the_words_of_the_old_from_the_roster(cast: Cast) -> None:
    people = [member(cast.branch, at) for at in range(6)]
    for one, word in zip(people[3:5], ("组织委员", "宣传委员"), strict=True):
        one.branch_post = word  # as a county's book brought it
        one.save()
    elect(cast, date(2026, 11, 1), people[0], people[1], people[3])
    assert posts(cast) == ["书记", "副书记", "委员"]
    assert Member.objects.unscoped("t").get(pk=people[4].pk).branch_post == ""


def test_an_election_stands_in_the_history_with_what_was_before(cast: Cast) -> None:
    first, second = member(cast.branch), member(cast.branch, 1)
    elect(cast, date(2023, 6, 1), first)
    lifecycle.rename(
        by=system_scope(), organisation=cast.branch, name="大营镇东槐村党支部", on=date(2026, 11, 10), document=PAPER
    )
    elect(cast, date(2026, 11, 1), second)  # approved after the new name
    lines = [(one.kind, one.on) for one in history.changes(anew(cast.branch))]
    assert lines == [
        (Change.Kind.RENAMED, date(2026, 11, 10)), (Change.Kind.ELECTED, date(2026, 11, 1)),
        (Change.Kind.ELECTED, date(2023, 6, 1)),
    ]  # fmt: skip
    last = Change.objects.unscoped("t").get(kind=Change.Kind.ELECTED, on=date(2026, 11, 1))
    assert (last.old["secretary_name"], last.old["elected_on"], last.document) == (first.name, "2023-06-01", PAPER)
    page = cast.client("officer").get(f"/organisations/{cast.branch.code}/").content.decode()
    assert "换届" in page


def test_an_election_is_not_taken_back_beside_its_offices(cast: Cast) -> None:
    elect(cast, date(2026, 11, 1), member(cast.branch))
    last = Change.objects.unscoped("t").get(kind=Change.Kind.ELECTED)
    with pytest.raises(Unfit, match="改任职和离任"):
        lifecycle.undo(by=cast.scope("officer"), change=last, reason="录错")
    assert anew(cast.branch).secretary_name


def ask(cast: Cast) -> Approval:
    post = cast.posts["secretary"]
    return Approval.objects.create(
        organisation=cast.branch, action="members.numbers", sentence="导出号码", reason="核对", asked_by=post.user,
        asked_post=post.pk, asked_title="书记", asked_at=clock.now(), expires_at=clock.now() + timedelta(days=3),
    )  # fmt: skip


def test_terms_end_with_the_paper_of_the_merger_and_open_matters_go_over(cast: Cast) -> None:
    appoint(cast, approve(cast, cast.branch), "贺老支书")
    approval = ask(cast)
    opinion = matters.ask(by=system_scope(), organisation=cast.branch, kind="reward", matter="先进", due_on=TODAY)
    lifecycle.merge(by=system_scope(), organisation=cast.branch, into=cast.sister, on=TODAY, document=PAPER)
    tenure = Tenure.objects.unscoped("t").get()
    assert (tenure.ends_on, tenure.end_document) == (TODAY, PAPER)
    assert Office.objects.unscoped("t").get().ends_on == TODAY
    assert Opinion.objects.unscoped("t").get(pk=opinion.pk).organisation == cast.sister
    approval.refresh_from_db()
    assert (approval.expired, approval.state) == (True, State.ASKED)
    assert PAPER in approval.answer
    new = Line.objects.unscoped("t").get(action="organisations.merge").new
    assert (new["tenures"], new["matters"], new["approvals"]) == (1, 1, 1)
    page = cast.client("officer").get(f"/offices/at/{cast.branch.code}/").content.decode()
    assert f"书记 贺老支书（{PAPER}）" in page


def test_an_abolition_ends_them_and_taking_it_back_gives_them_back(cast: Cast) -> None:
    gone = lifecycle.set_up(
        by=system_scope(), superior=cast.town, name="抗洪临时党支部", kind="temporary_branch", on=date(2026, 6, 1),
        document=PAPER,
    )  # fmt: skip
    office = seats.approve(
        by=system_scope(), organisation=gone, kind="secretary", title="书记", seats=1, document=PAPER,
        starts_on=date(2026, 6, 1),
    )  # fmt: skip
    appoint(cast, office, "石立新", on=date(2026, 6, 1))
    lifecycle.abolish(by=system_scope(), organisation=gone, on=date(2026, 9, 30), document="撤销批复")
    tenure = Tenure.objects.unscoped("t").get()
    assert (tenure.ends_on, tenure.end_document) == (date(2026, 9, 30), "撤销批复")
    last = Change.objects.unscoped("t").get(kind=Change.Kind.ABOLISHED)
    lifecycle.undo(by=system_scope(), change=last, reason="录错了单位")
    tenure.refresh_from_db()
    assert (tenure.ends_on, tenure.end_document) == (None, "")
    assert Office.objects.unscoped("t").get(pk=office.pk).ends_on is None


def held(cast: Cast) -> Member:
    who = member(cast.branch)
    appoint(cast, approve(cast, cast.branch), member=who)
    appoint(cast, approve(cast, cast.town, "committee", "委员"), member=who)
    return who


def ends() -> list[tuple[str, date | None, str]]:
    rows = Tenure.objects.unscoped("t").order_by("pk").select_related("office")
    return [(one.office.title, one.ends_on, one.end_document) for one in rows]


@pytest.mark.parametrize("outside", [False, True], ids=["to a branch here", "outside"])
def test_who_transfers_away_leaves_office_with_the_letter(cast: Cast, outside: bool) -> None:
    who, on = held(cast), TODAY - timedelta(days=3)
    there = {"outside": "外省某街道党工委"} if outside else {"to": cast.neighbour}
    sent = transfers.send(by=cast.scope("officer"), member=who, on=on, letter="介字 7 号", **there)
    assert ends()[0][1] is None  # the old branch is responsible until the receipt
    page = cast.client("officer").get(reverse("transfer-receive", args=[sent.pk])).content.decode()
    assert "担任的书记，随介绍信离任" in page  # not 委员 of the committee above
    transfers.receive(by=cast.scope("officer"), transfer=sent, on=on)
    last = on if outside else on - timedelta(days=1)
    assert ends() == [("书记", last, "介字 7 号"), ("委员", None, "")]
    assert anew(cast.branch).secretary_name == ""
    assert posts(cast) == []
    page = cast.client("officer").get(f"/offices/at/{cast.branch.code}/").content.decode()
    assert f"书记 {who.name}" in page and f"{last}离任，介字 7 号" in page


def test_who_is_sent_back_stays_in_office(cast: Cast) -> None:
    who = held(cast)
    sent = transfers.send(by=cast.scope("officer"), member=who, on=TODAY, letter="介字 8 号", to=cast.neighbour)
    transfers.refuse(by=cast.scope("officer"), transfer=sent, on=TODAY, reason="材料不全")
    assert [day for _, day, _ in ends()] == [None, None]


def test_who_leaves_the_roster_leaves_office_too_and_what_came_later_stays(cast: Cast) -> None:
    who, on = held(cast), TODAY - timedelta(days=9)
    later = seats.approve(
        by=system_scope(), organisation=cast.branch, kind="staff", title="党建指导员", seats=1, document=PAPER,
        starts_on=on,
    )  # fmt: skip
    appoint(cast, later, member=who, on=TODAY)
    assert "担任的书记、党建指导员" in cast.client("officer").get(f"/members/{who.pk}/leave/").content.decode()
    actions.transfer(by=cast.scope("officer"), member=who, to=cast.sister, on=on, document="县委组织部通知")
    last = on - timedelta(days=1)
    assert ends() == [("书记", last, "县委组织部通知"), ("委员", None, ""), ("党建指导员", None, "")]
