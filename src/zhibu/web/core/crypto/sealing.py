"""The stored form `v1|alg|keyid|nonce|ct+tag`, the last two in base64. Header and context are authenticated too."""

from __future__ import annotations

import base64
import binascii

from zhibu.web.core.crypto.errors import Broken
from zhibu.web.core.crypto.ring import Key, ring

VERSION = "v1"


def seal(plain: str, context: str) -> str:
    """The text that may stand in the database. `context` names the place: `table.field:row`; without it, or with
    another, the text can't be opened. An empty value stays empty: that nothing is there is no secret.

    Raises KeyRingError, Unavailable.
    """
    if not plain:
        return ""
    key = ring().current
    head = f"{VERSION}|{key.provider.name}|{key.id}"
    nonce, sealed = key.provider.seal(key.material, plain.encode(), _bound(head, context))
    return f"{head}|{_text(nonce)}|{_text(sealed)}"


def unseal(sealed: str, context: str) -> str:
    """The value again. Raises Broken (edited, cut, moved), KeyMissing, KeyRingError, Unavailable."""
    if not sealed:
        return ""
    version, algorithm, key_id, nonce, body = _parts(sealed)
    key = ring().get(key_id)
    if version != VERSION or algorithm != key.provider.name:
        raise Broken("开头不对")
    bound = _bound(f"{version}|{algorithm}|{key_id}", context)
    return key.provider.unseal(key.material, _bytes(nonce), _bytes(body), bound).decode()


def is_current(sealed: str) -> bool:
    """Whether the text was sealed with the key that new texts get (an empty one needs none)."""
    return not sealed or sealed.startswith(f"{VERSION}|{ring().current.provider.name}|{ring().current.id}|")


def digest(plain: str, purpose: str) -> str:
    """`keyid:…`, the keyed digest under the current key; empty for an empty value. `purpose` keeps the digests of one
    column from being compared with those of another."""
    return _digest(ring().current, plain, purpose) if plain else ""


def digests(plain: str, purpose: str) -> list[str]:
    """The digest under every key of the ring, the current one first: while keys change, a row has one of them."""
    keys = ring().newest_first() if plain else []
    return [_digest(key, plain, purpose) for key in keys]


def _digest(key: Key, plain: str, purpose: str) -> str:
    said = key.provider.digest(key.material, f"{purpose}\x00{plain}".encode())
    return f"{key.id}:{base64.urlsafe_b64encode(said[:32]).decode().rstrip('=')}"


def _parts(sealed: str) -> list[str]:
    parts = sealed.split("|")
    if len(parts) != 5:
        raise Broken("不完整")
    return parts


def _bound(head: str, context: str) -> bytes:
    if not context:
        raise ValueError("seal and unseal need a context: table.field:row")
    return f"{head}|{context}".encode()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Broken("不完整") from None
