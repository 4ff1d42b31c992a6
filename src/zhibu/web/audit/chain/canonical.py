"""A line as bytes, always the same ones, and the digest that chains it to the line before.

digest = H(form, algorithm, number, time of sealing, every column of the line, digest of the line before). Each part is
preceded by its length in characters (`4:提交活动`), an absent one is `-`, so that no two lines have the same bytes; all
in UTF-8. Nothing of the database's own representation goes in: times are UTC in ISO 8601, JSON is sorted and without
blanks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured

FORM = "zhibu-audit-1"  # which columns in which order; another set of columns is another form
COLUMNS = (
    "id", "at", "happened_on", "user_id", "post_id_then", "post_title", "acting_for", "address", "device", "action",
    "outcome", "sentence", "thing", "thing_id", "organisation_id_then", "organisation_name", "organisation_path",
    "old", "new",
)  # fmt: skip
GENESIS = "0" * 64  # what stands for the digest before the first line


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sm3(data: bytes) -> str:
    """GB/T 32905-2016, for installations that must use the national algorithms."""
    from cryptography.hazmat.primitives.hashes import SM3, Hash

    state = Hash(SM3())
    state.update(data)
    return state.finalize().hex()


ALGORITHMS: dict[str, Callable[[bytes], str]] = {"sha256": sha256, "sm3": sm3}


def algorithm(name: str) -> Callable[[bytes], str]:
    """The digest of that name. Raises ImproperlyConfigured, saying which there are."""
    if name not in ALGORITHMS:
        raise ImproperlyConfigured(f"ZHIBU_AUDIT_HASH 应是 {'、'.join(ALGORITHMS)} 之一，现为“{name}”")
    return ALGORITHMS[name]


def digest(name: str, number: int, sealed_at: str, body: str, before: str) -> str:
    """Hexadecimal digest of a line as number `number` of the chain; `sealed_at` and `body` spelt as below."""
    head = "".join(map(part, (FORM, name, str(number), sealed_at)))
    return ALGORITHMS[name](f"{head}{body}{part(before)}".encode())


def part(text: str | None) -> str:
    return "-" if text is None else f"{len(text)}:{text}"


# --- spelling: one for each value, whichever database it comes from -------------------------------------------------


def moment(value: datetime | str | None) -> str | None:
    """2026-11-21T08:00:00.000001+00:00; SQLite hands over UTC without a zone."""
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{value.isoformat()}+00:00" if value.tzinfo is None else value.astimezone(UTC).isoformat()


def plain(value: Any) -> str | None:
    """Text as it is, whole numbers in digits, days as 2026-11-21."""
    if value is None or type(value) is str:
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def sorted_json(value: str | None) -> str | None:
    """{"a":1,"b":[2]} from any spelling of it."""
    return None if value is None else _json(json.loads(value))


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
SPELLINGS: dict[str, Callable[[Any], str | None]] = {"at": moment, "old": sorted_json, "new": sorted_json}


def spelt(columns: Sequence[Sequence[Any]]) -> list[list[str | None]]:
    """The columns of many lines (in the order of COLUMNS, as the database driver gives them), spelt."""
    return [[known[one] for one in column] for known, column in zip(_memories(), columns, strict=True)]


def bodies(columns: Sequence[Sequence[Any]]) -> list[str]:
    """The same, as one text for each line. By columns, for most values of a column are the same few."""
    parts = [[known[one] for one in column] for known, column in zip(_memories(part), columns, strict=True)]
    return list(map("".join, zip(*parts, strict=True)))


class _Memory(dict[Any, Any]):
    """What was spelt before is found again."""

    def __init__(self, spell: Callable[[Any], Any]):
        self.spell = spell

    def __missing__(self, value: Any) -> Any:
        made = self[value] = self.spell(value)
        return made


def _memories(last: Callable[[str | None], Any] = lambda text: text) -> list[_Memory]:
    def memory(spell: Callable[[Any], str | None]) -> _Memory:
        return _Memory(lambda value: last(spell(value)))

    return [memory(SPELLINGS.get(name, plain)) for name in COLUMNS]
