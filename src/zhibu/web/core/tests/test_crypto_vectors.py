"""The algorithms are the published ones: standard vectors, through the very classes that seal."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhibu.web.core.crypto.providers import Aes, Sm4
from zhibu.web.core.crypto.sm4gcm import SM4GCM

BOUND = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
# source, class, key, nonce, authenticated, plain, ciphertext, tag
GCM = [
    (
        "RFC 8998 appendix A.1", SM4GCM, "0123456789abcdeffedcba9876543210", "00001234567800000000abcd", BOUND,
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d",
        "83de3541e4c2b58177e065a9bf7b62ec",
    ),
    (
        "McGrew and Viega, GCM specification, test case 16", AESGCM,
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", BOUND,
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
        "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("source", "aead", "key", "nonce", "bound", "plain", "sealed", "tag"), GCM)
def test_gcm(source: str, aead: Any, key: str, nonce: str, bound: str, plain: str, sealed: str, tag: str) -> None:
    key, nonce, bound, plain, sealed, tag = map(bytes.fromhex, (key, nonce, bound, plain, sealed, tag))
    assert aead(key).encrypt(nonce, plain, bound) == sealed + tag, source
    assert aead(key).decrypt(nonce, sealed + tag, bound) == plain


def test_sm4_block() -> None:
    """GB/T 32907-2016 appendix A.1: one block under its own value."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    block = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert (block.update(key) + block.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm3() -> None:
    """GB/T 32905-2016 appendix A.1: abc."""
    work = hashes.Hash(hashes.SM3())
    work.update(b"abc")
    assert work.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_hmac_sha256() -> None:
    """RFC 4231, test case 2."""
    key = {"digest": base64.b64encode(b"Jefe").decode()}
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert Aes().digest(key, b"what do ya want for nothing?").hex() == expected


def test_hmac_sm3_is_the_construction_of_rfc_2104_over_sm3() -> None:
    """No published vector was found; so: the definition, written out over the hash that its vector confirms."""

    def sm3(said: bytes) -> bytes:
        work = hashes.Hash(hashes.SM3())
        work.update(said)
        return work.finalize()

    key = bytes(range(32))
    padded = key.ljust(64, b"\0")
    inner = sm3(bytes(byte ^ 0x36 for byte in padded) + b"990001")
    expected = sm3(bytes(byte ^ 0x5C for byte in padded) + inner)
    assert Sm4().digest({"digest": base64.b64encode(key).decode()}, b"990001") == expected


def test_the_two_digests_differ() -> None:
    key = {"digest": base64.b64encode(b"k" * 32).decode()}
    assert Aes().digest(key, b"a") == hmac.digest(b"k" * 32, b"a", hashlib.sha256)
    assert Aes().digest(key, b"a") != Sm4().digest(key, b"a")


@pytest.mark.parametrize("length", range(17))
def test_a_shortened_tag_is_never_taken(length: int) -> None:
    """GCM allows short tags; eight bytes of tag are four thousand million times easier to forge."""
    cipher = SM4GCM(b"k" * 16)
    sealed = cipher.encrypt(b"n" * 12, b"990001", b"row")
    cut = sealed[:6] + sealed[6 : 6 + length]
    if length == 16:
        assert cipher.decrypt(b"n" * 12, cut, b"row") == b"990001"
    else:
        with pytest.raises(InvalidTag):
            cipher.decrypt(b"n" * 12, cut, b"row")
