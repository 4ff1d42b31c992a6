"""Sessions: limits kept by the server, ended by what should end them, listed for their owner (W08)."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.test import Client

from zhibu.web.accounts import sessions
from zhibu.web.accounts.models import Session, User
from zhibu.web.accounts.tests.conftest import PASSWORD, Clock, sign_in
from zhibu.web.conftest import Cast

NAME = configured.SESSION_COOKIE_NAME


def signed_in(username: str = "secretary", **more: str) -> Client:
    client = Client(**more)
    assert sign_in(client, username).status_code == 302
    return client


def inside(client: Client) -> bool:
    """Whether the very cookie of the client still opens a page; a copy, so that the answer cannot take it away."""
    copy = Client()
    copy.cookies[NAME] = client.cookies[NAME].value
    return copy.get("/security/").status_code == 200


def test_half_an_hour_without_use_ends_it(cast: Cast, turned: Clock) -> None:
    client = signed_in()
    turned.later(minutes=29)
    assert inside(client)
    turned.later(minutes=29)
    assert inside(client)  # it was used in between
    turned.later(minutes=31)
    assert not inside(client)


def test_twelve_hours_end_it_however_busy(cast: Cast, turned: Clock) -> None:
    client = signed_in()
    for _ in range(35):
        turned.later(minutes=20)
        assert inside(client)
    turned.later(minutes=21)
    assert not inside(client)


def test_using_it_does_not_write_at_every_click(cast: Cast, turned: Clock) -> None:
    client = signed_in()
    row = Session.objects.get()
    client.get("/security/")
    assert Session.objects.get().seen_at == row.seen_at
    turned.later(seconds=61)
    client.get("/security/")
    assert Session.objects.get().seen_at > row.seen_at


def test_the_table_holds_no_key_that_opens_anything(cast: Cast) -> None:
    client = signed_in()
    row = Session.objects.get()
    assert row.pk != client.cookies[NAME].value
    thief = Client()
    thief.cookies[NAME] = row.pk
    assert not inside(thief)


def test_a_new_password_ends_all_others(cast: Cast) -> None:
    here, there = signed_in(), signed_in()
    new = "槐树村-long-enough"
    assert here.post("/password/", {"new_password1": new, "new_password2": new}).status_code == 302
    assert here.get("/security/").status_code == 200
    assert not inside(there)


def test_a_disabled_account_is_out_at_the_next_click(cast: Cast) -> None:
    client = signed_in()
    User.objects.filter(username="secretary").update(is_active=False)
    assert not inside(client)


def test_an_ended_post_is_out_of_its_pages_at_the_next_click(cast: Cast) -> None:
    client = signed_in()
    assert client.get("/members/").status_code == 200
    cast.posts["secretary"].delete()
    assert client.get("/members/").status_code == 403


def test_the_list_names_device_and_address_and_ends_one(cast: Cast) -> None:
    phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile MicroMessenger/8.0"
    here, there = signed_in(), signed_in(REMOTE_ADDR="10.3.3.3", HTTP_USER_AGENT=phone)
    page = here.get("/security/").content.decode()
    assert "微信 8, Android" in page and "10.3.3.3" in page and "（这里）" in page
    here.post("/security/sessions/", {"session": Session.objects.get(address="10.3.3.3").pk})
    assert not inside(there) and inside(here)


def test_ending_all_others_keeps_this_one(cast: Cast) -> None:
    here, there, third = signed_in(), signed_in(), signed_in()
    other = signed_in("officer")
    here.post("/security/sessions/")
    assert [inside(client) for client in (here, there, third, other)] == [True, False, False, True]


def test_nobody_ends_the_session_of_another(cast: Cast) -> None:
    mine, his = signed_in("member"), signed_in("officer")
    mine.post("/security/sessions/", {"session": Session.objects.get(user__username="officer").pk})
    assert inside(his)


def test_what_is_over_is_forgotten_after_a_day(cast: Cast, turned: Clock) -> None:
    signed_in()
    turned.later(hours=13)
    sessions.forget()
    assert Session.objects.count() == 1  # whose it was is still known
    turned.later(hours=24)
    sessions.forget()
    assert Session.objects.count() == 0


@pytest.mark.parametrize("who", ["secretary", "member"])
def test_words_typed_too_late_wait_for_their_writer(cast: Cast, turned: Clock, who: str) -> None:
    """The form comes after half an hour; its writer finds it again, a colleague at that computer does not."""
    client = signed_in("secretary")
    turned.later(minutes=31)
    words = "槐树村的意见：路灯不亮\n请尽快修"
    answer = client.post("/feedback/", {"text": words, "password": "must-not-stay", "key": "61222d57545d4469"})
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/login/")
    assert "刚才写的内容还在" in client.get(answer.headers["Location"]).content.decode()
    onward = sign_in(client, who, PASSWORD)
    page = client.get("/login/held/")
    if who == "secretary":
        assert onward.headers["Location"] == "/login/held/"
        assert "路灯不亮" in page.content.decode() and 'action="/feedback/"' in page.content.decode()
        assert "must-not-stay" not in page.content.decode()
        assert '<p class="prose">61222d57545d4469' not in page.content.decode()  # sent again, shown to nobody
        client.post("/login/held/")
        assert client.get("/login/held/").status_code == 302
    else:
        assert onward.headers["Location"] == "/" and page.status_code == 302


def test_a_stranger_leaves_no_words(cast: Cast) -> None:
    client = Client()
    client.post("/feedback/", {"text": "x" * 1000})
    assert Session.objects.count() == 0


def test_reading_the_sign_in_page_makes_no_row(db: None) -> None:
    Client().get("/login/")
    assert Session.objects.count() == 0


def test_only_a_sign_out_takes_the_cookie_away(cast: Cast) -> None:
    """Two answers may come in any order: a late one must not take away the session that began meanwhile."""
    client = signed_in()
    assert client.post("/logout/").cookies[NAME]["max-age"] == 0
    client = signed_in()
    Session.objects.all().delete()
    for answer in (client.post("/records/draft/", headers={"X-Draft": "1"}), client.get("/security/")):
        assert answer.status_code == 302 and NAME not in answer.cookies
