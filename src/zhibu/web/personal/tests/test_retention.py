"""Terms drive what goes; floors can't be undercut; a rehearsal four years on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils import timezone

from zhibu.web.audit.models import Line
from zhibu.web.config.commands import main
from zhibu.web.conftest import Cast
from zhibu.web.core import clock
from zhibu.web.feedback.models import Feedback
from zhibu.web.imports.models import Batch, Created
from zhibu.web.members.models import Look, Member, Seen
from zhibu.web.personal import configuration, retention
from zhibu.web.personal.models import Request, Run
from zhibu.web.personal.tests.conftest import NAME
from zhibu.web.records.models import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(cast: Cast, lan: Member) -> Member:
    """One row of each kind, of now."""
    now, user = clock.now(), lan.user
    Draft.objects.create(organisation=cast.branch, user=user, key="k", fields={"a": "b"}, saved_at=now)
    look = Look.objects.create(kind="open", user=user, title="书记", at=now)
    Seen.objects.create(look=look, member=lan)
    batch = Batch.objects.create(
        organisation=cast.branch, created_at=now, applied_at=now, state="applied", report={"a": 1}
    )
    Created.objects.create(batch=batch, thing="members.member", thing_id=lan.pk, before={"name": [NAME, "曾晓岚"]})
    Feedback.objects.create(organisation=cast.town, text="意见", name=NAME, contact="139", user=user,
                            sent_on=clock.today(), answered_at=now)  # fmt: skip
    Request.objects.create(organisation=cast.branch, user=user, member=lan, kind="correct", asked_on=clock.today(),
                           due_on=clock.today(), state="refused", answered_at=now)  # fmt: skip
    lan.left_on = clock.today()
    lan.save()
    return lan


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setenv("ZHIBU_TODAY", (timezone.localdate() + timedelta(days=days)).isoformat())


def counts() -> dict[str, int]:
    return {one.term.key: one.count for one in retention.due()}


def test_nothing_goes_before_its_time(old: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, 0)
    assert not any(counts().values())
    later(monkeypatch, 91)
    assert {key for key, count in counts().items() if count} == {"drafts", "import_changes"}


def test_four_years_on(old: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = Line.objects.unscoped("t").count()
    later(monkeypatch, 4 * 366)
    run = retention.clear()
    gone = {key for key, count in run.done.items() if count}
    assert gone == {
        "drafts", "left_phones", "left_details", "feedback_contacts", "looks", "import_changes", "import_reports",
        "requests",
    }  # fmt: skip
    assert not Draft.objects.unscoped("t").exists()
    assert not Look.objects.exists()
    assert not Seen.objects.exists()
    assert not Created.objects.exists()
    assert not Request.objects.unscoped("t").exists()
    assert Batch.objects.unscoped("t").get().report == {}
    letter = Feedback.objects.unscoped("t").get()
    assert (letter.name, letter.contact, letter.user, letter.text) == ("", "", None, "意见")
    left = Member.objects.unscoped("t").get(pk=old.pk)
    assert (left.phone, left.id_number, left.education, left.name) == ("", "", "", NAME)
    assert Line.objects.unscoped("t").count() == lines + 1  # the log lost nothing and says what was done
    line = Line.objects.unscoped("t").get(action="retention.clear")
    assert set(line.new) == gone
    assert not any(counts().values())  # blanked rows are not counted again


def test_the_worker_clears_once_a_day(old: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, 4 * 366)
    assert retention.turn() is True
    assert retention.turn() is False
    later(monkeypatch, 4 * 366 + 1)
    assert retention.turn() is True
    assert Run.objects.count() == 2


def test_a_rehearsal_changes_nothing(
    old: Member, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    later(monkeypatch, 4 * 366)
    assert main(["retention", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "没有提交的活动草稿" in told
    assert "1 条会删除" in told
    assert Draft.objects.unscoped("t").count() == 1
    assert not Run.objects.exists()
    assert main(["retention"]) == 0
    assert "没有提交的活动草稿：1 条已删除" in capsys.readouterr().out
    assert not Draft.objects.unscoped("t").exists()


def test_an_installation_sets_its_terms(old: Member, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PERSONAL.write_text("retention: {drafts: {days: 7}, looks: {days: 200}}\n")
    later(monkeypatch, 8)
    assert counts()["drafts"] == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("retention: {looks: {days: 182}}", "不能少于 183 天"),
        ("retention: {requests: {days: 1000}}", "不能少于 1095 天"),
        ("retention: {drafts: {days: 0}}", "不能少于 1 天"),
        ("retention: {drafts: {days: 很久}}", "整数天"),
        ("retention: {audit_lines: {days: 1}}", "不由这里设置"),
        ("retention: {draft: {days: 9}}", "没有 draft"),
        ("retention: {drafts: 30}", "写成 {days: 天数}"),
        ("answer_days: 31", "1 到 30"),
        ("answerdays: 3", "只能写"),
    ],
)
def test_floors_can_not_be_undercut(settings: Any, text: str, words: str) -> None:
    settings.PERSONAL.write_text(text)
    with pytest.raises(ImproperlyConfigured, match=words):
        configuration.terms()


def test_a_wrong_file_stops_the_clearing_and_nothing_else(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.PERSONAL.write_text("retention: {looks: {days: 1}}")
    assert retention.turn() is False
    assert main(["retention"]) == 2
    assert "不能少于 183 天" in capsys.readouterr().err
    assert not Run.objects.exists()


def test_the_columns_of_the_table_are_there() -> None:
    from django.apps import apps

    for term in configuration.terms():
        if term.days is not None:
            *_, age = retention._road(apps.get_model(term.model), term.age)
            assert isinstance(age, models.DateField)
            for name in term.columns:
                assert apps.get_model(term.model)._meta.get_field(name)
        else:
            assert term.by


def test_the_page(cast: Cast, old: Member) -> None:
    page = cast.client("officer").get("/personal/retention/")
    assert page.status_code == 200
    assert "离开党员的手机号码" in page.content.decode()
    assert cast.client("member").get("/personal/retention/").status_code == 403


def test_left_on_counts_from_the_day(cast: Cast, lan: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    lan.left_on = date(2026, 11, 1)
    lan.save()
    monkeypatch.setenv("ZHIBU_TODAY", "2027-11-01")
    assert counts()["left_phones"] == 0
    monkeypatch.setenv("ZHIBU_TODAY", "2027-11-02")
    assert counts()["left_phones"] == 1
