"""What kernel.c does, in numpy and Arrow: for machines without a C compiler, `ZHIBU_KERNEL=off`.

The functions below take what those of kernel.c take, so whoever calls the kernel need not know which one it is; only
`judge` (judging.py) is handed the compiled plan itself. The meaning is where it was: in the tables that the reference
fills. Everything goes over whole columns; no loop here runs over organisations or events.
"""

from __future__ import annotations

from zhibu.engine.packed.unaided.lists import encode_lists, place
from zhibu.engine.packed.unaided.sums import roll_up, rolled, weigh
from zhibu.engine.packed.unaided.texts import find, hash_texts, out_of_order

__all__ = ["encode_lists", "find", "hash_texts", "out_of_order", "place", "roll_up", "rolled", "weigh"]
