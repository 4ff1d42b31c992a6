"""Finds the kernel and speaks to it. Serves speed; without a compiler at set-up it is the one in numpy (unaided/).

`ZHIBU_KERNEL`: auto (default: the compiled one if it was built), on (an error if it was not), off (never the compiled
one), sql (no kernel: the default backend answers in SQL).
"""

from __future__ import annotations

import ctypes as c
import hashlib
import os
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

LIBRARY = Path(__file__).with_name("kernel.so")
NO_MEMORY, FULL, TOO_MANY = -1, -2, -3
Numbers = npt.NDArray[Any]
MASK, TOP = 2**64 - 1, 2**63


class Column(c.Structure):
    _fields_ = [("codes", c.c_void_p), ("width", c.c_int64)]


def _pointers(names: str) -> list[tuple[str, Any]]:
    return [(name, c.c_void_p) for name in names.split()]


def _numbers(names: str) -> list[tuple[str, Any]]:
    return [(name, c.c_int64) for name in names.split()]


class Tests(c.Structure):
    _fields_ = [*_numbers("words columns count"), *_pointers("column bits steps step_of")]


class Sieve(c.Structure):
    _fields_ = [*_numbers("words columns"), *_pointers("column passed left")]


class Plan(c.Structure):
    """The same fields in the same order as in kernel.c, which says what each is."""

    _fields_ = [
        *_numbers("rules groups slots as_of day seen"),
        *_pointers("row_of valid_from valid_to born gone row_columns"),
        ("row_tests", Tests),
        ("row_sieve", Sieve),
        *_pointers("event_of"),
        *((name, Column) for name in ("types", "held", "recorded", "makes_up", "person", "topics")),
        *_pointers("event_columns"),
        ("event_tests", Tests),
        ("event_sieve", Sieve),
        *_pointers("wanted in_time makes_good days trigger_of triggers topic_of topic topic_bits made_start made_end"),
        *_pointers("clock measure condition partial name base n_slots basis date amount need"),
        *_pointers("needs amounts slot_of made_slot own_of own rule_of start end deadline timely_below"),
        *_pointers("waiver_of waiver_name waiver_from waiver_to id_at id_bytes id_row"),
        *_numbers("keep"),
    ]


class Out(c.Structure):
    _fields_ = [
        *_numbers("room evidence_room runs_room used evidence_used runs_used"),
        *_pointers("counts subject rule slot start end deadline excuse need_code status provisional timely total"),
        *_pointers("evidence_end evidence run_subject run_group run since"),
    ]


@cache
def library() -> c.CDLL | None:
    """The kernel; None if it was not built, or from another text than the one beside it."""
    try:
        found = c.CDLL(str(LIBRARY))
        found.source.restype = c.c_int64
        text = hashlib.sha256(LIBRARY.with_suffix(".c").read_bytes()).hexdigest()
        if found.source() != int(text[:15], 16):
            return None
    except (OSError, AttributeError):
        return None
    for name in ("judge", "rolled", "encode_lists", "out_of_order", "place"):
        getattr(found, name).restype = c.c_int64
    return found


def wanted() -> str:
    """auto, on, off or sql."""
    asked = os.environ.get("ZHIBU_KERNEL", "auto").lower()
    return asked if asked in ("on", "off", "sql") else "auto"


def ready() -> bool:
    """Whether a kernel should answer. Raises RuntimeError when the compiled one must and is not there."""
    asked = wanted()
    if asked == "on" and library() is None:
        raise RuntimeError("ZHIBU_KERNEL=on, but the kernel was not built: install a C compiler, run make setup")
    return asked != "sql"


def compiled() -> c.CDLL | None:
    """The compiled kernel, if it is there and wanted."""
    return None if wanted() == "off" else library()


def kernel() -> Any:
    """What has the functions of kernel.c but for `judge`, which judged.py calls."""
    return compiled() or import_module("zhibu.engine.packed.unaided")


def version() -> str:
    """Tells kernels apart: the hash of the text of the one in use."""
    own = [LIBRARY.with_suffix(".c")] if compiled() else sorted(LIBRARY.with_name("unaided").glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in own)).hexdigest()


def at(numbers: Numbers | None) -> c.c_void_p:
    """The address of an array, which must be kept alive by its owner."""
    return c.c_void_p(None if numbers is None else numbers.ctypes.data)


def wide(values: list[int]) -> Numbers:
    """Whole numbers of 128 bits, [values][low, high], as the kernel's `big`."""
    return np.array([((value & MASK) - (value & TOP) * 2, value >> 64) for value in values] or [(0, 0)], np.int64)


def narrowed(pairs: Numbers) -> list[int]:
    """Such numbers as Python's."""
    return [(int(high) << 64) + (int(low) & MASK) for low, high in pairs]


def whole(value: int) -> c.c_int64:
    return c.c_int64(value)


def column(codes: Numbers) -> Column:
    return Column(codes.ctypes.data, codes.dtype.itemsize)


def addresses(arrays: list[Numbers | None]) -> npt.NDArray[np.uint64]:
    """Addresses of several arrays as an array."""
    return np.array([0 if one is None else one.ctypes.data for one in arrays] or [0], np.uint64)
