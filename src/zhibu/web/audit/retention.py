"""How long lines are kept: `retention.yaml`, which ZHIBU_AUDIT_MONTHS may change but never below the floor."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import yaml
from django.core.exceptions import ImproperlyConfigured

_TABLE = yaml.safe_load((Path(__file__).parent / "retention.yaml").read_text("utf-8"))
# The law's, and the triggers': a table that says less is refused at start.
FLOOR_MONTHS = 6


def months(asked: str = "") -> int:
    """Months a line stays. Raises ImproperlyConfigured below the floor."""
    if _TABLE["floor"] < FLOOR_MONTHS:
        raise ImproperlyConfigured(f"retention.yaml 的 floor 不能少于 {FLOOR_MONTHS} 个月（网络安全法）")
    text = asked.strip() or str(_TABLE["months"])
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"ZHIBU_AUDIT_MONTHS 应是月数，如 36；现为“{text}”")
    if int(text) < _TABLE["floor"]:
        raise ImproperlyConfigured(f"审计记录至少留存 {_TABLE['floor']} 个月（网络安全法），不能设成 {text} 个月")
    return int(text)


def before(now: datetime, kept: int) -> datetime:
    """Lines older than this may move to an archive: `kept` months back, on the first of that month."""
    month = now.year * 12 + now.month - 1 - kept
    return now.replace(year=month // 12, month=month % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
