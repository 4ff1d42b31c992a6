"""A made-up county: committees, towns with their villages, bureaus, schools, enterprises, and who is a member where."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from zhibu.web.imports.sample import people
from zhibu.web.imports.sample.people import Person

_NAMES = yaml.safe_load(Path(__file__).with_name("names.yaml").read_text(encoding="utf-8"))
_TOWNS, _VILLAGES, _BUREAUS, _FIRMS = (_NAMES[one].split() for one in ("towns", "villages", "bureaus", "firms"))
_SIZES = (2, 3, 3, 5, 5, 8, 8, 12, 15, 18, 22, 30, 52)


@dataclass(slots=True)
class Unit:
    """One organisation. `diligence`: good, fair or poor, for its year of activities."""

    name: str
    kind: str
    superior: str
    sector: str
    founded_on: date
    term_ends_on: date
    elected_on: date
    secretary: str
    phone: str
    committee_size: int | None = None
    groups: int | None = None
    diligence: str = ""

    @property
    def is_branch(self) -> bool:
        return self.kind in ("党支部", "联合党支部")


@dataclass(slots=True)
class County:
    name: str
    units: list[Unit]
    members: list[Person]

    @property
    def branches(self) -> list[Unit]:
        return [unit for unit in self.units if unit.is_branch]


def build(county: str, seed: int, organisations: int, until: date) -> County:
    """The same county for the same name, seed and size; `until` moves only its terms of office."""
    dice = random.Random(f"{county}/{seed}/{organisations}")  # noqa: S311 (reproducible, not secret)
    builder = _Builder(county, dice, organisations, until)
    builder.plan()
    members = [person for unit in builder.units if unit.is_branch for person in builder.people(unit)]
    return County(county, builder.units, members)


class _Builder:
    def __init__(self, county: str, dice: random.Random, size: int, until: date):
        self.county, self.dice, self.size, self.until = county, dice, size, until
        self.units: list[Unit] = []

    def plan(self) -> None:
        root = self._add(f"中共{self.county}委员会", "党委", "", "党政机关")
        organs = self._add(f"中共{self.county}直机关工作委员会", "党工委", root, "党政机关")
        schools = self._add(f"中共{self.county}委教育工作委员会", "党工委", root, "学校")
        firms = self._add(f"中共{self.county}委非公有制企业和社会组织工作委员会", "党工委", root, "非公企业")
        for name in _BUREAUS[: max(2, self.size // 11)]:
            self._bureau(organs, name)
        for name in "一二三四五六七八"[: max(1, self.size // 30)]:
            self._branch(f"{self.county}第{name}中学党支部", schools, "学校")
        for name in _FIRMS[: max(2, self.size // 14)]:
            self._firm(firms, name)
        for town in _TOWNS:
            if len(self.units) >= self.size:
                break
            self._town(root, town)

    def _town(self, root: str, town: str) -> None:
        above = self._add(f"中共{self.county}{town}镇委员会", "党委", root, "乡镇")
        self._branch(f"{town}镇机关党支部", above, "乡镇")
        for village in self.dice.sample(_VILLAGES, k=self.dice.randrange(7, 14)):
            if len(self.units) >= self.size:
                return
            if self.dice.random() < 0.12 and len(self.units) + 3 <= self.size:
                general = self._add(f"{town}镇{village}村党总支", "党总支", above, "村")
                for number in "一二":
                    self._branch(f"{town}镇{village}村第{number}党支部", general, "村")
            else:
                self._branch(f"{town}镇{village}村党支部", above, "村")

    def _bureau(self, organs: str, name: str) -> None:
        if self.dice.random() < 0.7:
            self._branch(f"{self.county}{name}党支部", organs, "党政机关")
            return
        above = self._add(f"中共{self.county}{name}机关委员会", "机关党委", organs, "党政机关")
        for part in ("机关第一", "机关第二", "离退休"):
            self._branch(f"{self.county}{name}{part}党支部", above, "党政机关")

    def _firm(self, firms: str, name: str) -> None:
        if self.dice.random() < 0.25:
            self._branch(f"{name}等3家企业联合党支部", firms, "非公企业", "联合党支部")
        else:
            self._branch(f"{name}有限公司党支部", firms, "非公企业")

    def _branch(self, name: str, superior: str, sector: str, kind: str = "党支部") -> None:
        self._add(name, kind, superior, sector)
        unit = self.units[-1]
        unit.diligence = self.dice.choices(("good", "fair", "poor"), (82, 13, 5))[0]

    def _add(self, name: str, kind: str, superior: str, sector: str) -> str:
        dice = self.dice
        founded = date(dice.randrange(1980, 2020), dice.randrange(1, 13), dice.randrange(1, 29))
        years = 5 if kind in ("党委", "党工委", "机关党委") or sector in ("村", "社区") else 3
        # Most terms run on; some end within the year, a few have run out.
        ends = self.until + timedelta(days=dice.choice((-200, -40, 60, 150, 300, 400, 500, 600, 700, 800, 900, 1000)))
        ends = ends.replace(day=28)
        elected = max(ends.replace(year=ends.year - years), founded)
        phone = people.phone(dice) if dice.random() < 0.4 else "0999-5551234"
        self.units.append(Unit(name, kind, superior, sector, founded, ends, elected, people.name(dice), phone))
        return name

    def people(self, unit: Unit) -> list[Person]:
        latest = date(2024, 12, 20)
        retired = "离退休" in unit.name
        size = self.dice.choice(_SIZES)
        found = [people.person(self.dice, unit.name, latest, retired) for _ in range(size)]
        full = sum(person.full_on is not None for person in found)
        unit.committee_size = 0 if full < 7 else 3 if full < 20 else 5
        unit.groups = size // 12 if size >= 22 else 0
        return found
