"""Who is told: those who hold a post that does the work at an organisation, or who stand in for them that day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from zhibu.web.access.models import Post, StandIn
from zhibu.web.access.queries import Identity
from zhibu.web.accounts.models import User
from zhibu.web.core.spans import held
from zhibu.web.reminders.models import ReminderRule, ReminderWish
from zhibu.web.reminders.rules import workers

WHY = "the posts of a branch say who is told"


@dataclass(frozen=True, slots=True)
class Reader:
    """A person at one organisation. While somebody stands in for a post, he is told in the holder's place."""

    user: User
    role: str
    identity: Identity


def readers(organisations: Iterable[int], on: date) -> dict[int, list[Reader]]:
    """Organisation → who could be told there, by each of their posts; two queries."""
    rows = Post.objects.unscoped(WHY).filter(held(on), organisation__in=list(organisations), role__in=workers())
    posts = list(rows.select_related("organisation", "user").order_by("pk"))
    lent: dict[int, list[StandIn]] = {}
    for one in StandIn.objects.unscoped(WHY).filter(held(on), post__in=posts).select_related("user").order_by("pk"):
        lent.setdefault(one.post_id, []).append(one)
    found: dict[int, list[Reader]] = {}
    for post in posts:
        for identity in [Identity(post, one) for one in lent.get(post.pk, [])] or [Identity(post)]:
            user = identity.stand_in.user if identity.stand_in else post.user
            if user.is_active:
                found.setdefault(post.organisation_id, []).append(Reader(user, post.role, identity))
    return found


def chosen(there: Iterable[Reader], rule: ReminderRule) -> list[Reader]:
    """Those the rule names, each person once."""
    return once(one for one in there if one.role in rule.roles)


def hear(there: Collection[Reader], rule: ReminderRule) -> list[Reader]:
    """Whom a superior's ask reaches: those the rule names, else whoever does the work there."""
    return chosen(there, rule) or once(there)


def once(there: Iterable[Reader]) -> list[Reader]:
    return list({one.user.pk: one for one in there}.values())


def wishes(users: Iterable[int]) -> dict[int, ReminderWish]:
    return ReminderWish.objects.in_bulk(list(users))
