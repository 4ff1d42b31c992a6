"""The self-check: items with their source and grade, proofs that can fail, answers kept with day and person."""

from __future__ import annotations

from typing import Any

import pytest

from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.personal import configuration, proofs, retention, selfcheck
from zhibu.web.personal.models import Request, SelfCheckAnswer
from zhibu.web.personal.tests.conftest import scope

pytestmark = pytest.mark.django_db


def test_every_item_has_source_grade_and_something_to_do() -> None:
    assert len(selfcheck.items()) > 25
    for item in selfcheck.items().values():
        assert item.grade in configuration.GRADES
        assert item.source
        assert item.checks or item.asks
        assert not item.checks or item.checks in proofs.names()
    assert proofs.names() == {item.checks for item in selfcheck.items().values() if item.checks}


def test_what_was_not_seen_is_not_numbered() -> None:
    """Clauses of the rules for applications are graded as they were read; none from memory passes for text."""
    for key in ("approved", "accepted", "filed", "live", "complaints"):
        assert selfcheck.items()[key].grade == "secondary"
    assert "没有见到" in selfcheck.items()["filed"].source


@pytest.mark.parametrize(
    ("check", "change"),
    [
        ("transport", {"SECURE_SSL_REDIRECT": False}),
        ("transport", {"SECURE_CSP": {"default-src": ["'self'", "'unsafe-inline'"]}}),
        ("transport", {"DEBUG": True}),
        ("factors", {"SECOND_FACTOR_ROLES": {"system_admin"}}),
        ("audit_kept", {"AUDIT_MONTHS": 12}),
    ],
)
def test_a_proof_fails_with_the_setting(settings: Any, check: str, change: dict[str, Any]) -> None:
    good = {
        "SECURE_SSL_REDIRECT": True, "SESSION_COOKIE_SECURE": True, "SECURE_HSTS_SECONDS": 31_536_000, "DEBUG": False,
        "SECOND_FACTOR_ROLES": {"system_admin", "security_admin", "audit_admin"}, "AUDIT_MONTHS": 36,
    }  # fmt: skip
    for name, value in good.items():
        setattr(settings, name, value)
    assert proofs.prove(check).good, proofs.prove(check).words
    for name, value in change.items():
        setattr(settings, name, value)
    assert not proofs.prove(check).good


def test_proofs_look_at_what_is_stored(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not proofs.prove("retention").good
    retention.clear()
    assert proofs.prove("retention").good
    monkeypatch.setenv("ZHIBU_TODAY", "2026-11-25")
    assert not proofs.prove("retention").good  # the worker has stopped
    assert proofs.prove("requests").good
    Request.objects.create(organisation=cast.branch, user=cast.posts["member"].user, kind="delete",
                           asked_on="2026-10-01", due_on="2026-10-16")  # fmt: skip
    assert not proofs.prove("requests").good
    assert not proofs.prove("drill").good
    for check in ("register", "each_once", "no_checkin", "no_force", "no_traces", "feedback", "masks", "sealed",
                  "people", "export", "register_page", "disclosures"):  # fmt: skip
        assert proofs.prove(check).good, proofs.prove(check).words


def test_answers_are_kept_with_day_and_person(cast: Cast) -> None:
    scope(cast, "system_admin")
    client = cast.client("system_admin")
    assert client.post("/personal/selfcheck/filed/", {"value": "yes", "note": ""}).status_code == 422
    assert client.post("/personal/selfcheck/filed/", {"value": "no", "note": "正在办"}).status_code == 302
    assert client.post("/personal/selfcheck/filed/", {"value": "yes", "note": "备案号 1"}).status_code == 302
    assert SelfCheckAnswer.objects.count() == 2
    page = client.get("/personal/selfcheck/").content.decode()
    assert "备案号 1" in page
    assert "正在办" not in page
    assert "新system_admin" in page
    assert "正在办" in client.get("/personal/selfcheck/filed/").content.decode()
    assert Line.objects.unscoped("t").filter(action="selfcheck.answer").count() == 2
    for number in ("no_checkin", "nothing"):  # nothing to answer, no such item
        assert client.get(f"/personal/selfcheck/{number}/").status_code == 404


def test_a_year_later_it_is_asked_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    selfcheck.answer(by=scope(cast, "security_admin"), item=selfcheck.items()["host"], value="yes", note="张三")
    (line,) = [line for line in selfcheck.lines() if line.item.key == "host"]
    assert line.good
    monkeypatch.setenv("ZHIBU_TODAY", "2027-11-22")
    (line,) = [line for line in selfcheck.lines() if line.item.key == "host"]
    assert line.stale
    assert not line.good


def test_officers_look_and_do_not_answer(cast: Cast) -> None:
    assert cast.client("officer").get("/personal/selfcheck/").status_code == 200
    assert cast.client("officer").get("/personal/selfcheck/host/").status_code == 403
    assert cast.client("secretary").get("/personal/selfcheck/").status_code == 403
