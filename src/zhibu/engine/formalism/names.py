"""How ids and Chinese names are compared: written apart, in capitals or in full width they are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

COUNTED = ("_count", "_counts", "_number", "_num", "_total", "_times", "_times_total")


def ident(name: str) -> str:
    """An id for comparison: photoCount, photo-count and Photo_Count are photo_count."""
    plain = unicodedata.normalize("NFKC", name).strip()
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    return re.sub(r"[\s\-_.]+", "_", apart).casefold()


def among(name: str, known: frozenset[str]) -> bool:
    """The id, or what it counts: photo_num is found by photo."""
    own = ident(name)
    return own in known or any(own.endswith(end) and own.removesuffix(end) in known for end in COUNTED)


def text(name: str) -> str:
    """A Chinese name for comparison: without blanks and invisible characters, in half width and small letters."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(one for one in plain if unicodedata.category(one)[0] not in "ZC")


def said(name: str, words: Sequence[str], apart: Sequence[str], negations: Sequence[str]) -> str | None:
    """The first of the words that the name says and does not fight; `apart`: longer words of another meaning."""
    own = text(name)
    if any(text(one) in own for one in negations):
        return None
    for other in apart:
        own = own.replace(other, "\n")
    return next((word for word in words if word in own), None)
