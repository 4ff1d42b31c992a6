"""What an order comes from: the record of a meeting, a task that is handed on in parts, problems found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.records.models import Record
from zhibu.web.tasks import queries
from zhibu.web.tasks.forms import BRANCHES, CHILDREN, LISTED, OWN, Group
from zhibu.web.tasks.models import Order, Problem, Task

MOST = 200  # problems of one requirement
DEEPEST = 12  # more levels than the tree has


@dataclass(slots=True)
class Origin:
    record: Record | None = None
    part: Task | None = None
    problems: list[Problem] = field(default_factory=list)

    def initial(self, own: Organisation, on: date) -> dict[str, Any]:
        """What the form begins with; each word of an origin comes back with the form."""
        decided = self.record.held_on if self.record else on
        told: dict[str, Any] = {"decided_on": decided, "whom": OWN if own.is_branch else LISTED}
        told["kind"] = Order.Kind.DECISION if self.record else Order.Kind.REQUIREMENT
        if self.record:
            told["record"] = self.record.number
        if self.part:
            told |= {"part": str(self.part.pk), "title": self.part.order.title, "due_on": self.part.due_on}
        if self.problems:
            units = {one.unit_id: one.unit for one in self.problems}
            sections = {one.section for one in self.problems}
            told |= {"problems": ",".join(str(one.pk) for one in self.problems), "whom": LISTED}
            told["units"] = "\n".join(one.code for one in units.values())
            told["section"] = sections.pop() if len(sections) == 1 else ""
        return told

    def facts(self) -> dict[str, Any]:
        """As `actions.issue` takes it."""
        return {"record": self.record, "part_of": self.part, "problems": [one.pk for one in self.problems]}


def origin(scope: Scope, given: QueryDict) -> Origin:
    """`?record=2026-000123&part=7&problems=1&problems=2`, or as the form sends it. Raises Http404: not there for the
    asker."""
    found = Origin()
    if number := given.get("record", ""):
        rows = Record.objects.within(scope).filter(organisation=scope.organisation_id, withdrawn_at=None)
        found.record = get_object_or_404(rows, number=number[:20])
    if number := given.get("part", ""):
        found.part = get_object_or_404(queries.owned(scope), pk=_number(number))
    numbers = [_number(one) for text in given.getlist("problems") for one in text.split(",") if one][:MOST]
    if numbers:
        rows = queries.problems(scope).filter(organisation=scope.organisation_id, order=None, withdrawn_on=None)
        found.problems = list(rows.filter(pk__in=numbers))
        if not found.problems:
            raise Http404
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def groups(scope: Scope, own: Organisation) -> list[Group]:
    """To whom the own organisation may give at once."""
    rows = Organisation.objects.below(scope, own.path).filter(dissolved_on=None).order_by("path")
    below = rows.exclude(pk=own.pk)
    children = below.filter(depth=own.depth + 1)
    branches = below.filter(kind__in=BRANCH_KINDS)
    told = [(CHILDREN, "全部直接下级", children), (BRANCHES, "全部党支部", branches)]
    counted = [] if own.is_branch else [(word, label, some, some.count()) for word, label, some in told]
    many = [(word, f"{label}（{count} 个）", some) for word, label, some, count in counted if count]
    return [(OWN, "本单位自己办", rows.filter(pk=own.pk)), *many]


def chain(task: Task) -> list[Task]:
    """The tasks this one is a part of, the uppermost first."""
    found: list[Task] = []
    above = task.order.part_of_id
    while above and len(found) < DEEPEST:
        rows = Task.objects.unscoped("a part tells of what it is one").select_related("order", "owner", "organisation")
        found.insert(0, rows.get(pk=above))
        above = found[0].order.part_of_id
    return found
