"""An auditor reads words: in the list, its filters, a line and the workbook. What is stored keeps its names."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.urls import reverse

from zhibu.web.audit import explain, words
from zhibu.web.audit.actions import write
from zhibu.web.audit.exports import HEADINGS
from zhibu.web.audit.models import Line
from zhibu.web.audit.tests.test_audit import line, view
from zhibu.web.conftest import Cast
from zhibu.web.members.models import Member
from zhibu.web.records.models import Record

pytestmark = pytest.mark.django_db


def test_word_and_its_way_back() -> None:
    assert words.word("records.submit") == "提交活动"
    assert words.word("no.more") == "no.more"
    assert "records.submit" in words.like("提交") and not words.like("没有这样的词")


def test_the_list_and_a_line_say_the_word(cast: Cast) -> None:
    found, old = line(cast, "甲", action="records.submit"), line(cast, "乙", action="records.gone")
    page = view(cast)
    assert '<span class="text-muted">提交活动</span>' in page
    assert '<span class="text-muted">records.gone</span>' in page  # a name that is no more, as it is
    assert "提交活动" in view(cast, f"{found.pk}/") and "records.gone" in view(cast, f"{old.pk}/")


def test_the_filter_is_grouped_by_the_part_of_the_work(cast: Cast) -> None:
    for action in ("records.submit", "records.edit", "accounts.sign_in", "records.gone", "<b>x</b>"):
        line(cast, "甲", action=action)
    page = view(cast, action="records.submit")
    select = page.partition('id="f-action"')[2].partition("</select>")[0]
    places = [select.index(f'<optgroup label="{area}">') for area in ("账号和登录", "活动记录", words.OTHER)]
    assert places == sorted(places)
    assert '<option value="records.submit" selected>提交活动（records.submit）</option>' in select
    assert '<option value="records.gone">records.gone</option>' in select
    assert "<b>x</b>" not in select


@pytest.mark.parametrize(
    ("text", "found"),
    [("提交", True), ("提交活动", True), ("submit", True), ("RECORDS.s", True), ("撤回", False), ("%", False),
     ("_", False), ("\x00", True), ("x" * 5000, False), ("' OR 1=1 --", False)],
)  # fmt: skip
def test_search_by_word_and_by_name(cast: Cast, text: str, found: bool) -> None:
    line(cast, "要找的那条", action="records.submit")
    assert ("要找的那条" in view(cast, named=text)) is found


def test_the_workbook_has_word_and_name(cast: Cast) -> None:
    made = line(
        cast, "甲", action="records.submit", thing=Record(pk=7), old={"topic": "旧"}, new={"topic": "新", "zz": True}
    )
    answer = cast.client("auditor").get("/audit/export/", {"kind": "csv", "action": "records.submit"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = dict(zip(HEADINGS, rows[3], strict=True))
    assert (told["动作"], told["动作代码"], told["结果"]) == ("提交活动", "records.submit", "做成")
    assert json.loads(told["原值"]) == {"主题": "旧"} and json.loads(told["新值"]) == {"主题": "新", "zz": "是"}
    assert "动作：提交活动" in rows[0][0] + rows[1][0]
    kept = Line.objects.unscoped("t").get(pk=made.pk)
    assert (kept.action, kept.new) == ("records.submit", {"topic": "新", "zz": True})  # what is stored is untouched


def test_values_in_words(cast: Cast) -> None:
    member = Member.objects.unscoped("t").first()
    made = write(
        by=cast.scope("secretary"), action="x", sentence="甲", thing=member, organisation=None,
        old={"sex": "m", "attendance": {"12": "present"}, "kind": "full"},
        new={"sex": "f", "frail": False, "reason": "因为", "kind": "nonsense", "of_old": [1, "members.unmask"],
             "organisation": 3, "standing": "restricted"},
    )  # fmt: skip
    told = {one.name: (one.word, one.old, one.new) for one in explain.changes(made)}
    assert told["sex"] == ("性别", "男", "女")
    assert told["frail"] == ("年老体弱", None, "否")
    assert told["kind"] == ("人员类别", "正式党员", "nonsense")
    assert told["reason"] == ("事由", None, "因为")
    assert told["organisation"] == ("党组织", None, 3)
    assert told["of_old"] == ("of_old", None, [1, "查看完整号码"])
    assert told["standing"] == ("处理状态", None, "限制处理")
    word, before, _ = told["attendance"]
    assert (word, list(before)) == ("到会情况", ["12"]) and before["12"] != "present"
    page = view(cast, f"{made.pk}/")
    assert "人员类别" in page and "正式党员" in page


@pytest.mark.parametrize("thing", ["", "members.member", "gone.thing", "a.b.c", "records"])
@pytest.mark.parametrize("name", ["", "pk", "id__in", "members", "look", "_meta", "💥", "x" * 5000, "type"])
def test_nothing_in_a_line_breaks_its_page(thing: str, name: str) -> None:
    for value in (None, 1, 1.5, "x", [[{}]], {"a": {"b": [True]}}, True):
        made = Line(thing=thing, new={name: value}, old=None)
        (change,) = explain.changes(made)
        assert change.word or name == ""
        json.dumps(explain.told(made, made.new), ensure_ascii=False)


def test_two_values_of_one_word_both_stand() -> None:
    assert explain.told(Line(thing=""), {"head": 1, "heads": 2}) == {"链头": 1, "链头（heads）": 2}


def test_what_a_page_without_a_name_refuses_is_named(cast: Cast) -> None:
    assert cast.client("member").get(reverse("design:components")).status_code == 403
    assert Line.objects.unscoped("t").latest("pk").word == "打开网页"
