"""The chapter on dues: every row of its tables is computed as it says. And what holds for any base."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.chapter import HERE, _tables
from zhibu.engine import dues
from zhibu.engine.errors import EngineError

RATES = dues.read(Path(__file__).parents[2] / "packs/central/dues/rates.yaml")
CHAPTER = (HERE / "15-dues.md").read_text(encoding="utf-8")
ROWS = [
    pytest.param(row, id=f"{part.partition(chr(10))[0]}-{number}")
    for part in CHAPTER.split("\n## ")[1:]
    for number, row in enumerate(_tables(part)["dues"], 1)
]
money = st.decimals(min_value=0, max_value=200_000, places=2)


def many(cell: str) -> list[list[str]]:
    return [one.split() for one in cell.split("、") if one.strip()]


def payer(row: dict[str, str]) -> dues.Payer:
    return dues.Payer(
        voted_on=date.fromisoformat(row.get("voted_on") or "2001-07-01"),
        left_on=date.fromisoformat(row["left_on"]) if row.get("left_on") else None,
        bases=[
            dues.Base(date.fromisoformat(since), kind, Decimal(rest[0]) if rest else None)
            for since, kind, *rest in many(row["bases"])
        ],
        reliefs=[
            dues.Relief(date.fromisoformat(since), date.fromisoformat(until), Decimal(amount))
            for since, until, amount in many(row.get("reliefs", ""))
        ],
    )


@pytest.mark.parametrize("row", ROWS)
def test_row(row: dict[str, str]) -> None:
    practice = dues.Practice(row.get("mode") or dues.MONTH_OF_CHANGE, row.get("vote_month", "yes") == "yes")
    found = dues.owed(payer(row), date.fromisoformat(row["month"] + "-01"), practice, RATES)
    told = {"state": found.state, "amount": str(found.amount), "why": found.why, "clause": found.clause}
    assert {name: told[name] for name in told if name in row} == {name: row[name] for name in told if name in row}


def test_there_are_rows() -> None:
    assert len(ROWS) > 40


@given(money)
def test_one_bracket_of_the_whole_base(base: Decimal) -> None:
    percent = next(rate for most, rate in ((3000, "0.5"), (5000, "1"), (10_000, "1.5"), (10**9, "2")) if base <= most)
    due, why = RATES[0].rates["monthly"].amount(base)
    assert due == (base * Decimal(percent) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert f"= {due} 元" in why


@pytest.mark.parametrize("base", ["-1", "NaN", "Infinity", "-Infinity", "1.001", "1e12", "sNaN", "-0.01"])
def test_no_base(base: str) -> None:
    with pytest.raises(dues.NotInRange):
        RATES[0].rates["monthly"].amount(Decimal(base))


@given(st.lists(st.booleans(), max_size=24))
def test_a_run_ends_with_a_payment(paid: list[bool]) -> None:
    months = list(dues.months(date(2024, 1, 1), date(2025, 12, 1)))[: len(paid)]
    owed = [(month, dues.Owed("owed", Decimal(1), "")) for month in months]
    run = dues.in_a_row(owed, {month for month, one in zip(months, paid, strict=True) if one})
    trailing = len(paid) - max((at + 1 for at, one in enumerate(paid) if one), default=0)
    assert run == months[len(months) - trailing :]


def test_before_the_first_table_nothing_is_guessed() -> None:
    with pytest.raises(LookupError, match="还没有党费标准"):
        dues.owed(dues.Payer(date(2001, 1, 1)), date(2008, 12, 1), dues.Practice(), RATES)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{up_to: 5000, percent: 1}", "{up_to: 2000, percent: 1}", "brackets 从低到高"),
        ("{percent: 2}", "{up_to: 20000, percent: 2}", "brackets 从低到高"),
        ("range: [0.2, 1]", "range: [1, 0.2]", "range 先写少的"),
        ("fixed: 0.2", "fixed: a", "ConversionSyntax"),
        ("evidence: text", "evidence: sure", "evidence 是"),
        ("relief: {clause: 第七条}\n", "\n", "缺少 relief"),
    ],
)
def test_a_faulty_table_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    source = (Path(__file__).parents[2] / "packs/central/dues/rates.yaml").read_text(encoding="utf-8")
    assert old in source
    file = tmp_path / "rates.yaml"
    file.write_text(source.replace(old, new), encoding="utf-8")
    with pytest.raises(EngineError, match=said):
        dues.read(file)
