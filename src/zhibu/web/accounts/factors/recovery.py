"""Ten codes on paper, for the day the phone is gone. Each works once."""

from __future__ import annotations

import secrets

from zhibu.web.accounts.limits import digest
from zhibu.web.accounts.models import RecoveryCode, User
from zhibu.web.accounts.passwords import ALPHABET

HOW_MANY = 10
LETTERS = 12  # 59 bits: nobody guesses one, so a keyed digest is enough and needs no slow hash


def renew(user: User) -> list[str]:
    """New codes; the old ones are void. They are shown once and kept as digests."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(HOW_MANY)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def use(user: User, code: str) -> bool:
    bare = "".join(sign for sign in code.casefold() if sign.isalnum())
    return len(bare) == LETTERS and RecoveryCode.objects.filter(user=user, digest=_digest(user, bare)).delete()[0] == 1


def left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user).count()


def _digest(user: User, code: str) -> str:
    return digest("recovery", str(user.pk), code)
