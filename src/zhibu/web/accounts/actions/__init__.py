"""Writes: `entering` (sign-in, refusals), `own` (by the owner), `keeping` (by those who administer accounts)."""

from zhibu.web.accounts.actions.entering import locked, refused, signed_in, signed_out
from zhibu.web.accounts.actions.keeping import (
    Unfit,
    disable,
    drop_factors,
    enable,
    open_account,
    register,
    reset,
    unlock,
)
from zhibu.web.accounts.actions.own import (
    Taken,
    add_passkey,
    bind,
    change_password,
    end_others,
    end_session,
    keep_totp,
    remove_passkey,
    remove_totp,
    renew_codes,
    set_phone,
    unbind,
)

__all__ = [
    "Taken",
    "Unfit",
    "add_passkey",
    "bind",
    "change_password",
    "disable",
    "drop_factors",
    "enable",
    "end_others",
    "end_session",
    "keep_totp",
    "locked",
    "open_account",
    "refused",
    "register",
    "remove_passkey",
    "remove_totp",
    "renew_codes",
    "reset",
    "set_phone",
    "signed_in",
    "signed_out",
    "unbind",
    "unlock",
]
