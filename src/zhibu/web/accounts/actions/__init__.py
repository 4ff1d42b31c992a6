"""Writes: `entering` (sign-in, refusals), `own` (by the owner), `keeping` and `subjects` (by those who administer
accounts)."""

from zhibu.web.accounts.actions.entering import locked, refused, signed_in, signed_out
from zhibu.web.accounts.actions.keeping import (
    Unfit,
    disable,
    disable_unused,
    drop_factors,
    enable,
    open_account,
    register,
    reset,
    unlock,
)
from zhibu.web.accounts.actions.own import (
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
from zhibu.web.accounts.actions.subjects import Taken, bind_account, unbind_account

__all__ = [
    "Taken",
    "Unfit",
    "add_passkey",
    "bind",
    "bind_account",
    "change_password",
    "disable",
    "disable_unused",
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
    "unbind_account",
    "unlock",
]
