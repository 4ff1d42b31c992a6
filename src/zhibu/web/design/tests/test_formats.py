import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from zhibu.web.design.templatetags import formats

EVENING = dt.datetime(2026, 11, 21, 12, 14, tzinfo=dt.UTC)  # 20:14 in Shanghai


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("day", dt.date(2026, 11, 21), "11 月 21 日"),
        ("day", dt.date(2025, 3, 2), "2025 年 3 月 2 日"),
        ("day", dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC), "11 月 22 日"),
        ("day", "2026-11-05", "11 月 5 日"),
        ("day", None, "--"),
        ("weekday", dt.date(2026, 11, 21), "周六"),
        ("ymd", EVENING, "2026-11-21"),
        ("clock", EVENING, "20:14"),
        ("clock", dt.time(9, 5), "09:05"),
        ("moment", EVENING, "11 月 21 日 20:14"),
        ("moment", dt.date(2026, 11, 21), "11 月 21 日"),
        ("moment", dt.datetime(2026, 1, 2, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai")), "1 月 2 日 08:00"),
        ("score", 86.45, "86.5"),
        ("score", 0, "0.0"),
        ("score", None, "--"),
        ("score", "待定", "--"),
        ("signed", -1.5, "−1.5"),
        ("signed", 2, "+2.0"),
        ("signed", -0.01, "0.0"),
        ("percent", 0.961, "96%"),
        ("thousands", 9999, "9999"),
        ("thousands", 10000, "10,000"),
        ("thousands", 118000, "118,000"),
        ("thousands", -12345, "-12,345"),
        ("thousands", 0, "0"),
        ("thousands", None, "--"),
        ("dash", 0, 0),
        ("dash", "", "--"),
        ("masked", "13812345678", "138****5678"),
        ("masked", "330106199001011234", "3301**********1234"),
        ("masked", "123", "***"),
        ("masked", "", "--"),
    ],
)
def test_format(name, value, shown):
    assert getattr(formats, name)(value) == shown


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "http://a.example/", "//a.example/", "https://a b", "<b>", ""]
)
def test_only_a_whole_https_link_is_one(typed: str) -> None:
    assert "<a" not in str(formats.outside(typed))


def test_an_outside_link_opens_apart_and_is_escaped() -> None:
    made = formats.outside('https://a.example/"><b>' + "x" * 80)
    assert "noopener noreferrer nofollow" in made and "<b>" not in made and made.endswith("…</a>")
