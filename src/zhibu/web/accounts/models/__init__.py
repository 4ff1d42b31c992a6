"""Rows of this app; import them from here."""

from zhibu.web.accounts.models.factors import Binding, Passkey, RecoveryCode, SentCode, Totp
from zhibu.web.accounts.models.limits import Tally
from zhibu.web.accounts.models.notices import Notice
from zhibu.web.accounts.models.sessions import Session
from zhibu.web.accounts.models.users import OldPassword, User

__all__ = [
    "Binding",
    "Notice",
    "OldPassword",
    "Passkey",
    "RecoveryCode",
    "SentCode",
    "Session",
    "Tally",
    "Totp",
    "User",
]
