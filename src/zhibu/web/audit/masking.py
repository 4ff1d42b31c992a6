"""Nothing personal stands in clear in a log that nobody can change.

Two nets. Values of fields known to be personal are masked whatever they look like; texts lose whatever looks like an
identity number or a mobile phone. A line is kept for years and can't be corrected, while a person's data has to be
forgotten when its purpose is over (PIPL 47): so the log never has it.
"""

from __future__ import annotations

import re
from typing import Any

# Names of fields, whole or as the last part: id_number, phone, contact_phone, x.id_number
PERSONAL = re.compile(r"(?:^|[._])(?:id_number|identity_number|id_card|phone|mobile|contact)$", re.IGNORECASE)
SECRET = re.compile(r"(?:password|secret|token|otp)$", re.IGNORECASE)
# Not inside a longer number, nor inside a digest in hexadecimal. \d is any digit, full-width ones too.
BEFORE, AFTER = r"(?<![\da-fA-F])", r"(?![\da-fA-F])"
IDENTITY = re.compile(rf"{BEFORE}(\d\d)\d{{4}}[ -]?\d{{8}}[ -]?\d\d(\d[\dXxＸｘ]){AFTER}")
OLD_IDENTITY = re.compile(rf"{BEFORE}(\d\d)\d{{11}}(\d\d){AFTER}")  # 15 digits, of before 1999
PHONE = re.compile(rf"{BEFORE}((?:\+?86[ -]?)?[1１][3-9３-９]\d)[ -]?\d{{4}}[ -]?\d\d(\d\d){AFTER}")
LONG = 10**10  # a whole number from here on may be a phone


def text(words: str) -> str:
    """Identity numbers and mobile phones replaced by their first and last two or three characters."""
    masked = IDENTITY.sub(r"\1**************\2", words)
    masked = OLD_IDENTITY.sub(r"\1***********\2", masked)
    return PHONE.sub(r"\1******\2", masked)


def values(data: dict[str, Any] | None) -> dict[str, Any] | None:
    """The old or new values of a line, masked, at any depth. Numbers, days and None stay."""
    return None if data is None else {text(str(name)): _value(str(name), value) for name, value in data.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return values(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_value(name, one) for one in value]
    if SECRET.search(name) and value is not None:
        return "****"
    if PERSONAL.search(name) and value not in (None, ""):
        return hidden(str(value))
    if isinstance(value, int) and value >= LONG:
        return text(str(value))
    return text(value) if isinstance(value, str) else value


def hidden(value: str) -> str:
    """Enough to see that it changed, and which one was meant: the last two characters of a long one."""
    return f"****{value[-2:]}" if len(value) >= 8 else "****"
