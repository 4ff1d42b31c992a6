"""The one door to identity numbers and phones: masked for pages and tables, found by digest, whole only where an action
with a reason asks (`looking.py`, `number_export.py`). `tests/architecture` keeps all others away from the values."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from zhibu.web.core.crypto import CryptoError
from zhibu.web.core.sealed import digests
from zhibu.web.members import masks
from zhibu.web.members.models import Member

WORDS = {"id_number": "身份号码", "phone": "手机号码"}
MASKS = {"id_number": masks.identity, "phone": masks.phone}


def masked(member: Member, name: str) -> str:
    """The number with its middle hidden, or `masks.UNREADABLE`; `trouble` says why."""
    return masks.shown(member, name, MASKS[name])


def trouble(member: Member) -> str:
    """Why a number of the row can't be shown, as a sentence; empty when all is well."""
    for name in WORDS:
        try:
            getattr(member, name)
        except CryptoError as error:
            return str(error)
    return ""


def whole(member: Member, name: str) -> str:
    """The number itself. Raises CryptoError. For actions that write down who asked and why."""
    return str(getattr(member, name))


def tidy(text: str) -> str:
    """A number as people type it: without spaces and dashes, full-width digits made plain, x as X; empty for words."""
    plain = text.translate(_PLAIN)
    return re.sub(r"[\s-]", "", plain).upper()


def is_number(text: str) -> bool:
    """Whether somebody typed (the greater part of) an identity number or a phone: that belongs in no address."""
    return bool(re.fullmatch(r"\d{7,17}[\dX]", tidy(text)))


def by_number(rows: QuerySet[Member], text: str) -> QuerySet[Member]:
    """The rows with exactly this identity number or phone. A part finds nothing: digests know no parts."""
    typed = {tidy(text), text.strip()} - {""}
    identities = [digest for one in typed for digest in digests(Member, "id_number", one)]
    phones = [digest for one in typed for digest in digests(Member, "phone", one)]
    return rows.filter(Q(id_digest__in=identities) | Q(phone_digest__in=phones))


_PLAIN = {ord("０") + number: str(number) for number in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "X", ord("－"): "-"}
