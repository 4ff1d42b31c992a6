"""Sign-in through the unit's own provider: OpenID Connect, authorization code with PKCE, state and nonce, by authlib.

The provider says who somebody is (issuer and subject); which account that is, its owner has said here, signed in,
or an administrator with his reason. Nothing the provider says (e-mail, name, phone) finds an account.
"""

from __future__ import annotations

import logging

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from joserfc.errors import JoseError
from requests.exceptions import RequestException

from zhibu.web.accounts import subjects
from zhibu.web.accounts.door import App

PURPOSE = "oidc_purpose"  # in the session: sign_in or bind
PATIENCE = 5  # seconds for an answer of the provider
# Signatures by a key of the provider's own; "none" and those by a shared secret are not asked about.
SIGNATURES = ("RS256", "PS256", "ES256", "EdDSA", "RS384", "RS512", "ES384", "ES512", "PS384", "PS512")
REFUSALS = (AuthlibBaseError, JoseError, RequestException, KeyError, TypeError, ValueError, RuntimeError)
log = logging.getLogger("zhibu.security")


class Unsure(Exception):
    """The provider's answer does not prove who it is."""


def is_offered() -> bool:
    return bool(settings.OIDC_ISSUER)


def address(request: HttpRequest, purpose: str, onward: str) -> str:
    """Where to send the browser. State, nonce and the PKCE verifier wait in the session. Raises Unsure."""
    try:
        client = _client()
        made = client.create_authorization_url(_back(request))
    except REFUSALS as error:
        raise Unsure("the provider cannot be reached") from error
    client.save_authorize_data(request, redirect_uri=_back(request), **made)
    request.session[PURPOSE] = {"what": purpose, "next": onward}
    return made["url"]


def subject(request: HttpRequest) -> tuple[str, dict]:
    """(subject, what it was for). Checks state, nonce, issuer, audience, signature and time. Raises Unsure.

    Everything in the session is good for one answer.
    """
    purpose = request.session.pop(PURPOSE, None)
    if purpose is None:
        raise Unsure("nobody asked")
    try:
        client = _client()
        # RFC 9207: the answer names who gave it, so that one provider's cannot be passed off as another's.
        if client.server_metadata.get("authorization_response_iss_parameter_supported"):
            _same(request.GET.get("iss", ""))
        token = client.authorize_access_token(request)
    except REFUSALS as error:
        log.warning("OpenID Connect answer refused: %s", type(error).__name__)
        raise Unsure(type(error).__name__) from error
    found = str((token.get("userinfo") or {}).get("sub") or "")
    if subjects.fault(found):
        raise Unsure("no subject")
    return found, purpose


def _client():
    client = OAuth().register(
        "unit",
        client_cls=App,
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{settings.OIDC_ISSUER}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid", "code_challenge_method": "S256", "default_timeout": PATIENCE},
    )
    said = client.load_server_metadata()
    _same(said.get("issuer", ""))
    offered = said.get("id_token_signing_alg_values_supported", ["RS256"])
    said["id_token_signing_alg_values_supported"] = [name for name in offered if name in SIGNATURES]
    return client


def _same(issuer: str) -> None:
    if issuer.rstrip("/") != settings.OIDC_ISSUER:
        raise ValueError("this is another provider")


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("oidc-back"))
