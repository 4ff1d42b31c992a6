"""Second factors: `totp` (an authenticator app), `passkeys`, `recovery` (codes on paper)."""

from __future__ import annotations

from zhibu.web.accounts.factors import recovery, totp
from zhibu.web.accounts.models import Passkey, Totp, User


def has_any(user: User) -> bool:
    """Whether this account asks for a second factor at sign-in."""
    return Totp.objects.filter(user=user).exists() or Passkey.objects.filter(user=user).exists()


def code_fits(user: User, code: str) -> bool:
    """Use up a code of the app or of the paper. A code is good once."""
    return totp.use(user, code) or recovery.use(user, code)
