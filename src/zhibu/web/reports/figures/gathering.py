"""The groups of figures by name, with the action a reader needs to see each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zhibu.web.reports.figures import life, people, tasking, work
from zhibu.web.reports.figures.asked import Asked, Figure

GROUPS: dict[str, tuple[str, Callable[[Asked], list[Figure]]]] = {
    "bodies": ("organisations.view", people.bodies),
    "people": ("members.view", people.members),
    "study": ("learning.view", people.study),
    "duties": ("branch.view", life.duties),
    "life": ("records.view", life.records),
    "charges": ("responsibilities.view", work.charges),
    "meetings": ("agendas.view", tasking.meetings),
    "tasks": ("tasks.view", tasking.tasks),
    "carried": ("tasks.view", tasking.carried_over),
    "cover": ("coverage.view", work.cover),
    "service": ("concerns.view", work.service),
    "models": ("publicity.view", work.models),
    "cases": ("publicity.view", work.cases),
    "targets": ("reports.view", work.targets),
}


def gather(asked: Asked, groups: Iterable[str]) -> list[Figure]:
    """Those the post may read at this organisation, in order; the others are left out."""
    told = [GROUPS[name] for name in groups]
    return [
        one for needs, count in told if asked.scope.may_at(needs, asked.here.path) for one in count(asked.doing(needs))
    ]
