"""The user's own name of a file, made fit to be shown and offered: one line, no path, the ending its content has."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80  # characters before the ending
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_DANGEROUS = re.compile(r'[<>:"|?*%;&`$]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_ENDING = {"jpeg": "jpg"}


def display(name: str, kind: str) -> str:
    """会议照片.heic.png, jpeg → 会议照片.heic.jpg"""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", _INVISIBLE.sub("", name)))[-1]
    stem = last.rpartition(".")[0] or last
    stem = " ".join(_DANGEROUS.sub("_", stem).split()).strip(". ")[:LONGEST].rstrip(". ")
    if not stem or _RESERVED.match(stem.partition(".")[0].strip()):
        stem = f"附件{stem and '_' + stem}"
    return f"{stem}.{_ENDING.get(kind, kind)}"
