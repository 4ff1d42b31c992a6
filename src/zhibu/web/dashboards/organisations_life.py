"""What the page of one organisation says of its life, and the tree of a day as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.dashboards.places import home_area
from zhibu.web.organisations import history, tree
from zhibu.web.organisations.models import Change, Kind, Organisation, Sector

HEADINGS = ("层级", "代码", "全称", "简称", "类别", "领域", "上级代码")
WIDTHS = (6, 12, 36, 20, 14, 12, 12)
# Action → the route of its form and the word of its button, in the order of the page.
STEPS = (
    ("organisations.set_up", "organisation-set-up", "设立下级"),
    ("organisations.rename", "organisation-rename", "更名"),
    ("organisations.convert", "organisation-convert", "改设"),
    ("organisations.move", "organisation-move", "调整隶属"),
    ("organisations.merge", "organisation-merge", "合并"),
    ("organisations.abolish", "organisation-abolish", "撤销"),
)


@dataclass(frozen=True, slots=True)
class Told:
    change: Change
    before: str  # 槐树村支部；党支部


def acts(scope: Scope, here: Organisation, stepped: bool) -> list[tuple[str, str]]:
    """(route, word) of the steps this post may take here; for its own organisation only what is below it."""
    apart = here.path in scope.prefixes and here.depth > 1
    may = [(route, word) for name, route, word in STEPS if scope.may_at(name, here.path)]
    found = [] if here.dissolved_on else [one for one in may if not apart or one[0] == "organisation-set-up"]
    if stepped and not apart and scope.may_at("organisations.undo", here.path):
        found.append(("organisation-undo", "撤回最近的变更"))
    return found


def told(here: Organisation, steps: list[Change]) -> list[Told]:
    """The steps, the latest first, with what was before in words."""
    codes = {one.old["superior"] for one in steps if one.old.get("superior")}
    names = tree.names_of(codes)
    return [Told(one, _before(one.old, names)) for one in steps]


def _before(old: dict[str, Any], names: dict[str, str]) -> str:
    words = [str(old.get("name") or ""), _word(Kind, old.get("kind")), _word(Sector, old.get("sector"))]
    words.append(names.get(old.get("superior") or "", ""))
    return "；".join(word for word in words if word)


def _word(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else ""


@action("organisations.export")
def export(*, by: Scope, day: date) -> bytes:
    """The tree of a day within reach as a workbook, superiors before subordinates."""
    found = history.as_of(by, day)
    unit = home_area(by)
    rows = [
        [one.depth + 1, one.code, one.name, one.short_name, one.kind_word, one.sector_word, one.superior or ""]
        for one in found
    ]
    sheet = sheets.Sheet("党组织名册", f"{day.isoformat()} 的党组织，共 {len(rows)} 个", HEADINGS, rows, WIDTHS)
    write(
        by=by, action="organisations.export", sentence=f"导出{sheet.filters}", thing=unit or Organisation(),
        organisation=unit, new={"filters": sheet.filters, "rows": len(rows)},
    )  # fmt: skip
    return sheets.workbook(sheet)
