"""One event, one line of JSON: nothing that a user typed can begin a second line or colour a terminal, and no identity
number or phone gets into a log file."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

LONGEST = 8_000  # characters of one text; a traceback fits
_DIGIT = r"[0-9０-９]"
_PERSONAL = (
    (re.compile(rf"(?<!{_DIGIT}){_DIGIT}{{17}}[0-9０-９Xxｘ](?!{_DIGIT})"), "[身份证号]"),
    (re.compile(rf"(?<!{_DIGIT})[1１][3-9３-９]{_DIGIT}{{9}}(?!{_DIGIT})"), "[手机号]"),
)
# Beyond what JSON escapes: C1 controls, line separators, marks that reorder or hide, lone surrogates.
_CONTROL = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def masked(text: str) -> str:
    """The text without identity numbers and phones, its invisible characters written out."""
    for pattern, word in _PERSONAL:
        text = pattern.sub(word, text)
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text[:LONGEST])


class JsonLines(logging.Formatter):
    """time (UTC), level, logger, text, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "text": masked(record.getMessage()),
        }
        if status := getattr(record, "status_code", None):
            entry["status"] = int(status)
        if record.exc_info:
            entry["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)
