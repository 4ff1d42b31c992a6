"""「复制到微信群」: the notice as text. It calls nothing and knows no messenger."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.plans.models import MeetingNotice

DAYS = "一二三四五六日"


def text(one: MeetingNotice, site: str) -> str:
    """The words of the notice, a line a thing; `site` is the address of this installation."""
    address = reverse("meeting-ics", args=[one.pk])
    lines = [
        f"【会议取消】{one}" if one.cancelled_on else f"【会议通知{'（有改动）' if one.changed_on else ''}】{one}",
        one.organisation.short_name or one.organisation.name,
        f"时间：{_when(one)}",
        f"地点：{one.place}" if one.place else "",
        f"内容：{one.types_words}" if one.topic else "",
        f"主持：{one.host}" if one.host else "",
        f"参加：{one.who_words}",
        f"准备：{one.note}" if one.note else "",
        f"改动：{one.changed_why}" if one.changed_on and not one.cancelled_on else "",
        f"取消原因：{one.cancelled_why}" if one.cancelled_on else f"加入日历：{site.rstrip('/')}{address}",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def _when(one: MeetingNotice) -> str:
    day = f"{one.on.month} 月 {one.on.day} 日（星期{DAYS[one.on.weekday()]}）"
    if not one.starts_at:
        return day
    return f"{day} {one.starts_at:%H:%M}" + (f"–{one.ends_at:%H:%M}" if one.ends_at else "")
