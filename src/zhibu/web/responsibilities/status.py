"""Where a charge stands on a day, in the words of `design/vocabulary.py`; and which charges count at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from zhibu.web.core.spans import held
from zhibu.web.responsibilities.models import Charge, Charter

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Standing:
    """`status`: one of the eight words; `text` says it more precisely."""

    status: str
    text: str


def live(today: date, charge: str = "") -> Q:
    """Charges not taken back, of a charter in force. `charge`: how a charge is reached from the rows asked for."""
    charter = f"{charge}item__charter__"
    return Q(**{f"{charge}withdrawn_on": None}) & held(today, starts=f"{charter}starts_on", ends=f"{charter}ends_on")


def standing(charge: Charge, charter: Charter, today: date) -> Standing:
    if charge.withdrawn_on:
        return Standing("na", "已收回")
    if charge.done_on:
        late = charge.due_on is not None and charge.done_on > charge.due_on
        return Standing("done", "超期办好" if late else "已办好")
    if charter.ends_on and charter.ends_on < today:
        return Standing("na", "清单已停用")
    if charge.due_on is None:
        return Standing("todo", "长期")
    if charge.due_on < today:
        return Standing("late", f"超期 {(today - charge.due_on).days} 天")
    left = (charge.due_on - today).days
    return Standing("soon" if charge.due_on - today <= SOON else "todo", f"还有 {left} 天" if left else "今天到期")
