"""The caller's arrays from the addresses that kernel.c would be given."""

from __future__ import annotations

import ctypes as c
from typing import Any

import numpy as np
import pyarrow as pa

from zhibu.engine.packed.native import Numbers


class _Memory:
    def __init__(self, address: int, kind: Any, shape: tuple[int, ...]):
        self.__array_interface__ = {
            "data": (address, False),
            "shape": shape,
            "typestr": np.dtype(kind).str,
            "version": 3,
        }


def view(pointer: c.c_void_p, kind: Any, *shape: int) -> Numbers:
    """An array over the caller's memory, which the caller keeps alive."""
    if not pointer.value or 0 in shape:
        return np.zeros(shape, kind)
    return np.asarray(_Memory(pointer.value, kind, shape))


def texts(count: int, begins: c.c_void_p, content: c.c_void_p) -> pa.LargeBinaryArray:
    """Texts as bytes, whose order is that of their code points."""
    ends = view(begins, np.int64, count + 1)
    if not count:
        return pa.array([], pa.large_binary())
    assert begins.value
    assert content.value
    offsets = pa.foreign_buffer(begins.value, 8 * (count + 1), ends)
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), count, [None, offsets, pa.foreign_buffer(content.value, int(ends[-1]), ends)]
    )
