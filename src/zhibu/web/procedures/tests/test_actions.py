"""Cases go on by their procedure: every refusal says why and when, nothing is half done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.procedures import actions, effects, keeping
from zhibu.web.procedures.models import Case, Custody, Issued
from zhibu.web.procedures.tests.small import SMALL, begun, entry, fresh, met, rows, written

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OPENED = TODAY - 60 * DAY


@pytest.fixture
def county(cast: Cast, tmp_path) -> Cast:
    written(SMALL, tmp_path)
    return cast


def asked(cast: Cast, case: Case, on: date = OPENED) -> None:
    actions.record_step(by=cast.scope("secretary"), case=case, step="ask", entry=entry(on))


def test_from_opening_to_the_end(county: Cast) -> None:
    case = begun(county)
    assert (case.next_title, case.next_at, case.next_from) == ("提出申请", county.branch, OPENED)
    asked(county, case)
    case = fresh(case)
    assert case.next_title == "开会表决"
    assert (case.next_from, case.next_until) == (date(2026, 10, 22), date(2026, 11, 22))
    actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY - 10 * DAY))
    case = fresh(case)
    assert (case.next_title, case.next_at) == ("上级批准", county.town)
    actions.decide_step(by=county.scope("committee_officer"), case=case, step="approve", entry=entry(TODAY))
    case = fresh(case)
    assert (case.ended, case.ended_on, case.next_title) == ("办成了", TODAY, "")
    assert all(row.outcome_title for row in rows(case))
    lines = Line.objects.unscoped("t").filter(action__startswith="procedures.").exclude(action="procedures.publish")
    assert [line.action.partition(".")[2] for line in lines.order_by("pk")] == ["open", "record", "record", "decide"]
    assert lines.order_by("pk")[1].happened_on == OPENED


def test_every_reason_at_once_and_the_first_day(county: Cast) -> None:
    case = begun(county, opened=TODAY - 10 * DAY)
    asked(county, case, TODAY - 10 * DAY)
    with pytest.raises(actions.NotYet) as refusal:
        actions.record_step(
            by=county.scope("secretary"), case=case, step="meet",
            entry=met(TODAY, papers=(), votes={"due": 8, "present": 4, "yes": 4, "no": 0, "abstain": 0}),
        )  # fmt: skip
    said = str(refusal.value)
    assert "会议记录" in said
    assert any(one.possible_on == date(2026, 12, 11) for one in refusal.value.reasons)
    assert len([one for one in refusal.value.reasons if one.weight == "refused"]) >= 3
    assert len(rows(case)) == 1
    assert not Line.objects.unscoped("t").filter(action="procedures.record").exclude(sentence__contains="申请").exists()


def test_too_young(county: Cast) -> None:
    case = begun(county, born_on=TODAY.replace(year=TODAY.year - 18) + DAY)
    with pytest.raises(actions.NotYet, match="十八"):
        asked(county, case, TODAY)


def test_out_of_order_and_unknown(county: Cast) -> None:
    case = begun(county)
    with pytest.raises(actions.NotYet, match="提出申请"):
        actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY))
    for step in ("nothing", "", "'; DROP TABLE"):
        with pytest.raises(NotAllowed, match="没有这一步"):
            actions.record_step(by=county.scope("secretary"), case=case, step=step, entry=entry(TODAY))


def test_a_day_to_come_is_refused(county: Cast) -> None:
    with pytest.raises(actions.NotYet, match="还没到"):
        asked(county, begun(county), TODAY + DAY)
    with pytest.raises(Unfit, match="今天"):
        begun(county, opened=TODAY + DAY)


def test_a_day_before_any_version_is_refused_with_the_versions(county: Cast) -> None:
    with pytest.raises(Unfit):
        begun(county, opened=date(2019, 12, 31))
    with pytest.raises(actions.NotYet, match="2020-01-01"):
        asked(county, begun(county, written_later=True), date(2019, 1, 1))


def test_only_whose_turn_it_is(county: Cast) -> None:
    case = begun(county)
    with pytest.raises(NotAllowed):  # the town is above, and this step is the branch's own
        actions.record_step(by=county.scope("committee_officer"), case=case, step="ask", entry=entry(TODAY))
    asked(county, case)
    actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY))
    for who in ("secretary", "neighbour"):
        with pytest.raises(NotAllowed):
            actions.decide_step(by=county.scope(who), case=case, step="approve", entry=entry(TODAY))
    for who in ("leader", "member", "auditor"):
        with pytest.raises(NotAllowed):
            actions.record_step(by=county.scope(who), case=case, step="ask", entry=entry(TODAY))
    actions.decide_step(by=county.scope("officer"), case=case, step="approve", entry=entry(TODAY))


def test_nobody_above_then_the_organisation_writes_it_down_itself(county: Cast) -> None:
    case = actions.open_case(
        by=county.scope("officer"), organisation=county.county, procedure="small", opened=OPENED, name="县直申请人",
        born_on=date(1990, 1, 1),
    )  # fmt: skip
    by = county.scope("officer")
    actions.record_step(by=by, case=case, step="ask", entry=entry(OPENED))
    actions.record_step(by=by, case=case, step="meet", entry=met(TODAY))
    assert fresh(case).next_at == county.county
    actions.record_step(by=by, case=case, step="approve", entry=entry(TODAY))
    assert fresh(case).ended == "办成了"


def test_an_outcome_goes_back_and_another_ends(county: Cast) -> None:
    case = begun(county)
    asked(county, case)
    lost = {"due": 8, "present": 7, "yes": 3, "no": 4, "abstain": 0}
    actions.record_step(
        by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY, outcome="lost", votes=lost)
    )
    assert fresh(case).next_title == "提出申请"
    other = begun(county)
    asked(county, other)
    actions.record_step(by=county.scope("secretary"), case=other, step="meet", entry=met(TODAY))
    actions.decide_step(
        by=county.scope("committee_officer"), case=other, step="approve", entry=entry(TODAY, outcome="refused")
    )
    assert fresh(other).ended == "没有批准"
    with pytest.raises(Unfit, match="没有批准"):
        actions.decide_step(by=county.scope("committee_officer"), case=other, step="approve", entry=entry(TODAY))


def test_undo_leaves_the_history_and_nothing_else(county: Cast) -> None:
    case = begun(county)
    asked(county, case)
    actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY))
    first, second = rows(case)
    with pytest.raises(Unfit, match="开会表决"):
        actions.undo_step(by=county.scope("secretary"), record=first, reason="记错了")
    with pytest.raises(NotAllowed):
        actions.undo_step(by=county.scope("committee_officer"), record=second, reason="记错了")
    actions.undo_step(by=county.scope("secretary"), record=second, reason="会没有开")
    again = fresh(case)
    assert (again.next_title, again.ended_on) == ("开会表决", None)
    row = rows(case)[1]
    assert (row.undone_reason, row.undone_by) == ("会没有开", county.posts["secretary"].user)
    with pytest.raises(Unfit, match="撤销过"):
        actions.undo_step(by=county.scope("secretary"), record=row, reason="再撤")


def test_undo_of_the_last_step_opens_the_case_again(county: Cast) -> None:
    case = begun(county)
    asked(county, case)
    actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY))
    actions.decide_step(by=county.scope("committee_officer"), case=case, step="approve", entry=entry(TODAY))
    assert not fresh(case).open
    actions.undo_step(by=county.scope("committee_officer"), record=rows(case)[2], reason="批复作废")
    assert (fresh(case).open, fresh(case).next_title) == (True, "上级批准")


def test_a_case_moves_with_its_clock(county: Cast) -> None:
    case = begun(county)
    asked(county, case)
    told = {"case": case, "to": county.neighbour, "on": TODAY - DAY, "reason": "组织关系转移"}
    with pytest.raises(NotAllowed):
        actions.move_case(by=county.scope("secretary"), **told)
    with pytest.raises(NotAllowed, match="接收"):
        actions.move_case(by=county.scope("committee_officer"), **told)
    actions.move_case(by=county.scope("officer"), **told)
    moved = fresh(case)
    assert (moved.organisation, moved.next_at, moved.next_from) == (
        county.neighbour,
        county.neighbour,
        date(2026, 10, 22),
    )
    stays = Custody.objects.unscoped("t").filter(case=case).order_by("starts_on")
    assert [(one.organisation, one.starts_on, one.ends_on) for one in stays] == [
        (county.branch, OPENED, TODAY - 2 * DAY), (county.neighbour, TODAY - DAY, None),
    ]  # fmt: skip
    assert not Case.objects.within(county.scope("secretary")).filter(pk=case.pk).exists()
    actions.record_step(by=county.scope("neighbour"), case=moved, step="meet", entry=met(TODAY))
    with pytest.raises(Unfit):
        actions.move_case(by=county.scope("officer"), case=moved, to=county.neighbour, on=TODAY, reason="又转")


def test_withdrawn_is_over(county: Cast) -> None:
    case = begun(county)
    asked(county, case)
    actions.withdraw_case(by=county.scope("secretary"), case=case, reason="本人不办了")
    gone = fresh(case)
    assert (gone.ended, gone.ended_on, gone.next_title) == ("撤回", TODAY, "")
    with pytest.raises(Unfit):
        actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY))
    with pytest.raises(Unfit):
        actions.undo_step(by=county.scope("secretary"), record=rows(case)[0], reason="改")
    keeping.refresh()
    assert fresh(case).ended == "撤回"


def test_what_is_typed_is_asked_for(county: Cast) -> None:
    for told in ({"name": ""}, {"born_on": None}):
        with pytest.raises(Unfit):
            begun(county, **told)
    with pytest.raises(NotAllowed):
        actions.open_case(
            by=county.scope("secretary"), organisation=county.sister, procedure="small", opened=TODAY, name="乙"
        )
    with pytest.raises(Unfit):
        actions.open_case(
            by=county.scope("secretary"), organisation=county.branch, procedure="nothing", opened=TODAY, name="乙"
        )
    assert begun(county, values={"strange": "x", "kind": {"a": 1}}).values == {}


def test_a_member_is_named_by_the_roster(county: Cast) -> None:
    member = county.branch.members.unscoped("t").first()
    case = begun(county, member=member)
    assert (case.member, case.name, case.born_on) == (member, "", None)
    asked(county, case)  # the age is known from the roster


def test_an_effect_that_fails_undoes_the_step(county: Cast, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(
        SMALL.replace("procedure: small", "procedure: gone").replace(
            "title: 上级批准", "title: 上级批准\n    effect: members.leave"
        ),
        tmp_path,
    )
    case = actions.open_case(
        by=county.scope("secretary"), organisation=county.branch, procedure="gone", opened=OPENED, name="不在册的人",
        born_on=date(1990, 1, 1),
    )  # fmt: skip
    asked(county, case)
    actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY))
    with pytest.raises(effects.CannotFollow, match="在册党员"):
        actions.decide_step(by=county.scope("committee_officer"), case=case, step="approve", entry=entry(TODAY))
    assert len(rows(case)) == 2
    monkeypatch.delitem(effects.EFFECTS, "members.leave")
    row = actions.decide_step(by=county.scope("committee_officer"), case=case, step="approve", entry=entry(TODAY))
    assert row.effect_left == effects.WORDS["members.leave"]


def test_an_effect_happens_with_the_step_and_bars_its_undo(county: Cast, tmp_path) -> None:
    written(
        SMALL.replace("procedure: small", "procedure: gone").replace(
            "title: 上级批准", "title: 上级批准\n    effect: members.leave"
        ),
        tmp_path,
    )
    member = county.branch.members.unscoped("t").first()
    case = actions.open_case(
        by=county.scope("secretary"), organisation=county.branch, procedure="gone", opened=OPENED, member=member
    )
    asked(county, case)
    actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY))
    row = actions.decide_step(by=county.scope("committee_officer"), case=case, step="approve", entry=entry(TODAY))
    member.refresh_from_db()
    assert (member.left_on, row.effect, row.effect_left) == (TODAY, "members.leave", "")
    assert (
        Line.objects.unscoped("t").filter(action="members.change", user=county.posts["committee_officer"].user).exists()
    )
    with pytest.raises(effects.CannotFollow, match="名册"):
        actions.undo_step(by=county.scope("committee_officer"), record=row, reason="批错了")


def test_texts_that_contradict_stop_the_case_not_the_page(county: Cast) -> None:
    case = begun(county)
    row = Issued.objects.get()
    row.pk, row.owner, row.file = None, county.branch, "同一份又来一遍"
    row.save()
    keeping.refresh()
    assert "重叠" in fresh(case).trouble
    with pytest.raises(Unfit, match="互相矛盾"):
        asked(county, case)
    for address in ("/procedures/new/", "/procedures/shelf/", f"/procedures/{case.pk}/"):
        assert "重叠" in county.client("secretary").get(address).content.decode()


def test_the_day_and_the_tree_move_what_lists_say(county: Cast) -> None:
    from zhibu.web.access.queries import system_scope
    from zhibu.web.organisations.lifecycle import move
    from zhibu.web.procedures import jobs

    case = begun(county)
    asked(county, case)
    actions.record_step(by=county.scope("secretary"), case=case, step="meet", entry=met(TODAY))
    assert fresh(case).next_at == county.town
    move(by=system_scope(), organisation=county.branch, to=county.other_town, on=TODAY, document="云组〔2026〕9号")
    assert fresh(case).next_at == county.other_town
    assert not jobs.turn()
    Case.objects.unscoped("t").update(stood_on=TODAY - DAY, next_title="昨天的")
    assert jobs.turn()
    assert (fresh(case).next_title, fresh(case).stood_on) == ("上级批准", TODAY)


def test_the_sample_county_has_cases_at_several_steps(cast: Cast) -> None:
    from django.conf import settings

    from zhibu.web.procedures import publishing, sample

    publishing.publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    made = sample.fill(branch=cast.branch, secretary=cast.scope("secretary"), town=cast.scope("committee_officer"))
    steps = [fresh(one).next_step for one in made]
    assert len(set(steps)) >= 3, steps
    assert fresh(made[1]).next_until < TODAY
    assert fresh(made[3]).next_at == cast.town
