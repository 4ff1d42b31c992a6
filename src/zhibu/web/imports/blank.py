"""The templates to fill in: headings, which are required, one sample row, drop-downs, notes; numbers as text."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

from zhibu.web.core.scope import Scope
from zhibu.web.core.sheets import clean
from zhibu.web.coverage.models import Mode, Place, UnitKind
from zhibu.web.dues.models import PayerKind, Payment
from zhibu.web.imports.books.columns import (
    BASES,
    CASES,
    COLUMNS,
    HOURS,
    MEMBERS,
    ORGANISATIONS,
    PAYMENTS,
    TENURES,
    TITLES,
    UNITS,
)
from zhibu.web.learning.words import CHANNELS, FORMS, choices
from zhibu.web.members.models import Employment, MemberKind
from zhibu.web.offices.models import Office, Tenure
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.regulations.words import words

ROWS = 2000  # rows with drop-downs
_LEFT_OUT = {"code", "arrived_on", "place"}
_SAMPLE_NOTE = "这一行是示例，填表前删去"
SAMPLE: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("blank.yaml").read_text(encoding="utf-8"))
NOTES = {
    "id_number": "18 位，按文本填写；末位是 X 的大写小写都可以",
    "superior": "写全称；最上面的一个不填",
    "types": "一次活动有几个内容的，用“暨”或“、”连起来，如 支部党员大会暨主题党日",
    "recorded_on": "不填的按导入当天",
    "name": "写全称",
    "credit_code": "18 位，照证书填；没有的空着",
    "committee": "一个单位只由一个党委负责；还没有确定的空着，列入“无人负责”",
    "place": "先在“工作站和片区”里登记",
    "party": "覆盖它的党组织；没有的空着",
    "office": "一个职务一行一人：书记、副书记、组织委员……",
    "seats": "这个职务核定几名；职务已登记的可以空着",
    "base": "元；标准规定交固定数额的空着",
    "month": "写成 2026-03，按文本填写；自愿多交的空着",
    "receipt": "原来的收据号；没有的空着，自动编号",
    "step": "一步一行，同一件事的各行排在一起，次序和办理的次序一样",
    "told": "这一步要填的内容，一行一项，如 培养联系人：张某",
    "values": "只在第一步填，一行一项",
    "papers": "材料的名称，几样用分号隔开；有文号的写在括号里",
    "reason": "超过时限的写明原因",
}
_DATE_NOTE = "2025.3.4、2025-03-04、2025年3月4日 都可以"


def blank_book(kind: str, scope: Scope) -> bytes:
    """An empty book of this kind; names of the reader's own organisations come as a drop-down."""
    out = BytesIO()
    fields = [column for column in COLUMNS[kind] if column.field not in _LEFT_OUT]
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(TITLES[kind])
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bg_color": "#F2F2F2", "border": 1, "num_format": "@"})
        must = book.add_format({"bold": True, "bg_color": "#FFF2CC", "border": 1, "num_format": "@"})
        grey = book.add_format({"font_color": "#777777", "num_format": "@"})
        lists = _lists(book, kind, scope)
        for place, column in enumerate(fields):
            sheet.set_column(place, place, 16 if column.field != "content" else 40, text)
            sheet.write_string(0, place, column.names[0], must if column.required else head)
            sheet.write_string(
                1, place, SAMPLE[kind].get(column.field, _SAMPLE_NOTE if column.field == "note" else ""), grey
            )
            if note := _note(column):
                sheet.write_comment(0, place, note, {"author": "支部"})
            if source := lists.get(column.field):
                rule = {"validate": "list", "source": source, "error_type": "information", "ignore_blank": True}
                sheet.data_validation(1, place, ROWS, place, rule)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _note(column: Any) -> str:
    note = NOTES.get(column.field, _DATE_NOTE if column.field.endswith("_on") else "")
    return f"必填。{note}" if column.required else note


def _lists(book: Any, kind: str, scope: Scope) -> dict[str, Any]:
    """Field → what its drop-down offers. Names stand on a hidden sheet: a list typed in a rule has 255 characters."""
    if kind == ORGANISATIONS:
        return {"kind": _labels(Kind), "sector": _labels(Sector), "superior": _names(book, scope)}
    if kind == MEMBERS:
        return {
            "sex": ["男", "女"], "kind": _labels(MemberKind), "employment": _labels(Employment),
            "floating": ["是", "否"], "branch": _names(book, scope),
        }  # fmt: skip
    if kind == UNITS:
        names, maybe = _names(book, scope), ["是", "否"]
        flags = dict.fromkeys(("above_scale", "operating", "union", "youth", "women", "school"), maybe)
        near = [clean(one)[:20] for one in Place.objects.within(scope).values_list("name", flat=True)[:10]]
        lists = {"kind": _labels(UnitKind), "mode": _labels(Mode), "committee": names, "party": names, **flags}
        return lists | ({"place": near} if near else {})
    if kind == TENURES:
        flags = {one: ["是", "否"] for one in ("full_time", "head", "principal")}
        kinds = {"kind": _labels(Office.Kind), "how": _labels(Tenure.How)}
        return {"branch": _names(book, scope), **kinds, **flags}
    if kind == BASES:
        return {"payer_kind": _labels(PayerKind), "branch": _names(book, scope)}
    if kind == PAYMENTS:
        return {"sort": _labels(Payment.Kind), "way": _labels(Payment.Way), "branch": _names(book, scope)}
    if kind == HOURS:
        told = {"form": FORMS, "channel": CHANNELS}
        lists = {field: [word for _, word in choices(group)] for field, group in told.items()}
        return {"branch": _names(book, scope), **lists}
    if kind == CASES:
        return {"branch": _names(book, scope)}
    usual = ("general_meeting", "committee_meeting", "group_meeting", "party_lecture", "theme_day", "life_meeting")
    known = words()["events"]
    return {"types": [known[one] for one in (*usual, "appraisal") if one in known], "branch": _names(book, scope)}


def _labels(choices: Any) -> list[str]:
    return [str(label) for label in choices.labels]


def _names(book: Any, scope: Scope) -> str:
    names = list(Organisation.objects.within(scope).filter(dissolved_on=None).values_list("name", flat=True)[:ROWS])
    sheet = book.add_worksheet("名称")
    sheet.hide()
    for row, name in enumerate(names):
        sheet.write_string(row, 0, clean(name))
    return f"=名称!$A$1:$A${max(1, len(names))}"
