"""Drafts survive: a pause, another phone, an expired sign-in. Nobody else reads them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from zhibu.web.accounts.models import Session
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.core import clock
from zhibu.web.records import actions
from zhibu.web.records.tests import given

NEW, DRAFT = "/records/new/", "/records/draft/"
WHO = {"secretary": 200, "officer": 403, "committee_officer": 403, "leader": 403, "member": 403, "auditor": 403}


@pytest.mark.parametrize(("who", "status"), WHO.items())
def test_who_keeps_drafts(cast: Cast, who: str, status: int) -> None:
    assert cast.client(who).post(DRAFT, given.typed()).status_code == status


def test_autosave_says_when_and_writes_no_audit_line(cast: Cast) -> None:
    before = Line.objects.unscoped(given.WHY).count()
    answer = cast.client("secretary").post(DRAFT, given.typed(content="写了一半"))
    assert len(answer.json()["saved"]) == 5
    assert given.all_drafts()[0].fields["content"] == ["写了一半"]
    assert Line.objects.unscoped(given.WHY).count() == before


def test_put_aside_and_taken_up_again(cast: Cast) -> None:
    client = cast.client("secretary")
    member = given.members(cast.branch)[0]
    answer = client.post(NEW, given.typed(do="save", content="写了一半", **{f"state-{member.pk}": "leave"}))
    page = client.get(answer.headers["Location"]).content.decode()
    assert "写了一半</textarea>" in page
    assert "草稿已存" in page
    assert '<option value="leave" selected>' in page
    assert "有 1 处" not in page  # nothing is judged before it is sent
    assert "没有提交的草稿" in (listed := client.get("/records/").content.decode())
    assert "：写了一半</a>" in listed  # what it is about, among several of one day
    assert "还没有提交" in client.get(NEW).content.decode()


def test_only_answers_of_the_form_are_kept(cast: Cast) -> None:
    cast.client("secretary").post(DRAFT, given.typed(csrfmiddlewaretoken="secret", owner="x", other="y"))
    assert {"csrfmiddlewaretoken", "owner", "other", "do"}.isdisjoint(given.all_drafts()[0].fields)


def test_a_draft_is_its_writers_own(cast: Cast) -> None:
    cast.client("secretary").post(DRAFT, given.typed(content="不给别人看"))
    other = cast.client("neighbour")
    assert other.get(NEW + "?key=form-1").status_code == 302
    other.post(DRAFT, {"key": "form-1", "do": "drop"})
    assert len(given.all_drafts()) == 1


def test_dropping(cast: Cast) -> None:
    client = cast.client("secretary")
    client.post(DRAFT, given.typed())
    client.post(DRAFT, {"key": "form-1", "do": "drop"})
    assert given.all_drafts() == []


def test_another_phone_is_not_overwritten(cast: Cast) -> None:
    """Two phones with the same draft: the second is told, keeps its words, and chooses."""
    client = cast.client("secretary")
    opened = (clock.now() - timedelta(minutes=5)).isoformat()
    client.post(DRAFT, given.typed(content="手机上写的", tab="phone", seen=opened))
    assert client.post(DRAFT, given.typed(content="手机上接着写", tab="phone", seen=opened)).status_code == 200
    assert client.post(DRAFT, given.typed(content="电脑上写的", tab="desk", seen=opened)).status_code == 409
    page = client.post(NEW, given.typed(content="电脑上写的", tab="desk", seen=opened, do="save"))
    assert page.status_code == 409
    assert "手机上接着写" in page.content.decode()
    assert "电脑上写的</textarea>" in page.content.decode()
    assert given.all_drafts()[0].fields["content"] == ["手机上接着写"]
    client.post(NEW, given.typed(content="电脑上写的", tab="desk", seen=opened, do="keep"))
    assert given.all_drafts()[0].fields["content"] == ["电脑上写的"]


def test_words_survive_an_expired_sign_in(cast: Cast) -> None:
    client = cast.client("secretary")
    owner = re.search(r'name="owner" value="([^"]+)"', client.get(NEW).content.decode())[1]
    client.logout()
    answer = client.post(NEW, given.typed(content="写了二十分钟", owner=owner))
    assert answer.headers["Location"] == "/login/?next=/records/new/%3Fkey%3Dform-1"
    client.force_login(cast.posts["secretary"].user, backend="django.contrib.auth.backends.ModelBackend")
    assert "写了二十分钟</textarea>" in client.get(NEW + "?key=form-1").content.decode()


def test_after_half_an_hour_the_sign_in_leads_back_to_the_form(cast: Cast) -> None:
    """Not to a page of hidden fields: the form itself, with a line that says what happened."""
    client = cast.client("secretary")
    owner = re.search(r'name="owner" value="([^"]+)"', client.get(NEW).content.decode())[1]
    Session.objects.update(expire_date=clock.now() - timedelta(minutes=1))
    answer = client.post(NEW, given.typed(content="写了二十分钟", owner=owner))
    assert "刚才写的内容还在" in client.get(answer.headers["Location"]).content.decode()
    told = {"username": "secretary", "password": "支部-pass-1", "next": f"{NEW}?key=form-1"}
    onward = client.post("/login/", told).headers["Location"]
    assert onward == f"{NEW}?key=form-1"
    page = client.get(onward).content.decode()
    assert "写了二十分钟</textarea>" in page and "刚才写的都在，还没有提交" in page


def test_on_a_shared_computer_the_next_person_does_not_get_them(cast: Cast) -> None:
    client = cast.client("secretary")
    owner = re.search(r'name="owner" value="([^"]+)"', client.get(NEW).content.decode())[1]
    client.logout()
    client.post(NEW, given.typed(content="写了二十分钟", owner=owner))
    client.force_login(cast.posts["neighbour"].user, backend="django.contrib.auth.backends.ModelBackend")
    client.get(NEW + "?key=form-1")
    assert given.all_drafts() == []


def test_a_forged_mark_keeps_nothing(cast: Cast) -> None:
    client = Client()
    client.post(NEW, given.typed(owner="1:forged"))
    assert "records-typed" not in client.session


def test_a_damaged_draft_opens(cast: Cast) -> None:
    actions.save_draft(by=cast.scope("secretary"), key="odd", fields={"content": "not a list", "types": [None], "x": 1})
    assert cast.client("secretary").get(NEW + "?key=odd").status_code == 200
    assert cast.client("secretary").get("/records/check/?key=odd").status_code == 422
