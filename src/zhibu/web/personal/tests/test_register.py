"""The register is whole: every column of a person and every form field that asks for one is in it, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django import forms
from django.apps import apps
from django.db import models

from zhibu.web.access.policy import POLICY
from zhibu.web.conftest import ROLES, Cast
from zhibu.web.imports.books import columns as books
from zhibu.web.members.models import Member
from zhibu.web.personal import asked_for, configuration, disclosures, register
from zhibu.web.personal.register import entries, fields, viewers

ROOT = Path(__file__).resolve().parents[5]


def test_every_column_of_a_person_has_its_row_and_every_row_its_column() -> None:
    assert list(register.faults()) == []


def test_every_form_field_that_asks_is_in_the_register() -> None:
    assert list(asked_for.faults()) == []


def test_what_the_books_of_members_ask_for_is_in_the_register() -> None:
    passed_over = {"nation", "note", "serial"}  # known, so that nobody is told they are strange; kept nowhere
    asked = {column.field for column in books.COLUMNS[books.MEMBERS]} - passed_over
    assert not passed_over & {one.name for one in Member._meta.concrete_fields}
    known = {field.name for field in entries()["members.member"].fields} | {"id_number", "phone", "branch"}
    known |= {"changed_on"}  # kept as the day of the step, members.memberchange.on
    assert asked <= known | entries()["members.member"].technical, asked - known


@pytest.fixture
def unregistered() -> Any:
    """A table with a key to a person that nobody registered, for the time of one test."""

    class Stray(models.Model):
        member = models.ForeignKey(Member, models.CASCADE, related_name="+")
        blood_group = models.CharField(max_length=3)

        class Meta:
            app_label = "personal"

    yield Stray
    del apps.all_models["personal"]["stray"]
    apps.clear_cache()


def test_a_new_table_fails_the_build(unregistered: Any) -> None:
    assert [fault for fault in register.faults() if "personal.stray" in fault]


def test_a_new_column_fails_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    column = models.CharField(max_length=20)
    column.set_attributes_from_name("shoe_size")
    column.model = Member
    monkeypatch.setattr(Member._meta, "local_fields", [*Member._meta.local_fields, column])
    Member._meta._expire_cache()
    try:
        assert "members.member.shoe_size: no row" in list(register.faults())
    finally:
        monkeypatch.undo()
        Member._meta._expire_cache()


def test_a_row_without_a_column_fails_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    entry = entries()["members.seen"]
    ghost = replace(entry, fields=(*entry.fields, replace(entry.fields[0], name="ghost")))
    monkeypatch.setattr(register, "entries", lambda: {**entries(), "members.seen": ghost})
    assert "members.seen.ghost: no such column" in list(register.faults())


def test_a_new_form_field_fails_the_build() -> None:
    class Nosy(forms.Form):
        religion = forms.CharField(label="宗教信仰")

    Nosy.__module__ = "zhibu.web.feedback.forms"
    Nosy.__qualname__ = "Nosy"
    try:
        assert "zhibu.web.feedback.forms.Nosy: not in forms.yaml" in list(asked_for.faults())
    finally:
        Nosy.__module__ = "zhibu.web.feedback.tests.gone"


def test_every_export_says_whether_it_gives_personal_data_away() -> None:
    """Derived from the policy: an action that exports is described, or is innocent for a reason."""
    exports = {action for action in POLICY.actions if re.search(r"\.(export|copy|unmask)", action)}
    assert exports <= set(disclosures.kinds()) | set(disclosures.innocent())
    assert set(disclosures.kinds()) | set(disclosures.innocent()) <= set(POLICY.actions)
    for kind in disclosures.kinds().values():
        assert set(kind["fields"]) <= set(fields())
        assert kind["ground"] in {*register.grounds(), ""}


def test_every_route_that_writes_on_reading_is_described() -> None:
    routes = yaml.safe_load((ROOT / "tests/access/routes.yaml").read_text("utf-8"))
    told = set(disclosures.kinds()) | set(disclosures.innocent())
    assert {route["needs"] for route in routes.values() if route.get("writes")} <= told


def test_who_sees_is_what_the_policy_says() -> None:
    assert "书记" in viewers("members.view+member.numbers")
    assert "联系领导" not in viewers("members.view")
    assert "委员" in viewers("members.view+member.care")
    assert "委员" not in viewers("members.view+member.numbers").split("、")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ROLES)
def test_everybody_reads_the_register(cast: Cast, who: str) -> None:
    page = cast.client(who).get("/processing/")
    assert page.status_code == 200
    words = page.content.decode()
    for field in fields().values():
        assert field.purpose in words, field.key
    assert '<a href="/processing/">' in cast.client(who).get("/feedback/").content.decode()
    assert cast.client(who).get("/processing/export/").content[:2] == b"PK"


def test_grades_are_words_of_the_house() -> None:
    for ground in register.grounds().values():
        assert ground["grade"] in configuration.GRADES
    for term in configuration.terms():
        assert term.grade in configuration.GRADES
