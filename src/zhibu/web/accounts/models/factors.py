"""What somebody shows beside a password: an authenticator app, passkeys, recovery codes, SMS codes; and who he is to
the unit's own sign-in."""

from __future__ import annotations

from django.db import models

from zhibu.web.core.sealed import SealedField


class Totp(models.Model):
    """The authenticator app of an account. `secret` is sealed; `last_step` is the newest 30-second step used, so that
    a code works once (RFC 6238, section 5.2)."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="totp")
    secret = SealedField(row="user_id")
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()


class Passkey(models.Model):
    """A WebAuthn credential. `credential` and `public_key` are base64url; neither is secret."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="passkeys")
    credential = models.CharField(max_length=1400, unique=True)  # an id is at most 1023 bytes
    public_key = models.TextField()
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField("名称", max_length=40)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """One of ten codes on paper; the row goes when it is used."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]


class SentCode(models.Model):
    """A code sent by SMS, good for the request (`ticket`, kept in the session) that asked for it, once."""

    ticket = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)
    user = models.ForeignKey("accounts.User", models.CASCADE, null=True, related_name="+")
    until = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used = models.BooleanField(default=False)


class Binding(models.Model):
    """This account is that subject of the unit's own sign-in. Its owner says so, signed in, or an administrator with
    his reason (`bound_by` is his post then, else empty); no matching e-mail."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="bindings")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    bound_by = models.CharField("由谁绑定", max_length=200, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="binding_subject_once"),
            models.UniqueConstraint(fields=["user", "issuer"], name="binding_user_once"),
        ]
