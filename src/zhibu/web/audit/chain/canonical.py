"""A line as bytes, always the same ones, and the digest that chains it to the line before.

digest = H(form, algorithm, number, time of sealing, every column of the line, digest of the line before). Each part is
preceded by its length in four bytes, so that no two lines have the same bytes; an absent value is a length of all ones.
Nothing of the database's own representation goes in: times are UTC in ISO 8601, JSON is sorted and without blanks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured

FORM = "zhibu-audit-1"  # which columns in which order; another set of columns is another form
COLUMNS = (
    "id", "at", "happened_on", "user_id", "post_id_then", "post_title", "acting_for", "address", "device", "action",
    "outcome", "sentence", "thing", "thing_id", "organisation_id_then", "organisation_name", "organisation_path",
    "old", "new",
)  # fmt: skip
GENESIS = "0" * 64  # what stands for the digest before the first line
ABSENT = b"\xff\xff\xff\xff"


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


def digest(name: str, number: int, sealed_at: datetime, values: Sequence[Any], before: str) -> str:
    """Hexadecimal digest of a line's `values` (in the order of COLUMNS) as number `number` of the chain."""
    return ALGORITHMS[name](encode((FORM, name, number, sealed_at, *values, before)))


def encode(values: Sequence[Any]) -> bytes:
    """The parts one after another, each with its length; injective: other values give other bytes."""
    parts = []
    for value in values:
        if value is None:
            parts.append(ABSENT)
            continue
        data = (value if type(value) is str else text(value)).encode()
        parts.append(len(data).to_bytes(4))
        parts.append(data)
    return b"".join(parts)


def text(value: Any) -> str:
    """One spelling for each value: 2026-11-21T08:00:00.000001+00:00, 2026-11-21, 12, {"a":1}."""
    if isinstance(value, datetime):
        return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat()
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
