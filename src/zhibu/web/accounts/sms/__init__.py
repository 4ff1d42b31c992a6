"""Codes by SMS, through one gateway that is named in the settings (`gateways.py`); without one there are none."""

from __future__ import annotations

from django.conf import settings


def is_offered() -> bool:
    return bool(settings.SMS_GATEWAY)
