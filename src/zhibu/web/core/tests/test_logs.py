"""A log line is one line whatever was typed, and names nobody's number."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import random

import pytest
from django.conf import settings
from django.test import Client

from zhibu.web.core.logs import JsonLines, masked


@pytest.fixture
def written():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("test.lines")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)


NASTY = [
    "a\r\nINFO forged",
    "\x1b[31mred\x1b[0m",
    "\x00\x08\x7f\x9b",
    "\u2028\u2029",
    "\u202eabc",
    "\ud800",
    '"}\n{"',
    "党员",
]


@pytest.mark.parametrize("text", NASTY)
def test_one_event_is_one_line(written, text: str) -> None:
    logger, stream = written
    logger.warning("name %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        logger.exception("failed")
    lines = stream.getvalue().split("\n")
    assert len(lines) == 3 and not lines[2]
    assert [json.loads(line)["from"] for line in lines[:2]] == ["test.lines"] * 2
    assert not [letter for letter in "".join(lines) if ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0]
    assert "\u2028" not in stream.getvalue() and "\u202e" not in stream.getvalue()
    stream.getvalue().encode()


def test_numbers_of_persons_are_masked(written) -> None:
    logger, stream = written
    draw = random.Random(4)
    for _ in range(300):
        number = "99" + "".join(draw.choices("0123456789", k=15)) + draw.choice("0123456789Xx")
        phone = f"1{draw.randrange(3, 10)}{draw.randrange(10**9):09d}"
        logger.warning("查 %s（%s）失败，url=/x?q=%s&p=%s", number, phone, number, phone)
        assert number not in stream.getvalue() and phone not in stream.getvalue()
    assert "９９００" not in masked("９９０００１１９８００１０１００１２")
    assert masked("支部 2026-000123，共 12345 人，1234567890123456789 元") == (
        "支部 2026-000123，共 12345 人，1234567890123456789 元"
    )


@pytest.fixture
def as_configured():
    """The logging of the site, put back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:]
    logging.config.dictConfig(settings.LOGGING)
    yield root.handlers[0]
    root.handlers = before


def test_the_site_logs_this_way(db: None, as_configured) -> None:
    """Django's own lines too, such as that of a page not found."""
    stream = io.StringIO()
    assert isinstance(as_configured.formatter, JsonLines)
    as_configured.setStream(stream)
    Client().get("/nothing/%0d%0aFORGED/990001198001010012/13999990000")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1 and json.loads(lines[0])["status"] == 404
    assert "990001198001010012" not in lines[0] and "13999990000" not in lines[0]
