"""Months in a row without a payment."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from zhibu.engine.dues.month import Owed


def in_a_row(owed: Iterable[tuple[date, Owed]], paid: Collection[date]) -> list[date]:
    """The last run of months that were owed and not paid, oldest first; `owed` in the order of months, ended ones only.

    A month of no dues (free, not yet, unknown) neither lengthens nor breaks the run. Whether there was a cause a person
    decides.
    """
    run: list[date] = []
    for month, one in owed:
        if month in paid:
            run = []
        elif one.state == "owed":
            run.append(month)
    return run
