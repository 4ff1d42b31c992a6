"""Writes; each a formal act with its audit line."""

from zhibu.web.publicity.actions.news import adopt, correct, send, send_back, share, withdraw
from zhibu.web.publicity.actions.registers import keep, strike
from zhibu.web.publicity.actions.stories import attach, change, consent, detach, edited, publish, take_down

__all__ = [
    "adopt",
    "attach",
    "change",
    "consent",
    "correct",
    "detach",
    "edited",
    "keep",
    "publish",
    "send",
    "send_back",
    "share",
    "strike",
    "take_down",
    "withdraw",
]
