"""The same as `Judging` for all kinds of subjects, by the compiled kernel, where it covers rules and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.live.change import Name
from zhibu.engine.live.coding import Days
from zhibu.engine.live.found import Side
from zhibu.engine.live.judging import Judging, Told
from zhibu.engine.live.kernel import Kernel
from zhibu.engine.live.reads import Reads
from zhibu.engine.live.steps import Step, Subject, named
from zhibu.engine.live.told import Telling
from zhibu.engine.live.world import Changing
from zhibu.engine.packed import Unfit

Sides = dict[Subject, Side]


class Kernels:
    """Raises Unfit where there is no compiled kernel, or it does not cover the rules."""

    def __init__(self, world: Changing, reads: Mapping[str, Reads]):
        events = Days(world.plan)
        kinds = dict.fromkeys(str(bound.rule.subject) for bound in world.plan.rules)
        self._kernels = {kind: Kernel(world.plan, world, kind, events) for kind in kinds}
        for kernel in self._kernels.values():
            kernel.ready()
        self._telling = {kind: Telling(world, one, events) for kind, one in self._kernels.items()}
        self._reads, self._waivers = reads, False
        self._before, self._after = Sides(), Sides()

    def before(self, steps: Sequence[Step]) -> bool:
        """Judges whom the steps concern. False where a row, or what it is to become, is beyond the kernel."""
        for one, side in [*self._before.items(), *self._after.items()]:
            self._kernels[one[0]].done(side)
        self._before, self._after = Sides(), Sides()
        self._waivers = any(step.table == "waivers" for step in steps)
        for step in steps:
            for one in self._concerned(step):
                kernel = self._kernels[one[0]]
                if not kernel.codes(step.table, step.new):
                    return False
                if one not in self._before:
                    found = kernel.side(one[1], len(steps))
                    if found is None:
                        return False
                    self._before[one] = found
        return True

    def _concerned(self, step: Step) -> list[Subject]:
        if step.table == "adjustments":
            return []
        own = [one for one in named(step) if one[0] in self._kernels]
        return [one for one in own if step.table != SUBJECTS[one[0]][0] or self._reads[one[0]].reads(step)]

    def after(self) -> tuple[Told, Told]:
        """The verdicts of before that are no more, and those that are instead."""
        old, new = Told(), Told()
        for one, was in self._before.items():
            kernel, telling = self._kernels[one[0]], self._telling[one[0]]
            after = self._after[one] = kernel.sure(one[1])
            gone, come = kernel.differing(was, after, self._waivers)
            old[one], new[one] = telling.verdicts(was, gone), telling.verdicts(after, come)
        return old, new

    def knows(self, organisation: str) -> bool:
        """The last change has judged the organisation here."""
        return ("organisation", organisation) in self._after

    def run(self, organisation: str, rule: Name) -> tuple[int, date] | None:
        """As Evaluator.run, of an organisation known here."""
        return self._kernels["organisation"].run(self._after["organisation", organisation], rule)


def kernels(world: Changing, judging: Judging) -> Kernels | None:
    """None where there is no compiled kernel, or it does not cover the rules."""
    try:
        return Kernels(world, judging.reads)
    except Unfit:
        return None
