"""任务 as pages: a meeting's decisions, a written instruction, requirements for many; roles; hostile words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from zhibu.web.burden.models import SentDown
from zhibu.web.conftest import ROLES, TODAY, Cast
from zhibu.web.core.waiting import waiting
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.records.tests.test_files import photo
from zhibu.web.tasks.models import Order, Problem, Task
from zhibu.web.tasks.tests.test_steps import DUE, issued, now, only, reported

pytestmark = pytest.mark.django_db
TOLD = {"kind": "requirement", "title": "修好三组的水泵房", "whom": "listed", "due_on": DUE.isoformat(),
        "decided_on": TODAY.isoformat(), "minutes": "20"}  # fmt: skip


@pytest.fixture(autouse=True)
def _files_here(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def meeting(place: Organisation, kind: str = "committee_meeting", on: date = TODAY) -> Record:
    return Record.objects.create(
        organisation=place, number=f"2026-{900_000 + place.pk:06d}", types=[kind], held_on=on, recorded_on=TODAY,
        recorded_at="2026-11-21T10:00Z", content="研究党建工作",
    )  # fmt: skip


def give(client: Client, query: str = "", **more: Any) -> Order:
    """By the form: a look at what is about to be sent, then sent."""
    told = TOLD | more
    looked = client.post(f"/tasks/new/{query}", told | {"do": "check"})
    page = looked.content.decode()
    assert looked.status_code == 200 and "还没有交办" in page
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    told["seen"] = seen[1] if seen else ""
    assert client.post(f"/tasks/new/{query}", told | {"do": "issue"}).status_code == 302
    return Order.objects.unscoped("t").order_by("pk").last()  # type: ignore[return-value]


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def test_what_a_meeting_decided_is_on_its_record_and_leads_back_to_it(cast: Cast) -> None:
    town, branch = cast.client("committee_officer"), cast.client("secretary")
    held = meeting(cast.town, on=TODAY - timedelta(days=3))
    page = text(town, f"/records/{held.number}/")
    assert f"/tasks/new/?record={held.number}" in page
    form = text(town, f"/tasks/new/?record={held.number}")
    assert "写议定事项" in form and 'value="decision" ' in form and held.held_on.isoformat() in form
    order = give(
        town, kind="decision", record=held.number, decided_on=held.held_on.isoformat(), units=cast.branch.code,
        measure="三组 12 户正常供水",
    )  # fmt: skip
    assert (order.record, order.kind) == (held, "decision")
    assert order.title in text(town, f"/records/{held.number}/")
    task = only(order)
    mine = text(branch, f"/tasks/{task.pk}/")
    assert held.number in mine and f'href="/records/{held.number}/"' not in mine and "三组 12 户正常供水" in mine
    assert text(town, f"/tasks/{task.pk}/").count(f"/records/{held.number}/")
    assert order.title in text(branch, "/duties/month/")
    reported(cast, task)
    assert [one.key for one in waiting(cast.scope("committee_officer"))] == [f"task:{task.pk}"]
    assert town.post(f"/tasks/{task.pk}/accept/", {"text": "看过"}).status_code == 302
    assert "办结 1 / 1" in text(town, f"/records/{held.number}/")


@pytest.mark.mechanism("M043")
def test_a_joint_meeting_of_party_group_secretaries_has_action_items(cast: Cast) -> None:
    county = cast.client("officer")
    held = meeting(cast.county, "secretaries_meeting")
    order = give(
        county, kind="decision", record=held.number, title="各党组互相观摩一次",
        units=f"{cast.town.code}\n{cast.other_town.code}",
    )  # fmt: skip
    page = text(county, f"/records/{held.number}/")
    assert "党组书记联席会议" in page and order.title in page and "办结 0 / 2" in page


@pytest.mark.mechanism("M045")
def test_a_written_instruction_goes_to_an_owner_who_replies_until_it_is_closed(cast: Cast) -> None:
    county, town = cast.client("officer"), cast.client("committee_officer")
    told = {"kind": "instruction", "title": "落实机关党务干部编制", "units": cast.town.code, "signer": "某副书记"}
    refused = county.post("/tasks/new/", TOLD | told | {"do": "issue", "seen": "1x20x1"})
    assert refused.status_code == 422 and "写上批示原文" in refused.content.decode()
    order = give(county, **told, text="请大营镇党委会同编办一周内提出意见。")
    task = only(order)
    assert order.title in [one.title for one in waiting(cast.scope("committee_officer"))]
    page = text(town, f"/tasks/{task.pk}/")
    assert "一周内提出意见" in page and "某副书记" in page
    picture = photo("意见.jpg")
    reply = {"text": "已提出意见，报县编办", "on": TODAY.isoformat(), "files": picture}
    assert town.post(f"/tasks/{task.pk}/report/", reply).status_code == 302
    page = text(county, f"/tasks/{task.pk}/")
    assert "已提出意见" in page and "意见.jpg" in page
    assert (
        county.post(f"/tasks/{task.pk}/return/", {"text": "经费没有写", "due_on": DUE.isoformat()}).status_code == 302
    )
    assert town.post(f"/tasks/{task.pk}/report/", {"text": "补了经费", "on": TODAY.isoformat()}).status_code == 302
    assert county.post(f"/tasks/{task.pk}/accept/", {}).status_code == 302
    assert now(task).state == "closed" and "全部办结" in text(county, "/tasks/orders/?kind=instruction")


@pytest.mark.mechanism("M048", "M049")
def test_what_inspections_found_becomes_a_requirement_and_a_task_for_every_unit(cast: Cast) -> None:
    county = cast.client("officer")
    held = meeting(cast.county, "work_conference")
    lines = f"{cast.branch.name}，活动室常年锁门\n{cast.neighbour.code}，台账三个月没有记"
    told = {
        "source": "市委督查",
        "found_on": TODAY.isoformat(),
        "section": "阵地",
        "record": held.number,
        "lines": lines,
    }
    assert county.post("/tasks/problems/new/", told).status_code == 302
    told |= {"source": "县委督查", "section": "队伍", "lines": f"{cast.sister.code}：书记空缺"}
    assert county.post("/tasks/problems/new/", told).status_code == 302
    page = text(county, "/tasks/problems/")
    of_it = text(county, f"/records/{held.number}/")
    assert "通报的问题 3 个" in of_it and "3 个还没有提要求" in of_it
    assert "书记空缺" in text(county, f"/tasks/problems/?record={held.number}")
    assert "没有符合条件" in text(county, "/tasks/problems/?record=2026-000001")
    assert "3 个问题还没有提要求" in page and "市委督查" in page and "县委督查" in page
    chosen = list(Problem.objects.unscoped("t").filter(section="阵地").order_by("pk"))
    query = "&".join(f"problems={one.pk}" for one in chosen)
    form = text(county, f"/tasks/new/?{query}")
    assert cast.branch.code in form and cast.neighbour.code in form and 'value="阵地"' in form
    told = TOLD | {
        "title": "活动阵地每周开门",
        "units": f"{cast.branch.code}\n{cast.neighbour.code}",
        "section": "阵地",
    }
    looked = county.post("/tasks/new/", told | {"problems": ",".join(str(one.pk) for one in chosen), "do": "check"})
    assert "将交给 2 个单位" in looked.content.decode() and not Order.objects.unscoped("t").exists()
    order = give(county, **{**told, "problems": ",".join(str(one.pk) for one in chosen)})
    assert Task.objects.unscoped("t").filter(order=order).count() == 2
    assert "1 个问题还没有提要求" in text(county, "/tasks/problems/")
    assert order.title in text(county, "/tasks/problems/?state=asked")
    mine = Task.objects.unscoped("t").get(order=order, owner=cast.branch)
    page = text(cast.client("secretary"), f"/tasks/{mine.pk}/")
    assert "活动室常年锁门" in page and "台账三个月没有记" not in page
    page = text(county, f"/tasks/orders/{order.pk}/")
    assert "活动室常年锁门" in page and "台账三个月没有记" in page
    assert county.post("/tasks/new/", told | {"problems": str(chosen[0].pk), "do": "issue"}).status_code == 404


def test_a_branch_writes_what_its_meeting_decided_for_itself(cast: Cast) -> None:
    branch = cast.client("secretary")
    held = meeting(cast.branch)
    assert "写名称" not in text(branch, f"/tasks/new/?record={held.number}")
    order = give(branch, kind="decision", record=held.number, whom="own", person="李委员", title="给两户老人装扶手")
    assert (only(order).owner, only(order).person) == (cast.branch, "李委员")
    assert "李委员" in text(branch, f"/tasks/{only(order).pk}/")
    refused = branch.post("/tasks/new/", TOLD | {"units": cast.sister.code, "do": "issue"})
    assert refused.status_code == 422


def test_a_requirement_goes_to_all_direct_subordinates_or_all_branches_at_once(cast: Cast) -> None:
    county = cast.client("officer")
    assert "全部直接下级（2 个）" in text(county, "/tasks/new/")
    order = give(county, whom="branches")
    owners = Task.objects.unscoped("t").filter(order=order).values_list("owner", flat=True)
    assert set(owners) == {cast.branch.pk, cast.sister.pk, cast.neighbour.pk}
    again = county.post("/tasks/new/", TOLD | {"whom": "children", "do": "check"}).content.decode()
    assert "将交给 2 个单位" in again and "同名" not in again
    assert "同名" in county.post("/tasks/new/", TOLD | {"whom": "branches", "do": "check"}).content.decode()


def test_who_gives_sees_first_what_it_costs(cast: Cast) -> None:
    town = cast.client("committee_officer")
    told = TOLD | {"whom": "branches", "do": "issue"}
    page = town.post("/tasks/new/", told).content.decode()
    assert "2 个组织 × 20 分钟 = 40 分钟" in page and not Order.objects.unscoped("t").exists()
    refused = town.post("/tasks/new/", told | {"minutes": ""})
    assert refused.status_code == 422 and "写上大约几分钟" in refused.content.decode()
    order = give(town, whom="branches")
    cost = SentDown.objects.unscoped("t").get(thing="tasks.order", thing_id=order.pk)
    assert (cost.units, cost.minutes) == (2, 20) and order.title not in str(cost)
    town.post(f"/tasks/orders/{order.pk}/recall/", {"text": "先不办"})
    cost.refresh_from_db()
    assert cost.withdrawn_on == TODAY


def test_a_task_is_broken_down_and_the_chain_is_shown_both_ways(cast: Cast) -> None:
    town, branch = cast.client("committee_officer"), cast.client("secretary")
    whole = only(issued(cast, "officer", units=[cast.town], title="全镇供水"))
    assert "分解任务" in text(town, f"/tasks/new/?part={whole.pk}")
    order = give(town, part=str(whole.pk), whom="branches")
    assert order.part_of == whole
    assert cast.branch.name in text(town, f"/tasks/{whole.pk}/")
    part = Task.objects.unscoped("t").get(order=order, owner=cast.branch)
    page = text(branch, f"/tasks/{part.pk}/")
    assert "全镇供水" in page and f"/tasks/{whole.pk}/" not in page
    assert branch.get(f"/tasks/new/?part={whole.pk}").status_code == 404


@pytest.mark.mechanism("M077")
def test_open_decisions_stand_in_a_register_with_their_age_and_last_action(cast: Cast) -> None:
    town = cast.client("committee_officer")
    order = issued(cast, decided_on=TODAY - timedelta(days=40), due_on=TODAY - timedelta(days=2))
    page = text(town, "/tasks/orders/")
    assert "1 件交办事项还没有办完" in page and 'class="num">40<' in page and "过了期限 1" in page
    reported(cast, only(order))
    assert town.post(f"/tasks/{only(order).pk}/accept/", {}).status_code == 302
    assert "没有符合条件" in text(town, "/tasks/orders/?state=open")
    assert order.title in text(town, "/tasks/orders/?state=closed")


@pytest.mark.mechanism("M074", "M076")
def test_who_is_late_and_how_many_were_in_time(cast: Cast) -> None:
    town = cast.client("committee_officer")
    late = only(
        issued(cast, title="早就该办的", decided_on=TODAY - timedelta(days=9), due_on=TODAY - timedelta(days=1))
    )
    soon = only(issued(cast, title="快到期的", due_on=TODAY + timedelta(days=2)))
    assert "剩 2 天" in text(town, "/tasks/") and "逾期 1 天" in text(cast.client("secretary"), f"/tasks/{late.pk}/")
    page = text(town, "/tasks/?state=late")
    assert "2 件在办，1 件过了期限" in page and late.order.title in page and soon.order.title not in page
    for task in (late, soon):
        assert town.post(f"/tasks/{task.pk}/accept/", {}).status_code == 422
        reported(cast, task)
        assert town.post(f"/tasks/{task.pk}/accept/", {}).status_code == 302
    page = text(town, "/tasks/")
    assert "今年办结 2 件，期限内报办结 1 件" in page and "过了期限才报办结" in page
    export = town.get("/tasks/export/?state=closed")
    assert export.status_code == 200 and export.content[:2] == b"PK"


@pytest.mark.mechanism("M079")
def test_urgent_and_key_ones_come_first_and_who_has_how_many(cast: Cast) -> None:
    far = TODAY + timedelta(days=60)
    issued(cast, title="寻常的", due_on=TODAY + timedelta(days=1), person="李委员")
    issued(cast, title="急办的", urgent=True, due_on=far, person="李委员")
    issued(cast, title="重点的", weight="key", due_on=far, person="王委员")
    issued(cast, title="第四件", due_on=far)
    page = text(cast.client("secretary"), "/tasks/")
    first = page[page.index("本周先办这三件") : page.index("谁手里有几件")]
    assert first.index("急办的") < first.index("重点的") < first.index("寻常的") and "第四件" not in first
    assert "李委员　2 件" in page and "王委员　1 件" in page


@pytest.mark.mechanism("M298")
def test_tasks_like_classes_are_tagged_with_the_four_abilities(cast: Cast) -> None:
    county = cast.client("officer")
    order = give(county, units=cast.town.code, abilities=["ability_execute", "ability_serve"])
    assert "执行能力、服务能力" in text(cast.client("committee_officer"), f"/tasks/{only(order).pk}/")
    assert county.post("/tasks/new/", TOLD | {"units": cast.town.code, "abilities": "ability_x"}).status_code == 422


def test_each_roles_status(cast: Cast) -> None:
    task = only(issued(cast))
    pages = ("/tasks/", f"/tasks/{task.pk}/", "/tasks/orders/", f"/tasks/orders/{task.order_id}/", "/tasks/new/",
             "/tasks/problems/", "/tasks/problems/new/", "/tasks/problems/faults/", "/tasks/export/")  # fmt: skip
    found = {who: [cast.client(who).get(url).status_code for url in pages] for who in (*ROLES, "neighbour")}
    assert found["officer"] == found["committee_officer"] == [200] * 9
    assert found["secretary"] == [200, 200, 200, 404, *[200] * 5]
    assert found["neighbour"] == [200, 404, 200, 404, *[200] * 5]
    assert {tuple(found[who]) for who in ("leader", "member", "auditor")} == {(403,) * 9}


def test_steps_of_others_are_not_there(cast: Cast) -> None:
    task = only(issued(cast))
    for who, words in (
        ("secretary", ("accept", "return", "grant", "refuse", "withdraw")),
        ("officer", ("accept", "report", "withdraw", "undo")),
        ("neighbour", ("report", "undo", "tell", "ask", "person")),
    ):
        client = cast.client(who)
        for word in words:
            answer = client.post(f"/tasks/{task.pk}/{word}/", {"text": "x", "due_on": DUE.isoformat()})
            assert answer.status_code == 404, (who, word)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"title": ""}, "写一句要办成什么"),
        ({"units": ""}, "写承办单位的名称或代码"),
        ({"units": "T006"}, "本级管理范围内没有"),
        ({"due_on": "2026-11-01"}, "期限不能早于定下的日期"),
        ({"decided_on": "2026-12-01"}, "不能晚于今天"),
        ({"whom": "everybody"}, "从列出的里选"),
        ({"units": "T004\nT003", "person": "李某", "seen": "2x20x1"}, "只交给一个单位"),
        ({"title": "<script>alert(1)</script>" * 20}, "最多 200"),
    ],
)
def test_what_cannot_be_is_said_and_kept(cast: Cast, told: dict[str, str], words: str) -> None:
    answer = cast.client("committee_officer").post(
        "/tasks/new/", TOLD | {"units": "T004", "do": "issue", "seen": "1x20x1"} | told
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "<script>alert" not in page and not Order.objects.unscoped("t").exists()
    assert words in page


@pytest.mark.parametrize("query", ["record=2026-999999", "part=99999999", "part=x", "problems=0", "problems=1%27--"])
def test_an_origin_that_is_not_there_is_a_404(cast: Cast, query: str) -> None:
    assert cast.client("committee_officer").get(f"/tasks/new/?{query}").status_code == 404


def test_an_order_is_taken_back_whole_and_its_problems_are_open_again(cast: Cast) -> None:
    town = cast.client("committee_officer")
    told = {"source": "县委督查", "found_on": TODAY.isoformat(), "lines": f"{cast.branch.code} ：没开门"}
    town.post("/tasks/problems/new/", told)
    problem = Problem.objects.unscoped("t").get()
    order = give(town, units=cast.branch.code, problems=str(problem.pk))
    assert town.post(f"/tasks/problems/{problem.pk}/withdraw/", {"text": "写错"}).status_code == 422
    assert town.post(f"/tasks/orders/{order.pk}/recall/", {}).status_code == 422
    assert town.post(f"/tasks/orders/{order.pk}/recall/", {"text": "写错单位"}).status_code == 302
    assert "已撤回" in text(town, f"/tasks/orders/{order.pk}/")
    assert town.post(f"/tasks/{only(order).pk}/undo/").status_code == 302 and only(order).state == "given"
    assert town.post(f"/tasks/{only(order).pk}/withdraw/", {"text": "写错单位"}).status_code == 302
    assert "1 个问题还没有提要求" in text(town, "/tasks/problems/")
    assert town.post(f"/tasks/problems/{problem.pk}/withdraw/", {"text": "写错"}).status_code == 302


def test_files_of_a_report_are_its_owners_until_it_is_accepted(cast: Cast) -> None:
    branch, town = cast.client("secretary"), cast.client("committee_officer")
    task = reported(cast, only(issued(cast)))
    step = task.steps.unscoped("t").get(what="reported")
    files = f"/tasks/{task.pk}/files/{step.pk}/"
    picture = photo("现场.jpg")
    assert branch.post(files, {"files": picture}).status_code == 302
    page = text(town, f"/tasks/{task.pk}/")
    link = page.split('class="file-name" href="')[1].split('"')[0]
    answer = town.get(link)
    assert answer.status_code == 200 and len(b"".join(answer.streaming_content)) > 100
    assert cast.client("neighbour").get(link).status_code == 404
    assert town.get(files).status_code == 404 and "移除" in text(branch, files)
    town.post(f"/tasks/{task.pk}/accept/", {})
    assert branch.get(files).status_code == 404 and branch.post(f"{link}remove/").status_code == 404


@pytest.mark.parametrize("many", [1, 30])
def test_the_pages_take_the_same_number_of_queries_for_one_and_for_many(
    cast: Cast, many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(many):
        issued(cast, title=f"任务 {number}", units=[cast.branch, cast.sister])
    town, branch = cast.client("committee_officer"), cast.client("secretary")
    task, order = Task.objects.unscoped("t").first(), Order.objects.unscoped("t").first()
    for client, url, most in (
        (town, "/tasks/", 24), (branch, "/tasks/", 24), (town, "/tasks/orders/", 20),
        (branch, f"/tasks/{task.pk}/", 26), (town, f"/tasks/orders/{order.pk}/", 22), (town, "/tasks/problems/", 22),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200
