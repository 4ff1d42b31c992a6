"""The tasks below a clause, down to the leaves: each leaf has a person, a measure and a day, or the page says what
is missing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from zhibu.web.letters.fulfilment import unit_tasks
from zhibu.web.letters.models import Letter
from zhibu.web.tasks.models import Task

WHY = "parts of what a letter within reach was broken down into"
DEEPEST, MOST = 12, 300  # levels, tasks


@dataclass(frozen=True, slots=True)
class Node:
    task: Task
    depth: int
    leaf: bool

    @property
    def lacks(self) -> str:
        """缺承办人; nothing where it was split further."""
        if not self.leaf:
            return ""
        there = (("承办人", self.task.person), ("可衡量的目标", self.task.order.measure))
        missing = [word for word, value in there if not value]
        return f"缺{'、'.join(missing)}" if missing else ""


def leaves(letter: Letter, clause: int) -> list[Node]:
    """As a tree: each task with its parts under it. One query a level."""
    first = unit_tasks(letter).get(clause, [])
    below: dict[int, list[Task]] = defaultdict(list)
    level, many = first, len(first)
    for _ in range(DEEPEST):
        rows = Task.objects.unscoped(WHY).filter(order__part_of__in=level).exclude(state=Task.State.WITHDRAWN)
        rows = rows.select_related("order", "owner").order_by("owner__path", "pk")
        level = list(rows[: max(0, MOST - many)]) if level else []
        many += len(level)
        for one in level:
            below[one.order.part_of_id].append(one)  # type: ignore[index]
    return [node for one in first for node in _under(one, below, 0)]


def _under(task: Task, below: dict[int, list[Task]], depth: int) -> list[Node]:
    parts = below.get(task.pk, [])
    return [Node(task, depth, not parts), *(node for one in parts for node in _under(one, below, depth + 1))]
