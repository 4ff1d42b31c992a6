"""What a unit has yet to fill in: on 本月任务, and on 待我办 of posts that have none."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from zhibu.web.burden import filling
from zhibu.web.burden.models import FormSheet
from zhibu.web.burden.periods import Period, still_open
from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import MOST, Waiting


def to_fill(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """Listener of `core.announce`: one row a form, of the earliest period that is open."""
    if not scope.may("burden.fill") or organisation_id != scope.organisation_id:
        return []
    return [_row(scope, one, open_) for one in _asked(scope) if (open_ := still_open(one, scope.on))]


def _asked(scope: Scope) -> QuerySet[FormSheet]:
    rows = filling.own(scope.doing("burden.fill"))
    return rows.filter(form__withdrawn_on=None, form__until__gte=scope.on, form__asked="organisation")


def _row(scope: Scope, sheet: FormSheet, open_: list[Period]) -> MonthRow:
    first = open_[0]
    more = f"，一共 {len(open_)} 期" if len(open_) > 1 else ""
    word = "late" if first.due < scope.on else "todo"
    return _url(sheet), f"填表：{sheet.form.title}", word, f"{first.words}，{day_words(first.due)}前{more}"


def waiting(scope: Scope) -> list[Waiting]:
    """Listener of `core.waiting`."""
    if scope.may("month.view") or not scope.may("burden.fill"):
        return []
    return [
        Waiting(
            f"form:{one.pk}:{open_[0].key}", _url(one), f"填表：{one.form.title}", one.form.organisation.name,
            one.form.registered_on, f"{open_[0].words}，{day_words(open_[0].due)}前",
        )
        for one in _asked(scope)[:MOST]
        if (open_ := still_open(one, scope.on))
    ]  # fmt: skip


def _url(sheet: FormSheet) -> str:
    return reverse("burden-form-fill", args=[sheet.pk])
