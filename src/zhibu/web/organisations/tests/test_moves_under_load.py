"""Organisations move while others read: nobody sees a row outside what they had before or have after."""

from __future__ import annotations

from collections.abc import Callable

from zhibu.web.access.models import Post
from zhibu.web.access.queries import identities, scope_of
from zhibu.web.conftest import TODAY, AtOnce, Cast
from zhibu.web.members.models import Member
from zhibu.web.organisations.lifecycle import move
from zhibu.web.organisations.models import Organisation

MOVES, READS = 20, 60
PAPER = "云组〔2026〕5号"


def test_nobody_sees_a_strangers_rows_while_the_tree_moves(at_once: AtOnce, cast: Cast) -> None:
    """The neighbour and the sister change places all the time, so that each stands where the other stood."""
    by = cast.scope("officer")

    def movers() -> None:
        for _ in range(MOVES):
            for place, to in ((cast.sister, cast.other_town), (cast.neighbour, cast.town)):
                move(by=by, organisation=place, to=to, on=TODAY, document=PAPER)
            for place, to in ((cast.sister, cast.town), (cast.neighbour, cast.other_town)):
                move(by=by, organisation=place, to=to, on=TODAY, document=PAPER)

    ends = at_once(movers, *(_reader(cast, who) for who in ("secretary", "neighbour", "committee_officer")))
    assert ends[0] is None, ends[0]
    own, neighbour, officer = ends[1:]
    assert own == {cast.branch.pk} and neighbour == {cast.neighbour.pk}
    assert officer <= {cast.branch.pk, cast.sister.pk, cast.neighbour.pk}


def _reader(cast: Cast, who: str) -> Callable[[], set[int]]:
    """The branches whose members one person was shown in many requests, each with a scope of its own."""
    post = cast.posts[who]

    def read() -> set[int]:
        seen: set[int] = set()
        for _ in range(READS):
            scope = scope_of(identities(post.user_id, TODAY)[0], TODAY).doing("members.view")
            seen |= set(Member.objects.within(scope).values_list("organisation_id", flat=True))
        return seen

    return read


def test_a_path_is_never_given_twice(cast: Cast) -> None:
    """A scope, an audit line, a link of yesterday must not name another organisation today."""
    by, given = cast.scope("officer"), {cast.sister.path}
    for _ in range(3):
        for to in (cast.other_town, cast.town):
            move(by=by, organisation=cast.sister, to=to, on=TODAY, document=PAPER)
            path = Organisation.objects.unscoped("test").get(pk=cast.sister.pk).path
            assert path not in given
            given.add(path)


def test_a_post_reaches_the_same_organisation_wherever_it_moves(cast: Cast) -> None:
    move(by=cast.scope("officer"), organisation=cast.town, to=cast.other_town, on=TODAY, document=PAPER)
    scope = cast.scope("committee_officer")
    assert set(Organisation.objects.within(scope)) == {cast.town, cast.branch, cast.sister}
    assert Post.objects.within(scope).count() == 3
