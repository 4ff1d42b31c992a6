"""A case goes where its person goes; from the letter on the receiving side sees it, and its step is theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import posts_on, scope_of, system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.scope import Scope
from zhibu.web.members import transfers
from zhibu.web.members.actions import transfer
from zhibu.web.members.models import Member, Transfer
from zhibu.web.organisations import lifecycle
from zhibu.web.procedures import actions, month, queries
from zhibu.web.procedures.actions import Entry
from zhibu.web.procedures.models import Case, Custody
from zhibu.web.procedures.tests.small import SMALL as TEXT
from zhibu.web.procedures.tests.small import begun, entry, fresh, written
from zhibu.web.procedures.tests.test_effects import Walk, run_of

pytestmark = pytest.mark.django_db
WHY = "looked at by a test"


def other_side(cast: Cast, on: date) -> Scope:
    """The office of the receiving town."""
    user, _ = register(username="石门镇", name="石门镇", password="支部-pass-1")
    appoint(
        by=system_scope(), user=user, organisation=cast.other_town, role="committee_officer",
        starts_on=date(2020, 1, 1), points=[],
    )  # fmt: skip
    return replace(next(scope_of(held, on) for held in posts_on(user.pk, on)), on=on)


def of(cast: Cast) -> Member:
    return Member.objects.unscoped(WHY).filter(organisation=cast.branch).order_by("pk")[0]


@pytest.fixture
def sent(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """A member of the branch with his letter to the branch of the other town."""
    walk = Walk(cast, monkeypatch, "transfer", run_of("transfer", destination=cast.neighbour.code), member=of(cast))
    for record in walk.run["records"][:2]:
        walk.step(record)
    return walk


def test_the_receipt_is_the_receiving_towns_and_the_case_goes_over(cast: Cast, sent: Walk) -> None:
    sent.patch.setenv("ZHIBU_TODAY", "2025-03-20")
    there, case = other_side(cast, date(2025, 3, 20)), fresh(sent.case)
    town = replace(cast.scope("committee_officer"), on=date(2025, 3, 20))
    assert (case.organisation, case.receiver, case.next_at) == (cast.branch, cast.neighbour, cast.other_town)
    assert [row[1] for row in month.next_steps(there, cast.other_town.pk)] == [f"接收党组织接收：{of(cast).name}"]
    assert month.next_steps(town, cast.town.pk) == []
    with pytest.raises(NotAllowed, match="由接收方石门镇柳树村党支部的上级"):
        actions.decide_step(by=town, case=case, step="receive", entry=Entry(done=date(2025, 3, 20)))
    actions.decide_step(by=there, case=case, step="receive", entry=Entry(done=date(2025, 3, 20)))
    case = fresh(case)
    assert Member.objects.unscoped(WHY).get(pk=case.member_id).organisation_id == cast.neighbour.pk
    assert (case.organisation, case.next_step, case.next_at) == (cast.neighbour, "receipt", cast.other_town)
    assert [(one.organisation, one.ends_on) for one in queries.custodies(case)] == [
        (cast.branch, date(2025, 3, 19)), (cast.neighbour, None),
    ]  # fmt: skip
    actions.decide_step(by=replace(there, on=date(2025, 3, 25)), case=case, step="receipt",
                        entry=Entry(done=date(2025, 3, 25)))  # fmt: skip
    assert fresh(case).ended == "组织关系已转接"


def test_nobody_else_sees_it_and_nobody_may_do_more_than_the_receipt(cast: Cast, sent: Walk) -> None:
    there, sister = other_side(cast, TODAY), cast.scope("neighbour")
    assert list(queries.seen(there.doing("procedures.view"))) == [sent.case]
    assert queries.shown(there, fresh(sent.case)) == of(cast).name
    assert list(queries.seen(sister.doing("procedures.view"))) == [sent.case]  # the branch that will have him
    for act in (
        lambda: actions.move_case(by=there, case=sent.case, to=cast.neighbour, on=TODAY, reason="抢先转来"),
        lambda: actions.withdraw_case(by=sister, case=sent.case, reason="不要了"),
        lambda: actions.decide_step(by=there, case=sent.case, step="send", entry=Entry(done=TODAY)),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert fresh(sent.case).organisation == cast.branch


def test_given_back_with_a_reason_a_new_letter_can_go_out(cast: Cast, sent: Walk) -> None:
    there, on = other_side(cast, date(2025, 3, 20)), date(2025, 3, 20)
    with pytest.raises(Unfit, match="没有正当理由"):
        actions.decide_step(by=there, case=sent.case, step="receive", entry=Entry(done=on, outcome="returned"))
    actions.decide_step(
        by=there, case=sent.case, step="receive", entry=Entry(done=on, outcome="returned", reason="姓名写错")
    )
    case = fresh(sent.case)
    assert (case.receiver, case.next_step, case.next_at) == (None, "send", cast.town)
    assert list(queries.seen(there)) == []
    assert Transfer.objects.unscoped(WHY).get(member=of(cast)).state == Transfer.State.REFUSED
    again = {**sent.run["records"][1], "done": date(2025, 3, 21)}
    sent.step(again)
    assert fresh(case).receiver == cast.neighbour


def test_received_on_the_page_of_transfers_the_cases_follow_all_the_same(cast: Cast, sent: Walk) -> None:
    sent.patch.setenv("ZHIBU_TODAY", "2025-03-20")
    there, letter = other_side(cast, date(2025, 3, 20)), Transfer.objects.unscoped(WHY).get(member=of(cast))
    transfers.receive(by=there, transfer=letter, on=date(2025, 3, 20), document="回执 1 号")
    case = fresh(sent.case)
    assert (case.organisation, case.next_step) == (cast.neighbour, "receive")
    actions.decide_step(by=there, case=case, step="receive", entry=Entry(done=date(2025, 3, 20)))
    assert fresh(case).next_step == "receipt"


def test_another_matter_of_the_member_keeps_its_clock(cast: Cast, tmp_path) -> None:
    written(TEXT, tmp_path)
    member = of(cast)
    case = begun(cast, member=member, name="", born_on=None)
    actions.record_step(by=cast.scope("secretary"), case=case, step="ask", entry=entry(TODAY - timedelta(days=50)))
    before = fresh(case)
    transfer(by=system_scope(), member=member, to=cast.sister, on=TODAY - timedelta(days=1))
    after = fresh(case)
    assert (after.organisation, after.opened) == (cast.sister, before.opened)
    assert (after.next_step, after.next_from, after.next_until) == (
        before.next_step, before.next_from, before.next_until,
    )  # fmt: skip
    assert after.next_at == cast.sister
    assert Custody.objects.unscoped(WHY).get(case=case, ends_on=None).reason == "随组织关系转接"
    assert Line.objects.unscoped(WHY).filter(action="procedures.move", organisation_id_then=cast.sister.pk).exists()


def test_a_case_begun_after_the_day_of_the_receipt_goes_over_too(cast: Cast, tmp_path) -> None:
    written(TEXT, tmp_path)
    case = begun(cast, member=of(cast), name="", born_on=None, opened=TODAY)
    transfer(by=system_scope(), member=of(cast), to=cast.sister, on=TODAY - timedelta(days=5))
    spans = [(one.starts_on, one.ends_on) for one in queries.custodies(fresh(case))]
    assert spans == [(TODAY, TODAY), (TODAY, None)]


def test_cases_of_a_merged_branch_go_to_the_other(cast: Cast, tmp_path) -> None:
    written(TEXT, tmp_path)
    applicant, member = begun(cast), begun(cast, member=of(cast), name="", born_on=None)
    lifecycle.merge(
        by=system_scope(), organisation=cast.branch, into=cast.sister, on=TODAY, document="县委组〔2026〕1 号"
    )
    assert {fresh(one).organisation for one in (applicant, member)} == {cast.sister}
    assert Case.objects.unscoped(WHY).filter(organisation=cast.branch).count() == 0
    assert Line.objects.unscoped(WHY).get(action="organisations.merge").new["cases"] == 2
