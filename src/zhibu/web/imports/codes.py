"""Codes of new organisations: the book's own when it is free, else the next of `D000001`, `D000002` …"""

from __future__ import annotations

import re
from collections.abc import Iterable

from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation

_FORM = re.compile(r"[A-Za-z0-9_-]{2,20}")


class Codes:
    """Gives codes for one batch. `wished` are the codes the book names; a code goes into addresses, so its form is
    limited."""

    def __init__(self, wished: Iterable[object]):
        stored = Organisation.objects.unscoped("codes are unique in the whole database")
        wanted = [str(code) for code in wished if code]
        self._taken = set(stored.filter(code__in=wanted).values_list("code", flat=True)) if wanted else set()
        self._last = tree.last_code()

    def give(self, wish: str) -> str:
        if wish and wish not in self._taken and _FORM.fullmatch(wish) and not re.fullmatch(r"D\d{6}", wish):
            self._taken.add(wish)
            return wish
        self._last += 1
        return f"D{self._last:06d}"
