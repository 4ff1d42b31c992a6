"""GB 32100-2015 against codes that are published: of the standard's example and of companies' annual reports."""

from __future__ import annotations

import pytest

from zhibu.web.coverage.credit import SIGNS, check_sign, fault, tidy

KNOWN = ("91350100M000100Y43", "91110000600037341L", "91330106673959654P", "91440300708461136T")


@pytest.mark.parametrize("code", KNOWN)
def test_published_codes_are_right(code: str) -> None:
    assert fault(code) == ""


@pytest.mark.parametrize("code", KNOWN)
def test_every_single_slip_is_seen(code: str) -> None:
    """31 is prime and no weight is a multiple of it."""
    for place in range(18):
        for sign in SIGNS:
            if sign != code[place]:
                assert fault(code[:place] + sign + code[place + 1 :]), (place, sign)


@pytest.mark.parametrize("code", KNOWN)
def test_neighbours_that_changed_places_are_seen(code: str) -> None:
    for place in range(16):
        if code[place] != code[place + 1]:
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert fault(swapped), place


def test_words_teach() -> None:
    assert (
        "17 位" in fault(KNOWN[0][:17])
        and "“O”" in fault("9135010OM000100Y43")
        and "校验码" in fault(KNOWN[0][:-1] + "4")
    )
    assert tidy(" ９１３５０１００m000100y43 ") == KNOWN[0] and check_sign(KNOWN[0][:17]) == "3"
