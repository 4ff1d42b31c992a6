"""Clean conduct by what the house has: a kind of activity of its own, and a list that is loaded, asked and answered."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.library import actions as library
from zhibu.web.library import queries
from zhibu.web.library.models import Document
from zhibu.web.library.splitting import pieces
from zhibu.web.records import actions as records

pytestmark = pytest.mark.django_db
WHY = "the test looks at everything"


@pytest.mark.mechanism("M328")
def test_warning_education_of_leaders_is_a_kind_of_its_own(cast: Cast) -> None:
    fields = {
        "types": ["leaders_warning"],
        "held_on": TODAY,
        "content": "学习廉洁从政规定",
        "expected": 9,
        "present": 8,
    }
    made = records.submit(
        by=cast.scope("secretary"), organisation=cast.branch, fields=fields, attendance={}, key="warning"
    )
    shown = cast.client("secretary").get(f"/records/{made.number}/").content.decode()
    assert "领导干部警示教育" in shown and made.present == 8


@pytest.mark.mechanism("M329")
def test_a_list_is_loaded_and_each_unit_checks_itself(cast: Cast) -> None:
    """Nothing is installed: an office pastes what it was given, clause by clause."""
    assert not Document.objects.unscoped(WHY).exists()
    office, unit = cast.client("officer"), cast.client("secretary")
    told = {"title": "某项纪律要求", "issuer": "某机关", "status": "in_force"}
    office.post("/library/new/", told)
    document = Document.objects.unscoped(WHY).get()
    number = document.pk
    library.put_clauses(by=cast.scope("officer"), document=document, pieces=pieces("第一条 甲\n第二条 乙"))
    chosen = list(document.clauses.values_list("pk", flat=True))
    due = date(2026, 12, 10).isoformat()
    asked = {"clauses": chosen, "units": cast.branch.code, "due_on": due}
    table = send(office, f"/library/{number}/ask/", asked).headers["Location"]
    for one in queries.to_answer(cast.scope("secretary")):
        unit.post(f"/library/asked/{one.pk}/", {"state": "done", "sentence": "自查没有问题"})
    assert "自查没有问题" in office.get(table).content.decode()
