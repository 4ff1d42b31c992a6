"""The pages of this app beside each other, those the post may look at."""

from __future__ import annotations

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.publicity.registers import REGISTERS

PAGES = (
    ("publicity", "信息", "publicity.view"),
    ("publicity-rates", "报送和采用", "publicity.view"),
    ("publicity-exchange", "经验互通", "publicity.exchange"),
    ("stories", "典型故事", "stories.view"),
    *((f"publicity-{one.kind}", one.word, "publicity.view") for one in REGISTERS.values()),
    ("publicity-participation", "参与面", "publicity.view"),
)


def tabs(scope: Scope, here: str) -> list[tuple[str, str, bool]]:
    """(address, word, whether it is the page `here`)."""
    return [(reverse(name), word, name == here) for name, word, needs in PAGES if scope.may(needs)]
