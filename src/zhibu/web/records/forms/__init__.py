"""Forms of records."""

from zhibu.web.records.forms.record import RecordForm
from zhibu.web.records.forms.setting import FRAME, Setting
from zhibu.web.records.forms.withdraw import WithdrawForm

__all__ = ["FRAME", "RecordForm", "Setting", "WithdrawForm"]
