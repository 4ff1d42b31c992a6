"""The signing key of this installation. Not in the database: whoever can change the log there can't sign for it."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from zhibu.web.audit.chain.notes import Verifier, verifier
from zhibu.web.core.secret_files import make_once

FILE = "audit_key"


def private() -> Ed25519PrivateKey:
    """From ZHIBU_AUDIT_KEY (32 bytes in base64), else from the home folder, made there once for its owner alone."""
    path = Path(settings.HOME) / FILE
    text = os.environ.get("ZHIBU_AUDIT_KEY") or (path.read_text().strip() if path.exists() else _made(path))
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise ImproperlyConfigured("审计签名密钥应是 32 字节的 base64；丢了就删去文件，会生成新的") from error


def _made(path: Path) -> str:
    fresh = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    make_once(path, base64.b64encode(fresh).decode())  # whoever comes second reads the first one's
    return path.read_text().strip()


def origin() -> str:
    """The name of this installation in its checkpoints: ZHIBU_ORIGIN, else one made from its key."""
    return settings.AUDIT_ORIGIN or f"zhibu-{verifier('zhibu', private()).id.hex()}"


def public() -> Verifier:
    return verifier(origin(), private())
