"""The tables of dues of the packs, and the engine's words for them: what the app of dues reckons with."""

from __future__ import annotations

from datetime import date
from functools import cache

from django.conf import settings

from zhibu.engine.dues import MONTH_OF_CHANGE as MONTH_OF_CHANGE
from zhibu.engine.dues import START_OF_YEAR as START_OF_YEAR
from zhibu.engine.dues import Base as Base
from zhibu.engine.dues import NotInRange as NotInRange
from zhibu.engine.dues import Owed as Owed
from zhibu.engine.dues import Payer as Payer
from zhibu.engine.dues import Practice as Practice
from zhibu.engine.dues import Relief as Relief
from zhibu.engine.dues import Table as Table
from zhibu.engine.dues import in_a_row as in_a_row
from zhibu.engine.dues import months as months
from zhibu.engine.dues import next_month as next_month
from zhibu.engine.dues import owed, read, table_on


@cache
def tables() -> tuple[Table, ...]:
    return read(settings.PACKS / "central/dues/rates.yaml")


def table(day: date) -> Table:
    """The standard in force on a day. Raises LookupError before the first."""
    return table_on(tables(), day)


def of_month(payer: Payer, month: date, practice: Practice) -> Owed:
    return owed(payer, month, practice, tables())
