"""What was typed, as a draft keeps it: name → list of values, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from zhibu.web.records.forms import RecordForm
from zhibu.web.records.sheet import PREFIX

_STATE = re.compile(rf"{PREFIX}\d{{1,18}}\Z", re.ASCII)
_MORE = re.compile(r"(?:ask|tie)_[a-z_]{1,40}\Z")  # what some kinds ask; which, packs and apps above say
_NAME = re.compile(r"[a-z][a-z_]{1,39}\Z", re.ASCII)  # what a field of a form is called
_ASIDE = {"csrfmiddlewaretoken", "owner", "do"}
LEFT, MOST_LEFT = "left", 20
LONGEST = 200_000  # characters of one answer that a draft keeps


def pack(posted: QueryDict) -> dict[str, list[str]]:
    """The form's own answers; under LEFT what a page of an older form asked and this one does not."""
    lists = [(name, [value.replace("\x00", "")[:LONGEST] for value in values]) for name, values in posted.lists()]
    fields = {name: values for name, values in lists if _known(name)}
    return fields | _left(name_values for name_values in lists if name_values[0] not in fields)


def unpack(fields: dict[str, Any]) -> QueryDict:
    """As if it had been posted again. Accepts a damaged draft: what is not a list of words is left out."""
    posted = QueryDict(mutable=True)
    lists = [(name, [str(one) for one in values]) for name, values in fields.items() if isinstance(values, list)]
    for name, values in lists:
        if _known(name):
            posted.setlist(name, values)
    for name, values in _left(one for one in lists if not _known(one[0])).items():
        posted.setlist(name, values)
    return posted


def _known(name: str) -> bool:
    return name in RecordForm.base_fields or bool(_STATE.match(name) or _MORE.match(name))


def _left(lists: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """Words that have no place in the form any more: shown beside it, so that nobody loses what was typed."""
    words = [one[:2000] for name, values in lists if name == LEFT or _older(name) for one in values if one.strip()]
    return {LEFT: list(dict.fromkeys(words))[:MOST_LEFT]} if words else {}


def _older(name: str) -> bool:
    return name not in _ASIDE and bool(_NAME.match(name))
