"""Before something is sent down its sender sees what it costs: how many organisations, how often, how long.

A form that sends takes `WeighedForm` in; its view asks `weigh` once the form is right, shows the page again with what
comes back (`burden/weight.html` inside the form) and goes on when that is None: the sender has seen these numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from zhibu.web.burden.estimates import spoken
from zhibu.web.burden.loads import UnitLoad, average, unit_loads
from zhibu.web.burden.models import MOST, Every
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation

FEW = 20  # units that are shown one by one
Units = QuerySet[Organisation] | Sequence[Organisation]


@dataclass(frozen=True, slots=True)
class Weight:
    """`units` organisations, `minutes` each time, `times` until the end of the year; `now`: their month already."""

    units: int
    minutes: int
    times: int
    now: int
    each: tuple[UnitLoad, ...] = ()  # of few units: the month of each of them
    also: str = ""  # what it costs besides, in words

    @property
    def total(self) -> int:
        return self.units * self.minutes * self.times

    @property
    def seen(self) -> str:
        """What the form sends back: of other numbers the sender is asked again."""
        return f"{self.units}x{self.minutes}x{self.times}"

    @property
    def words(self) -> str:
        often = f" × {self.times} 次" if self.times != 1 else ""
        return f"{self.units:,} 个组织 × {self.minutes} 分钟{often} = {spoken(self.total)}"

    @property
    def month_words(self) -> str:
        return f"这些组织本月已有的事项，平均每个约 {spoken(self.now)}" if self.now else ""


class WeighedForm(forms.Form):
    minutes = forms.IntegerField(
        label="一个组织办一次大约几分钟", min_value=1, max_value=MOST,
        help_text="填报、整理、报送用的时间，不算开会本身；照最不熟的支部估",
        error_messages={
            "required": "写上大约几分钟，如 20；下发前要算一算给下级添多少事",
            "invalid": "写整数分钟，如 20", "min_value": "最少 1 分钟",
            "max_value": f"最多 {MOST} 分钟（{MOST // 60} 小时）；更大的事分成几件",
        },
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, alone: bool = False, **kwargs: Any):
        """`alone`: nobody is below who could be sent it; nothing is asked, nothing weighed."""
        super().__init__(*args, **kwargs)
        if alone:
            del self.fields["minutes"], self.fields["seen"]

    @property
    def facts(self) -> dict:
        """What was typed, for the action: without the mark that the numbers were seen."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


def weigh(
    form: WeighedForm, scope: Scope, units: Units, *, every: str = Every.ONCE, starts_on: date | None = None,
    ends_on: date | None = None, pieces: int = 1, also: str = "",
) -> Weight | None:  # fmt: skip
    """What the sending costs, to be shown first; None when the sender has seen exactly this.

    `pieces`: how many are sent at once, of `minutes` each. `also`: what it costs besides, in words.
    """
    if "seen" not in form.fields:
        return None
    number = units.count() if isinstance(units, QuerySet) else len(units)
    first = scope.on.replace(day=1)
    times = _times(every, starts_on or scope.on, ends_on, scope.on) * pieces
    found = Weight(number, form.cleaned_data["minutes"], times, average(units, number, first), also=also)
    if form.cleaned_data["seen"] == found.seen:
        return None
    form.data = form.data.copy()  # type: ignore[union-attr]  # the form shown again carries what is seen now
    form.data[form.add_prefix("seen")] = found.seen
    return replace(found, each=tuple(unit_loads(scope, list(units), first))) if number <= FEW else found


def _times(every: str, starts_on: date, ends_on: date | None, on: date) -> int:
    """How often from its first day, or today, to the end of that year."""
    if every == Every.ONCE:
        return 1
    begun = max(starts_on, on)
    last = ends_on.month if ends_on and ends_on.year == begun.year else 12
    return sum(begun.month <= month <= last for month in Every(every).months)
