"""The life of a member: on every day one state and one roster, whatever is done in whatever order."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.scope import Scope
from zhibu.web.members import actions, history, life, transfers
from zhibu.web.members.identity import check_character
from zhibu.web.members.models import Member, MemberChange, Transfer
from zhibu.web.pipeline import facts

pytestmark = pytest.mark.django_db
SPRING = date(2026, 3, 2)


def number(born: date, order: int) -> str:
    first = f"990001{born:%Y%m%d}{order:03d}"
    return first + check_character(first)


def first(cast: Cast, place: str = "branch") -> Member:
    return Member.objects.unscoped("t").filter(organisation=getattr(cast, place)).order_by("pk")[0]


def admit(cast: Cast, on: date = SPRING, **more: str) -> Member:
    told = {"name": "甘新民", "id_number": number(date(1999, 5, 4), 11)} | more
    return life.admit(by=cast.scope("committee_officer"), organisation=cast.branch, on=on, **told)


def rosters(scope: Scope, day: date) -> Counter[int]:
    return Counter(one.pk for one in history.roster_on(scope, day))


def where(scope: Scope, member: Member, day: date) -> list[str]:
    return [one.organisation for one in history.roster_on(scope, day) if one.pk == member.pk]


# --- admission and probation ----------------------------------------------------------------------------------------


def test_an_admitted_member_is_probationary_from_the_general_meeting(cast: Cast) -> None:
    member = admit(cast)
    assert (member.kind, member.joined_on, member.born_on, member.sex) == (
        "probationary",
        SPRING,
        date(1999, 5, 4),
        "m",
    )
    assert where(cast.scope("officer"), member, SPRING - timedelta(days=1)) == []
    assert where(cast.scope("officer"), member, SPRING) == [cast.branch.name]
    line = Line.objects.unscoped("t").filter(action="members.admit").get()
    assert line.happened_on == SPRING
    assert "甘新民" not in line.sentence


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"id_number": "990001199905040110"}, "id_number"),  # a wrong check character
        ({"id_number": "990001991301011"}, "id_number"),
        ({"id_number": "<script>"}, "id_number"),
        ({"id_number": ""}, "id_number"),
        ({"id_number": "9" * 10_000}, "id_number"),
    ],
)
def test_a_number_that_is_none_is_refused(cast: Cast, told: dict[str, str], field: str) -> None:
    with pytest.raises(Unfit) as error:
        admit(cast, **told)
    assert error.value.field == field


def test_one_number_one_member(cast: Cast) -> None:
    admit(cast)
    with pytest.raises(Unfit, match="已登记"):
        admit(cast, name="另一人")


def test_nobody_is_admitted_tomorrow_or_elsewhere(cast: Cast) -> None:
    with pytest.raises(Unfit, match="还没有到"):
        admit(cast, TODAY + timedelta(days=1))
    with pytest.raises(NotAllowed):
        life.admit(by=cast.scope("committee_officer"), organisation=cast.neighbour, name="甲",
                   id_number=number(date(1999, 5, 4), 12), on=SPRING)  # fmt: skip
    with pytest.raises(Unfit, match="不能编入党员"):
        life.admit(by=cast.scope("committee_officer"), organisation=cast.town, name="甲",
                   id_number=number(date(1999, 5, 4), 12), on=SPRING)  # fmt: skip


# FZ-23 and FZ-24: exactly a year, once longer by half a year at least and a year at most.
@pytest.mark.parametrize(
    ("until", "fits"),
    [
        (date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2027, 3, 1), True), (date(2027, 3, 2), False),
    ],
)  # fmt: skip
def test_probation_is_extended_within_bounds(cast: Cast, until: date, fits: bool) -> None:
    member, on = admit(cast, date(2025, 3, 1)), date(2026, 3, 1)
    assert life.probation_ends(member) == on
    if not fits:
        with pytest.raises(Unfit, match="不能少于半年"):
            life.extend_probation(by=cast.scope("officer"), member=member, until=until, on=on)
        return
    member = life.extend_probation(by=cast.scope("officer"), member=member, until=until, on=on)
    assert life.probation_ends(member) == until
    with pytest.raises(Unfit, match="只能延长一次"):
        life.extend_probation(by=cast.scope("officer"), member=member, until=until, on=on)


def test_conversion_changes_the_kind_from_its_day_on(cast: Cast) -> None:
    member, by = admit(cast, date(2025, 3, 1)), cast.scope("committee_officer")
    with pytest.raises(Unfit, match="预备期为一年"):
        life.make_full(by=by, member=member, on=date(2026, 2, 28))
    member = life.make_full(by=by, member=member, on=date(2026, 3, 1), document="大组〔2026〕1 号")
    kinds = [one.kind for day in (28, 1) for one in history.roster_on(by, date(2026, 2 if day == 28 else 3, day))
             if one.pk == member.pk]  # fmt: skip
    assert kinds == ["probationary", "full"]
    with pytest.raises(Unfit, match="已是正式党员"):
        life.make_full(by=by, member=member, on=TODAY)


# --- transfers ------------------------------------------------------------------------------------------------------


def send(cast: Cast, member: Member, **more: object) -> Transfer:
    told = {"to": cast.neighbour, "on": SPRING, "letter": "介〔2026〕7 号"} | more
    return transfers.send(by=cast.scope("committee_officer"), member=member, **told)


def test_between_letter_and_receipt_the_old_branch_is_responsible(cast: Cast) -> None:
    member, county = first(cast), cast.scope("officer")
    transfer = send(cast, member)
    assert Member.objects.unscoped("t").get(pk=member.pk).organisation == cast.branch
    assert [one.days for one in transfers.waiting(county)] == [(TODAY - SPRING).days]
    transfers.receive(by=county, transfer=transfer, on=date(2026, 3, 20), document="回执 7")
    for day in (SPRING, date(2026, 3, 19)):
        assert where(county, member, day) == [cast.branch.name]
    for day in (date(2026, 3, 20), TODAY):
        assert where(county, member, day) == [cast.neighbour.name]
    assert transfers.waiting(county) == []


def test_both_sides_and_their_superior_see_it_and_nobody_else(cast: Cast) -> None:
    send(cast, first(cast))
    for who in ("officer", "committee_officer", "secretary"):
        assert len(transfers.waiting(cast.scope(who).doing("members.view"))) == 1, who
    assert len(transfers.waiting(cast.scope("neighbour").doing("members.view"))) == 1
    other = transfers.send(
        by=cast.scope("officer"), member=first(cast, "sister"), to=cast.neighbour, on=SPRING, letter="2"
    )
    assert other.pk not in [one.transfer.pk for one in transfers.waiting(cast.scope("secretary").doing("members.view"))]


def test_the_sender_does_not_receive_for_the_other_side(cast: Cast) -> None:
    transfer = send(cast, first(cast))
    for act in (transfers.receive, transfers.refuse):
        more = {} if act is transfers.receive else {"reason": "没有理由"}
        with pytest.raises(NotAllowed, match="或其上级办理"):
            act(by=cast.scope("committee_officer"), transfer=transfer, on=TODAY, **more)
    transfers.recall(by=cast.scope("committee_officer"), transfer=transfer, on=TODAY, reason="开错了")
    for act in (transfers.receive, transfers.refuse, transfers.recall):
        more = {} if act is transfers.receive else {"reason": "再来"}
        with pytest.raises(NotAllowed):
            act(by=cast.scope("officer"), transfer=transfer, on=TODAY, **more)


def test_one_letter_at_a_time_and_nobody_leaves_on_the_way(cast: Cast) -> None:
    member = first(cast)
    transfer = send(cast, member)
    with pytest.raises(Unfit, match="还没有办结"):
        send(cast, member)
    for act in (
        lambda: actions.leave(by=cast.scope("officer"), member=member, on=TODAY, kind="died"),
        lambda: actions.transfer(by=cast.scope("officer"), member=member, to=cast.sister, on=TODAY),
    ):
        with pytest.raises(Unfit, match="正在转接"):
            act()
    with pytest.raises(Unfit, match="不能更早"):
        transfers.receive(by=cast.scope("officer"), transfer=transfer, on=SPRING - timedelta(days=1))


@pytest.mark.parametrize("to", ["branch", "town", "none", "both"])
def test_a_letter_goes_to_one_other_branch(cast: Cast, to: str) -> None:
    more = {"none": {"to": None}, "both": {"outside": "某党委"}}.get(to) or {"to": getattr(cast, to)}
    with pytest.raises(Unfit) as error:
        send(cast, first(cast), **more)
    assert error.value.field == "to"


def test_out_of_the_installation_and_back(cast: Cast) -> None:
    member, county = admit(cast, date(2025, 1, 6)), cast.scope("officer")
    transfer = send(cast, member, to=None, outside="某市某区某街道党工委")
    transfers.receive(by=cast.scope("committee_officer"), transfer=transfer, on=date(2026, 4, 1))
    gone = Member.objects.unscoped("t").get(pk=member.pk)
    assert (gone.left_on, gone.left_kind) == (date(2026, 4, 1), "outside")
    told = {"by": county, "organisation": cast.neighbour, "id_number": number(date(1999, 5, 4), 11), "kind": "full",
            "joined_on": date(2025, 1, 6), "full_on": date(2026, 1, 6), "origin": "某市某区"}  # fmt: skip
    for wrong in ({"name": "别人", "on": date(2026, 9, 1)}, {"name": "甘新民", "on": date(2026, 4, 1)}):
        with pytest.raises(Unfit):
            life.arrive(**told, **wrong)
    back = life.arrive(**told, name="甘新民", on=date(2026, 9, 1))
    assert back.pk == member.pk
    expected = {date(2026, 3, 1): [cast.branch.name], date(2026, 5, 1): [], date(2026, 9, 1): [cast.neighbour.name]}
    assert {day: where(county, member, day) for day in expected} == expected


# --- one roster on every day ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_a_day_has_one_state(cast: Cast, seed: int) -> None:
    """Random lives: nobody stands twice on a day or is lost between two branches, and the engine takes the facts."""
    dice, county = random.Random(seed), cast.scope("officer")
    branches = [cast.branch, cast.sister, cast.neighbour]
    people = [first(cast, place) for place in ("branch", "sister", "neighbour")]
    gone: dict[int, date] = {}
    for step in range(40):
        day = date(2025, 1, 1) + timedelta(days=step * 17 + dice.randrange(-9, 17))
        member = Member.objects.unscoped("t").get(pk=dice.choice(people).pk)
        try:
            _something(dice, county, member, day, branches)
        except (Unfit, NotAllowed):
            continue
        if member.pk not in gone and Member.objects.unscoped("t").get(pk=member.pk).left_on:
            gone[member.pk] = day
    assert MemberChange.objects.unscoped("t").exists()
    for offset in range(0, 690, 5):
        day = date(2025, 1, 1) + timedelta(days=offset)
        found = rosters(county, day)
        assert max(found.values()) == 1
        for one in people:
            assert found[one.pk] == (1 if day <= gone.get(one.pk, TODAY) else 0), (day, one.pk)
    loaded = facts.from_tables(facts.tables())
    assert not len(loaded.rejected)


def _something(dice: random.Random, by: Scope, member: Member, day: date, branches: list) -> None:
    open_ = Transfer.objects.unscoped("t").filter(member=member, state="sent").first()
    what = dice.choice(["send", "work", "transfer", "leave"] if dice.random() < 0.05 else ["send", "work", "transfer"])
    if open_ and dice.random() < 0.8:
        end = dice.choice(["receive", "receive", "refuse", "recall"])
        more = {} if end == "receive" else {"reason": "原因"}
        getattr(transfers, end)(by=by, transfer=open_, on=day, **more)
    elif what == "send":
        transfers.send(by=by, member=member, to=dice.choice(branches), on=day, letter="x")
    elif what == "work":
        life.change_work(by=by, member=member, employment=dice.choice(["farmer", "retired", "teacher"]), on=day)
    elif what == "transfer":
        actions.transfer(by=by, member=member, to=dice.choice(branches), on=day)
    else:
        actions.leave(by=by, member=member, on=day, kind="died")


def test_without_history_the_facts_are_as_they_were(cast: Cast) -> None:
    rows = facts.tables()["people"].to_pylist()
    assert len(rows) == 24
    assert {row["valid_from"] for row in rows} == {row["valid_to"] for row in rows} == {None}


def test_the_engine_gets_the_history(cast: Cast) -> None:
    member = first(cast)
    life.change_work(by=cast.scope("officer"), member=member, employment="retired", on=SPRING)
    transfers.receive(by=cast.scope("officer"), transfer=send(cast, member, on=date(2026, 5, 6)), on=date(2026, 6, 1))
    rows = [row for row in facts.tables()["people"].to_pylist() if row["person_id"] == f"m{member.pk}"]
    rows.sort(key=lambda row: row["valid_from"] or date.min)
    assert [(row["org_id"], row["valid_from"], row["valid_to"], row["retired"]) for row in rows] == [
        (cast.branch.code, None, date(2026, 3, 1), False),
        (cast.branch.code, SPRING, date(2026, 5, 31), True),
        (cast.neighbour.code, date(2026, 6, 1), None, True),
    ]
    chosen = facts.tables({cast.branch.pk})["people"].to_pylist()
    assert sorted(row["org_id"] for row in chosen if row["person_id"] == f"m{member.pk}") == [cast.branch.code] * 2


def test_a_withheld_member_has_no_history_either(cast: Cast) -> None:
    from zhibu.web.personal.models import Standing

    member = first(cast)
    life.change_work(by=cast.scope("officer"), member=member, employment="retired", on=SPRING)
    send(cast, member, on=date(2026, 5, 6))
    Standing.objects.create(member=member, state="restricted", since=TODAY, by_title="t")
    county = cast.scope("officer")
    assert rosters(county, date(2026, 1, 1))[member.pk] == rosters(county, TODAY)[member.pk] == 0
    assert transfers.waiting(county) == []
    assert f"m{member.pk}" not in facts.tables()["people"]["person_id"].to_pylist()
