"""Values at rest: `seal`, `unseal` and the keyed `digest` by which a sealed value is found again.

    sealed = seal("990001…", "shop.order.card:4f0c…")     # table.field:row
    unseal(sealed, "shop.order.card:4f0c…")                # any other context: Broken
    digest("990001…", "shop.order.card")                   # equal texts, equal digests

Which algorithm and which key: `ring.py`. What else may do the work than this process: `providers.py`.
docs/decisions/0014-sealed.md says why, and what is not promised.
"""

from zhibu.web.core.crypto.errors import Broken, CryptoError, KeyMissing, KeyRingError, Unavailable
from zhibu.web.core.crypto.sealing import current_head, digest, digests, seal, unseal

__all__ = [
    "Broken",
    "CryptoError",
    "KeyMissing",
    "KeyRingError",
    "Unavailable",
    "current_head",
    "digest",
    "digests",
    "seal",
    "unseal",
]
