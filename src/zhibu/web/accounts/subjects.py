"""What a subject (`sub`) of the unit's own provider may look like: at most 255 signs (OpenID Connect Core 1.0, 2), all
of them to be seen. The provider's answer, and what an administrator types, are looked at by the same rule."""

from __future__ import annotations

LONGEST = 255


def fault(subject: str) -> str:
    """What is wrong with it, and what would be right; empty when nothing."""
    if not subject.strip():
        return "填写本人在统一身份认证里的编号"
    if len(subject) > LONGEST:
        return f"编号最长 {LONGEST} 位，现在 {len(subject)} 位。只填编号本身，不填网址或令牌"
    if not subject.isprintable() or subject != subject.strip():
        return "编号里有换行、控制字符或看不见的字符。从统一身份认证的管理页面重新复制编号本身"
    return ""
