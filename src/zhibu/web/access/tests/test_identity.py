"""Posts give the scope of every request; the identity bar chooses among them."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from zhibu.web.access.actions import appoint
from zhibu.web.access.models import Post
from zhibu.web.access.queries import system_scope
from zhibu.web.conftest import TODAY, Cast


def test_an_ended_post_is_gone_at_the_next_request(cast: Cast) -> None:
    client = cast.client("auditor")
    assert client.get("/password/").status_code == 200
    Post.objects.unscoped("test").filter(pk=cast.posts["auditor"].pk).update(ends_on=date(2026, 11, 20))
    assert client.get("/password/").status_code == 403


def test_a_post_counts_on_its_last_day(cast: Cast) -> None:
    Post.objects.unscoped("test").filter(pk=cast.posts["auditor"].pk).update(ends_on=TODAY)
    assert cast.client("auditor").get("/password/").status_code == 200


def test_switching_identity(cast: Cast) -> None:
    user = cast.posts["secretary"].user
    second = appoint(by=system_scope(), user=user, organisation=cast.neighbour, role="secretary")
    client = cast.client("secretary")
    body = client.get(reverse("identity")).content.decode()
    assert "大营镇槐树村党支部·书记" in body and "石门镇柳树村党支部·书记" in body
    client.post(reverse("identity"), {"post": str(second.pk)})
    assert "现以 <b>石门镇柳树村党支部·书记</b> 身份" in client.get(reverse("identity")).content.decode()


def test_somebody_elses_post_cannot_be_chosen(cast: Cast) -> None:
    client = cast.client("secretary")
    for nonsense in (str(cast.posts["officer"].pk), "x", "", "9" * 30):
        client.post(reverse("identity"), {"post": nonsense})
        assert "大营镇槐树村党支部·书记" in client.get(reverse("identity")).content.decode()


def test_reading_changes_nothing(cast: Cast) -> None:
    client = cast.client("secretary")
    assert client.put(reverse("identity")).status_code == 405
