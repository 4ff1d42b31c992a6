"""Posts are given and ended here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from zhibu.web.access.models import Post, Role
from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import write
from zhibu.web.organisations.models import Organisation


@transaction.atomic
def appoint(
    *,
    user: User,
    organisation: Organisation,
    role: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    document: str = "",
    points: Iterable[Organisation] = (),
) -> Post:
    """Give a person a post. For the command line and the sample county; a page for it comes with the accounts issue."""
    post = Post.objects.create(
        user=user, organisation=organisation, role=Role(role), starts_on=starts_on, ends_on=ends_on, document=document
    )
    post.points.add(*points)
    write(
        by=None,
        action="posts.appoint",
        sentence=f"任命 {user.name} 为 {organisation.name}{post.get_role_display()}",
        thing=post,
        organisation=organisation,
        new={"user": user.username, "role": post.role, "starts_on": starts_on, "ends_on": ends_on},
        happened_on=starts_on,
    )
    return post
