"""Writes the key ring's file: readable by its owner, complete at every moment, never two writers at once."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from zhibu.web.core.crypto.errors import KeyRingError
from zhibu.web.core.crypto.ring import Key, Ring, new_key, ring
from zhibu.web.core.secret_files import make_once, written_beside


def make_first(path: Path) -> None:
    """A ring with one key, unless somebody was first. Raises KeyRingError beside a database with sealed values."""
    from zhibu.web.core.sealed import anything_stored

    if anything_stored():
        raise KeyRingError(f"数据库里有密文，密钥环 {path} 却不在：从备份放回。换一把新密钥打不开旧数据，所以没有生成")
    key = new_key()
    make_once(path, Ring(key, (key,)).as_text())


def add(key: Key) -> Ring:
    """Put a key into the ring and make it current. Raises KeyRingError when the ring is not ours to write."""
    if settings.KEYS:
        raise KeyRingError("密钥环来自环境变量 ZHIBU_KEYS，这里改不了：在那里加上新密钥，把 current 改成它，再重启")
    path = Path(settings.KEYS_FILE)
    ring()  # made when there is none
    with _alone(path):
        changed = Ring(key, (*ring().keys, key))
        whole = written_beside(path, changed.as_text())
        whole.replace(path)
        _sync_folder(path.parent)
    return ring()


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    with os.fdopen(os.open(path.with_name(f".{path.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
