"""Questions copied from Excel: the heading row says which column is which; bad rows come back with what is wrong."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from zhibu.web.audit.actions import Unfit
from zhibu.web.core.scope import Scope
from zhibu.web.quizzes import actions
from zhibu.web.quizzes.models import Question

MOST = 500  # rows of one paste
LETTERS = "ABCDEFGH"
HEADS = ("专题", "题型", "题干", *(f"选项{one}" for one in LETTERS), "答案", "解析", "出处")
NAMES = {"题目": "题干", "类型": "题型", "说明": "解析", "来源": "出处", "依据": "出处", "条款": "出处"}
KINDS = {"单选": "single", "多选": "multiple", "判断": "judgement"}
NEEDED = ("专题", "题型", "题干", "答案", "出处")


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that was left out: its number, as it began, what is wrong."""

    number: int
    line: str
    why: str


def put_in(*, by: Scope, text: str) -> tuple[int, list[Bad]]:
    """How many went in, and the others."""
    rows = [row for row in csv.reader(io.StringIO(text.replace("\r\n", "\n")), delimiter="\t") if any(row)]
    heads = [_head(cell) for cell in rows[0]] if rows else []
    if lacking := [one for one in NEEDED if one not in heads]:
        return 0, [Bad(1, "", f"第一行要是列名，还缺：{'、'.join(lacking)}")]
    if len(rows) > MOST + 1:
        return 0, [Bad(MOST + 2, "", f"一次最多 {MOST} 行，分几次粘贴")]
    good, bad = 0, []
    for at, row in enumerate(rows[1:], 2):
        try:
            with transaction.atomic():
                actions.keep_question(by=by, question=None, fields=_fields(dict(zip(heads, row, strict=False))))
            good += 1
        except Unfit as wrong:
            bad.append(Bad(at, "\t".join(row)[:60], str(wrong)))
    return good, bad


def _head(cell: str) -> str:
    told = re.sub(r"\s", "", cell).upper()
    told = f"选项{told}" if told in LETTERS and told else told
    return NAMES.get(told, told)


def _fields(cells: dict[str, str]) -> dict[str, Any]:
    told = {name: " ".join(value.split()) for name, value in cells.items()}
    kind = KINDS.get(told.get("题型", "").removesuffix("题"), "")
    if not kind:
        raise Unfit("kind", f"题型“{told.get('题型', '')[:10]}”未知，写单选、多选或判断")
    for name, longest in (("专题", 40), ("题干", 500), ("出处", 200), ("解析", 500)):
        if name != "解析" and not told.get(name):
            raise Unfit("text", f"{name}没有填")
        if len(told.get(name, "")) > longest:
            raise Unfit("text", f"{name}最多 {longest} 个字")
    options = [told[name] for one in LETTERS if told.get(name := f"选项{one}")]
    return {
        "topic": told["专题"], "kind": kind, "text": told["题干"], "options": options,
        "answer": read_answer(told["答案"], kind), "explanation": told.get("解析", ""), "source": told["出处"],
    }  # fmt: skip


def read_answer(told: str, kind: str) -> list[int]:
    """AC → [0, 2]; 对 → [0]. Empty when it is neither: the action says what is right."""
    told = told.strip().upper()
    if kind == Question.Kind.JUDGEMENT:
        return {"对": [0], "正确": [0], "√": [0], "A": [0], "错": [1], "错误": [1], "×": [1], "B": [1]}.get(told, [])
    letters = re.sub(r"[\s、,，;；]", "", told)
    return [LETTERS.index(one) for one in letters] if letters and set(letters) <= set(LETTERS) else []
