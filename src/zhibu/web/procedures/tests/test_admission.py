"""Admission under the rules of 2026, page by page, from the application to full membership."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client

from zhibu.web.conftest import Cast, enter
from zhibu.web.members.models import Member
from zhibu.web.procedures import publishing
from zhibu.web.procedures.library import shelf
from zhibu.web.procedures.models import Case
from zhibu.web.procedures.tests.small import fresh, rows

pytestmark = pytest.mark.django_db
NUMBER = "990000200003050018"
HEADS = {"for": "yes", "against": "no", "written_for": "written_yes"}


def good_run() -> dict[str, Any]:
    file = settings.PACKS / "central/procedures/admission/cases/from-2026.yaml"
    return next(iter(yaml.safe_load(file.read_text("utf-8"))))


def form_of(record: dict[str, Any]) -> dict[str, str]:
    """What a person fills in for a record of a worked case."""
    told = {"done": str(record["done"]), "outcome": str(record.get("outcome", "yes"))}
    told |= {"begun": str(record["begun"])} if "begun" in record else {}
    for name, one in record.get("values", {}).items():
        told[f"v_{name}"] = ("yes" if one else "no") if isinstance(one, bool) else str(one)
    told |= {f"vote_{HEADS.get(name, name)}": str(one) for name, one in record.get("votes", {}).items()}
    return told | {f"p_{name}": "on" for name in record.get("papers", ())}


def clients(cast: Cast) -> dict[str, Client]:
    found = {"own": Client(), "superior": Client(), "department": Client()}
    for by, who in (("own", "secretary"), ("superior", "committee_officer"), ("department", "officer")):
        enter(found[by], cast.posts[who].user)
    return found


def begin(cast: Cast, monkeypatch: pytest.MonkeyPatch, run: dict[str, Any], people: dict[str, Client]) -> Case:
    publishing.publish(paths=[settings.PACKS / "central"])
    monkeypatch.setenv("ZHIBU_TODAY", str(run["opened"]))
    told = {"name": "林晓禾", "born_on": str(run["values"]["born_on"]), "opened": str(run["opened"])}
    people["own"].post("/procedures/new/?procedure=admission", told)
    return Case.objects.unscoped("t").get()


def go_on(
    case: Case, record: dict[str, Any], monkeypatch: pytest.MonkeyPatch, people: dict[str, Client], **more: str
) -> Any:
    monkeypatch.setenv("ZHIBU_TODAY", str(record["done"]))
    step = shelf().at(case.organisation.path)["admission"][-1].step(record["step"])
    way = "step" if step.by == "own" else "decide"
    return people[step.by].post(
        f"/procedures/{case.pk}/{way}/{record['step']}/", {**form_of(record), "x_id_number": NUMBER, **more}
    )


@pytest.mark.mechanism("M255")
@pytest.mark.mechanism("M257")
def test_every_step_on_its_page_by_whose_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run, people = good_run(), clients(cast)
    case = begin(cast, monkeypatch, run, people)
    for record in run["records"]:
        if record["step"] == "approval":  # the roster wants a number, and one that fits
            for number in ("", "990000200003050019", "990000199901010012"):
                assert go_on(case, record, monkeypatch, people, x_id_number=number).status_code == 422
            assert not Member.objects.unscoped("t").filter(name="林晓禾").exists()
        answer = go_on(case, record, monkeypatch, people)
        said = "" if answer.status_code == 302 else answer.content.decode().split("<main")[1][:3000]
        assert answer.status_code == 302, f"{record['step']}: {said}"
    ended = fresh(case)
    assert (ended.ended, str(ended.ended_on)) == ("已转为正式党员", str(run["records"][-1]["done"]))
    assert len(rows(case)) == len(run["records"])
    member = Member.objects.unscoped("t").get(name="林晓禾")
    assert (member.kind, member.joined_on, member.full_on) == ("full", date(2028, 3, 5), date(2029, 3, 5))
    assert (ended.member, ended.name, ended.born_on) == (member, "", None)
    assert not any(row.effect_left for row in rows(case))
    kept = " ".join(str(value) for row in (ended, *rows(case)) for value in vars(row).values())
    assert NUMBER not in kept
    page = people["own"].get(f"/procedures/{case.pk}/").content.decode()
    assert "已转为正式党员" in page
    assert "短期集中培训" in page


@pytest.mark.mechanism("M257")
def test_no_class_no_admission_unless_the_committee_writes_a_reason(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, people = good_run(), clients(cast)
    case = begin(cast, monkeypatch, run, people)
    steps = [record["step"] for record in run["records"]]
    before, after = steps.index("training"), steps.index("committee-review")
    for record in run["records"][:before]:
        assert go_on(case, record, monkeypatch, people).status_code == 302
    refused = go_on(case, run["records"][after], monkeypatch, people)
    assert refused.status_code == 422
    assert "短期集中培训" in refused.content.decode()
    short = {**run["records"][before], "values": {"training_days": 1}}
    asked = go_on(case, short, monkeypatch, people)
    assert asked.status_code == 422
    assert "写明理由，才能记" in asked.content.decode()
    assert go_on(case, short, monkeypatch, people, reason="特殊情况，县委组织部同意").status_code == 302
    assert go_on(case, run["records"][after], monkeypatch, people).status_code == 302


def test_a_month_early_is_refused_with_the_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run, people = good_run(), clients(cast)
    case = begin(cast, monkeypatch, run, people)
    for record in run["records"]:
        if record["step"] == "candidate":
            early = {**record, "done": date(2027, 12, 9)}
            answer = go_on(case, early, monkeypatch, people)
            assert answer.status_code == 422
            assert "最早 2027-12-" in answer.content.decode()
            return
        assert go_on(case, record, monkeypatch, people).status_code == 302
