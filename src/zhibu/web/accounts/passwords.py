"""What a password must be. Two standards ask for opposite things, so the profile is a setting (decision 0012).

`dengbao3` (default): 8 signs of 3 kinds, changed every 90 days, none of the last 5. GB/T 22239-2019, 8.1.4.1 a) asks
for complexity and periodic change (secondary); the figures are those customary in assessments (memory).
`asvs`: OWASP ASVS 5.0.0, 6.2: length and lists only, no kinds, no periodic change (secondary).
Both: administrators 12, at most 128, common passwords and words of the trade are refused.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from zhibu.web.accounts.models import OldPassword, User
from zhibu.web.core import clock

LONGEST = 128
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that reads like another
WORDS = (
    "支部", "党支部", "党建", "党员", "组织部", "党务", "zhibu", "dangzhibu", "dangjian", "dangyuan", "zuzhibu",
    "dangwu", "password", "mima", "密码", "admin", "administrator", "guanliyuan", "管理员",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    shortest: int
    administrators: int  # the shortest of those who administer
    kinds: int  # of signs; 0: not asked
    days: int  # until it must be changed; 0: never
    history: int  # earlier ones that may not come again


PROFILES = {
    "dengbao3": Profile(shortest=8, administrators=12, kinds=3, days=90, history=5),
    "asvs": Profile(shortest=8, administrators=12, kinds=0, days=0, history=0),
}


def profile() -> Profile:
    return PROFILES[settings.PASSWORD_PROFILE]


def check(password: str, user: User, *, administers: bool) -> None:
    """Raises ValidationError with every sentence about what would be right."""
    user.administers = administers  # read by Kept, whom Django calls with the user alone
    validate_password(password, user)


def overdue(user: User) -> bool:
    days = profile().days
    return bool(days) and clock.now() - (user.password_set_at or user.created_at) > timedelta(days=days)


def first() -> tuple[str, datetime]:
    """A first password to hand over, 59 random bits, and until when it is good."""
    letters = [secrets.choice(ALPHABET) for _ in range(12)]
    words = "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))
    return words, clock.now() + timedelta(hours=settings.FIRST_PASSWORD_HOURS)


def remember(user: User) -> None:
    """Keep the present hash among the old ones, and as many of those as the profile asks for (at least one)."""
    OldPassword.objects.create(user=user, password=user.password, at=clock.now())
    kept = user.old_passwords.order_by("-at", "-pk").values_list("pk", flat=True)[: max(1, profile().history)]
    user.old_passwords.exclude(pk__in=list(kept)).delete()


class Kept:
    """Django's validator: the chosen profile."""

    def validate(self, password: str, user: User | None = None) -> None:
        wanted = profile()
        least = wanted.administrators if getattr(user, "administers", False) else wanted.shortest
        said = [*_length(password, least), *_kinds(password, wanted.kinds), *_words(password)]
        if said:
            raise ValidationError([ValidationError(text, code="profile") for text in said])
        if user is not None and user.pk and _used(password, user, wanted.history):
            raise ValidationError(f"不能与最近 {wanted.history} 次用过的密码相同", code="history")

    def get_help_text(self) -> str:
        return help_text()


def help_text(*, administers: bool = False) -> str:
    wanted = profile()
    least = wanted.administrators if administers else wanted.shortest
    kinds = f"，含大写、小写、数字、符号、汉字中的 {wanted.kinds} 种" if wanted.kinds else ""
    return f"至少 {least} 位{kinds}；可以粘贴，最长 {LONGEST} 位"


def _length(password: str, least: int) -> list[str]:
    if len(password) < least:
        return [f"密码至少 {least} 位，现在 {len(password)} 位"]
    return [f"密码最长 {LONGEST} 位，现在 {len(password)} 位"] if len(password) > LONGEST else []


def _kinds(password: str, wanted: int) -> list[str]:
    kinds = {_kind(sign) for sign in password}
    if len(kinds) >= wanted:
        return []
    return [f"密码要含大写、小写、数字、符号、汉字中的 {wanted} 种，现在有 {len(kinds)} 种"]


def _kind(sign: str) -> str:
    category = unicodedata.category(sign)
    return {"Lu": "upper", "Ll": "lower", "Nd": "digit", "Lo": "letter"}.get(category, "symbol")


def _words(password: str) -> list[str]:
    """A word of the trade with digits and signs around it is what everybody tries first."""
    core = "".join(re.findall(r"[^\W\d_]", password)).casefold()
    if core in {word.casefold() for word in (*WORDS, *settings.PASSWORD_WORDS)}:
        return [f"“{core}”加数字容易被猜到，换一个与工作无关的说法"]
    return []


def _used(password: str, user: User, history: int) -> bool:
    if not history:
        return False
    old = user.old_passwords.order_by("-at", "-pk").values_list("password", flat=True)[: history - 1]
    return any(check_password(password, encoded) for encoded in (user.password, *old))
