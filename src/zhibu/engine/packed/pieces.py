"""Numbers of many organisations worked on piece by piece, on several threads: a piece fits a processor's cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from zhibu.engine.packed.ahead import ahead

PIECE = 2**15  # organisations


def in_pieces(count: int, work: Callable[[slice], None]) -> None:
    """`work` over 0 … count - 1. What it raises is raised here."""
    for _ in ahead(partial(work, slice(first, min(first + PIECE, count))) for first in range(0, count, PIECE)):
        pass
