from __future__ import annotations

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.organisations.pinyin import initials, is_spelling


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("云河社区", "yhsq"),
        ("重庆路", "cql"),
        ("重庆路", "zql"),
        ("单雄信", "sxx"),
        ("A座3号", "az3h"),
        ("", ""),
        ("！", ""),
    ],
)
def test_spellings(name: str, spelling: str) -> None:
    assert spelling in initials(name).split(" ")


def test_never_longer_than_the_column() -> None:
    assert len(initials("长乐重行" * 60, "单" * 50)) <= 120
    assert len(initials("长乐重行单" * 3, longest=40)) <= 40


def test_name_and_short_name(cast: Cast) -> None:
    assert initials("云岭", "北山") == "yl bs"
    assert cast.branch.initials.startswith("dyzhscdzb")  # at planting


@pytest.mark.parametrize(("text", "yes"), [("yhsq", True), ("YH1", True), ("云", False), ("a%", False), ("", False)])
def test_what_may_be_a_spelling(text: str, yes: bool) -> None:
    assert is_spelling(text) is yes
