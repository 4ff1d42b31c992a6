"""提醒一下 for many at once, from the 督办台 as it is filtered: whom it would reach, and whom it leaves out and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations.models import Organisation
from zhibu.web.reminders.actions.asking import Late, ask, late
from zhibu.web.reminders.people import Reader, hear, readers
from zhibu.web.reminders.rules import Rules

MOST = 50  # organisations at once; who was asked is left out, so the next go takes the rest
LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Place:
    organisation: Organisation
    late: list[Late]
    hearers: list[Reader]

    @property
    def new(self) -> list[Late]:
        return [one for one in self.late if one.asked is None]

    @property
    def askable(self) -> bool:
        return bool(self.new and self.hearers)

    @property
    def words(self) -> str:
        """槐树村党支部：补上 10 月主题党日等 2 项（书记 李某）"""
        here, first, many = self.organisation, self.new[0].row.title, len(self.new)
        people = "、".join(f"{one.identity.post.get_role_display()} {one.user.name}" for one in self.hearers)
        return f"{here.short_name or here.name}：{first}{f' 等 {many} 项' if many > 1 else ''}（{people}）"


def places(by: Scope, area: Organisation | None, item: str) -> list[Place]:
    """Organisations below with something late, in the order of the tree; six queries, however many."""
    what, book = _late(by, area, item), Rules()
    rows = Organisation.objects.within(by).filter(pk__in=what, dissolved_on=None).order_by("path")
    found = list(rows[:LOOKED_AT])
    there = readers([one.pk for one in found], by.on)
    return [Place(one, what[one.pk], hear(there.get(one.pk, []), book.of(one.path))) for one in found]


def ask_each(by: Scope, found: Collection[Place]) -> tuple[list[Place], list[tuple[Place, str]]]:
    """Each its own act, as if asked alone: (those asked, those refused with the reason)."""
    done, refused = [], []
    for one in found:
        try:
            ask(by=by, organisation=one.organisation, keys=[what.key for what in one.new])
            done.append(one)
        except (Unfit, NotAllowed) as refusal:
            refused.append((one, str(refusal)))
    return done, refused


def _late(by: Scope, area: Organisation | None, item: str) -> dict[int, list[Late]]:
    rows = Verdict.objects.within(by)
    rows = rows.filter(subtree("organisation__path", area.path)) if area else rows
    book, _, rule = item.partition("/")
    return late(by, rows.filter(rulebook=book, rule=rule) if rule else rows)
