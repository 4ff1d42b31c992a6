"""A few made-up applicants of the sample county, each at another step. Written through the actions, as people would."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures import actions
from zhibu.web.procedures.actions import Entry
from zhibu.web.procedures.models import Case

ABOVE = frozenset({"file-activist"})  # recorded by the town
# Days before today on which each step was done, with its day of beginning where it has one.
FIRST = {"apply": 520, "talk": 505}
ACTIVIST = {**FIRST, "activist": 300, "file-activist": 296, "contacts": 295, "examine": 130}
PEOPLE: tuple[tuple[str, date, dict[str, int]], ...] = (
    ("林晓禾", date(1998, 4, 12), {"apply": 20}),
    ("高一鸣", date(1995, 11, 3), {"apply": 48}),  # nobody talked with him within the month
    ("沈若溪", date(1993, 7, 25), ACTIVIST),
    (
        "郑书远",
        date(1990, 2, 8),
        {**{step: days + 160 for step, days in ACTIVIST.items()}, "notice": 40, "candidate": 35},
    ),
)


def fill(*, branch: Organisation, secretary: Scope, town: Scope) -> list[Case]:
    """Cases of admission at the branch; the scopes are those of its secretary and of the office above."""
    return [_case(branch, secretary, town, *person) for person in PEOPLE]


def _case(branch: Organisation, secretary: Scope, town: Scope, name: str, born_on: date, steps: dict[str, int]) -> Case:
    def day(before: int) -> date:
        return secretary.on - timedelta(days=before)

    case = actions.open_case(
        by=secretary, organisation=branch, procedure="admission", opened=day(steps["apply"]), name=name, born_on=born_on
    )
    for step, before in steps.items():
        told = Entry(
            done=day(before),
            begun=day(before + 20) if step == "notice" else None,
            values={"contact_1": "培养联系人"} if step == "contacts" else {},
            papers=tuple({"id": one, "title": title, "number": "", "on": ""} for one, title in PAPERS.get(step, ())),
            reason="台账补录" if before > 30 else "",
        )
        act, by = (actions.decide_step, town) if step in ABOVE else (actions.record_step, secretary)
        act(by=by, case=case, step=step, entry=told)
    return case


PAPERS = {
    "activist": (("recommendation", "党员推荐或群团组织推优材料"),),
    "candidate": (("opinions", "党小组、培养联系人、党员和群众的意见"),),
}
