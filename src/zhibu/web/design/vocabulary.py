"""The one vocabulary of task status (ux.md 2.1). Nothing else may be invented.

A status is computed from dates and verdicts, never set by hand; it is shown as a drawing, a word and
a colour together, because pale colours alone are not told apart by colour-blind readers.
"""

from typing import NamedTuple


class Status(NamedTuple):
    id: str
    word: str
    meaning: str
    who_acts: str


STATUSES = {
    status.id: status
    for status in (
        Status("late", "已逾期", "期限已过，还没有提交", "支部，现在办"),
        Status("returned", "退回补充", "审核时退回，写有原因和新的期限", "支部，现在办"),
        Status("soon", "快到期", "离期限 7 天以内", "支部，现在办"),
        Status("waiting", "待审核", "已提交，等上级审核", "上级党委"),
        Status("todo", "未到期", "离期限 7 天以上", "支部，以后办"),
        Status("done", "已完成", "已通过，或不需要审核", "不用再办"),
        Status("extended", "缓办", "已批准延期", "到期前不用办"),
        Status("na", "不要求", "这项规定不适用于本组织", "不用办"),
    )
}
BY_WORD = {status.word: status for status in STATUSES.values()}

SIZES = {"normal": "标准", "large": "大", "elder": "大字版"}


def status_of(value) -> Status:
    """The status named by its id, its word, or an enum holding either."""
    key = str(getattr(value, "value", value))
    status = STATUSES.get(key) or BY_WORD.get(key)
    if status is None:
        raise ValueError(f"没有“{key}”这种任务状态；可用：{', '.join(STATUSES)}")
    return status
