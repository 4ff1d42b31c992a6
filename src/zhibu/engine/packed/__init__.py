"""The packed engine: facts as codes, a plan as tables of whole numbers, a compiled kernel over both. Serves speed.

Every entry of every table is worked out by the reference's own functions over the distinct values of a column
(`compiled.py`), so the kernel decides nothing: it looks up, adds and compares. Where it was not built, `unaided/` does
the same in numpy. What does not fit whole numbers of 64 bits raises `Unfit`, and the default backend answers in SQL.
"""

from __future__ import annotations


class Unfit(Exception):
    """The plan or its facts go beyond what the kernel covers; the text says why (English, for developers)."""
