"""台账: one page that leads to every register, so that the menu stays short. An app adds its line to `LEDGERS`."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope


@dataclass(frozen=True, slots=True)
class Ledger:
    """`url` is a name without arguments; shown to who may do `needs` anywhere."""

    group: str
    word: str
    says: str
    url: str
    needs: str


# In the order of the page; the lines of one group stand together.
LEDGERS: tuple[Ledger, ...] = (
    Ledger("党组织", "组织", "下级党组织的树和列表", "organisations", "organisations.view"),
    Ledger("党员", "党员名册", "按支部查、导出", "members", "members.view"),
    Ledger("班子", "职务与班子", "职务、在任、空缺、兼任、队伍结构", "offices-offices", "offices.view"),
    Ledger("班子", "届期", "谁哪天届满、提醒换届", "offices-terms", "offices.view"),
    Ledger("班子", "后备人选", "村书记、村干部后备和比例", "offices-reserves", "reserves.view"),
    Ledger("班子", "听取意见", "干部事项征求的书面意见", "opinions", "offices.view"),
    Ledger("班子", "任职谈话", "新任专职副书记的谈话", "talks", "offices.view"),
    Ledger("党费和经费", "党费", "收缴名单、台账、上缴；上级看汇总", "dues", "dues.view"),
    Ledger("党费和经费", "经费和阵地", "提取和拨付、预算、支出、收入、阵地", "funds", "funds.view"),
    Ledger("制度", "事项库", "规则、条款和出处", "rulebooks", "regulations.view"),
    Ledger("制度", "制度库", "文件、条款，谁引用了哪一条，文件下来以后做了什么", "library", "library.view"),
    Ledger("制度", "对照检查", "对照文件条款看各单位落实", "checklists", "library.ask"),
    Ledger("制度", "要答复的对照检查", "上级问本单位的条款", "library-asked", "library.answer"),
)


def of(scope: Scope) -> list[tuple[str, list[Ledger]]]:
    """The registers a post may open, by group."""
    groups: dict[str, list[Ledger]] = {}
    for one in LEDGERS:
        if scope.may(one.needs):
            groups.setdefault(one.group, []).append(one)
    return list(groups.items())


@page("identity.switch")
def ledgers(request: HttpRequest) -> HttpResponse:
    groups = [(word, [(one, reverse(one.url)) for one in found]) for word, found in of(request.scope)]
    return htmx.page(request, "design/ledgers.html", {"groups": groups})
