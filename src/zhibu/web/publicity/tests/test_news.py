"""信息: handed in once, counted once; adopted or returned above; offered to committees of other lines."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import Client

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.publicity import actions
from zhibu.web.publicity.models import News

pytestmark = pytest.mark.django_db
TOLD = {"kind": "experience", "title": "村级议事前移一步", "text": "会前把议题贴到群里，会上只议三件事。"}


def sent(cast: Cast, who: str = "secretary") -> News:
    return actions.send(by=cast.scope(who), **TOLD)


def post(client: Client, address: str, **told: str) -> int:
    return client.post(address, told).status_code


def test_the_own_superior_answers_and_nobody_else(cast: Cast) -> None:
    news = sent(cast)
    address = f"/publicity/{news.pk}/"
    for who, status in (("secretary", 200), ("committee_officer", 200), ("officer", 200), ("neighbour", 404),
                        ("member", 403), ("leader", 403), ("auditor", 403)):  # fmt: skip
        assert cast.client(who).get(address).status_code == status, who
    assert post(cast.client("secretary"), f"{address}adopt/", level="county", published_in="x") == 404
    for who in ("secretary", "neighbour"):
        with pytest.raises(NotAllowed):
            actions.adopt(by=cast.scope(who), news=news, level="county", published_in="x")
    with pytest.raises(NotAllowed):
        actions.withdraw(by=cast.scope("committee_officer"), news=news, reason="x")
    above = cast.scope("committee_officer")
    actions.adopt(by=above, news=news, level="city", published_in="市简报")
    with pytest.raises(Unfit, match="更高"):
        actions.adopt(by=above, news=news, level="county", published_in="县简报")
    with pytest.raises(Unfit, match="不能退回"):
        actions.send_back(by=above, news=news, reason="x")
    with pytest.raises(Unfit, match="不能撤回"):
        actions.withdraw(by=cast.scope("secretary"), news=news, reason="x")
    news.refresh_from_db()
    assert (news.level, news.answered_by, news.answered_on) == ("city", cast.town.name, TODAY)


@pytest.mark.mechanism("M340")
def test_what_one_line_offers_another_reads(cast: Cast) -> None:
    news = sent(cast)
    there = cast.client("neighbour")
    assert news.title not in there.get("/publicity/exchange/").content.decode()
    assert there.get(f"/publicity/exchange/{news.pk}/").status_code == 404
    own = cast.client("secretary")
    post(own, f"/publicity/{news.pk}/share/", shared="1")
    assert news.title in there.get("/publicity/exchange/").content.decode()
    assert news.text in there.get(f"/publicity/exchange/{news.pk}/").content.decode()
    assert cast.client("member").get("/publicity/exchange/").status_code == 403
    assert there.get(f"/publicity/{news.pk}/").status_code == 404
    post(own, f"/publicity/{news.pk}/share/", shared="0")
    assert there.get(f"/publicity/exchange/{news.pk}/").status_code == 404


def test_what_was_typed_wrong_is_said(cast: Cast) -> None:
    client = cast.client("secretary")
    answer = client.post("/publicity/new/", {"kind": "praise", "title": "", "text": "x" * 20_001})
    assert answer.status_code == 422 and "写一句标题" in answer.content.decode()
    for text in ("<script>alert(1)</script>", "\u202e=1+1", "𠮷" * 60):
        address = client.post("/publicity/new/", TOLD | {"title": text}).headers["Location"]
        assert b"<script>alert" not in client.get(address).content
    assert client.get("/publicity/9999999999999999999/").status_code == 404
    assert client.get("/publicity/?state=%00&q=%00&page=x").status_code == 200


def test_it_waits_with_the_own_superior_alone(cast: Cast) -> None:
    news, own = sent(cast), sent(cast, "committee_officer")
    town, county = cast.client("committee_officer"), cast.client("officer")
    assert f"/publicity/{news.pk}/" in town.get("/review/").content.decode()
    waits = county.get("/review/").content.decode()
    assert f"/publicity/{own.pk}/" in waits and f"/publicity/{news.pk}/" not in waits
    assert post(county, f"/publicity/{own.pk}/back/", reason="写清几次会") == 302
    assert "退回，改好重报" in town.get("/review/").content.decode()


def test_what_is_listed_goes_out_as_it_is_filtered(cast: Cast) -> None:
    sent(cast)
    page = cast.client("officer")
    for query, rows in (("", 1), ("?state=sent", 1), ("?state=adopted", 0)):
        book = openpyxl.load_workbook(io.BytesIO(page.get(f"/publicity/export/{query}").content))
        assert sum(row[0] == TOLD["title"] for row in book.active.values) == rows
    assert "/publicity/export/?state=sent" in page.get("/publicity/?state=sent").content.decode()


def test_no_level_is_chosen_for_the_reader(cast: Cast) -> None:
    news, page = sent(cast), cast.client("officer")
    assert '<option value="" selected>选一项' in page.get(f"/publicity/{news.pk}/").content.decode()
    assert post(page, f"/publicity/{news.pk}/adopt/", level="", published_in="简报") == 422


def test_queries_are_few(cast: Cast, django_assert_max_num_queries) -> None:
    for _ in range(6):
        sent(cast)
    client = cast.client("officer")
    for address in ("/publicity/", "/publicity/rates/", "/publicity/exchange/"):
        with django_assert_max_num_queries(16):
            client.get(address)


def test_one_withdrawn_is_not_offered(cast: Cast) -> None:
    news, own = sent(cast), cast.scope("secretary")
    actions.withdraw(by=own, news=news, reason="报重了")
    with pytest.raises(Unfit, match="不能再改"):
        actions.correct(by=own, news=news, **TOLD)
    with pytest.raises(Unfit, match="不能互通"):
        actions.share(by=own, news=news, shared=True)
