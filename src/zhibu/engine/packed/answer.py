"""The answer of a plan by the kernel: the same four tables as any backend's (plan.py), whole or piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa

from zhibu.engine.coded import plain
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.packed import Unfit, compiled, escalations, judged, rollups, scores, verdicts
from zhibu.engine.packed.compiled import Compiled
from zhibu.engine.packed.judged import Judged
from zhibu.engine.packed.native import Numbers
from zhibu.engine.packed.subjects import gathered
from zhibu.engine.plan import EXCEPTIONS, Answer, Keep, Plan
from zhibu.engine.results import STATUSES, shapes

KEPT: dict[Keep, frozenset[int]] = {
    "all": frozenset(range(len(STATUSES))),
    "exceptions": frozenset(map(STATUSES.index, EXCEPTIONS)),
    "none": frozenset(),
}
Told = Callable[[str, int, int], None]  # what is done, so many of so many
Piece = tuple[str, pa.Table]  # name of the table, some of its rows


def answer(plan: Plan, tick: Callable[[], None]) -> Answer:
    """Raises Unfit where the kernel does not cover the plan or its facts."""
    schemas = shapes(plan.scheme)
    pieces: dict[str, list[pa.Table]] = {name: [schema.empty_table()] for name, schema in schemas.items()}
    for name, table in stream(plan, lambda *_: None):
        pieces[name].append(plain(table, schemas[name]))
    for _ in plan.rules:
        tick()
    return Answer(**{name: pa.concat_tables(tables).combine_chunks() for name, tables in pieces.items()})


def stream(plan: Plan, told: Told) -> Iterator[Piece]:
    """The rows of all tables piece by piece, those of one table in its order, texts as codes. Raises Unfit."""
    same_facts(plan)
    given = [kind for kind, (table, *_) in SUBJECTS.items() if table in plan.facts.given]
    kinds = sorted(kind for kind in given if any(one.rule.subject == kind for one in plan.rules))
    for kind in kinds:
        rules = compiled.compile_plan(plan, gathered(plan.facts, kind))
        if kind == "organisation":
            yield from _organisations(plan, rules, told)
        else:
            yield from _verdicts(plan, rules, None, told)


def same_facts(plan: Plan) -> None:
    """Binding may have left out rows that the store still holds, or read a column of its events as something else."""
    if (store := plan.facts.store) is None:
        return
    if any(len(plan.facts[table]) != len(store.facts[table]) for table, *_ in SUBJECTS.values()):
        raise Unfit("rows left out because of their extra columns")
    bound, kept = plan.facts["events"], store.facts["events"]
    for name in store.told["columns"]:
        if name in kept.column_names and bound[name].null_count < len(bound) and bound[name] != kept[name]:
            raise Unfit(f"column {name} of events is read as something else")


def _verdicts(plan: Plan, rules: Compiled, counts: Numbers | None, told: Told) -> Iterator[Piece]:
    """Verdicts and escalations, chunk by chunk; `counts` (zeros) is filled."""
    writer = verdicts.Writer(rules)
    ladder = plan.scheme.escalation if plan.scheme and counts is not None else None

    def made(part: Judged) -> tuple[int, list[Piece]]:
        late = [("escalations", escalations.table(rules, part, ladder))] if ladder else []
        return part.last, [("verdicts", writer.table(part)), *late]

    for done, pieces in judged.chunks(rules, KEPT[plan.keep], made, counts):
        yield from pieces
        told(f"评价 {rules.subjects.kind}", done, len(rules.subjects))


def _organisations(plan: Plan, rules: Compiled, told: Told) -> Iterator[Piece]:
    counts = np.zeros((len(rules.subjects), len(rules.bounds)), np.uint64)
    yield from _verdicts(plan, rules, counts, told)
    ids = rules.subjects.ids
    with ThreadPoolExecutor(1) as beside:
        scored = beside.submit(_scores, plan, rules, counts)
        for done, table in enumerate(rollups.tables(rules, counts, rollups.Tree.of(ids, plan.tree)), 1):
            yield "rollups", table
            told("汇总", min(done * rollups.ROWS, len(ids)), len(ids))
        yield from scored.result()


def _scores(plan: Plan, rules: Compiled, counts: Numbers) -> list[Piece]:
    if plan.scheme is None:
        return []
    found = scores.table(plan, plan.scheme, rules.subjects.ids, scores.summed(rules, plan.scheme, counts))
    ids = pa.DictionaryArray.from_arrays(np.arange(len(found), dtype=np.int32), found["org_id"].combine_chunks())
    return [("scores", found.set_column(0, "org_id", ids))]  # each id is another one: no need to look
