"""Lists of responsibilities of the sample county: made up, by documents that don't exist, half reported on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from zhibu.web.core.scope import Scope
from zhibu.web.organisations import lifecycle, tree
from zhibu.web.organisations.models import Kind, Organisation
from zhibu.web.responsibilities import actions, reporting
from zhibu.web.responsibilities.models import Charge, Charter, Holder, Item
from zhibu.web.responsibilities.naming import bodies

CLOCK: dict[str, Any] = {"heading": "", "clause": "", "due_on": None, "due_days": None, "needs_proof": False}
FUNCTIONS = ("领导县直机关党的建设", "审批机关党组织换届", "指导机关党员教育管理", "督促检查机关党建工作")
START = ("制定议事规则", "明确办公室和工作人员", "召开第一次委员会议", "摸清两新单位底数", "建立例会制度")


def fill(*, by: Scope, branch: Scope, today: date) -> None:
    """`by`: the county's officer; `branch`: a secretary whose branch reports for a body."""
    county = Organisation.objects.within(by).get(pk=by.organisation_id)
    here = Organisation.objects.within(branch).get(pk=branch.organisation_id)
    town = tree.superior(here) or county
    since = date(today.year - 1, 3, 1)
    _functions(by, county, since)
    _group(by, town, since, today)
    _start(by, county, today)
    _trade(by, since)
    _allied(by, branch, here, since, today)


def _issue(by: Scope, kind: str, title: str, number: int, since: date, **more: str) -> Charter:
    facts = {"kind": kind, "title": title, "document": f"青示〔{since.year}〕{number}号（示例）", "starts_on": since}
    return actions.keep(
        by=by,
        charter=None,
        facts=facts | {"ends_on": None, "name_form": "", "place_kind": "", "place_sector": ""} | more,
    )


def _give(by: Scope, charter: Charter, kind: str, names: str, on: date, heading: str = "") -> None:
    items = Item.objects.within(by).filter(charter=charter, heading=heading).values_list("pk", flat=True)
    actions.give(by=by, charter=charter, kind=kind, bodies=bodies(names), items=list(items), given_on=on)


def _report(by: Scope, body: str, text: str, state: str, sentence: str, on: date, proof: str = "") -> None:
    found = Charge.objects.within(by).filter(item__text=text, withdrawn_on=None).select_related("holder__place")
    one = next(each for each in found if str(each.holder) == body)
    reporting.report(by=by, charge=one, state=state, happened_on=on, sentence=sentence, proof=proof)


def _functions(by: Scope, county: Organisation, since: date) -> None:
    """The work committee of the county's organs, and one founded later under another kind of name."""
    organs = Organisation.objects.below(by, county.path).filter(kind=Kind.WORK_COMMITTEE, sector="organ")
    first, second = organs[0], _found(by, county, "中共青川县开发区机关党工委", "organ", since)
    charter = _issue(
        by, "functions", "机关工委名称和职能", 11, since, name_form="中共○○直机关工作委员会",
        place_kind=Kind.WORK_COMMITTEE, place_sector="organ",
    )  # fmt: skip
    actions.add_items(by=by, charter=charter, texts=FUNCTIONS, facts=CLOCK)
    _give(by, charter, "party", f"{first.code}\n{second.code}", since)
    for text in FUNCTIONS:
        _report(by, first.name, text, "done", "已写进工委职责", since + timedelta(days=30))
    _report(by, second.name, FUNCTIONS[0], "done", "已写进工委职责", since + timedelta(days=40))


def _found(by: Scope, county: Organisation, name: str, sector: str, on: date) -> Organisation:
    document = f"青示〔{on.year}〕9号（示例）"
    return lifecycle.set_up(
        by=by, superior=county, name=name, kind=Kind.WORK_COMMITTEE, sector=sector, on=on, document=document
    )


def _group(by: Scope, town: Organisation, since: date, today: date) -> None:
    charter = _issue(by, "group", "县委党建工作领导小组成员单位职责", 12, since)
    late, soon = today - timedelta(days=12), today + timedelta(days=5)
    for heading, text, due in (
        ("县民政局", "抓好社会组织党建，年内摸清底数", late), ("县民政局", "社区服务场所建设", soon),
        ("县财政局", "落实基层党建经费", soon), ("县农业农村局", "指导村集体经济发展", None),
        ("乡镇党委", "每季度研究一次村党支部建设", soon),
    ):  # fmt: skip
        actions.add_items(by=by, charter=charter, texts=[text], facts=CLOCK | {"heading": heading, "due_on": due})
    for name in ("县民政局", "县财政局", "县农业农村局"):
        _give(by, charter, "member", name, since, name)
    _give(by, charter, "member", town.code, since, "乡镇党委")
    _report(by, "县民政局", "社区服务场所建设", "doing", "已改建两处", today - timedelta(days=20))
    _report(by, "县财政局", "落实基层党建经费", "done", "本年经费已拨付", today - timedelta(days=60))


def _start(by: Scope, county: Organisation, today: date) -> None:
    on = today - timedelta(days=60)
    name = "中共青川县快递物流行业工作委员会"
    code = _found(by, county, name, "npe", on).code
    charter = _issue(by, "start", "新设工委运行清单", 3, on)
    for days, texts in ((30, START[:2]), (90, START[2:])):
        facts = CLOCK | {"due_days": days, "needs_proof": days == 30}
        actions.add_items(by=by, charter=charter, texts=texts, facts=facts)
    _give(by, charter, "party", code, on)
    _report(by, name, START[0], "done", "议事规则已印发", on + timedelta(days=20), "青川县党支部建设若干意见（示例）")


def _trade(by: Scope, since: date) -> None:
    charter = _issue(by, "trade", "行业主管部门抓两新党建职责", 14, since)
    actions.add_items(
        by=by, charter=charter, texts=["摸清本行业企业和党员", "登记、年报时同步了解党建情况"],
        facts=CLOCK | {"due_days": 300},
    )  # fmt: skip
    _give(by, charter, "trade", "县市场监管局\n县住建局\n县交通运输局", since)
    _report(by, "县市场监管局", "摸清本行业企业和党员", "done", "台账已建", since + timedelta(days=200))


def _allied(by: Scope, branch: Scope, here: Organisation, since: date, today: date) -> None:
    """The women's federation of a village reports through its branch."""
    charter = _issue(by, "allied", "纪检、统战、工青妇作用机制", 15, since)
    village = f"{here.name.removesuffix('党支部')}妇联"
    for kind, name, text in (
        (Holder.Kind.DISCIPLINE, "县纪委监委机关", "监督党组织履行主体责任"),
        (Holder.Kind.FRONT, "县委统战部", "联系非公有制经济人士"),
        (Holder.Kind.UNION, "县总工会", "推动企业建立工会"),
        (Holder.Kind.YOUTH, "团县委", "推动企业建立团组织"),
        (Holder.Kind.WOMEN, "县妇联", "推动企业建立妇联组织"),
        (Holder.Kind.WOMEN, village, "组织妇女参加村里的议事和服务"),
    ):
        facts = CLOCK | {"heading": name, "due_on": today - timedelta(days=3) if name == village else None}
        actions.add_items(by=by, charter=charter, texts=[text], facts=facts)
        _give(by, charter, kind, f"{name}，{here.code}" if name == village else name, since, name)
    _report(branch, village, "组织妇女参加村里的议事和服务", "doing", "参加了两次议事会", today - timedelta(days=15))
    _report(by, "县总工会", "推动企业建立工会", "doing", "今年新建企业工会，名单已报", today - timedelta(days=9))
