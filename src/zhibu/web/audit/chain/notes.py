"""Signed notes: a few lines of text, a blank line, signatures.

The form of Go's checksum database and of C2SP's `signed-note` and `tlog-checkpoint`, so that other tools read ours:
origin, count, digest in base64, then lines of our own.

Our digest is the head of a chain, not the root of a Merkle tree (decision 0013).
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = b"\x01"  # the algorithm's number in signed-note
MARK = "— "


class Unsigned(ValueError):
    """The text is no note, or not signed by this key; `str()` says what is wrong."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name with its public key. Written as `name+hash+key`, the form of Go's `note`."""

    name: str
    key: bytes  # 32 bytes

    @property
    def id(self) -> bytes:
        """Four bytes that say which key signed."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.key).decode()}"

    @classmethod
    def read(cls, text: str) -> Verifier:
        """Raises Unsigned when it is no public key of this form, or its parts don't belong together."""
        try:
            name, short, encoded = text.strip().split("+", 2)
            data = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise Unsigned("公钥应写成“名称+八位十六进制+一串字符”，可用 zhibu audit key 打印") from None
        found = cls(name, data[1:])
        if data[:1] != ED25519 or len(data) != 33 or found.id.hex() != short:
            raise Unsigned("公钥不完整：名称、编号和内容合不上")
        return found


def verifier(name: str, private: Ed25519PrivateKey) -> Verifier:
    return Verifier(name, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def sign(lines: list[str], name: str, private: Ed25519PrivateKey) -> str:
    """The note of `lines` with one signature under it."""
    body = "".join(f"{line}\n" for line in lines)
    made = verifier(name, private).id + private.sign(body.encode())
    return f"{body}\n{MARK}{name} {base64.b64encode(made).decode()}\n"


def opened(note: str, by: Verifier) -> list[str]:
    """The lines of a note signed by `by`. Raises Unsigned."""
    body, blank, signatures = note.replace("\r\n", "\n").partition("\n\n")
    for line in signatures.splitlines() if blank else ():
        name, _, encoded = line.removeprefix(MARK).partition(" ")
        if line.startswith(MARK) and name == by.name and _fits(encoded, f"{body}\n", by):
            return body.split("\n")
    raise Unsigned(f"没有“{by.name}”的有效签名：内容被改过，或不是用这把钥匙签的")


def _fits(encoded: str, body: str, by: Verifier) -> bool:
    try:
        data = base64.b64decode(encoded, validate=True)
        Ed25519PublicKey.from_public_bytes(by.key).verify(data[4:], body.encode())
    except (ValueError, InvalidSignature):
        return False
    return data[:4] == by.id
