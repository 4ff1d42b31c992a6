"""A row group that was put aside, as a line of text and back: what a run finds that goes on behind a killed one."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhibu.engine.facts.rejections import Rejections
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.spool import Aside


@dataclass(slots=True)
class Put:
    """A row group that was put aside."""

    first: int
    rows: int
    late: Numbers | None  # as in rowgroups.Group
    arrays: dict[str, Aside]
    values: dict[str, pa.Array]
    days: Numbers
    ends: tuple[bytes, bytes]  # the first and the last of the event ids, but for late ones
    gone: Numbers | None  # rows that are left out: rejected
    low: dict[str, int]  # by kind: what is to be added to owners that are not -1

    @property
    def kept(self) -> int:
        return self.rows if self.gone is None else int(self.rows - np.count_nonzero(self.gone))


Entry = tuple[Put, Rejections]


def line(entry: Entry) -> str:
    put, rejected = entry
    return json.dumps(
        {
            "first": put.first,
            "rows": put.rows,
            "late": None if put.late is None else put.late.tolist(),
            "arrays": {name: [aside.offset, aside.count, aside.kind] for name, aside in put.arrays.items()},
            "values": {name: _table(pa.table({"values": array})) for name, array in put.values.items()},
            "days": _bytes(put.days.astype(np.int32).tobytes()),
            "ends": [_bytes(end) for end in put.ends],
            "gone": None if put.gone is None else _bytes(np.packbits(put.gone).tobytes()),
            "low": put.low,
            "rejected": _table(rejected.kept),
        }
    )


def entry(text: str) -> Entry:
    told = json.loads(text)
    gone = None if told["gone"] is None else np.frombuffer(base64.b64decode(told["gone"]), np.uint8)
    put = Put(
        *(told["first"], told["rows"]),
        late=None if told["late"] is None else np.array(told["late"], np.int64),
        arrays={name: Aside(*aside) for name, aside in told["arrays"].items()},
        values={name: _read(one)["values"].combine_chunks() for name, one in told["values"].items()},
        days=np.frombuffer(base64.b64decode(told["days"]), np.int32),
        ends=(base64.b64decode(told["ends"][0]), base64.b64decode(told["ends"][1])),
        gone=None if gone is None else np.unpackbits(gone, count=told["rows"]).astype(bool),
        low=told["low"],
    )
    return put, Rejections(_read(told["rejected"]))


def _bytes(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _table(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return _bytes(sink.getvalue().to_pybytes())


def _read(text: str) -> pa.Table:
    return pa.ipc.open_stream(base64.b64decode(text)).read_all()
