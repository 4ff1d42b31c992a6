"""A person with an account and a row on the roster, in the small county."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import posts_on, scope_of, system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.accounts.models import User
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member

NAME, NUMBER, PHONE = "曾晓兰", "990001198001017777", "13877776666"


@pytest.fixture(autouse=True)
def tombstones(settings: Any, tmp_path: Path) -> Path:
    """A list of its own for each test; no settings of an installation."""
    settings.TOMBSTONES = tmp_path / "tombstones.jsonl"
    settings.PERSONAL = tmp_path / "personal.yaml"
    return settings.TOMBSTONES


@pytest.fixture
def lan(cast: Cast) -> Member:
    """A member of the branch who signs in as 13877776666 and holds the post of a member."""
    user, _ = register(username=PHONE, name=NAME, password="支部-pass-1")
    post = appoint(by=system_scope(), user=user, organisation=cast.branch, role="member", starts_on=date(2020, 1, 1))
    cast.posts["lan"] = post
    return Member.objects.create(
        organisation=cast.branch, name=NAME, sex="f", id_number=NUMBER, phone=PHONE, born_on=date(1980, 1, 1),
        kind="full", joined_on=date(2005, 7, 1), full_on=date(2006, 7, 1), education="大专", user=user,
    )  # fmt: skip


def scope(cast: Cast, role: str, place: Any = None) -> Scope:
    """A new person of that role at the county, or at `place`."""
    user, _ = register(username=f"new-{role}-{User.objects.count()}", name=f"新{role}", password="支部-pass-1")
    post = appoint(
        by=system_scope(), user=user, organisation=place or cast.county, role=role, starts_on=date(2020, 1, 1)
    )
    cast.posts[role] = post
    return next(scope_of(one, TODAY) for one in posts_on(user.pk, TODAY) if one.pk == post.pk)


def everyone() -> list[Member]:
    return list(Member.objects.everything("test").order_by("pk"))
