"""Who seals: AES-256-GCM with HMAC-SHA-256, SM4-GCM with HMAC-SM3, or a class named by its dotted path.

A provider of an external device or service (密码机, GM/T 0018; an HTTP service) implements `Provider` and keeps its
keys to itself: `new_key` then returns the name of a key in the device, and that is all the key ring ever holds.

SM4: GB/T 32907-2016; SM3: GB/T 32905-2016; GCM: NIST SP 800-38D, for SM4 with the vector of RFC 8998 appendix A.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.utils.module_loading import import_string

from zhibu.web.core.crypto.errors import Broken, KeyRingError
from zhibu.web.core.crypto.sm4gcm import SM4GCM

NONCE = 12  # bytes, random; SP 800-38D allows 2^32 texts under one key
Material = Mapping[str, str]


class Provider(Protocol):
    """`name` stands in every text it sealed. `bound` is authenticated with the text and not stored in it."""

    name: str

    def new_key(self) -> dict[str, str]:
        """What the key ring keeps of a new key: the key itself, or its name inside a device."""

    def seal(self, key: Material, plain: bytes, bound: bytes) -> tuple[bytes, bytes]:
        """(nonce, ciphertext with tag). A nonce is never used twice under one key."""

    def unseal(self, key: Material, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        """The plain bytes. Raises Broken when tag or `bound` do not fit, Unavailable when a device does not answer."""

    def digest(self, key: Material, said: bytes) -> bytes:
        """A keyed digest of at least 32 bytes, under another key than the one that seals."""


class _Software:
    name: str
    key_bytes: int
    aead: type[AESGCM] | type[SM4GCM]

    def new_key(self) -> dict[str, str]:
        return {"seal": _text(secrets.token_bytes(self.key_bytes)), "digest": _text(secrets.token_bytes(32))}

    def seal(self, key: Material, plain: bytes, bound: bytes) -> tuple[bytes, bytes]:
        nonce = secrets.token_bytes(NONCE)
        return nonce, _cipher(self.aead, key["seal"]).encrypt(nonce, plain, bound)

    def unseal(self, key: Material, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        try:
            return _cipher(self.aead, key["seal"]).decrypt(nonce, sealed, bound)
        except (InvalidTag, ValueError):
            raise Broken from None


class Aes(_Software):
    name, key_bytes, aead = "aes256gcm", 32, AESGCM

    def digest(self, key: Material, said: bytes) -> bytes:
        return hmac.digest(_bytes(key["digest"]), said, "sha256")


class Sm4(_Software):
    name, key_bytes, aead = "sm4gcm", 16, SM4GCM

    def digest(self, key: Material, said: bytes) -> bytes:
        mac = HMAC(_bytes(key["digest"]), hashes.SM3())
        mac.update(said)
        return mac.finalize()


BUILT_IN = {"aes": Aes, "sm4": Sm4}


@cache
def provider(path: str) -> Provider:
    """`aes`, `sm4`, or the dotted path of a class that is made without arguments. Raises KeyRingError."""
    try:
        made = (BUILT_IN.get(path) or import_string(path))()
    except (ImportError, TypeError, ValueError) as error:
        raise KeyRingError(f"不认识密码实现“{path}”：写 aes、sm4，或一个类的路径（{error}）") from error
    missing = [word for word in ("name", "new_key", "seal", "unseal", "digest") if not hasattr(made, word)]
    if missing or "|" in made.name:
        raise KeyRingError(f"密码实现“{path}”不完整：缺 {'、'.join(missing) or '合格的 name'}")
    return made


@lru_cache(maxsize=64)
def _cipher(aead: type[AESGCM] | type[SM4GCM], key: str) -> AESGCM | SM4GCM:
    return aead(_bytes(key))


@lru_cache(maxsize=128)
def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
