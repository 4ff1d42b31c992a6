"""The copy has every table that mentions the person, whole numbers of their own, nobody else's."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.apps import apps

from zhibu.web.audit.models import Line
from zhibu.web.conftest import ROLES, Cast
from zhibu.web.members.models import Member
from zhibu.web.personal import asking, copies
from zhibu.web.personal.register import person_keys
from zhibu.web.personal.tests.conftest import NAME, NUMBER, PHONE

pytestmark = pytest.mark.django_db


def told(cast: Cast, who: str = "lan") -> dict:
    response = cast.client(who).post("/me/data/", {"kind": "json"})
    assert response.status_code == 200
    return json.loads(response.content)["tables"]


def test_every_table_with_a_key_to_a_person_is_in_it(cast: Cast, lan: Member) -> None:
    """Derived from the tables, not from the register."""
    mention = {model._meta.label_lower for model in apps.get_models(include_auto_created=True) if person_keys(model)}
    assert len(mention) > 12
    assert mention | {"members.member", "accounts.user"} <= set(told(cast))


def test_one_s_own_values_are_whole(cast: Cast, lan: Member) -> None:
    asking.ask(by=cast.scope("lan"), kind="correct", text="学历写错", wanted={"education": "本科"})
    tables = told(cast)
    row = tables["members.member"]["rows"][0]
    assert (row["name"], row["id_sealed"], row["phone_sealed"], row["sex"]) == (NAME, NUMBER, PHONE, "女")
    assert tables["personal.request"]["rows"][0]["wanted_sealed"] == {"education": "本科"}
    assert tables["access.post"]["rows"][0]["user"] == NAME
    assert [len(tables[label]["rows"]) for label in ("members.member", "accounts.user")] == [1, 1]
    assert "password" not in tables["accounts.user"]["rows"][0]


def test_nobody_else_is_in_it(cast: Cast, lan: Member) -> None:
    text = json.dumps(told(cast), ensure_ascii=False)
    for other in Member.objects.unscoped("t").exclude(pk=lan.pk):
        assert other.id_number not in text
        assert other.phone not in text
        assert other.name not in text


@pytest.mark.parametrize("who", ROLES)
def test_an_account_without_a_row_gets_what_there_is(cast: Cast, who: str) -> None:
    tables = told(cast, who)
    assert tables["members.member"]["rows"] == []
    assert tables["accounts.user"]["rows"][0]["username"] == who


def test_as_a_workbook(cast: Cast, lan: Member) -> None:
    response = cast.client("lan").post("/me/data/", {"kind": "xlsx"})
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        text = book.read("xl/sharedStrings.xml").decode()
    for word in ("目录", "党员名册", NAME, NUMBER, PHONE):
        assert word in text


def test_a_look_writes_nothing_and_taking_it_is_a_line(cast: Cast, lan: Member) -> None:
    client = cast.client("lan")
    page = client.get("/me/data/").content.decode()
    assert NUMBER not in page
    assert not Line.objects.unscoped("t").filter(action="me.copy").exists()
    client.post("/me/data/", {"kind": "json"})
    assert Line.objects.unscoped("t").get(action="me.copy").user == lan.user
    assert client.post("/me/data/", {"kind": "exe"}).status_code == 404


def test_a_restricted_person_still_has_their_copy(cast: Cast, lan: Member) -> None:
    from zhibu.web.personal import standings

    standings.restrict(by=cast.scope("officer"), member=lan)
    tables = told(cast)
    assert tables["members.member"]["rows"][0]["name"] == NAME
    assert tables["personal.standing"]["rows"][0]["since"] == "2026-11-21"


def test_parts_and_headings_fit(cast: Cast, lan: Member) -> None:
    for part in copies.of(lan.user, lan):
        assert len(part.names) == len(part.headings)
        assert all(len(row) == len(part.names) for row in part.rows)
