"""Codes of an authenticator app: RFC 6238, 30 seconds, 6 digits, HMAC-SHA-1 (the only one all apps know)."""

from __future__ import annotations

import pyotp
from django.utils.safestring import SafeString

from zhibu.web.accounts.models import Totp, User
from zhibu.web.core import clock
from zhibu.web.core.sealed import put, whole
from zhibu.web.design import qr

ISSUER = "支部"
STEP = 30  # seconds
APART = 1  # steps that a phone's clock may be wrong either way


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def picture(user: User, secret: str) -> SafeString:
    """The QR code as SVG, for the app to photograph; drawn here, so that the secret goes to nobody else."""
    address = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)
    return qr.drawn(address)


def step_of(secret: str, code: str) -> int | None:
    """The 30-second step whose code this is, within a step of now; None when it is none."""
    code = "".join(code.split())
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    now, maker = int(clock.now().timestamp()), pyotp.TOTP(secret)
    for apart in range(-APART, APART + 1):
        if pyotp.utils.strings_equal(maker.at(now + apart * STEP), code):
            return now // STEP + apart
    return None


def keep(user: User, secret: str, step: int) -> None:
    """The app has shown that it has the secret: from now on it is asked for. `step` is used up by that."""
    Totp.objects.filter(user=user).delete()
    device = Totp(user=user, last_step=step, created_at=clock.now())
    put(device, "secret", secret)
    device.save()


def use(user: User, code: str) -> bool:
    """Whether the code fits and was not used before: one statement decides, also between two processes."""
    device = Totp.objects.filter(user=user).first()
    step = step_of(whole(device, "secret"), code) if device else None
    return step is not None and Totp.objects.filter(user=user, last_step__lt=step).update(last_step=step) == 1


def exists(user: User) -> bool:
    return Totp.objects.filter(user=user).exists()
