"""The log as a workbook or CSV. Taking it away is a line of the log itself."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.utils import timezone

from zhibu.web.audit.actions import action, write
from zhibu.web.audit.explain import told
from zhibu.web.audit.models import Checkpoint, Held, Line, Outcome
from zhibu.web.audit.queries import Asked, search, word_of
from zhibu.web.audit.words import word
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope

MOST = 20_000  # lines of one file; narrow the dates for more
HEADINGS = (
    "编号",
    "录入时间",
    "发生日期",
    "人",
    "身份",
    "代谁办",
    "来源地址",
    "设备",
    "动作",
    "动作代码",
    "结果",
    "说明",
    "党组织",
    "对象类别",
    "对象",
    "原值",
    "新值",
    "序号",
    "摘要",
)
WIDTHS = (8, 20, 12, 10, 28, 10, 16, 18, 18, 24, 8, 40, 28, 20, 10, 30, 30, 8, 20)


@action("audit.export")
def export(*, by: Scope, asked: Asked, kind: str) -> bytes:
    """`kind` is xlsx or csv; the newest lines first."""
    found = list(search(by, asked)[:MOST])
    filters = _filters(asked, by)
    write(
        by=by, action="audit.export", sentence=f"导出审计记录 {len(found)} 条", thing=Line(), organisation=None,
        new={"filters": filters, "rows": len(found), "kind": kind},
    )  # fmt: skip
    sheet = sheets.Sheet("审计记录", filters, HEADINGS, [_row(line) for line in found], WIDTHS)
    return sheets.as_csv(sheet) if kind == "csv" else sheets.workbook(sheet)


def _filters(asked: Asked, by: Scope) -> str:
    words = {
        "since": "从",
        "until": "到",
        "person": "人",
        "action": "动作",
        "named": "动作名含",
        "organisation": "党组织",
        "text": "说明含",
    }
    words |= {"outcome": "结果", "post": "任职编号", "address": "来源地址", "thing": "对象类别"}
    values = asdict(asked) | {"action": word(asked.action), "outcome": dict(Outcome.choices).get(asked.outcome)}
    values["thing"] = word_of(asked.thing)
    parts = [f"{words[name]}：{value}" for name, value in values.items() if value]
    return "；".join([*(parts or ["全部"]), f"导出日 {by.on.isoformat()}", f"最多 {MOST} 条"])


def _row(line: Line) -> list[sheets.Cell]:
    return [
        line.pk, timezone.localtime(line.at).strftime("%Y-%m-%d %H:%M:%S"), line.happened_on,
        line.user.name if line.user else "", line.post_title, line.acting_for, line.address, line.device,
        line.word, line.action, line.get_outcome_display(), line.sentence, line.organisation_name,
        word_of(line.thing), line.thing_id,
        _json(told(line, line.old)), _json(told(line, line.new)), *_seal(line),
    ]  # fmt: skip


def _seal(line: Line) -> tuple[sheets.Cell, sheets.Cell]:
    """Number in the chain and digest; empty while the line waits for the sealer."""
    seal = getattr(line, "seal", None)
    return (seal.number, seal.hash) if seal else ("", "")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


@action("audit.export")
def checkpoints(*, by: Scope) -> bytes:
    """All signed checkpoints of this installation as text, oldest first."""
    found = list(Checkpoint.objects.order_by("count").values_list("text", flat=True))
    _taken(by, f"下载本机检查点 {len(found)} 个")
    return "\n".join(found).encode()


@action("audit.export")
def held(*, by: Scope, origin: str) -> bytes:
    """The checkpoints held of an installation as text, oldest first."""
    found = list(Held.objects.filter(origin=origin).order_by("count").values_list("text", flat=True))
    _taken(by, f"下载收存的 {origin} 的检查点 {len(found)} 个")
    return "\n".join(found).encode()


def _taken(by: Scope, sentence: str) -> None:
    write(by=by, action="audit.export", sentence=sentence, thing=None, organisation=None)
