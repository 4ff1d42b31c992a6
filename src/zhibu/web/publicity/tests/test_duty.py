"""What was handed in closes the duty by its record, once."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.duties.models import Verdict
from zhibu.web.publicity import actions, queries
from zhibu.web.publicity.models import News
from zhibu.web.publicity.tests.test_news import TOLD, post
from zhibu.web.records.models import Record

pytestmark = pytest.mark.django_db
WHY = "the test looks at everything"


@pytest.mark.mechanism("M330")
def test_a_committee_hands_in_and_its_duty_is_closed_by_that(year: Cast) -> None:
    """The rule of the example county asks the committee of a township; the engine's verdict is read, not made here."""
    clerk, above = year.client("committee_officer"), year.client("officer")
    duty = {"organisation": year.town, "rule": "information", "period": "2026-11"}
    assert Verdict.objects.unscoped(WHY).get(**duty).status == "open"
    address = clerk.post("/publicity/new/", TOLD).headers["Location"]
    verdict = Verdict.objects.unscoped(WHY).get(**duty)
    news = News.objects.unscoped(WHY).get()
    assert verdict.status == "met" and verdict.evidence == [news.record.number]
    assert "1 期信息等处理" in above.get("/publicity/").content.decode()
    assert post(above, f"{address}back/", reason="写清几次会、多少人") == 302
    assert "写清几次会" in clerk.get(address).content.decode()
    assert post(clerk, f"{address}edit/", **TOLD | {"text": "开了三次会，每次三十多人。"}) == 302
    assert Record.objects.unscoped(WHY).filter(types=["information"], organisation=year.town).count() == 1
    assert post(above, f"{address}adopt/", level="county", published_in="县党建简报第 9 期") == 302
    shown = above.get("/publicity/rates/").content.decode()
    assert "报送 1 期，采用 1 期" in shown and "100" in shown and "已完成" in shown and "没有规定" not in shown
    assert above.get("/publicity/rates/export/").status_code == 200


def test_what_was_noted_as_an_activity_alone_is_told_beside(year: Cast) -> None:
    for number, kind in enumerate(("information", "study")):
        Record.objects.create(
            number=f"2026-90000{number}", organisation=year.town, types=[kind], held_on=date(2026, 10, 9),
            recorded_on=date(2026, 10, 9), recorded_at="2026-10-09T10:00Z", submitted_key=f"k{number}",
        )  # fmt: skip
    actions.send(by=year.scope("committee_officer"), **TOLD)
    (row,) = queries.rates(year.scope("committee_officer").doing("publicity.view"), 2026)
    assert (row.sent, row.noted) == (1, 1)


def test_withdrawn_it_no_longer_counts(year: Cast) -> None:
    clerk = year.scope("committee_officer")
    news = actions.send(by=clerk, **TOLD)
    actions.withdraw(by=clerk, news=news, reason="报重了")
    duty = Verdict.objects.unscoped(WHY).get(organisation=year.town, rule="information", period="2026-11")
    assert duty.status == "open" and queries.rates(clerk.doing("publicity.view"), 2026)[0].sent == 0
