"""The 督办台 in sentences, and the text to paste into a chat group. Organisations are named, persons are not."""

from __future__ import annotations

from urllib.parse import urlencode

from zhibu.web.dashboards.late import Late

MOST = 20


def conclusion(late: Late) -> str:
    if not late.duties:
        return f"没有逾期。7 天内到期 {late.soon} 件"
    longest = f"，最久的晚了 {late.days} 天" if late.days else ""
    return f"{late.organisations} 个组织有 {late.duties} 项逾期{longest}；7 天内到期 {late.soon} 件"


def group_text(late: Late, link: str) -> str:
    if not late.rows:
        return ""
    area = late.asked.area
    lines = [f"【{(area.short_name or area.name) if area else '联系点'}督办】", f"{conclusion(late)}。"]
    for number, row in enumerate(late.rows[:MOST], 1):
        names = [f"{duty.name}（{duty.shown.text or '逾期'}）" for duty in row.duties[:5]]
        more = f" 等 {len(row.duties)} 项" if len(row.duties) > 5 else ""
        lines.append(f"{number}. {row.organisation.short_name or row.organisation.name}：{'、'.join(names)}{more}")
    if late.organisations > MOST:
        lines.append(f"……还有 {late.organisations - MOST} 个组织，见网页")
    asked = {"area": area.code if area else "", "k": late.asked.item}
    return "\n".join([*lines, f"{link}?{urlencode({name: value for name, value in asked.items() if value}, safe='/')}"])
