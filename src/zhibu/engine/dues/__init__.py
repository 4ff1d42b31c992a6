"""Party dues: what a member owes for a month and why. Pure; the figures are `packs/central/dues/rates.yaml`."""

from zhibu.engine.dues.month import MONTH_OF_CHANGE as MONTH_OF_CHANGE
from zhibu.engine.dues.month import START_OF_YEAR as START_OF_YEAR
from zhibu.engine.dues.month import Base as Base
from zhibu.engine.dues.month import Owed as Owed
from zhibu.engine.dues.month import Payer as Payer
from zhibu.engine.dues.month import Practice as Practice
from zhibu.engine.dues.month import Relief as Relief
from zhibu.engine.dues.month import months as months
from zhibu.engine.dues.month import next_month as next_month
from zhibu.engine.dues.month import owed as owed
from zhibu.engine.dues.run import in_a_row as in_a_row
from zhibu.engine.dues.table import NotInRange as NotInRange
from zhibu.engine.dues.table import Rate as Rate
from zhibu.engine.dues.table import Table as Table
from zhibu.engine.dues.table import read as read
from zhibu.engine.dues.table import table_on as table_on
