"""The cast, with something in every room that nobody outside may see."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from zhibu.web.access.actions import appoint
from zhibu.web.access.models import Post
from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.actions import register
from zhibu.web.assessment.models import Score, Trial
from zhibu.web.conftest import Cast, _today, cast
from zhibu.web.core import clock
from zhibu.web.imports.models import Batch, Book
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.records.models import Draft, Record
from zhibu.web.regulations.actions import publish
from zhibu.web.regulations.models import Scheme

CANARY = "金丝雀"


@pytest.fixture
def county(cast: Cast) -> Cast:
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    for place in (cast.branch, cast.sister, cast.neighbour):
        _furnish(cast, place)
    refresh()
    deputy, _ = register(username="sister", name="副书记甲")
    appoint(by=system_scope(), user=deputy, organisation=cast.sister, role="deputy", starts_on=date(2020, 1, 1))
    return cast


def _furnish(cast: Cast, place: Organisation) -> None:
    """A record, a member, a draft and an import of the place; the neighbour's carry the canary."""
    word = CANARY if place == cast.neighbour else "平常"
    Record.objects.create(
        number=number_of(place), organisation=place, types=["theme_day"], topic=f"{word}主题", content=f"{word}内容",
        held_on=date(2026, 11, 6), recorded_on=date(2026, 11, 7), recorded_at=clock.now(), expected=8, present=8,
        host=word, place=word,
    )  # fmt: skip
    Member.objects.unscoped("test").filter(organisation=place).update(education=word)
    first = Member.objects.unscoped("test").filter(organisation=place).order_by("pk")[0]
    Member.objects.unscoped("test").filter(pk=first.pk).update(name=f"{word}党员")
    user = cast.posts["neighbour" if place == cast.neighbour else "secretary"].user
    Draft.objects.create(
        organisation=place, user=user, key=f"new-{place.pk}", fields={"content": word}, saved_at=clock.now()
    )
    batch = Batch.objects.create(organisation=place, created_at=clock.now(), state="checked", report={"note": word})
    Book.objects.create(batch=batch, kind="members", name=f"{word}.xlsx", stored="none")
    _try(cast, place, word)


def _try(cast: Cast, place: Organisation, word: str) -> None:
    """A draft of the place's own office, tried already."""
    now, post = clock.now(), cast.posts["officer"]
    Trial.objects.create(
        organisation=place, by=post.user, post_id=post.pk, created_at=now, told_at=now, year=2026,
        against=Scheme.objects.get(year=2026), scheme_text=word, state="failed",
        mistakes=[{"text": "other", "line": 0, "said": word}],
    )  # fmt: skip


def number_of(place: Organisation) -> str:
    return f"2026-{place.pk:06d}"


def batch_of(place: Organisation) -> Batch:
    return Batch.objects.unscoped("test").get(organisation=place)


def post_of(place: Organisation) -> Post:
    return Post.objects.unscoped("test").filter(organisation=place).order_by("pk")[0]


def trial_of(place: Organisation) -> Trial:
    return Trial.objects.unscoped("test").get(organisation=place)


__all__ = ["CANARY", "Post", "Score", "batch_of", "county", "number_of", "post_of", "trial_of"]
