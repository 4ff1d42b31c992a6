"""The shipped procedures change the registers: each good run of the packs, walked by the posts whose steps they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from django.conf import settings

from zhibu.web.access.queries import system_scope
from zhibu.web.conftest import Cast
from zhibu.web.core.scope import Scope
from zhibu.web.members import history
from zhibu.web.members.models import Member, Transfer
from zhibu.web.offices.actions import seats
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Change, Kind, Organisation
from zhibu.web.procedures import actions, publishing
from zhibu.web.procedures.actions import Entry
from zhibu.web.procedures.effects import CannotFollow
from zhibu.web.procedures.library import shelf
from zhibu.web.procedures.models import Case, StepRecord
from zhibu.web.procedures.tests.small import fresh, rows

pytestmark = pytest.mark.django_db
WHY = "looked at by a test"
HEADS = {"for": "yes", "against": "no", "written_for": "written_yes"}


def run_of(procedure: str, **values: Any) -> dict[str, Any]:
    """The first worked case of the pack, with start values of ours."""
    file = sorted((settings.PACKS / f"central/procedures/{procedure}/cases").glob("*.yaml"))[0]
    found: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))[0]
    return found | {"values": found["values"] | values}


class Walk:
    """One case, step by step, each on its day by the post whose step it is."""

    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch, procedure: str, run: dict[str, Any], **told: Any):
        publishing.publish(paths=[settings.PACKS / "central"])
        self.cast, self.patch, self.run = cast, monkeypatch, run
        self.case: Case = actions.open_case(
            by=self.by("own", run["opened"]), organisation=told.pop("at", cast.branch), procedure=procedure,
            opened=run["opened"], values=run["values"], **told,
        )  # fmt: skip

    def by(self, way: str, on: date) -> Scope:
        self.patch.setenv("ZHIBU_TODAY", str(on))
        who = {"own": "secretary", "superior": "officer", "department": "officer"}[way]
        return replace(self.cast.scope(who), on=on)

    def step(self, record: dict[str, Any]) -> StepRecord:
        case = fresh(self.case)
        step = shelf().at(case.organisation.path)[case.procedure][-1].step(record["step"])
        do = actions.record_step if step.by == "own" else actions.decide_step
        votes = {HEADS.get(name, name): one for name, one in record.get("votes", {}).items()} or None
        values = {name: str(one) if isinstance(one, date) else one for name, one in record.get("values", {}).items()}
        told = {"votes": votes}
        if step.ballots:  # the case of the pack has names only; here they come out of ballots
            told = {"ballots": ballots(votes or {}, str(values.get("members", "甲、乙、丙")).split("、"))}
            values = {name: one for name, one in values.items() if name not in ("members", "valid")}
        entry = Entry(
            done=record["done"], outcome=record.get("outcome", "yes"), values=values, reason=record.get("reason", ""),
            **told,
        )  # fmt: skip
        return do(by=self.by(step.by, record["done"]), case=case, step=step.id, entry=entry)

    def all(self) -> Case:
        for record in self.run["records"]:
            self.step(record)
        assert not [row.effect_left for row in rows(self.case) if row.effect_left]
        return fresh(self.case)


def ballots(heads: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """All who were present vote for these, one who stood with them gets less than half."""
    present = heads["present"]
    votes = [*((name, present - at) for at, name in enumerate(names)), ("丁", 2)]
    return {
        "voters": heads["due"], "present": present, "issued": present, "returned": present, "spoiled": 0,
        "seats": len(names), "candidates": [{"name": name, "votes": one} for name, one in votes],
    }  # fmt: skip


def now(place: Organisation) -> Organisation:
    return Organisation.objects.unscoped(WHY).get(pk=place.pk)


@pytest.mark.mechanism("M001")
def test_a_branch_is_set_up_beside_the_one_that_asked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of("organisation-set-up", name="大营镇新坪村党支部")
    assert Walk(cast, monkeypatch, "organisation-set-up", run).all().ended
    made = Organisation.objects.unscoped(WHY).get(name="大营镇新坪村党支部")
    above = tree.superior(made)
    assert above is not None
    assert (above.pk, made.kind, made.founded_on) == (cast.town.pk, Kind.BRANCH, date(2025, 3, 25))


@pytest.mark.mechanism("M001")
def test_a_set_up_below_the_superior_named_is_taken_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of("organisation-set-up", name="石门镇新坪村党支部")
    run["records"][1]["values"]["superior"] = cast.other_town.code
    walk = Walk(cast, monkeypatch, "organisation-set-up", run)
    for record in run["records"][:2]:
        walk.step(record)
    row = walk.step(run["records"][2])
    made = Organisation.objects.unscoped(WHY).get(name="石门镇新坪村党支部")
    above = tree.superior(made)
    assert above is not None and above.pk == cast.other_town.pk
    actions.undo_step(by=walk.by("superior", date(2025, 4, 2)), record=row, reason="录错了")
    assert not Organisation.objects.unscoped(WHY).filter(pk=made.pk).exists()
    row = walk.step(run["records"][2])
    below = Organisation.objects.unscoped(WHY).get(name="石门镇新坪村党支部")
    Member.objects.unscoped(WHY).filter(organisation=cast.neighbour).update(organisation=below)
    with pytest.raises(CannotFollow, match="党员 8 条"):
        actions.undo_step(by=walk.by("superior", date(2025, 4, 2)), record=row, reason="录错了")


def test_a_superior_outside_the_reach_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of("organisation-set-up", name="石门镇新坪村党支部")
    run["records"][1]["values"]["superior"] = cast.other_town.code
    walk = Walk(cast, monkeypatch, "organisation-set-up", run)
    for record in run["records"][:2]:
        walk.step(record)
    monkeypatch.setenv("ZHIBU_TODAY", "2025-03-25")
    by = replace(cast.scope("committee_officer"), on=date(2025, 3, 25))
    with pytest.raises(CannotFollow, match="本级管理范围内没有"):
        actions.decide_step(by=by, case=fresh(walk.case), step="set-up", entry=Entry(done=date(2025, 3, 25)))
    assert not Organisation.objects.unscoped(WHY).filter(name="石门镇新坪村党支部").exists()


@pytest.mark.mechanism("M001")
def test_renamed_converted_moved_and_taken_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for procedure, values, seen in (
        ("organisation-rename", {"name": "大营镇东槐村党支部"}, lambda place: place.name == "大营镇东槐村党支部"),
        ("organisation-convert", {"kind": "joint_branch"}, lambda place: place.kind == Kind.JOINT_BRANCH),
        (
            "organisation-move",
            {"to": cast.other_town.name},
            lambda place: place.path.startswith(now(cast.other_town).path),
        ),
    ):
        walk = Walk(cast, monkeypatch, procedure, run_of(procedure, **values))
        records = walk.run["records"]
        for record in records[:2]:
            walk.step(record)
        row = walk.step(records[2])
        assert row.effect == procedure.replace("-", "s.", 1)
        assert seen(now(cast.branch))
        document = Change.objects.unscoped(WHY).filter(organisation=cast.branch).order_by("-pk")[0].document
        assert document
        actions.undo_step(by=walk.by("superior", date(2025, 4, 2)), record=row, reason="录错了")
        assert not seen(now(cast.branch))
        assert not Change.objects.unscoped(WHY).filter(organisation=cast.branch).exists()


@pytest.mark.mechanism("M001")
def test_merged_with_its_members_whose_history_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(cast, monkeypatch, "organisation-merge", run_of("organisation-merge", into=cast.sister.code))
    for record in walk.run["records"][:3]:
        walk.step(record)
    assert now(cast.branch).dissolved_on == date(2025, 3, 25)
    assert Member.objects.unscoped(WHY).filter(organisation=cast.sister).count() == 16
    scope = replace(system_scope(), on=date(2025, 4, 1))
    before, after = (history.roster_on(scope, date(2025, 3, day)) for day in (24, 25))
    counts = [sum(one.path == now(cast.branch).path for one in then) for then in (before, after)]
    assert counts == [8, 0]
    row = rows(walk.case)[-1]
    actions.undo_step(by=walk.by("superior", date(2025, 4, 2)), record=row, reason="并错了")
    assert now(cast.branch).dissolved_on is None
    assert Member.objects.unscoped(WHY).filter(organisation=cast.branch).count() == 8
    assert not Change.objects.unscoped(WHY).filter(organisation=cast.branch).exists()


def test_a_branch_with_members_is_not_abolished(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(cast, monkeypatch, "organisation-abolish", run_of("organisation-abolish"))
    for record in walk.run["records"][:2]:
        walk.step(record)
    with pytest.raises(ValueError, match="党员 8 人"):
        walk.step(walk.run["records"][2])
    assert now(cast.branch).dissolved_on is None
    assert len(rows(walk.case)) == 2


def test_a_temporary_branch_comes_and_goes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Walk(cast, monkeypatch, "temporary-branch", run_of("temporary-branch")).all().ended
    made = Organisation.objects.unscoped(WHY).get(name="抗洪临时党支部")
    assert (made.kind, made.founded_on, made.dissolved_on) == (
        Kind.TEMPORARY_BRANCH,
        date(2025, 6, 2),
        date(2025, 9, 30),
    )
    assert now(cast.branch).dissolved_on is None


def test_a_name_that_nobody_has_is_refused_and_nothing_is_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(cast, monkeypatch, "organisation-merge", run_of("organisation-merge", into="没有的支部"))
    for record in walk.run["records"][:2]:
        walk.step(record)
    with pytest.raises(CannotFollow, match="没有的支部"):
        walk.step(walk.run["records"][2])
    assert len(rows(walk.case)) == 2


@pytest.mark.parametrize("outside", [False, True], ids=["to a branch of another town", "to an organisation outside"])
def test_a_member_goes_over_when_the_receipt_is_there(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, outside: bool
) -> None:
    member = Member.objects.unscoped(WHY).filter(organisation=cast.branch).order_by("pk")[0]
    to = "外省某街道党工委" if outside else cast.neighbour.name
    walk = Walk(cast, monkeypatch, "transfer", run_of("transfer", destination=to), member=member)
    for record in walk.run["records"][:2]:
        walk.step(record)
    sent = Transfer.objects.unscoped(WHY).get(member=member)
    assert (sent.state, sent.valid_until) == (Transfer.State.SENT, date(2025, 4, 4))
    member.refresh_from_db()
    assert member.organisation_id == cast.branch.pk
    walk.step(walk.run["records"][2])
    member.refresh_from_db()
    if outside:
        assert (member.left_on, member.left_kind) == (date(2025, 3, 20), "outside")
    else:
        assert (member.organisation_id, member.arrived_on) == (cast.neighbour.pk, date(2025, 3, 20))


def test_a_letter_is_called_back_by_undoing_its_step(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    member = Member.objects.unscoped(WHY).filter(organisation=cast.branch).order_by("pk")[0]
    walk = Walk(cast, monkeypatch, "transfer", run_of("transfer", destination=cast.neighbour.code), member=member)
    walk.step(walk.run["records"][0])
    row = walk.step(walk.run["records"][1])
    actions.undo_step(by=walk.by("superior", date(2025, 3, 9)), record=row, reason="单位没有变动")
    assert Transfer.objects.unscoped(WHY).get(member=member).state == Transfer.State.RECALLED


@pytest.mark.mechanism("M239")
@pytest.mark.mechanism("M240")
def test_a_re_election_gives_the_new_body_its_term(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Walk(cast, monkeypatch, "election", run_of("election")).all().ended
    here = now(cast.branch)
    assert (here.elected_on, here.term_years, here.secretary_name) == (date(2025, 5, 20), 3, "甲")
    body = Tenure.objects.unscoped(WHY).filter(office__organisation=cast.branch, ends_on=None)
    assert sorted(body.values_list("office__title", "name")) == [("书记", "甲"), ("副书记", "乙"), ("委员", "丙")]


def test_a_vacancy_is_filled_by_vote_or_from_above(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seats.approve(
        by=system_scope(), organisation=cast.branch, kind=Office.Kind.COMMITTEE, title="组织委员", seats=2,
        document="支部决议", starts_on=date(2024, 1, 1),
    )  # fmt: skip
    run = run_of("by-election")
    Walk(cast, monkeypatch, "by-election", run).all()
    chosen = Tenure.objects.unscoped(WHY).get(name="丁")
    assert (chosen.office.title, chosen.starts_on, chosen.how) == ("组织委员", date(2025, 4, 1), "elected")
    appointed = {"step": "reply", "done": date(2025, 3, 15), "outcome": "appoint", "values": {"appointed": "戊"}}
    Walk(cast, monkeypatch, "by-election", run | {"records": [run["records"][0], appointed]}).all()
    assert Tenure.objects.unscoped(WHY).get(name="戊").how == "appointed"
