"""One member present in two meetings at once. Without a beginning and an end on both there is nothing to ask."""

from __future__ import annotations

from zhibu.web.members.models import Member
from zhibu.web.records.models import Attendance, Record

WHY = "a member's other meetings may be another branch's"


def others(record: Record) -> list[int]:
    """Records of the same day, of any organisation, whose times overlap and where somebody of this one was present."""
    if record.starts_at is None or record.ends_at is None or record.starts_at >= record.ends_at:
        return []
    here = Attendance.objects.filter(record=record, state=Attendance.State.PRESENT)
    rows = Record.objects.unscoped(WHY).filter(
        held_on=record.held_on, withdrawn_at=None, starts_at__lt=record.ends_at, ends_at__gt=record.starts_at,
        attendances__state=Attendance.State.PRESENT, attendances__member__in=here.values("member"),
    )  # fmt: skip
    return sorted(set(rows.exclude(pk=record.pk).values_list("pk", flat=True)))


def who(record: Record, other: Record) -> list[str]:
    """Names of those marked present at both, for readers of the roster; withheld members are left out."""
    present = Attendance.objects.filter(state=Attendance.State.PRESENT)
    rows = Member.objects.unscoped("of two records within reach; none withheld").filter(
        pk__in=present.filter(record=record).values("member"), attendances__in=present.filter(record=other)
    )
    return list(rows.order_by("initials", "name").values_list("name", flat=True))
