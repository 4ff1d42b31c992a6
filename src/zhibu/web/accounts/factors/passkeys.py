"""Passkeys: WebAuthn by Duo's library. The challenge lives in the session and is good for one answer."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import webauthn
from django.http import HttpRequest
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from zhibu.web.accounts.limits import digest
from zhibu.web.accounts.models import Passkey, User
from zhibu.web.core import clock

NAME = "支部"
CHALLENGE = "passkey_challenge"


class Unfit(Exception):
    """The answer is not by a passkey we know, for this question."""


def ask_new(request: HttpRequest, user: User) -> str:
    """Options for `navigator.credentials.create`, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=_host(request),
        rp_name=NAME,
        user_id=bytes.fromhex(_handle(user)),
        user_name=user.username,
        user_display_name=user.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_described(user),
    )
    return _asked(request, options)


def keep(request: HttpRequest, user: User, answer: str, name: str) -> Passkey:
    """Register what `create` answered. Raises Unfit."""
    verified = _verify(webauthn.verify_registration_response, request, answer, require_user_verification=True)
    credential = bytes_to_base64url(verified.credential_id)
    if Passkey.objects.filter(credential=credential).exists():
        raise Unfit("known already")
    return Passkey.objects.create(
        user=user, credential=credential, public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count, name=name[:40] or "通行密钥", created_at=clock.now(),
    )  # fmt: skip


def ask(request: HttpRequest, user: User | None = None) -> str:
    """Options for `navigator.credentials.get`: one of this user's passkeys, or any when we don't know who it is."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(request),
        allow_credentials=_described(user) if user else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _asked(request, options)


def use(request: HttpRequest, answer: str, user: User | None = None) -> User:
    """Whose passkey answered. With `user`, it must be his. Raises Unfit; a counter that went back is a copied key."""
    found = Passkey.objects.select_related("user").filter(credential=_credential(answer)).first()
    if found is None or not found.user.is_active or (user is not None and found.user_id != user.pk):
        request.session.pop(CHALLENGE, None)
        raise Unfit("no such passkey")
    verified = _verify(
        webauthn.verify_authentication_response, request, answer, require_user_verification=True,
        credential_public_key=base64url_to_bytes(found.public_key), credential_current_sign_count=found.sign_count,
    )  # fmt: skip
    Passkey.objects.filter(pk=found.pk).update(sign_count=verified.new_sign_count, used_at=clock.now())
    return found.user


def _verify(verify: Any, request: HttpRequest, answer: str, **more: Any) -> Any:
    challenge = request.session.pop(CHALLENGE, "")
    if not challenge:
        raise Unfit("no question was asked")
    origin = f"{request.scheme}://{request.get_host()}"
    try:
        return verify(
            credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=_host(request),
            expected_origin=origin, **more,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Unfit(type(error).__name__) from error


def _asked(request: HttpRequest, options: Any) -> str:
    request.session[CHALLENGE] = bytes_to_base64url(options.challenge)
    return webauthn.options_to_json(options)


def _described(user: User) -> list[PublicKeyCredentialDescriptor]:
    known = Passkey.objects.filter(user=user).values_list("credential", flat=True)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential)) for credential in known]


def _credential(answer: str) -> str:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    return str(found.get("id", "")) if isinstance(found, dict) else ""


def _handle(user: User) -> str:
    """The user as the authenticator knows him: no name, no number that means something elsewhere."""
    return digest("passkey", str(user.pk))


def _host(request: HttpRequest) -> str:
    """The host without its port: what WebAuthn binds a passkey to."""
    return urlsplit(f"//{request.get_host()}").hostname or ""
