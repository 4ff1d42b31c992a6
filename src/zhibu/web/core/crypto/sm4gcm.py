"""SM4-GCM in the shape of cryptography's AESGCM, which has no such class: the tag can't be forgotten or cut."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TAG = 16  # bytes


class SM4GCM:
    def __init__(self, key: bytes) -> None:
        """`key`: 16 bytes. Raises ValueError for any other length."""
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        """Ciphertext followed by its tag."""
        work = Cipher(self._key, modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(bound)
        return work.update(plain) + work.finalize() + work.tag

    def decrypt(self, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        """The plain bytes. Raises InvalidTag."""
        if len(sealed) < TAG:
            raise InvalidTag
        work = Cipher(self._key, modes.GCM(nonce, sealed[-TAG:], min_tag_length=TAG)).decryptor()
        work.authenticate_additional_data(bound)
        return work.update(sealed[:-TAG]) + work.finalize()
