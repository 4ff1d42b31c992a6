"""What was typed, as a draft keeps it: name → list of values, and back."""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict

from zhibu.web.records.forms import RecordForm
from zhibu.web.records.sheet import PREFIX

_STATE = re.compile(rf"{PREFIX}\d{{1,18}}\Z", re.ASCII)
_MORE = re.compile(r"(?:ask|tie)_[a-z_]{1,40}\Z")  # what some kinds ask; which, packs and apps above say
LONGEST = 200_000  # characters of one answer that a draft keeps


def pack(posted: QueryDict) -> dict[str, list[str]]:
    """The form's own answers, nothing else that came with the request."""
    return {
        name: [value.replace("\x00", "")[:LONGEST] for value in values]
        for name, values in posted.lists()
        if name in RecordForm.base_fields or _STATE.match(name) or _MORE.match(name)
    }


def unpack(fields: dict[str, Any]) -> QueryDict:
    """As if it had been posted again. Accepts a damaged draft: what is not a list of words is left out."""
    posted = QueryDict(mutable=True)
    for name, values in fields.items():
        if isinstance(values, list):
            posted.setlist(name, [str(value) for value in values])
    return posted
