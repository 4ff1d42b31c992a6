"""日历订阅 is opened and stopped by its owner."""

from __future__ import annotations

import hashlib
import secrets

from zhibu.web.access.models import Post
from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.plans.models import Feed

MOST = 5  # at once: phone, tablet, two computers, one to spare


def digest(token: str) -> str:
    """Tokens are 256 random bits, so a plain digest can't be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


@action("calendar.keep")
def open_feed(*, by: Scope) -> tuple[Feed, str]:
    """A new address for the present post, and its token, told once. Raises Unfit: too many, or standing in."""
    if by.acting_for:
        raise Unfit("feed", "代办的身份不能开通日历订阅")
    if Feed.objects.filter(user=by.user_id, revoked_on=None).count() >= MOST:
        raise Unfit("feed", f"最多同时开通 {MOST} 个；停用一个再开")
    token = secrets.token_urlsafe(32)
    made = Feed.objects.create(user_id=by.user_id, post_id=by.post_id, digest=digest(token), made_on=by.on)
    _write(by, made, "开通日历订阅")
    return made, token


@action("calendar.keep")
def revoke(*, by: Scope, feed: Feed) -> None:
    """From now on the address answers nothing."""
    kept = reached(Feed.objects.filter(user=by.user_id, revoked_on=None), feed.pk, "只能停用自己的订阅")
    kept.revoked_on = by.on
    kept.save(update_fields=["revoked_on"])
    _write(by, kept, "停用日历订阅")


def _write(by: Scope, feed: Feed, sentence: str) -> None:
    place = Post.objects.unscoped("the own post").select_related("organisation").get(pk=by.post_id).organisation
    write(by=by, action="calendar.keep", sentence=sentence, thing=feed, organisation=place, happened_on=by.on)
