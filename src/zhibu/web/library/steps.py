"""What the steps and gates of procedures cite, for `sources.cites`. Knows the engine's objects by their names only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zhibu.web.library.sources import Basis, Citation
from zhibu.web.procedures.library import binding
from zhibu.web.regulations.words import GRADES


def published() -> list[tuple[Basis, list[Citation]]]:
    """Those of the procedures that bind everybody; nothing while they contradict each other."""
    versions, _ = binding("")
    return list(of(one for found in versions.values() for one in found))


def of(procedures: Iterable[Any]) -> Iterator[tuple[Basis, list[Citation]]]:
    """Documents and the steps that name them; a step names a clause once, whatever number of its gates do."""
    for one in procedures:
        for source in one.sources:
            yield _basis(source), []
        for step in one.steps:
            gates = [*step.gates, *(gate for outcome in step.outcomes for gate in outcome.gates)]
            grounds = {(ground.source, ground.clause): ground for ground in (*(g.ground for g in gates), step.ground)}
            for (cited, clause), ground in grounds.items():
                if cited is not None:
                    yield _basis(cited), [_citation(one, step, clause, ground)]


def _basis(source: Any) -> Basis:
    return Basis(source.title, source.issuer, source.issued, source.number, source.address, source.status)


def _citation(one: Any, step: Any, clause: str, ground: Any) -> Citation:
    title = f"{one.title}（{one.version}）：{step.title}"
    grade = GRADES.get(ground.evidence, ground.evidence)
    return Citation(
        ground.source.title, clause, "程序", title, ("procedure", one.id), step.id, grade, ground.status == "draft"
    )
