"""Nightly: accounts that nobody has used for `settings.UNUSED_DAYS` days are disabled (`accounts/unused.py`).

The last administrator of a kind stays: when nobody else at his organisation or above holds one of the three
posts of administrators, disabling him would leave nobody to help. A line says so instead, once in 30 days.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from zhibu.web.access.models import Post
from zhibu.web.access.policy import POLICY
from zhibu.web.accounts import actions, unused
from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import write
from zhibu.web.audit.models import Line
from zhibu.web.core import clock, turns
from zhibu.web.core.spans import held
from zhibu.web.organisations import tree

WHY = "all posts of a person count, wherever they are"
REMIND = timedelta(days=30)
log = logging.getLogger("zhibu.security")


def disable() -> int:
    """Those used longest ago come first, so that of several administrators the latest stays. Returns how many."""
    if not settings.UNUSED_DAYS:
        return 0
    found = sorted(User.objects.filter(unused.for_days(settings.UNUSED_DAYS)), key=unused.last_used)
    return sum(_disable(user.pk) for user in found)


@transaction.atomic
def _disable(number: int) -> bool:
    """One account, looked at anew: its owner may just have signed in."""
    turns.alone()  # two workers must not each take the other for the administrator who stays
    rows = User.objects.filter(unused.for_days(settings.UNUSED_DAYS), pk=number)
    user = rows.select_for_update(of=("self",)).select_related("organisation").first()
    if user is None:
        return False
    posts = Post.objects.unscoped(WHY).filter(held(clock.today()), user=user).select_related("organisation")
    last = next((post for post in posts if _is_last(post)), None)
    if last is not None:
        _warn(user, last)
        return False
    place = user.organisation or next((post.organisation for post in posts), None)
    actions.disable_unused(user=user, organisation=place)
    return True


def _is_last(post: Post) -> bool:
    """Whether nobody else with an open account is such an administrator here or above."""
    if post.role not in POLICY.apart:
        return False
    paths = [*tree.ancestor_paths(post.organisation.path), post.organisation.path]
    others = Post.objects.unscoped(WHY).filter(held(clock.today()), role=post.role, organisation__path__in=paths)
    return not others.filter(user__is_active=True).exclude(user_id=post.user_id).exists()


def _warn(user: User, post: Post) -> None:
    told = Line.objects.unscoped(WHY).filter(
        action="accounts.keep_unused", thing_id=str(user.pk), at__gt=clock.now() - REMIND
    )
    if told.exists():
        return
    log.warning("the last %s has not signed in for %s days: not disabled", post.role, settings.UNUSED_DAYS)
    write(
        by=None, action="accounts.keep_unused", thing=user, organisation=post.organisation, new={"role": post.role},
        sentence=f"没有停用账号 {user.username}：很久没有登录，但没有别的{post.get_role_display()}，请另行任命",
    )  # fmt: skip
