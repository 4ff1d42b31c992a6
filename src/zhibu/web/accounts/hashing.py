"""Argon2id, tuned and bounded: so many hashes at once and no more, for each takes memory and a core.

Measured on 2 cores with t=2, p=1: 19 MiB 21 ms, 32 MiB 60 ms, 46 MiB 105 ms of the processor (docs/security.md).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


class Busy(RuntimeError):
    """All places for hashing are taken, and stayed so while we waited."""


class _Places:
    """At most `settings.HASHES_AT_ONCE` in this process; waiting is bounded too, so that threads don't pile up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: threading.BoundedSemaphore | None = None

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._lock:
            places = self._made = self._made or threading.BoundedSemaphore(settings.HASHES_AT_ONCE)
        if not places.acquire(timeout=settings.HASH_PATIENCE):
            raise Busy("no place for another hash")
        try:
            yield
        finally:
            places.release()


places = _Places()


class Argon2id(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 32 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with places.one():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with places.one():
            return super().verify(password, encoded)
