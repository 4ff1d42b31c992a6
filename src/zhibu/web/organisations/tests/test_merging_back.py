"""合并 is taken back: every row of every app is as it was, or nothing is changed and the reader learns what stands in
the way."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from zhibu.web.access.queries import system_scope
from zhibu.web.approvals.models import Approval
from zhibu.web.audit.actions import Unfit
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock, scoped
from zhibu.web.members import life, transfers
from zhibu.web.members.models import Member
from zhibu.web.offices.actions import matters, seats
from zhibu.web.organisations import lifecycle, taking, tree
from zhibu.web.organisations.models import Change, Organisation
from zhibu.web.procedures.tests.small import SMALL, begun, written
from zhibu.web.records.models import Draft

pytestmark = pytest.mark.django_db
WHY, PAPER = "test", "云组〔2026〕5号"
APART = ("audit.", "sessions.", "contenttypes.", "auth.", "duties.", "assessment.")  # the log, and what is computed
ALTERS = ("steps", "codes", "numchild", "path", "depth")  # of the tree, looked at apart


def world() -> dict[str, Any]:
    """Every row of every app, without what is computed by the day."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if not label.startswith(APART):
            rows = scoped.everything(model, "all that stands").values()
            skip = {*taking.ANEW, *ALTERS}
            found[label] = {
                row[model._meta.pk.attname]: {name: value for name, value in row.items() if name not in skip and
                                             name.removesuffix("_id") not in skip} for row in rows
            }  # fmt: skip
    return found


def furnish(cast: Cast, folder: Path) -> None:
    """Something of every kind that a merger takes over or ends."""
    by, who = cast.scope("officer"), member(cast)
    office = seats.approve(
        by=by, organisation=cast.branch, kind="secretary", title="书记", seats=1, document=PAPER,
        starts_on=date(2024, 1, 1),
    )  # fmt: skip
    seats.appoint(by=by, office=office, name="", member=who, starts_on=date(2024, 3, 1), how="elected", document=PAPER)
    matters.ask(by=system_scope(), organisation=cast.branch, kind="reward", matter="先进", due_on=TODAY)
    post = cast.posts["secretary"]
    Draft.objects.create(user=post.user, organisation=cast.branch, key="new", saved_at=clock.now())
    Approval.objects.create(
        organisation=cast.branch, action="members.numbers", sentence="导出号码", reason="核对", asked_by=post.user,
        asked_post=post.pk, asked_title="书记", asked_at=clock.now(), expires_at=clock.now() + timedelta(days=3),
    )  # fmt: skip
    written(SMALL, folder)
    begun(cast)
    begun(cast, member=who, name="", born_on=None)


def member(cast: Cast) -> Member:
    return Member.objects.unscoped(WHY).filter(organisation=cast.branch).order_by("pk")[0]


def last(place: Organisation) -> Change:
    found = Change.objects.unscoped(WHY).select_related("organisation").filter(organisation=place).order_by("pk").last()
    assert found is not None
    return found


@pytest.mark.mechanism("M001")
def test_a_merged_branch_comes_back_with_all_it_had(cast: Cast, tmp_path: Path) -> None:
    furnish(cast, tmp_path)
    by, before = cast.scope("officer"), world()
    lifecycle.merge(by=by, organisation=cast.branch, into=cast.sister, on=TODAY, document=PAPER)
    assert world() != before
    lifecycle.undo(by=by, change=last(cast.branch), reason="并错了")
    now = world()
    for label, rows in before.items():
        assert now[label] == rows, label


def test_a_merged_committee_comes_back_with_those_below(cast: Cast) -> None:
    by, before = cast.scope("officer"), world()
    lifecycle.merge(by=by, organisation=cast.town, into=cast.other_town, on=TODAY, document=PAPER)
    change = last(cast.town)
    lifecycle.rename(by=by, organisation=cast.branch, name="改了名", on=TODAY, document=PAPER)
    with pytest.raises(Unfit, match="改了名 随合并转去以后又有变更"):
        lifecycle.undo(by=by, change=change, reason="并错了")
    assert Organisation.objects.unscoped(WHY).get(pk=cast.town.pk).dissolved_on == TODAY
    lifecycle.undo(by=by, change=last(cast.branch), reason="录错")
    lifecycle.undo(by=by, change=change, reason="并错了")
    assert world() == before
    for one in (cast.branch, cast.sister):
        above = tree.superior(Organisation.objects.unscoped(WHY).get(pk=one.pk))
        assert above is not None and above.pk == cast.town.pk


def test_what_was_done_since_is_named_and_nothing_is_changed(cast: Cast) -> None:
    by, who = cast.scope("officer"), member(cast)
    lifecycle.merge(by=by, organisation=cast.branch, into=cast.sister, on=TODAY, document=PAPER)
    sent = transfers.send(by=by, member=Member.objects.unscoped(WHY).get(pk=who.pk), on=TODAY, letter="介 1",
                          to=cast.neighbour)  # fmt: skip
    transfers.receive(by=by, transfer=sent, on=TODAY)
    before = world()
    with pytest.raises(Unfit, match="党员 1 条合并以后又变动过"):
        lifecycle.undo(by=by, change=last(cast.branch), reason="并错了")
    assert world() == before


def test_a_step_of_a_person_since_stands_in_the_way(cast: Cast) -> None:
    by, who = cast.scope("officer"), member(cast)
    lifecycle.merge(by=by, organisation=cast.branch, into=cast.sister, on=TODAY, document=PAPER)
    life.change_work(by=by, member=Member.objects.unscoped(WHY).get(pk=who.pk), on=TODAY, employment="retired")
    with pytest.raises(Unfit, match="合并以后又有人做了"):
        lifecycle.undo(by=by, change=last(cast.branch), reason="并错了")


def test_a_merger_without_its_list_is_not_taken_back(cast: Cast) -> None:
    by = cast.scope("officer")
    lifecycle.merge(by=by, organisation=cast.branch, into=cast.sister, on=TODAY, document=PAPER)
    Change.objects.unscoped(WHY).filter(organisation=cast.branch).update(taken={})
    with pytest.raises(Unfit, match="没有留下转移清单"):
        lifecycle.undo(by=by, change=last(cast.branch), reason="并错了")
