"""An organisation's life: each step by a document, refused where the tree or the past would break."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from zhibu.web.access.models import Post
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.members.models import Member
from zhibu.web.organisations import history, lifecycle, supervision, tree
from zhibu.web.organisations.models import Change, Organisation

WHY, PAPER = "test", "云组〔2026〕5号"
MAY, JUNE, JULY = date(2026, 5, 6), date(2026, 6, 10), date(2026, 7, 1)


def fresh(one: Organisation) -> Organisation:
    return Organisation.objects.unscoped(WHY).get(pk=one.pk)


def names(cast: Cast, day: date) -> dict[str, tuple[str, str | None]]:
    return {one.code: (one.name, one.superior) for one in history.as_of(cast.scope("officer"), day)}


@pytest.mark.mechanism("M001")
def test_the_tree_of_any_day(cast: Cast) -> None:
    by = cast.scope("officer")
    new = lifecycle.set_up(by=by, superior=cast.town, name="大营镇物流园党支部", kind="branch", on=MAY, document=PAPER)
    lifecycle.move(by=by, organisation=new, to=cast.other_town, on=JUNE, document=PAPER)
    lifecycle.rename(by=by, organisation=new, name="石门镇物流园党支部", on=JULY, document=PAPER)
    day = timedelta(days=1)
    assert new.code not in names(cast, MAY - day)
    assert names(cast, MAY)[new.code] == names(cast, JUNE - day)[new.code] == ("大营镇物流园党支部", cast.town.code)
    assert names(cast, JUNE)[new.code] == ("大营镇物流园党支部", cast.other_town.code)
    assert names(cast, JULY)[new.code] == names(cast, TODAY)[new.code] == ("石门镇物流园党支部", cast.other_town.code)
    lines = Line.objects.unscoped(WHY).filter(thing_id=str(new.pk), thing="organisations.organisation")
    assert [(one.action, one.happened_on) for one in lines.order_by("pk")] == [
        ("organisations.set_up", MAY), ("organisations.move", JUNE), ("organisations.rename", JULY),
    ]  # fmt: skip
    lifecycle.abolish(by=by, organisation=new, on=TODAY, document=PAPER)
    assert new.code in names(cast, TODAY) and new.code not in names(cast, TODAY + day)


def test_spells_have_no_gap_and_no_overlap(cast: Cast) -> None:
    by = cast.scope("officer")
    for on, name in ((MAY, "甲"), (MAY, "乙"), (JUNE, "丙")):
        lifecycle.rename(by=by, organisation=cast.branch, name=f"大营镇{name}党支部", on=on, document=PAPER)
    found = history.spells(fresh(cast.branch))
    assert [(one.first, one.last, one.row["name"]) for one in found] == [
        (None, date(2026, 5, 5), "大营镇槐树村党支部"), (MAY, date(2026, 6, 9), "大营镇乙党支部"),
        (JUNE, None, "大营镇丙党支部"),
    ]  # fmt: skip


@pytest.mark.mechanism("M001")
def test_a_merged_branch_gives_its_members_and_ends(cast: Cast) -> None:
    by = cast.scope("officer")
    lifecycle.merge(by=by, organisation=cast.branch, into=cast.sister, on=JUNE, document=PAPER)
    assert fresh(cast.branch).dissolved_on == JUNE
    assert Member.objects.unscoped(WHY).filter(organisation=cast.sister, arrived_on=JUNE).count() == 8
    assert not Post.objects.unscoped(WHY).filter(organisation=cast.branch, ends_on=None).exists()
    line = Line.objects.unscoped(WHY).get(action="organisations.merge")
    assert line.new["people"] == 8 and line.new["document"] == PAPER


def test_a_merged_committee_gives_its_subordinates(cast: Cast) -> None:
    lifecycle.merge(by=cast.scope("officer"), organisation=cast.town, into=cast.other_town, on=JUNE, document=PAPER)
    assert {one.pk for one in tree.children(fresh(cast.other_town)).unscoped(WHY)} == {
        cast.branch.pk, cast.sister.pk, cast.neighbour.pk,
    }  # fmt: skip
    assert names(cast, JUNE - timedelta(days=1))[cast.branch.code][1] == cast.town.code


def test_an_organisation_with_people_is_not_abolished(cast: Cast) -> None:
    by = cast.scope("officer")
    with pytest.raises(Unfit, match=r"大营镇槐树村党支部、大营镇龙泉村党支部.*任职 1 个"):
        lifecycle.abolish(by=by, organisation=cast.town, on=JUNE, document=PAPER)
    with pytest.raises(Unfit, match="党员 8 人"):
        lifecycle.abolish(by=by, organisation=cast.sister, on=JUNE, document=PAPER)


def test_relations_end_with_the_organisation(cast: Cast) -> None:
    by = cast.scope("officer")
    new = lifecycle.set_up(by=by, superior=cast.town, name="新村党支部", kind="branch", on=MAY, document=PAPER)
    supervision.begin(by=by, organisation=new, superior=cast.other_town, kind="sector", starts_on=MAY, document=PAPER)
    lifecycle.abolish(by=by, organisation=new, on=JUNE, document=PAPER)
    assert [line.ends_on for line in supervision.superiors(new)] == [JUNE]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("rename", {"name": "槐树"}, "document"), ("rename", {"name": " ", "document": PAPER}, "name"),
    ("rename", {"name": "大营镇龙泉村党支部", "document": PAPER}, "name"),
    ("rename", {"name": "槐树", "document": PAPER, "on": TODAY + timedelta(days=1)}, "on"),
    ("rename", {"name": "槐树", "document": PAPER, "on": date(1226, 1, 1)}, "on"),
    ("rename", {"name": "槐树", "document": PAPER, "on": date(2009, 12, 31)}, "on"),
    ("convert", {"kind": "branch", "document": PAPER}, "kind"),
    ("convert", {"kind": "group", "document": PAPER}, "kind"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "told", "field"), REFUSED)
def test_what_cannot_be_is_refused_with_its_reason(cast: Cast, word: str, told: dict[str, Any], field: str) -> None:
    given = {"on": JUNE, "document": " ", **told}
    with pytest.raises(Unfit) as refusal:
        getattr(lifecycle, word)(by=cast.scope("officer"), organisation=cast.branch, **given)
    assert refusal.value.field == field and len(str(refusal.value)) > 8
    assert not Change.objects.unscoped(WHY).exists()


def test_under_a_branch_only_its_groups(cast: Cast) -> None:
    by = cast.scope("officer")
    with pytest.raises(Unfit, match="下面不能设党支部"):
        lifecycle.move(by=by, organisation=cast.sister, to=cast.branch, on=JUNE, document=PAPER)
    with pytest.raises(Unfit, match="下面不能设党支部"):
        lifecycle.convert(by=by, organisation=cast.town, kind="branch", on=JUNE, document=PAPER)
    lifecycle.set_up(by=by, superior=cast.branch, name="第一党小组", kind="group", on=JUNE, document=PAPER)
    with pytest.raises(Unfit, match="党小组设在党支部下面"):
        lifecycle.set_up(by=by, superior=cast.town, name="第一党小组", kind="group", on=JUNE, document=PAPER)


def test_nobody_changes_the_own_organisation_or_a_strangers(cast: Cast) -> None:
    by = cast.scope("committee_officer")
    for place, sentence in ((cast.town, "由上级党委调整"), (cast.neighbour, "不在本级")):
        with pytest.raises(NotAllowed, match=sentence):
            lifecycle.rename(by=by, organisation=place, name="新名", on=JUNE, document=PAPER)
    with pytest.raises(NotAllowed, match="不能做这件事"):
        lifecycle.rename(by=cast.scope("secretary"), organisation=cast.branch, name="新名", on=JUNE, document=PAPER)


def test_an_earlier_day_must_not_make_a_circle_in_the_past(cast: Cast) -> None:
    """town hung below the new one until July: the new one cannot have hung below town in June."""
    by = cast.scope("officer")
    new = lifecycle.set_up(by=by, superior=cast.county, name="新党委", kind="committee", on=MAY, document=PAPER)
    lifecycle.move(by=by, organisation=cast.town, to=new, on=MAY, document=PAPER)
    lifecycle.move(by=by, organisation=cast.town, to=cast.county, on=JULY, document=PAPER)
    with pytest.raises(Unfit, match=f"{JUNE} 这天 .* 还在 新党委 之下"):
        lifecycle.move(by=by, organisation=new, to=cast.town, on=JUNE, document=PAPER)
    with pytest.raises(Unfit, match="才转出"):
        lifecycle.abolish(by=by, organisation=new, on=JUNE, document=PAPER)
    lifecycle.move(by=by, organisation=new, to=cast.town, on=JULY, document=PAPER)


def test_a_superior_was_there_as_long_as_those_that_ended_below_it(cast: Cast) -> None:
    """Else the one below would have hung below nothing from the one day to the other."""
    by = cast.scope("officer")
    new = lifecycle.set_up(by=by, superior=cast.county, name="新党委", kind="committee", on=MAY, document=PAPER)
    below = lifecycle.set_up(by=by, superior=new, name="新支部", kind="branch", on=MAY, document=PAPER)
    lifecycle.abolish(by=by, organisation=below, on=JULY, document=PAPER)
    for end in (lifecycle.abolish, partial(lifecycle.merge, into=cast.town)):
        with pytest.raises(Unfit, match=f"新支部 {JULY} 才撤销"):
            end(by=by, organisation=new, on=JUNE, document=PAPER)
    lifecycle.abolish(by=by, organisation=new, on=JULY, document=PAPER)
    assert [one.code for one in history.as_of(by, JULY) if one.depth == 0] == [cast.county.code]


@pytest.mark.mechanism("M001")
def test_a_set_up_is_taken_back_while_nothing_hangs_on_it(cast: Cast) -> None:
    by = cast.scope("officer")
    before = set(Organisation.objects.unscoped(WHY).values_list("pk", flat=True))
    made = lifecycle.set_up(by=by, superior=cast.town, name="录错的支部", kind="branch", on=JUNE, document=PAPER)
    page = f"/organisations/{made.code}/undo/"
    client = cast.client("officer")
    assert client.get(page).status_code == 200
    answer = client.post(page, {"reason": "设错了上级"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/organisations/{cast.town.code}/")
    assert set(Organisation.objects.unscoped(WHY).values_list("pk", flat=True)) == before
    line = Line.objects.unscoped(WHY).get(action="organisations.undo")
    assert (line.old["code"], line.old["superior"], line.new["reason"]) == (made.code, cast.town.code, "设错了上级")
    again = lifecycle.set_up(by=by, superior=cast.town, name="新支部", kind="branch", on=JUNE, document=PAPER)
    assert again.code > made.code and again.path > made.path  # neither names another one


def test_a_set_up_is_not_taken_back_under_what_hangs_on_it(cast: Cast) -> None:
    by = cast.scope("officer")
    made = lifecycle.set_up(by=by, superior=cast.county, name="新党委", kind="committee", on=MAY, document=PAPER)
    born = Change.objects.unscoped(WHY).get(organisation=made)

    def refused(*words: str) -> None:
        with pytest.raises(Unfit) as refusal:
            lifecycle.undo(by=by, change=born, reason="录错")
        assert all(word in str(refusal.value) for word in words), str(refusal.value)

    below = lifecycle.set_up(by=by, superior=made, name="新支部", kind="branch", on=MAY, document=PAPER)
    refused("下级党组织 新支部")
    lifecycle.move(by=by, organisation=below, to=cast.town, on=JUNE, document=PAPER)
    refused(f"新支部 {JUNE} 以前隶属于它")
    last = Change.objects.unscoped(WHY).filter(organisation=below).order_by("pk").last()
    assert last is not None
    lifecycle.undo(by=by, change=last, reason="录错")
    lifecycle.undo(by=by, change=Change.objects.unscoped(WHY).get(organisation=below), reason="录错")
    Member.objects.create(
        organisation=made, name="甲", id_number="990001198001010019", born_on=date(1980, 1, 1), kind="full",
        joined_on=date(2005, 7, 1),
    )  # fmt: skip
    refused("党员 1 条", "改用“撤销”")


@pytest.mark.mechanism("M001")
def test_the_last_step_is_taken_back_with_a_reason(cast: Cast) -> None:
    by = cast.scope("officer")
    before = {one.pk: (one.name, one.kind, one.dissolved_on) for one in Organisation.objects.unscoped(WHY)}
    lifecycle.rename(by=by, organisation=cast.branch, name="写错了", on=MAY, document=PAPER)
    lifecycle.move(by=by, organisation=cast.branch, to=cast.other_town, on=JUNE, document=PAPER)
    first, second = Change.objects.unscoped(WHY).order_by("on")
    with pytest.raises(Unfit, match="最近的一次"):
        lifecycle.undo(by=by, change=first, reason="录错")
    with pytest.raises(Unfit, match="写明撤回的理由"):
        lifecycle.undo(by=by, change=second, reason=" ")
    for one in (second, first):
        lifecycle.undo(by=by, change=one, reason="录错")
    assert {one.pk: (one.name, one.kind, one.dissolved_on) for one in Organisation.objects.unscoped(WHY)} == before
    assert tree.superior(fresh(cast.branch)) == cast.town
    assert not Change.objects.unscoped(WHY).exists()
    assert Line.objects.unscoped(WHY).filter(action="organisations.undo", new__reason="录错").count() == 2
