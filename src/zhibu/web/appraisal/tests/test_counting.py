"""The slip and the sums, whatever is typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhibu.web.appraisal import counting

NUMBER = st.integers(0, 200)
SUMS = st.dictionaries(st.sampled_from(["excellent", "passed", "basic", "unfit"]), NUMBER, max_size=4)


@given(NUMBER, NUMBER, NUMBER)
def test_a_slip_is_taken_exactly_when_it_adds_up(issued: int, returned: int, valid: int) -> None:
    assert (counting.slip(issued, returned, valid) is None) == (valid <= returned <= issued)


@given(NUMBER, st.dictionaries(st.text(min_size=1, max_size=4), SUMS, max_size=5))
def test_whoever_has_more_than_the_valid_ballots_is_named_with_the_numbers(
    valid: int, told: dict[str, dict[str, int]]
) -> None:
    said = list(counting.surplus(valid, told))
    over = {name: sum(sums.values()) - valid for name, sums in told.items() if sum(sums.values()) > valid}
    assert len(said) == len(over)
    for sentence, (name, more) in zip(said, over.items(), strict=True):
        assert sentence.startswith(f"{name}：") and sentence.endswith(f"多 {more} 票")


def test_a_third_of_the_full_members_is_rounded_down() -> None:
    assert [counting.most(3, many) for many in (0, 2, 3, 8)] == [0, 0, 1, 2]
    assert counting.most(None, 8) is None
