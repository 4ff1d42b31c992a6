"""The facts of one subject from a folder of any size, typed as a full load would type them. Serves speed.

Of Parquet only the subject's rows are read, a CSV is read whole. What a full load decides by looking at all rows is
decided here by *witnesses*: a row of anybody that settles the question is read too.
- Of two events with one id the later is rejected: events with an id of the subject's are read, whoever they are of.
- A column without any value has no type: of each column a rule reads, one row with a value.
- Text that a rule compares with dates becomes dates when one value reads as a date: one such row.
- Timestamps are text when one of them has a time of day: one such row.
Superiors come as bare rows, for explanations need no tree. So bad rows, overlaps and broken trees of others, at which
an evaluation refuses, are not noticed here; where an evaluation answers, the subject's verdicts are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as is_

from zhibu.engine.facts import Facts, files
from zhibu.engine.facts.cells import plain
from zhibu.engine.facts.columns import TIMED, convert, days
from zhibu.engine.facts.extras import reduce
from zhibu.engine.facts.groups import Group, Groups, Mask
from zhibu.engine.facts.load import Loader, Source, source
from zhibu.engine.facts.rejections import Rejections
from zhibu.engine.facts.shape import DAY, ROW, SHAPES, SUBJECTS, TEXT, Shape
from zhibu.engine.uses import Use

Uses = list[Use]
TRIED = 16  # candidates for a witness looked at together: the first may be bad rows


@dataclass(frozen=True, slots=True)
class Whose:
    subject: str  # organisation, person or unit
    identity: str
    uses: tuple[Use, ...]  # of all active rules: together they decide the types


def read_one(folder: Path | str, subject: str, identity: str, uses: Iterable[Use]) -> Facts:
    """The facts of one subject, and what decides their types. Raises EngineError as `load.read` does."""
    folder, whose = Path(folder), Whose(subject, identity, tuple(uses))
    if not folder.is_dir():
        raise files.fault(str(folder), "事实文件夹不存在", "请检查 --facts 的路径")
    loader = Loader()
    for shape in SHAPES.values():
        loader.keep(shape, partial(_source, folder, shape, whose))
    facts = loader.facts()
    return facts if "organisations" in facts.written else _with_superiors(facts)


def _source(folder: Path, shape: Shape, whose: Whose) -> Source | None:
    path = files.find(folder, shape)
    if path is None or path.suffix == ".csv":
        return source(folder, shape)
    groups = Groups(path)
    own = _own(groups, shape, whose)
    uses = [use for use in whose.uses if use.table == shape.name]
    if shape.name in ("events", SUBJECTS[whose.subject][0]):
        own = _with_witnesses(groups, shape, own, uses)
    return str(path), own, Rejections(), False


def _own(groups: Groups, shape: Shape, whose: Whose) -> pa.Table:
    table, identity, _, _ = SUBJECTS[whose.subject]
    if shape.name == "events":
        return _events(groups, groups.where(identity, {whose.identity}))
    column = {table: identity, "waivers": "subject_id", "adjustments": "subject_id"}.get(shape.name)
    return groups.where(column, {whose.identity}) if column else groups.nothing


def _events(groups: Groups, own: pa.Table) -> pa.Table:
    """The subject's events, and others that have one of their ids."""
    kind = own["event_id"].type if groups.holds("event_id") else pa.null()
    if not len(own) or not (_is_text(kind) or is_.is_integer(kind)):
        return own
    ids = set(plain(own["event_id"]).cast(TEXT).drop_null().to_pylist())
    return _joined(own, groups.where("event_id", ids))


def _is_text(kind: pa.DataType) -> bool:
    text = is_.is_string(kind) or is_.is_large_string(kind) or is_.is_string_view(kind)
    return text or (is_.is_dictionary(kind) and _is_text(kind.value_type))


def _joined(one: pa.Table, two: pa.Table) -> pa.Table:
    """The rows of both, each once, in the order of the file."""
    more = two.filter(pc.invert(pc.is_in(two[ROW], plain(one[ROW]))))
    return pa.concat_tables([one, more], promote_options="permissive").sort_by(ROW)


# --- witnesses ----------------------------------------------------------------------------------------------

Question = Callable[[pa.Array], Mask]  # tells the cells that would settle it


def _with_witnesses(groups: Groups, shape: Shape, own: pa.Table, uses: Uses) -> pa.Table:
    for column in sorted({use.column for use in uses}):
        if groups.holds(column):
            asked = {family for use in uses if use.column == column for family in use.families}
            for settles in _questions(shape, column, own[column].type, "day" in asked):
                if not settles(plain(own[column])).any():
                    own = _joined(own, _witness(groups, shape, column, settles))
    return own


def _questions(shape: Shape, column: str, kind: pa.DataType, as_days: bool) -> Iterator[Question]:
    fixed = next((one.type for one in shape.columns if one.name == column), None)
    yield partial(_known, fixed)
    if fixed is None and is_.is_timestamp(kind):
        yield _with_time
    if fixed is None and as_days and (_is_text(kind) or is_.is_timestamp(kind)):
        yield _reads_as_day


def _known(fixed: pa.DataType | None, values: pa.Array) -> Mask:
    try:
        found = convert(values, fixed)[0] if fixed is not None else reduce(values)
    except TypeError:  # the loader will say so
        found = None
    return np.zeros(len(values), bool) if found is None else _mask(pc.is_valid(found))


def _with_time(values: pa.Array) -> Mask:
    mask = np.zeros(len(values), bool)
    mask[days(values)[1].get(TIMED, [])] = True
    return mask


def _reads_as_day(values: pa.Array) -> Mask:
    return _mask(pc.is_valid(convert(values, DAY)[0]))


def _mask(flags: pa.Array) -> Mask:
    mask: Mask = flags.to_numpy(zero_copy_only=False)
    return mask


def _witness(groups: Groups, shape: Shape, column: str, settles: Question) -> pa.Table:
    """The first good row of anybody that settles the question; no row when there is none."""
    for group in groups:
        for found in _candidates(groups, group, column, settles):
            for row in _good(shape, groups.path, found):
                return found.filter(pc.equal(found[ROW], row))
    return groups.nothing


def _candidates(groups: Groups, group: Group, column: str, settles: Question) -> Iterator[pa.Table]:
    """A few rows at a time, so that one group of bad rows does not hide a good one."""
    if group.empty(column):
        return
    with files.readable(groups.path):
        places = np.flatnonzero(settles(group.column(column)))
    for at in range(0, len(places), TRIED):
        mask = np.zeros(group.rows, bool)
        mask[places[at : at + TRIED]] = True
        yield groups.gathered(iter([group]), lambda _, mask=mask: mask)  # type: ignore[misc]


def _good(shape: Shape, path: Path, rows: pa.Table) -> list[int]:
    loader = Loader()
    loader.keep(shape, lambda: (str(path), rows, Rejections(), False))
    return loader.tables[shape.name][ROW].to_pylist() if shape.name in loader.tables else []


# --- superiors ----------------------------------------------------------------------------------------------


def _with_superiors(facts: Facts) -> Facts:
    """A row that says nothing but its id for every superior that was not read, so that the tree has no holes."""
    table = facts["organisations"]
    missing = pc.drop_null(pc.unique(table["parent_id"]))
    missing = missing.filter(pc.invert(pc.is_in(missing, plain(table["org_id"]))))
    columns = {name: pa.nulls(len(missing), table.schema.field(name).type) for name in table.column_names}
    bare = pa.table(columns | {"org_id": missing, ROW: pa.array([0] * len(missing), pa.int64())}, schema=table.schema)
    return replace(facts, tables=facts.tables | {"organisations": pa.concat_tables([table, bare])})
