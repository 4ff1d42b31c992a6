"""Writes, each with its audit line."""

from zhibu.web.review.actions.decide import accept, resubmit, return_, snooze, undo
from zhibu.web.review.actions.faults import answer, call, close, mark, report, withdraw
from zhibu.web.review.actions.setting import keep

__all__ = [
    "accept", "answer", "call", "close", "keep", "mark", "report", "resubmit", "return_", "snooze", "undo", "withdraw",
]  # fmt: skip
