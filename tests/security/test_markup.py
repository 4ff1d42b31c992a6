"""What cleaning makes of the payloads: no markup of any element is left, and cleaning twice changes nothing more."""

from __future__ import annotations

import random
import re
from html.parser import HTMLParser

import pytest

from tests.security.payloads import PAYLOADS
from zhibu.web.conftest import plant_cast
from zhibu.web.files.names import display
from zhibu.web.records.cleaning import key, line, number, plain
from zhibu.web.records.tests.given import sent

ELEMENTS = frozenset(
    "a abbr article b base body button details dialog div em embed font form frameset iframe img input link listing"  # noqa: SIM905
    " marquee math meta noscript object p plaintext script section select span style svg table template textarea title"
    " video xmp".split()
)


class Tags(HTMLParser):
    """The elements that a parser of somebody else's sees."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


def elements(text: str) -> set[str]:
    parser = Tags()
    parser.feed(text)
    return parser.found & ELEMENTS


def mixtures(count: int) -> list[str]:
    """Payloads cut and put together anew."""
    dice = random.Random("G10")
    pieces = [piece for one in PAYLOADS for piece in re.split(r"(?=[<>\"&])", one)]
    return ["".join(dice.choices(pieces, k=dice.randrange(2, 9))) for _ in range(count)]


@pytest.mark.parametrize("clean", [plain, line, number, key])
def test_cleaning_twice_changes_nothing_more(clean) -> None:
    for text in [*PAYLOADS, *mixtures(5000)]:
        assert clean(clean(text)) == clean(text), text


def test_no_markup_is_left() -> None:
    """Of whole tags; a tag cut by another stays as words, which pages escape like all others (test_xss.py)."""
    left = {text: found for text in PAYLOADS if (found := elements(plain(text)))}
    assert not left


def test_names_of_files_have_no_markup() -> None:
    for text in [*PAYLOADS, *mixtures(2000)]:
        name = display(text, "pdf")
        assert not set(name) & set('<>"&\r\n') and display(name, "pdf") == name, text


def test_minutes_keep_neither_styles_nor_forms(db: None) -> None:
    """H22: what is stored is plain text, and what is written about markup stays a sentence."""
    cast = plant_cast()
    typed = (
        "第一段<style>*{display:none}</style><base href=//x><meta http-equiv=refresh content=0>"
        "<form action=//x><button formaction=//y>登录</button></form>若 x<y 则 y>x"
    )
    client = cast.client("secretary")
    given = {"topic": "题<style>x</style>", "host": "甲<base href=//x>", "place": "会议室<form>", "recorder": "乙"}
    record = sent(client, content=typed, **given)
    assert record.content == "第一段登录若 x<y 则 y>x"
    assert (record.topic, record.host, record.place) == ("题", "甲", "会议室")
