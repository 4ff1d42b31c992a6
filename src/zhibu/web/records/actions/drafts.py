"""Drafts: what was typed and not yet sent. Not a formal write: no audit line, nobody else ever reads it.

So these two are not `@action`s; they still ask the scope, and a draft is reached only by its own account.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.records.models import Draft


class DraftMoved(RuntimeError):
    """The same draft was saved elsewhere (another phone, another tab) after this one was loaded."""

    def __init__(self, theirs: Draft):
        super().__init__(theirs.key)
        self.theirs = theirs


@transaction.atomic
def save_draft(*, by: Scope, key: str, fields: Mapping[str, Any], seen: datetime | None = None) -> Draft:
    """Keep what was typed. `seen` is when the writer's page was loaded; None overwrites.

    Raises DraftMoved(theirs) when another page (`fields["tab"]`) has saved something else since.
    """
    _allowed(by)
    there = _mine(by, key).select_for_update(of=("self",)).first()
    if there and seen and there.saved_at > seen and _elsewhere(there.fields, fields):
        raise DraftMoved(there)
    draft = Draft(organisation_id=by.organisation_id, user_id=by.user_id, key=key, fields=fields, saved_at=clock.now())
    # One statement: the page's autosave and its button may arrive together.
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["user", "organisation", "key"],
        update_fields=["fields", "saved_at"],
    )
    return draft


def drop_draft(*, by: Scope, key: str) -> None:
    """Forget a draft; one that is not there is no error."""
    _allowed(by)
    _mine(by, key).delete()


def hand_over(from_user_id: int, to_user_id: int, organisation_id: int) -> None:
    """With the post its drafts go over (交接); of two of one form the later stays."""
    rows = Draft.objects.unscoped("a post is handed over with its drafts").filter(organisation_id=organisation_id)
    theirs = {draft.key: draft for draft in rows.filter(user_id=to_user_id)}
    for draft in rows.filter(user_id=from_user_id):
        other = theirs.get(draft.key)
        if other and other.saved_at >= draft.saved_at:
            draft.delete()
            continue
        if other:
            other.delete()
        draft.user_id = to_user_id
        draft.save(update_fields=["user"])


def go_over(organisation_id: int, into_id: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: drafts follow a merged branch (合并); a form the account has there already stays."""
    rows = Draft.objects.unscoped("a merged branch brings its drafts")
    there = set(rows.filter(organisation_id=into_id).values_list("user_id", "key"))
    brought = rows.filter(organisation_id=organisation_id)
    mine = [draft.pk for draft in brought if (draft.user_id, draft.key) not in there]
    return {"drafts": rows.filter(pk__in=mine).update(organisation_id=into_id)}


def _elsewhere(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> bool:
    """Typed in another page, and not the same words."""
    aside = ("tab", "seen")
    words = [{name: value for name, value in one.items() if name not in aside} for one in (theirs, mine)]
    return theirs.get("tab") != mine.get("tab") and words[0] != words[1]


def _allowed(by: Scope) -> None:
    if not by.may("records.draft"):
        raise NotAllowed(f"“{by.title}”不能存草稿")


def _mine(by: Scope, key: str):
    return Draft.objects.within(by).filter(user_id=by.user_id, organisation_id=by.organisation_id, key=key)
