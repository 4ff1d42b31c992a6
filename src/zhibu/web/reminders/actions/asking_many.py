"""提醒一下 for many at once, from the 督办台 as it is filtered: whom it would reach, and whom it leaves out and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.rows import row_of
from zhibu.web.duties.status import late_on
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.reminders.actions.asking import WEEK, Late, ask
from zhibu.web.reminders.due import key_of
from zhibu.web.reminders.models import Asked
from zhibu.web.reminders.people import Reader, chosen, once, readers
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
    late = _late(by, area, item)
    found = Organisation.objects.within(by).filter(pk__in=late, dissolved_on=None).order_by("path")[:LOOKED_AT]
    there, book = readers(late, by.on), Rules()
    return [
        Place(one, late[one.pk], chosen(there.get(one.pk, []), book.of(one.path)) or once(there.get(one.pk, [])))
        for one in found
    ]


def ask_each(by: Scope, found: Collection[Place]) -> tuple[list[Place], list[tuple[Place, str]]]:
    """Each its own act, as if asked alone: (those asked, those refused with the reason)."""
    done, refused = [], []
    for one in found:
        try:
            ask(by=by, organisation=one.organisation, keys=[late.key for late in one.new])
            done.append(one)
        except (Unfit, NotAllowed) as refusal:
            refused.append((one, str(refusal)))
    return done, refused


def _late(by: Scope, area: Organisation | None, item: str) -> dict[int, list[Late]]:
    """Of the year, and what does not lapse with it; the longest late first."""
    rows = Verdict.objects.within(by).filter(late_on(by.on))
    rows = rows.filter(subtree("organisation__path", area.path)) if area else rows
    book, _, rule = item.partition("/")
    rows = rows.filter(rulebook=book, rule=rule) if rule else rows
    known, first, asked = rules_by_name(), date(by.on.year, 1, 1), _lately(by)
    found: dict[int, list[Late]] = defaultdict(list)
    for one in rows.order_by("deadline", "rule", "pk"):
        row = row_of(one, known.get((one.rulebook, one.rule)), by.on)
        if one.deadline >= first or row.lasting:
            found[one.organisation_id].append(Late(row, asked.get((one.organisation_id, key_of(row)))))
    return found


def _lately(by: Scope) -> dict[tuple[int, str], Asked]:
    rows = Asked.objects.within(by).filter(on__gt=by.on - WEEK).order_by("on")
    return {(one.organisation_id, one.key): one for one in rows}
