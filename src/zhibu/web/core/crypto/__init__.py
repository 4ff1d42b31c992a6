"""Values at rest: `seal`, `unseal` and the keyed `digest` by which a sealed value is found again.

    sealed = seal("990001…", "members.member.id_number:4f0c…")     # table.field:row
    unseal(sealed, "members.member.id_number:4f0c…")                # any other context: Broken
    digest("990001…", "members.member.id_number")                   # equal texts, equal digests

Which algorithm and which key: `ring.py`. What else may do the work than this process: `providers.py`.
docs/decisions/0014-sealed.md says why, and what is not promised.
"""

from zhibu.web.core.crypto.errors import Broken, CryptoError, KeyMissing, KeyRingError, Unavailable
from zhibu.web.core.crypto.sealing import digest, digests, is_current, seal, unseal

__all__ = [
    "Broken",
    "CryptoError",
    "KeyMissing",
    "KeyRingError",
    "Unavailable",
    "digest",
    "digests",
    "is_current",
    "seal",
    "unseal",
]
