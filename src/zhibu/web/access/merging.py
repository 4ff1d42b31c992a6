"""An organisation ends: posts that are still held there keep it from being abolished, and end when it is merged."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.web.access.actions import stop
from zhibu.web.access.models import Post
from zhibu.web.core.spans import overlapping

SHOWN = 5


def remains(organisation: int, on: date) -> list[str]:
    """Listener of `core.announce`: posts that last beyond the day."""
    found = list(_open(organisation, on))
    words = "、".join(f"{post.user.name}（{post.get_role_display()}）" for post in found[:SHOWN])
    return [f"任职 {len(found)} 个：{words}{' 等' if len(found) > SHOWN else ''}"] if found else []


def end_all(organisation: int, into: int, on: date) -> dict[str, int]:
    """Listener of `core.announce`: they end with the organisation; the receiving one appoints anew."""
    found = list(_open(organisation, on))
    for post in found:
        stop(post, max(on, post.starts_on or on))
    return {"posts": len(found)}


def _open(organisation: int, on: date) -> QuerySet[Post]:
    rows = Post.objects.unscoped("an organisation that ends").filter(overlapping(on, None), organisation=organisation)
    return rows.exclude(ends_on=on).select_related("user").order_by("pk")
