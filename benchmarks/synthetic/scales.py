"""How large each scale is."""

from __future__ import annotations

from dataclasses import dataclass

COMMITTEES, GENERAL_BRANCHES, BRANCHES = 306_000, 330_000, 4_614_000
TOWNS = 38_745


@dataclass(frozen=True, slots=True)
class Scale:
    """`above`: nodes of each level over the towns, from the top (centre, provinces, cities, counties).

    `towns` are some of the `committees`; with `general_branches` and `branches` they are the primary organisations.
    """

    above: tuple[int, ...]
    towns: int
    committees: int
    general_branches: int
    branches: int

    @property
    def primary(self) -> int:
        return self.committees + self.general_branches + self.branches


def _part(above: tuple[int, ...], primary: int) -> Scale:
    """The country's shares of each kind."""
    whole = COMMITTEES + GENERAL_BRANCHES + BRANCHES
    committees, general = round(primary * COMMITTEES / whole), round(primary * GENERAL_BRANCHES / whole)
    return Scale(above, round(primary * TOWNS / whole), committees, general, primary - committees - general)


# The country's counts: the published statistics of 2024-12-31 (secondary: organisations by kind; members
# 100.271 million), towns and streets those of 2023-12-31 (29 620 + 9 125). Cities and counties are round figures.
SCALES = {
    "town": _part((1,), 100),  # for tests
    "county": _part((1,), 1_000),
    "city": _part((1, 8), 10_000),
    "province": _part((1, 13, 100), 200_000),
    "country": Scale((1, 31, 340, 2_850), TOWNS, COMMITTEES, GENERAL_BRANCHES, BRANCHES),
}
