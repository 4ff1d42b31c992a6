"""制度库: who reads and keeps documents, what cites them, what they led to."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.library import actions, queries, sources
from zhibu.web.library.models import Document
from zhibu.web.library.splitting import pieces
from zhibu.web.procedures import publishing
from zhibu.web.regulations.actions import publish

pytestmark = pytest.mark.django_db
FACTS = {"title": "某县机关党建意见", "number": "某发〔2026〕28号", "issuer": "某县委", "issued_on": date(2026, 4, 1)}


def kept(cast: Cast, who: str = "officer", **facts: object) -> Document:
    return actions.keep(by=cast.scope(who), document=None, facts=FACTS | facts)


def test_a_document_is_read_where_it_is_kept_and_below(cast: Cast) -> None:
    county, town = kept(cast), kept(cast, "committee_officer", title="大营镇通知")
    seen = {who: set(queries.documents(cast.scope(who))) for who in ("officer", "secretary", "neighbour")}
    assert seen == {"officer": {county, town}, "secretary": {county, town}, "neighbour": {county}}


def test_only_who_keeps_it_changes_it(cast: Cast) -> None:
    county = kept(cast)
    with pytest.raises(NotAllowed):
        actions.keep(by=cast.scope("committee_officer"), document=county, facts=FACTS)
    with pytest.raises(NotAllowed):
        actions.keep(by=cast.scope("secretary"), document=county, facts=FACTS)
    assert cast.client("committee_officer").get(f"/library/{county.pk}/edit/").status_code == 404
    assert cast.client("committee_officer").get(f"/library/{county.pk}/").status_code == 200


def test_a_change_leaves_the_old_words_in_the_log(cast: Cast) -> None:
    county = kept(cast)
    actions.keep(by=cast.scope("officer"), document=county, facts=FACTS | {"status": "repealed"})
    line = Line.objects.unscoped("test").filter(action="library.keep").latest("pk")
    assert (line.old, line.new) == ({"status": "in_force"}, {"status": "repealed"})


@pytest.mark.mechanism("M371")
def test_an_office_keeps_a_document_and_sees_which_rule_cites_which_clause(cast: Cast) -> None:
    publish(paths=[settings.PACKS / "central"])
    page = cast.client("officer")
    answer = page.post(
        "/library/new/",
        {"title": "中国共产党支部工作条例（试行）", "number": "中发〔2018〕38号", "issuer": "中共中央",
         "issued_on": "2018-10-28", "status": "in_force"},
    )  # fmt: skip
    number = Document.objects.within(cast.scope("officer")).get().pk
    assert answer.headers["Location"] == f"/library/{number}/"
    text = "第十六条　主题党日每月一次。\n第二十九条　其他。"
    looked = page.post(f"/library/{number}/clauses/", {"text": text, "look": "1"})
    assert "共 2 条" in looked.content.decode()
    page.post(f"/library/{number}/clauses/", {"text": text, "save": "1"})
    shown = page.get(f"/library/{number}/").content.decode()
    assert "/regulations/branch-life/#theme-day" in shown
    assert "第二十九条" in shown


def test_what_rules_rest_on_is_there_without_entering_it(cast: Cast) -> None:
    publish(paths=[settings.PACKS / "central"])
    shown = cast.client("secretary").get("/library/").content.decode()
    assert "党员教育管理工作条例" in shown
    basis = sources.basis_of("中国共产党支部工作条例（试行）")
    assert basis is not None and basis.number == "中发〔2018〕38号"
    assert {one.rule for one in basis.citations} >= {
        ("branch-life", "theme-day"),
        ("branch-setup", "committee-required"),
    }
    assert cast.client("secretary").get("/library/basis/", {"title": basis.title}).status_code == 200
    assert cast.client("secretary").get("/library/basis/", {"title": "没有这个"}).status_code == 404


def test_what_the_platform_does_not_count_is_said(cast: Cast) -> None:
    shown = cast.client("officer").get("/library/").content.decode()
    assert "不能当作工作的" in shown and "上墙" in shown


@pytest.mark.mechanism("M373")
def test_what_a_document_led_to_is_a_chain_of_days(cast: Cast) -> None:
    county, page = kept(cast), cast.client("officer")
    for kind, day, text, heads in (
        ("people", "2026-05-10", "办公室配齐工作人员", "3"),
        ("body", "2026-04-20", "成立非公企业党建工作委员会", ""),
    ):
        told = {"kind": kind, "happened_on": day, "text": text, "heads": heads}
        assert page.post(f"/library/{county.pk}/follow/", told).status_code == 302
    shown = cast.client("secretary").get(f"/library/{county.pk}/").content.decode()
    assert shown.index("印发某县机关党建意见") < shown.index("工作委员会") < shown.index("配齐工作人员")
    assert "记下一件后续" not in shown


@pytest.mark.parametrize(("day", "said"), [(date(2026, 11, 22), "还没有到"), (date(2026, 3, 31), "早于文件印发")])
def test_a_chain_has_no_day_before_the_document_or_after_today(cast: Cast, day: date, said: str) -> None:
    with pytest.raises(Unfit, match=said):
        actions.follow(
            by=cast.scope("officer"), document=kept(cast), kind="task", happened_on=day, text="甲", heads=None
        )


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"title": ""}, "写上文件名称"),
        ({"status": "superseded"}, "写上取代它的文件"),
        ({"ended_on": "2026-05-01"}, "状态就不是"),
        ({"status": "repealed", "ended_on": "2026-03-01"}, "失效日期早于"),
        ({"title": "长" * 121}, "120"),
        ({"issued_on": "昨天"}, "日期"),
    ],
)
def test_a_form_says_what_is_wrong(cast: Cast, facts: dict[str, str], said: str) -> None:
    told = {"title": "甲", "issuer": "乙", "issued_on": "2026-04-01", "status": "in_force"} | facts
    answer = cast.client("officer").post("/library/new/", told)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_markup_in_a_document_is_text(cast: Cast) -> None:
    county = kept(cast, title="<script>alert(1)</script>")
    actions.put_clauses(by=cast.scope("officer"), document=county, pieces=pieces("第一条 <b>粗</b>"))
    shown = cast.client("officer").get(f"/library/{county.pk}/").content.decode()
    assert "<script>alert" not in shown and "<b>粗" not in shown


def test_the_export_has_documents_and_bases(cast: Cast) -> None:
    kept(cast)
    answer = cast.client("officer").get("/library/export/")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"


def test_what_the_steps_of_procedures_cite_is_there_too(cast: Cast) -> None:
    title = "《中国共产党发展党员工作细则》(2026年修订)"
    assert sources.basis_of(title) is None
    publishing.publish(paths=[settings.PACKS / "central"])
    found = sources.basis_of(title)
    assert found is not None
    assert {one.what for one in found.citations} == {"程序"}
    page = cast.client("officer").get(found.citations[0].address)
    assert "发展党员" in page.content.decode()
