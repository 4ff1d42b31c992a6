"""A standing committee hears reports as a recurring item of its agenda; what it decides there is tracked as tasks."""

from __future__ import annotations

import pytest

from zhibu.web.agendas.beside import to_hold
from zhibu.web.conftest import Cast
from zhibu.web.tasks.tests.test_pages import give, meeting, text
from zhibu.web.tasks.tests.test_steps import only, reported

pytestmark = pytest.mark.django_db


@pytest.mark.mechanism("M039")
def test_a_recurring_report_is_heard_and_what_was_decided_is_tracked_to_its_end(cast: Cast) -> None:
    town = cast.client("committee_officer")
    item = {"kind": "party_work_report", "title": "听取党建工作汇报", "every": "3", "starts_on": "2026-01-10"}
    assert town.post("/agendas/items/new/", item).status_code == 302
    assert [row[2] for row in to_hold(cast.scope("committee_officer"), cast.town.pk)] == ["late"]
    held = meeting(cast.town, "party_work_report")
    assert "late" not in [row[2] for row in to_hold(cast.scope("committee_officer"), cast.town.pk)]
    order = give(town, kind="decision", record=held.number, title="解决两个村活动经费", units=cast.branch.code)
    assert order.title in text(town, f"/records/{held.number}/") and "1 件交办事项还没有办完" in text(
        town, "/tasks/orders/"
    )
    reported(cast, only(order))
    assert town.post(f"/tasks/{only(order).pk}/accept/", {"text": "已拨付"}).status_code == 302
    assert "办结 1 / 1" in text(town, f"/records/{held.number}/")
