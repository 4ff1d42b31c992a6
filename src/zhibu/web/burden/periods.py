"""When a county form is asked: once, or in the last month of each month, quarter, half-year or year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhibu.web.burden.models import CountyForm, Every, FormSheet
from zhibu.web.duties.grouping import last_of, shifted

ONCE = "once"
HALVES = {6: "上半年", 12: "下半年"}


@dataclass(frozen=True, slots=True)
class Period:
    """`key` as in `FormSheet.answers`; `due`: its last day."""

    key: str
    words: str
    due: date


def periods(form: CountyForm, on: date) -> list[Period]:
    """Those asked by a day, the earliest first: from the registration to the last day of the form."""
    if form.every == Every.ONCE:
        return [Period(ONCE, "一次", form.until)]
    first, last = form.registered_on.replace(day=1), min(on, form.until).replace(day=1)
    found = []
    while first <= last:
        if first.month in Every(form.every).months:
            found.append(Period(f"{first:%Y-%m}", _words(form.every, first), min(last_of(first), form.until)))
        first = shifted(first, 1)
    return found


def still_open(sheet: FormSheet, on: date) -> list[Period]:
    """What an organisation has yet to fill in of a form, the earliest first; nothing of one that is over."""
    form = sheet.form
    if form.withdrawn_on or form.until < on or form.asked != "organisation":
        return []
    return [one for one in periods(form, on) if one.key not in sheet.answers]


def _words(every: str, first: date) -> str:
    year, month = f"{first.year} 年", first.month
    named = {
        Every.MONTH: f" {month} 月", Every.QUARTER: f"第 {month // 3} 季度", Every.HALF_YEAR: HALVES.get(month, ""),
    }  # fmt: skip
    return year + named.get(Every(every), "")
