"""Numbers with their middle hidden. Pages and exports get these words; the numbers themselves stay in the register."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import models

from zhibu.web.core.crypto import CryptoError

log = logging.getLogger(__name__)
UNREADABLE = "无法显示"  # stands where the number would


def shown(row: models.Model, name: str, mask: Callable[[str], str]) -> str:
    """A sealed column with its middle hidden, or UNREADABLE: a damaged row never takes the page with it."""
    try:
        return mask(getattr(row, name))
    except CryptoError:
        log.warning("%s %s: %s can't be unsealed", row._meta.label_lower, row.pk, name)
        return UNREADABLE


def identity(number: str) -> str:
    """990001********0012"""
    if len(number) < 11:
        return "*" * len(number)
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def phone(number: str) -> str:
    """139****1234; of short or fixed-line numbers the last four."""
    digits = number.strip()
    if len(digits) < 7:
        return "*" * len(digits)
    head = 3 if len(digits) >= 11 else 0
    return f"{digits[:head]}{'*' * (len(digits) - head - 4)}{digits[-4:]}"
