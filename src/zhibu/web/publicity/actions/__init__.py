"""Writes; each a formal act with its audit line."""

from zhibu.web.publicity.actions.news import adopt, correct, send, send_back, share, withdraw
from zhibu.web.publicity.actions.papers import drop, present
from zhibu.web.publicity.actions.registers import keep, strike
from zhibu.web.publicity.actions.stories import attach, change, consent, detach, edited, publish, take_down

__all__ = [
    "adopt",
    "attach",
    "change",
    "consent",
    "correct",
    "detach",
    "drop",
    "edited",
    "keep",
    "present",
    "publish",
    "send",
    "send_back",
    "share",
    "strike",
    "take_down",
    "withdraw",
]
