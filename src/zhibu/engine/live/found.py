"""What the kernel says of one subject, and the rows it has said it of."""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zhibu.engine.conditions import Row
from zhibu.engine.live.cells import Places
from zhibu.engine.live.coding import ROOM
from zhibu.engine.packed import native
from zhibu.engine.packed.native import Numbers, at

NARROW = ("subject", "rule", "slot", "start", "end", "deadline", "excuse", "need_code")
SMALL = ("status", "provisional")
WIDE = ("timely", "total")
RUNS = ("run_subject", "run_group", "run", "since")


class Found:
    """All verdicts of a subject as the kernel hands them back: `get[name][place]`, of sums the low and the high half.

    `marks` tell its events apart; `differing` has room for the places of verdicts.
    """

    def __init__(self, room: int = ROOM // 4):
        cells: dict[str, Numbers] = {name: np.zeros(room, np.int32) for name in (*NARROW, *RUNS, "differing")}
        cells |= {name: np.zeros(room, np.uint8) for name in SMALL}
        cells |= {name: np.zeros(2 * room, np.int64) for name in WIDE} | {"evidence_end": np.zeros(room, np.int64)}
        cells |= {"evidence": np.zeros(4 * room, np.int64), "marks": np.zeros(ROOM, np.int64)}
        self.room, self._kept = room, cells
        self.get: dict[str, Any] = {name: memoryview(one) for name, one in cells.items()}
        self.out = native.Out(room=room, evidence_room=4 * room, runs_room=room)
        self.at = c.byref(self.out)
        self.marks, self.differing = at(cells.pop("marks")), at(cells.pop("differing"))
        for name, one in cells.items():
            setattr(self.out, name, at(one))


@dataclass(slots=True)
class Side:
    """A subject as it is: the verdicts, its events by the numbers the kernel knows them by, its waivers."""

    identity: str
    found: Found
    places: slice | Places
    resting: int
    come: list[Row] = field(default_factory=list)
    waivers: list[Row] = field(default_factory=list)
