"""Numbers of many organisations worked on piece by piece, on several threads: a piece fits a processor's cache."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from zhibu.engine.packed.ahead import threads

PIECE = 2**15  # organisations


def in_pieces(count: int, work: Callable[[slice], None]) -> None:
    """`work` over 0 … count - 1. What it raises is raised here."""
    with ThreadPoolExecutor(threads()) as pool:
        for _ in pool.map(work, (slice(first, min(first + PIECE, count)) for first in range(0, count, PIECE))):
            pass
