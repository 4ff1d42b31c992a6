"""职责清单 as people use it: kinds of list, bodies inside and outside the tree, progress, who is late and silent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.burden.models import SentDown
from zhibu.web.burden.tests.weighed import send
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.coverage.models import Unit
from zhibu.web.funds.models import Budget
from zhibu.web.library import actions as library
from zhibu.web.offices.actions import seats
from zhibu.web.organisations import lifecycle, tree
from zhibu.web.organisations.models import Kind, Organisation
from zhibu.web.records.models import Record
from zhibu.web.responsibilities import actions, conformity, naming, queries, reporting
from zhibu.web.responsibilities.models import Charge, Charter, Holder, Item, Progress

pytestmark = pytest.mark.django_db
WHY, PAPER = "test", "云办〔2026〕3号"
DAY = timedelta(days=1)
CLOCK: dict[str, Any] = {"heading": "", "clause": "", "due_on": None, "due_days": None, "needs_proof": False}


def issue(cast: Cast, kind: str = "group", who: str = "officer", **more: Any) -> Charter:
    facts = {"kind": kind, "title": "领导小组职责", "document": PAPER, "starts_on": date(2026, 1, 5), "ends_on": None}
    return actions.keep(
        by=cast.scope(who), charter=None, facts=facts | {"name_form": "", "place_kind": "", "place_sector": ""} | more
    )


def write(cast: Cast, charter: Charter, *texts: str, **clock: Any) -> list[Item]:
    actions.add_items(by=cast.scope("officer"), charter=charter, texts=texts, facts=CLOCK | clock)
    return list(queries.items(cast.scope("officer"), charter))


def give(
    cast: Cast, charter: Charter, bodies: str, kind: str = "member", on: date = TODAY, items: Sequence[Item] = ()
) -> int:
    chosen = items or queries.items(cast.scope("officer"), charter)
    return actions.give(
        by=cast.scope("officer"), charter=charter, kind=kind, bodies=naming.bodies(bodies),
        items=[one.pk for one in chosen], given_on=on,
    )  # fmt: skip


def report(cast: Cast, charge: Charge, who: str = "secretary", state: str = "doing", **more: Any) -> Progress:
    told = {"happened_on": TODAY, "sentence": "开了一次会", "proof": ""} | more
    return reporting.report(by=cast.scope(who), charge=charge, state=state, **told)


def charges(**of: Any) -> list[Charge]:
    return list(Charge.objects.unscoped(WHY).filter(**of).order_by("pk"))


def seen(cast: Cast, address: str, who: str = "officer", status: int = 200) -> str:
    response = cast.client(who).get(address)
    assert response.status_code == status, response.status_code
    return response.content.decode()


PAGES = ("/responsibilities/", "/responsibilities/holders/", "/responsibilities/conformity/")


@pytest.mark.parametrize("address", PAGES)
def test_the_cast(cast: Cast, address: str) -> None:
    for who, status in {"officer": 200, "committee_officer": 200, "secretary": 403, "member": 403}.items():
        assert cast.client(who).get(address).status_code == status


@pytest.mark.mechanism("M011")
def test_a_leading_group_sees_which_member_body_has_not_reported(cast: Cast) -> None:
    officer, base = cast.client("officer"), "/responsibilities/"
    told = {"kind": "group", "title": "县委党建工作领导小组成员单位职责", "document": PAPER, "starts_on": "2026-01-05"}
    page = officer.post(f"{base}new/", told).headers["Location"]
    charter = Charter.objects.unscoped(WHY).get()
    assert page == f"{base}{charter.pk}/items/"
    assert officer.post(page, {"texts": "每季度研究一次\n\n报一次情况", "due_on": "2026-11-10"}).status_code == 302
    assert officer.post(page, {"texts": "长期抓好本系统"}).status_code == 302
    first, second, third = Item.objects.unscoped(WHY).order_by("position")
    sent = {"kind": "member", "given_on": "2026-11-01", "bodies": f"县民政局，{cast.branch.code}\n县财政局"}
    address = f"{base}{charter.pk}/give/"
    assert officer.post(address, sent | {"items": [first.pk, third.pk]}).status_code == 302
    assert officer.post(address, sent | {"bodies": "县财政局", "items": [second.pk]}).status_code == 302
    assert len(charges()) == 5
    board = seen(cast, f"{base}{charter.pk}/")
    assert "2 个单位，已办好 0 / 5 项；2 个单位有超期，2 个还没有报进展" in board
    body = cast.client("secretary")
    month = body.get("/duties/month/").content.decode()
    assert "职责：县委党建工作领导小组成员单位职责" in month and "超期 1 项" in month
    mine = body.get(f"{base}mine/").content.decode()
    assert "每季度研究一次" in mine and "县民政局" in mine and "报一次情况" not in mine
    [late, _] = charges(holder__name="县民政局")
    answer = body.post(
        f"{base}charges/{late.pk}/", {"state": "done", "happened_on": "2026-11-18", "sentence": "研究过"}
    )
    assert answer.status_code == 302
    assert "超期办好" in body.get(f"{base}charges/{late.pk}/").content.decode()
    finance = charges(holder__name="县财政局")[0]
    assert body.get(f"{base}charges/{finance.pk}/").status_code == 404
    answer = officer.post(
        f"{base}charges/{finance.pk}/", {"state": "doing", "happened_on": "2026-11-20", "sentence": "在办"}
    )
    assert answer.status_code == 302 and Progress.objects.unscoped(WHY).get(charge=finance).for_it
    lines = {str(one.holder): one for one in queries.board(cast.scope("officer"), charter, TODAY)}
    assert (lines["县民政局"].done, lines["县民政局"].late, lines["县民政局"].silent) == (1, 0, 1)
    assert (lines["县财政局"].done, lines["县财政局"].late, lines["县财政局"].silent) == (0, 2, 2)
    book = officer.get(f"{base}{charter.pk}/export/")
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        texts = parts.read("xl/sharedStrings.xml").decode()
    assert "研究过" in texts and "上级代为登记" in texts and "未报进展" in texts
    assert Line.objects.unscoped(WHY).filter(action="responsibilities.export").exists()


def test_progress_asked_for_is_owed_again(cast: Cast) -> None:
    charter = issue(cast)
    write(cast, charter, "抓好本系统")
    give(cast, charter, cast.branch.code)
    [charge] = charges()
    Charge.objects.unscoped(WHY).update(given_on=date(2026, 6, 1))
    report(cast, charge)
    Progress.objects.unscoped(WHY).update(reported_on=date(2026, 6, 30))
    scope = cast.scope("officer")
    assert queries.board(scope, charter, TODAY)[0].silent == 0
    client, address = cast.client("officer"), f"/responsibilities/{charter.pk}/ask/"
    assert client.post(address, {"report_by": "2026-11-30"}).status_code == 422  # without minutes
    assert send(client, address, {"report_by": TODAY.isoformat()}).status_code == 422
    assert send(client, address, {"report_by": "2026-11-30"}).status_code == 302
    sent = SentDown.objects.unscoped(WHY).get()
    assert (sent.part, sent.units, sent.minutes, sent.to) == ("2026-11-30", 1, 20, {"units": [cast.branch.pk]})
    assert seen(cast, "/burden/month/", "secretary").count("领导小组职责") == 1  # not once more by the row of the month
    charter.refresh_from_db()
    assert queries.board(scope, charter, TODAY)[0].silent == 1
    assert "11 月 30 日前报进展" in seen(cast, "/duties/month/", "secretary")
    assert "抓好本系统" in seen(cast, f"/responsibilities/mine/{charter.pk}/", "secretary")
    assert cast.client("secretary").get(f"/responsibilities/mine/{charter.pk + 1}/").status_code == 404
    with pytest.raises(Unfit, match="已经请它们在 2026-11-30 前报进展"):
        actions.ask(by=scope, charter=charter, report_by=date(2026, 12, 20))
    report(cast, charges()[0])
    assert queries.board(scope, charter, TODAY)[0].silent == 0
    assert "领导小组职责" not in seen(cast, "/duties/month/", "secretary")
    Charter.objects.unscoped(WHY).update(report_by=date(2026, 11, 1))
    give(cast, charter, cast.sister.code)
    actions.ask(by=scope, charter=charter, report_by=date(2026, 12, 20), minutes=5)
    asks = SentDown.objects.unscoped(WHY).order_by("pk").values_list("part", "units", "minutes")
    assert list(asks) == [("2026-11-30", 1, 20), ("2026-12-20", 2, 5)]  # the earlier ask stays


@pytest.mark.mechanism("M015")
def test_a_new_committee_ticks_its_list_with_what_exists(cast: Cast) -> None:
    new = lifecycle.set_up(
        by=cast.scope("officer"), superior=cast.county, name="县非公企业和社会组织工作委员会", kind=Kind.WORK_COMMITTEE,
        sector="npe", on=date(2026, 10, 12), document=PAPER,
    )  # fmt: skip
    charter = issue(cast, "start", title="新设工委运行清单", starts_on=date(2026, 10, 1))
    write(cast, charter, "制定议事规则", due_days=30, needs_proof=True)
    write(cast, charter, "开第一次委员会议", due_days=90, needs_proof=True)
    give(cast, charter, new.code, "party", on=date(2026, 10, 20))
    rules, meeting = charges()
    assert (rules.due_on, meeting.due_on) == (date(2026, 11, 11), date(2027, 1, 10))  # counted from the founding
    with pytest.raises(Unfit, match="附佐证"):
        report(cast, rules, "officer", "done")
    with pytest.raises(Unfit, match="没有这个编号的活动记录"):
        report(cast, rules, "officer", "done", proof="2026-000009")
    facts = {"title": "议事规则", "number": "云非公〔2026〕1号", "issuer": "工委", "issued_on": date(2026, 11, 3)}
    library.keep(by=cast.scope("officer"), document=None, facts=facts)
    report(cast, rules, "officer", "done", proof="云非公〔2026〕1号", happened_on=date(2026, 11, 3))
    held = {"types": ["committee_meeting"], "held_on": TODAY, "recorded_on": TODAY, "present": 3, "expected": 3}
    Record.objects.create(organisation=new, number="2026-000009", submitted_key="k", recorded_at=clock.now(), **held)
    report(cast, meeting, "officer", "done", proof="2026-000009")
    page = seen(cast, f"/responsibilities/holders/{rules.holder_id}/")
    assert "已办好 2 / 2 项" in page and "2026-000009" in page and "议事规则" in page
    shown = seen(cast, f"/responsibilities/charges/{meeting.pk}/")
    assert "/records/2026-000009/" in shown
    with pytest.raises(Unfit, match="没有成立日期"):
        give(cast, charter, "某筹备组", "other")


@pytest.mark.mechanism("M015")
def test_each_industry_authority_has_its_board(cast: Cast) -> None:
    charter = issue(cast, "trade", title="行业主管部门抓党建职责")
    write(cast, charter, "摸清本行业企业和党员", "年检时同步检查", due_days=10)
    give(cast, charter, f"县市场监管局，{cast.branch.code}\n县住建局", "trade", on=TODAY - 30 * DAY)
    register = seen(cast, "/responsibilities/holders/?kind=trade")
    assert "县市场监管局" in register and "县住建局" in register and "2 项" in register
    one = Holder.objects.unscoped(WHY).get(name="县住建局")
    board = seen(cast, f"/responsibilities/holders/{one.pk}/")
    assert "超期 2 项" in board and "超期 20 天" in board and "中共云岭县委员会登记" in board
    assert "县住建局" not in seen(cast, "/responsibilities/holders/", "committee_officer")
    assert cast.client("committee_officer").get(f"/responsibilities/holders/{one.pk}/").status_code == 404


def work_committee(cast: Cast, name: str, above: Organisation, sector: str = "organ") -> Organisation:
    number = Organisation.objects.unscoped(WHY).count()
    return tree.plant(
        parent=above, code=f"G{number:03d}", name=name, kind=Kind.WORK_COMMITTEE, founded_on=date(2015, 1, 1),
        sector=sector,
    )  # fmt: skip


@pytest.mark.mechanism("M004")
def test_bodies_that_do_not_conform_are_listed_with_what_is_wrong(cast: Cast) -> None:
    right = work_committee(cast, "中共云岭县直属机关工作委员会", cast.county)
    wrong = work_committee(cast, "中共云岭县机关党工委", cast.county)
    none = work_committee(cast, "中共大营镇直属机关工作委员会", cast.town)
    form = {"name_form": "中共○○直属机关工作委员会", "place_kind": "work_committee", "title": "机关工委名称和职能"}
    form |= {"place_sector": "organ"}
    charter = issue(cast, "functions", **form)
    write(cast, charter, "领导直属机关党的建设", "审批机关党委换届")
    work_committee(cast, "中共云岭县委教育工作委员会", cast.county, "school")
    give(cast, charter, f"{right.code}\n{wrong.code}", "party")
    assert f">\n{none.code}</textarea>" in seen(cast, f"/responsibilities/{charter.pk}/give/")
    by = cast.scope("officer")
    office = seats.approve(
        by=by, organisation=right, kind="secretary", title="书记", seats=1, document=PAPER, starts_on=date(2020, 1, 1)
    )
    seats.appoint(by=by, office=office, name="某某", starts_on=date(2024, 3, 1), how="appointed", document=PAPER)
    Budget.objects.create(organisation=right, year=2026, line="党建", amount=1000)
    for one in charges(holder__place=right):
        report(cast, one, "officer", "done")
    report(cast, charges(holder__place=wrong)[0], "officer", "done")
    found = {one.name: one.wrong for one in conformity.bodies(by)}
    assert found == {
        right.name: [],
        wrong.name: [
            "名称应为“中共○○直属机关工作委员会”", "缺职能：审批机关党委换届", "没有在任的人", "今年没有经费"
        ],
        none.name: ["还没有交给它"],
    }  # fmt: skip
    page = seen(cast, "/responsibilities/conformity/")
    assert "3 个单位，2 个还不统一" in page and "缺职能：审批机关党委换届" in page
    assert right.name not in page and right.name in seen(cast, "/responsibilities/conformity/?all=1")
    functions = seen(cast, f"/responsibilities/holders/{charges(holder__place=right)[0].holder_id}/")
    assert "领导直属机关党的建设" in functions and "审批机关党委换届" in functions
    assert cast.client("officer").get("/responsibilities/conformity/export/").status_code == 200
    assert conformity.bodies(cast.scope("committee_officer")) == []


@pytest.mark.mechanism("M019")
def test_allied_bodies_answer_for_their_functions(cast: Cast) -> None:
    charter = issue(cast, "allied", title="工青妇和统战职责")
    write(cast, charter, "推动企业建工会")
    give(cast, charter, f"县总工会，{cast.branch.code}", "union")
    give(cast, charter, "县委统战部", "front", on=TODAY - 3 * DAY)
    Unit.objects.create(organisation=cast.town, name="某厂", kind="npe", union=True)
    Unit.objects.create(organisation=cast.town, name="某店", kind="npe")
    assert "2 家非公企业里，登记有工会的 1 家" in seen(cast, "/responsibilities/holders/?kind=union")
    assert "县委统战部" in seen(cast, "/responsibilities/holders/?kind=front")
    assert "推动企业建工会" in seen(cast, "/responsibilities/mine/", "secretary")


@pytest.mark.parametrize(
    ("name", "form", "fits"),
    [
        ("中共云岭县直属机关工作委员会", "中共○○县直属机关工作委员会", True),
        ("中共县直属机关工作委员会", "中共○○县直属机关工作委员会", False),
        ("中共云岭县直属机关工委", "中共○○县直属机关工作委员会", False),
        ("云岭县工会", "○县工会", False),
        ("云岭县工会", "○○○县工会", True),
        ("随便", "", True),
        ("a.c", "a.c", True),
        ("abc", "a.c", False),
    ],
)
def test_a_uniform_name(name: str, form: str, fits: bool) -> None:
    assert naming.conforms(name, form) is fits


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("D000012", [("", "D000012")]),
        (" 县总工会 ", [("县总工会", "")]),
        ("县总工会, D000012\n\n县总工会，D000012", [("县总工会", "D000012")]),
    ],
)
def test_bodies_are_written_a_line_each(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.name, one.code) for one in naming.bodies(text)] == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "至少写一个单位"), ("县总工会，工会，D1", "没有看懂"), ("局" * 121, "太长"),
        ("\n".join(f"单位{n}" for n in range(201)), "最多 200 个单位"),
    ],
)  # fmt: skip
def test_what_is_no_body_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        naming.bodies(text)


def test_what_does_not_fit_is_refused(cast: Cast) -> None:
    charter, by = issue(cast, ends_on=date(2026, 12, 31)), cast.scope("officer")
    [item] = write(cast, charter, "抓好本系统")
    with pytest.raises(Unfit, match="清单里已经有"):
        write(cast, charter, "抓好本系统")
    for bodies, on, says in (
        ("T999", TODAY, "没有代码为 T999 的党组织"),
        ("县总工会，槐树", TODAY, "没有叫“槐树”的党组织。相近的有：大营镇槐树村党支部"),
        (cast.branch.code, date(2025, 12, 31), "交办日期要在这以内"),
        (cast.branch.code, TODAY + DAY, "还没有到"),
    ):
        with pytest.raises(Unfit, match=says):
            give(cast, charter, bodies, on=on)
    give(cast, charter, cast.branch.code)
    with pytest.raises(Unfit, match="已经有这几条职责了"):
        give(cast, charter, cast.branch.code)
    with pytest.raises(Unfit, match="已经交办，不能再改"):
        actions.change_item(by=by, item=item, facts=CLOCK | {"text": "别的"})
    with pytest.raises(Unfit, match="从哪天起不能再晚"):
        facts = {"kind": "group", "title": "t", "document": "d", "starts_on": TODAY + DAY, "ends_on": None}
        actions.keep(by=by, charter=charter, facts=facts)
    [charge] = charges()
    for told, says in (
        ({"happened_on": TODAY + DAY}, "还没有到"),
        ({"happened_on": date(2025, 12, 31)}, "不能更早"),
        ({"proof": "没有的"}, "清空这一格"),
    ):
        with pytest.raises(Unfit, match=says):
            report(cast, charge, **told)
    with pytest.raises(NotAllowed):
        report(cast, charge, "neighbour")
    with pytest.raises(NotAllowed, match="由上级收回"):
        actions.withdraw(by=cast.scope("committee_officer"), charge=charge, reason="不归它管")
    actions.withdraw(by=by, charge=charge, reason="机构改革")
    with pytest.raises(Unfit, match="已经收回"):
        report(cast, charge)
    assert seen(cast, "/responsibilities/mine/", "secretary").count("抓好本系统") == 0
    assert give(cast, charter, cast.branch.code) == 1  # it may be given anew


def test_an_item_not_given_yet_may_change_and_go(cast: Cast) -> None:
    charter = issue(cast)
    [item] = write(cast, charter, "抓好本系统")
    client, address = cast.client("officer"), f"/responsibilities/items/{item.pk}/"
    assert client.post(address, {"text": "管好本系统", "due_on": "2026-12-01", "due_days": "3"}).status_code == 422
    assert client.post(address, {"text": "管好本系统", "due_on": "2026-12-01"}).status_code == 302
    assert Item.objects.unscoped(WHY).get().due_on == date(2026, 12, 1)
    assert client.post(f"{address}drop/").status_code == 302
    assert not Item.objects.unscoped(WHY).exists()


def test_a_charter_that_ran_out_asks_nothing_more(cast: Cast) -> None:
    charter = issue(cast)
    write(cast, charter, "抓好本系统", due_on=date(2026, 11, 1))
    give(cast, charter, cast.branch.code)
    Charter.objects.unscoped(WHY).update(ends_on=TODAY - DAY)
    charter.refresh_from_db()
    [line] = queries.board(cast.scope("officer"), charter, TODAY)
    assert (line.late, line.silent) == (0, 0)
    assert "领导小组职责" not in seen(cast, "/duties/month/", "secretary")
    with pytest.raises(Unfit, match="已经停用"):
        report(cast, charges()[0])
    assert "已停用" in seen(cast, f"/responsibilities/{charter.pk}/")


def test_a_body_reports_through_another_from_now_on(cast: Cast) -> None:
    charter = issue(cast)
    write(cast, charter, "抓好本系统")
    give(cast, charter, "县民政局\n县财政局")
    one = Holder.objects.unscoped(WHY).get(name="县民政局")
    client, address = cast.client("officer"), f"/responsibilities/holders/{one.pk}/edit/"
    told = {"kind": "member", "name": "县民政局", "place": cast.branch.code}
    assert client.post(address, told | {"place": "T999"}).status_code == 422
    assert client.post(address, told | {"name": "县财政局"}).status_code == 422
    assert client.post(address, told | {"gone_on": TODAY.isoformat()}).status_code == 422
    assert client.post(address, told).status_code == 302
    assert "抓好本系统" in seen(cast, "/responsibilities/mine/", "secretary")
    with pytest.raises(Unfit, match="写名称"):
        facts = {"kind": "member", "name": "", "place": None, "gone_on": None}
        reporting.keep_holder(by=cast.scope("officer"), holder=one, facts=facts)


def test_a_merged_organisation_gives_on_what_it_had(cast: Cast) -> None:
    charter, by = issue(cast), cast.scope("officer")
    write(cast, charter, "抓好本系统")
    give(cast, charter, f"{cast.branch.code}\n{cast.sister.code}\n县民政局，{cast.branch.code}")
    lifecycle.merge(by=by, organisation=cast.branch, into=cast.sister, on=TODAY, document=PAPER)
    assert {one.organisation_id for one in charges()} == {cast.sister.pk}
    names = {(one.name, one.place_id) for one in Holder.objects.unscoped(WHY)}
    assert names == {("", cast.sister.pk), (cast.branch.name, cast.sister.pk), ("县民政局", cast.sister.pk)}


def test_the_lists_of_a_merged_committee_go_on(cast: Cast) -> None:
    by = cast.scope("officer")
    for who, place in (("committee_officer", cast.branch), ("officer", cast.branch)):
        charter = issue(cast, who=who, title=who)
        write(cast, charter, "抓好本系统")
        give(cast, charter, f"{place.code}\n县民政局")
    Charter.objects.unscoped(WHY).filter(title="officer").update(organisation=cast.other_town)
    Holder.objects.unscoped(WHY).filter(organisation=cast.county).update(organisation=cast.other_town)
    lifecycle.merge(by=by, organisation=cast.town, into=cast.other_town, on=TODAY, document=PAPER)
    assert {one.organisation_id for one in Charter.objects.unscoped(WHY)} == {cast.other_town.pk}
    kept = Holder.objects.unscoped(WHY).filter(gone_on=None)
    assert sorted((one.name, one.charges.unscoped(WHY).count()) for one in kept) == [("", 2), ("县民政局", 2)]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=cmd()|'x'!A1", "x" * 400, "\u202e反", "％s{0}"])
def test_hostile_texts(cast: Cast, text: str) -> None:
    charter = issue(cast)
    client, base = cast.client("officer"), f"/responsibilities/{charter.pk}/"
    client.post(f"{base}items/", {"texts": text, "heading": text, "clause": text})
    client.post(f"{base}items/", {"texts": "好的一条"})
    items = [one.pk for one in Item.objects.unscoped(WHY)]
    client.post(f"{base}give/", {"kind": "other", "bodies": text, "items": items, "given_on": TODAY.isoformat()})
    client.post(f"{base}give/", {"kind": text, "bodies": text, "items": [text], "given_on": text})
    for one in charges():
        address = f"/responsibilities/charges/{one.pk}/"
        client.post(address, {"state": "doing", "happened_on": TODAY.isoformat(), "sentence": text, "proof": text})
        assert "<script>alert" not in client.get(address).content.decode()
    for address in (base, *PAGES, "/responsibilities/?kind=" + text, "/responsibilities/holders/?kind=" + text):
        assert "<script>alert" not in seen(cast, address)
    assert client.get(f"{base}export/").status_code == 200
    assert client.get("/responsibilities/99999999999999999999/").status_code == 404


def test_a_board_asks_few_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    charter = issue(cast)
    write(cast, charter, *(f"第 {n} 条" for n in range(10)))
    give(cast, charter, "\n".join(f"第 {n} 局" for n in range(30)))
    client = cast.client("officer")
    for address in (f"/responsibilities/{charter.pk}/", "/responsibilities/holders/", "/responsibilities/"):
        with django_assert_max_num_queries(16):
            assert client.get(address).status_code == 200


def test_a_line_that_is_the_whole_name_of_an_organisation_is_that_organisation(cast: Cast) -> None:
    charter, by = issue(cast), cast.scope("officer")
    told = naming.bodies(f"{cast.branch.name}\n县总工会，{cast.sister.name}\n县财政局")
    assert naming.found(by, charter, told) == [("", cast.branch), ("县总工会", cast.sister), ("县财政局", None)]
