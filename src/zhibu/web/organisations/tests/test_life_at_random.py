"""Many at once change the tree at random: what must always hold, holds (one superior, no circle, nobody lost, a history
without gaps or overlaps, every scope what its post reaches)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

import pytest

from zhibu.web.access.queries import posts_on, scope_of
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import TODAY, AtOnce, Cast
from zhibu.web.core.scope import Scope
from zhibu.web.core.scoped import lifted
from zhibu.web.members.models import Member
from zhibu.web.organisations import history, lifecycle, tree
from zhibu.web.organisations.models import Change, Kind, Organisation

WHY, PAPER = "test", "云组〔2026〕5号"
HANDS, STEPS = 4, 60


@pytest.mark.parametrize("seed", range(3))
def test_many_hands_keep_every_invariant(at_once: AtOnce, cast: Cast, seed: int) -> None:
    by, people = cast.scope("officer"), Member.objects.unscoped(WHY).count()
    ends = at_once(*(partial(_hand, by, random.Random(seed * 100 + one)) for one in range(HANDS)))
    assert [one for one in ends if isinstance(one, Exception)] == []
    (found,) = at_once(partial(_judged, cast, people, sum(one for one in ends)))
    assert not isinstance(found, Exception), found


def _hand(by: Scope, chance: random.Random) -> int:
    """Random steps, right and wrong ones; gives how many organisations were set up, less those taken back."""
    born = 0
    for _ in range(STEPS):
        try:
            born += _step(by, chance)
        except (Unfit, NotAllowed):
            continue
    return born


def _step(by: Scope, chance: random.Random) -> int:
    places = list(Organisation.objects.unscoped(WHY))
    if chance.random() < 0.8:  # mostly what may go well
        places = [one for one in places if not one.dissolved_on and not one.is_branch]
    here, there = chance.choice(places), chance.choice(places)
    on = TODAY - timedelta(days=chance.choice([0, 0, 1, 2, 3, 30, 400]))
    given = {"by": by, "on": on, "document": PAPER}
    match chance.randrange(12):
        case 0 | 1:
            kind = chance.choice([Kind.COMMITTEE, Kind.COMMITTEE, Kind.GENERAL_BRANCH, Kind.BRANCH, Kind.GROUP])
            lifecycle.set_up(superior=here, name=f"新{chance.randrange(10**9)}", kind=kind, **given)
            return 1
        case 2 | 3 | 4 | 5 | 6 | 7:
            lifecycle.move(organisation=here, to=there, **given)
        case 8:
            lifecycle.merge(organisation=here, into=there, **given)
        case 9:
            lifecycle.rename(organisation=here, name=f"改{chance.randrange(10**9)}", **given)
        case 10:
            lifecycle.abolish(organisation=here, **given)
        case _:
            change = chance.choice(list(Change.objects.unscoped(WHY).select_related("organisation")) or [None])
            if change is not None:
                lifecycle.undo(by=by, change=change, reason="录错")
                return -int(change.kind == Change.Kind.SET_UP)
    return 0


def _judged(cast: Cast, people: int, born: int) -> None:
    with lifted("treebeard looks for problems"):
        assert Organisation.objects.find_problems() == ([], [], [], [], [])
    places = {one.path: one for one in Organisation.objects.unscoped(WHY)}
    assert len(places) == 6 + born
    for path, one in places.items():
        above = places.get(tree.parent_path(path))
        assert (above is None) == (one.pk == cast.county.pk)
        assert one.dissolved_on or not above or not above.dissolved_on, f"{one.name} lives below {above}"
    living = Member.objects.unscoped(WHY).filter(organisation__dissolved_on=None)
    assert living.count() == Member.objects.unscoped(WHY).count() == people
    for one in places.values():
        _sound_history(one)
    _sound_trees(cast)
    _sound_scopes(cast)


def _sound_history(one: Organisation) -> None:
    spells = history.spells(one)
    assert spells[0].first is None and spells[-1].last is None
    for before, after in pairwise(spells):
        assert before.last is not None and before.last + timedelta(days=1) == after.first
    row = spells[-1].row
    assert (row["name"], row["kind"]) == (one.name, one.kind)


def _sound_trees(cast: Cast) -> None:
    """On every day on which something happened, and before it: one superior each, all of them there, no circle."""
    days = set(Change.objects.unscoped(WHY).values_list("on", flat=True))
    for day in sorted({TODAY, *days, *(day - timedelta(days=1) for day in days)}):
        found = history.as_of(cast.scope("officer"), day)
        assert len({one.code for one in found}) == len(found) == _existing(day), day
        assert [one.code for one in found if one.depth == 0] == [cast.county.code], day


def _existing(day: date) -> int:
    rows = Organisation.objects.unscoped(WHY).filter(founded_on__lte=day)
    return rows.exclude(dissolved_on__lt=day).count()


def _sound_scopes(cast: Cast) -> None:
    """Every post that is still held reaches its organisation with what hangs below it, and nothing else."""
    for held in [post for post in cast.posts.values() if posts_on(post.user_id, TODAY)]:
        scope = scope_of(posts_on(held.user_id, TODAY)[0], TODAY)
        if scope.role in ("committee_officer", "secretary"):
            here = Organisation.objects.unscoped(WHY).get(pk=scope.organisation_id)
            assert scope.prefixes == (here.path,)
            below = _climbs(here)
            assert {one.pk for one in Organisation.objects.within(scope)} == below


def _climbs(here: Organisation) -> set[int]:
    """Those from which one comes to it by going up, one superior at a time."""
    superior: Callable[[Organisation], Organisation | None] = tree.superior
    found = set()
    for one in Organisation.objects.unscoped(WHY):
        at: Organisation | None = one
        while at is not None:
            if at.pk == here.pk:
                found.add(one.pk)
                break
            at = superior(at)
    return found
