"""The key ring: several keys with ids, one of them current. A JSON file in the home folder, or `ZHIBU_KEYS`.

    {"current": "k3f9a", "keys": [{"id": "k3f9a", "provider": "aes", "made": "2026-11-21", "material": {…}}, …]}

The file is made once, whole or not at all, whoever comes first; it is read anew when it changes, so running servers
follow `zhibu keys new` without a restart. It is never made beside a database that already holds sealed values.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from zhibu.web.core.crypto.errors import KeyMissing, KeyRingError
from zhibu.web.core.crypto.providers import Provider, provider


@dataclass(frozen=True)
class Key:
    id: str
    path: str  # aes, sm4 or a dotted path
    made: str
    material: Mapping[str, str]

    @cached_property
    def provider(self) -> Provider:
        return provider(self.path)

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "provider": self.path, "made": self.made, "material": dict(self.material)}


@dataclass(frozen=True)
class Ring:
    current: Key
    keys: tuple[Key, ...]  # in the order in which they were made

    def get(self, key_id: str) -> Key:
        """Raises KeyMissing."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise KeyMissing(key_id)

    def newest_first(self) -> list[Key]:
        return [self.current, *(key for key in reversed(self.keys) if key.id != self.current.id)]

    def as_text(self) -> str:
        says = {"current": self.current.id, "keys": [key.as_json() for key in self.keys]}
        return json.dumps(says, indent=1) + "\n"


def ring() -> Ring:
    """The keys of now. Raises KeyRingError when there are none and none may be made."""
    if settings.KEYS:
        return _parsed(settings.KEYS, "ZHIBU_KEYS")
    path = Path(settings.KEYS_FILE)
    try:
        seen = path.stat()
    except FileNotFoundError:
        from zhibu.web.core.crypto.ring_file import make_first

        make_first(path)
        seen = path.stat()
    return _read(path, seen.st_mtime_ns, seen.st_size, seen.st_ino)


def exposed() -> bool:
    """Whether others than the owner may read the file."""
    path = Path(settings.KEYS_FILE)
    return not settings.KEYS and path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def new_key(path: str = "") -> Key:
    """A key of the provider `path`, or of the one that ZHIBU_CRYPTO names; in no ring yet."""
    path = path or settings.CRYPTO
    return Key(f"k{secrets.token_hex(4)}", path, date.today().isoformat(), provider(path).new_key())


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, _size: int, _number: int) -> Ring:
    try:
        return _parsed(path.read_text("utf-8"), str(path))
    except OSError as error:
        raise KeyRingError(f"密钥环 {path} 读不出来：{os.strerror(error.errno or 0)}") from error


@lru_cache(maxsize=4)
def _parsed(text: str, where: str) -> Ring:
    try:
        says = json.loads(text)
        keys = tuple(Key(one["id"], one["provider"], one["made"], one["material"]) for one in says["keys"])
        current = next(key for key in keys if key.id == says["current"])
    except (ValueError, KeyError, TypeError, StopIteration):
        raise KeyRingError(f"密钥环 {where} 内容不对或不完整：从备份放回") from None
    if len({key.id for key in keys}) != len(keys) or any("|" in key.id or ":" in key.id for key in keys):
        raise KeyRingError(f"密钥环 {where} 里有两把同名的密钥：从备份放回")
    return Ring(current, keys)
