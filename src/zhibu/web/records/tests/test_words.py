"""Periods in words."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.records.words import duty_words, period_words

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2026-11", "11 月"),
        ("2025-03", "2025 年 3 月"),
        ("2026Q4", "第四季度"),
        ("2025Q1", "2025 年第一季度"),
        ("2026H1", "上半年"),
        ("2026", "2026 年"),
        ("2026-01-15..2027-01-14", "2026-01-15 至 2027-01-14"),
    ],
)
def test_periods(label: str, words: str) -> None:
    assert period_words(label, TODAY) == words


def test_a_duty() -> None:
    assert duty_words("2026-11", "主题党日", TODAY) == "11 月主题党日"
