"""Sample books of made-up counties: for `make run`, for tests, for load. Pure Python.

`books("青川县", …)` writes the three books and says what a correct import must make of them. Everybody in them is made
up; identity numbers begin with 99, which no area has.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from zhibu.web.imports.sample import county as counties
from zhibu.web.imports.sample import ledger, mistakes, sheets, writing
from zhibu.web.imports.sample.sheets import EVENTS, MEMBERS, ORGANISATIONS, Line
from zhibu.web.imports.sample.spelling import Hand


@dataclass(slots=True)
class Books:
    """The three files and what must come of them."""

    paths: list[Path]  # organisations, members, activities
    expected: dict[str, Any]


def write_books(
    folder: Path,
    *,
    county: str = "青川县",
    year: int = 2025,
    seed: int = 1,
    organisations: int = 200,
    mistakes: bool = True,
    odd: bool = True,
    extra: bool = True,
    until: date | None = None,
) -> list[Path]:
    """The three files alone."""
    return books(
        folder, county=county, year=year, seed=seed, organisations=organisations, bad=mistakes, odd=odd, extra=extra,
        until=until,
    ).paths  # fmt: skip


def books(
    folder: Path,
    *,
    county: str = "青川县",
    year: int = 2025,
    seed: int = 1,
    organisations: int = 200,
    bad: bool = True,
    odd: bool = True,
    extra: bool = True,
    until: date | None = None,
) -> Books:
    """Write 党组织信息表, 党员信息表 and the year's 组织生活台账 into `folder`.

    `bad` plants mistakes, `odd` writes by hand (spellings, spaces, title rows), `extra` adds the columns not every
    county has. The activities stop at `until`. The same county, seed and size give the same people in every year.
    """
    until = min(until or date(year, 12, 31), date(year, 12, 31))
    folder.mkdir(parents=True, exist_ok=True)
    place = counties.build(county, seed, organisations, until)
    dice = random.Random(f"{county}/{seed}/hand")  # noqa: S311 (reproducible, not secret)
    hand = Hand(dice, neat=not odd)
    activities = ledger.year_of(place, year, seed, until)
    lines = {
        ORGANISATIONS: sheets.organisation_lines(place, hand),
        MEMBERS: sheets.member_lines(place, hand),
        EVENTS: sheets.event_lines(activities, hand),
    }
    if bad:
        _spoil(lines, mistakes.Planter(place, dice, until), activities, dice)
    paths = [folder / "党组织信息表.xlsx", folder / "党员信息表.xlsx", folder / f"{year}年组织生活台账.xlsx"]
    titles = (f"{county}党组织基本信息表", f"{county}党员信息采集汇总表", f"{county}{year}年度组织生活台账")
    for path, title, (kind, found) in zip(paths, titles, lines.items(), strict=True):
        _number(found)
        dressed = writing.dress(kind, found, dice) if odd else found
        writing.write(path, kind, title, dressed, dice, extra=extra, odd=odd)
    return Books(paths, _expected(lines))


def _spoil(lines: dict[str, list[Line]], planter: mistakes.Planter, activities: list, dice: random.Random) -> None:
    mistakes.repeat(lines[MEMBERS], dice, "身份证重复")
    if activities:
        mistakes.repeat(lines[EVENTS], dice, "重复")
        mistakes.plant(lines[EVENTS], planter.events(activities), dice)
    mistakes.plant(lines[MEMBERS], planter.members(), dice)
    wrong = planter.organisations()
    twin = wrong.pop()
    mistakes.plant(lines[ORGANISATIONS], wrong, dice)
    lines[ORGANISATIONS].append(twin)


def _number(lines: list[Line]) -> None:
    for number, line in enumerate(lines, 1):
        line.cells["serial"] = number


def _expected(lines: dict[str, list[Line]]) -> dict[str, Any]:
    good = {kind: [line for line in found if not line.why] for kind, found in lines.items()}
    members = Counter(line.facts["branch"] for line in good[MEMBERS])
    full = Counter(line.facts["branch"] for line in good[MEMBERS] if line.facts["full"])
    return {
        **{kind: len(found) for kind, found in good.items()},
        "rejected": {
            kind: [{"row": line.facts["row"], "why": line.why} for line in found if line.why]
            for kind, found in lines.items()
        },
        "branches": {name: {"members": count, "full": full[name]} for name, count in members.items()},
        "types": dict(Counter(one for line in good[EVENTS] for one in line.facts["types"])),
    }
