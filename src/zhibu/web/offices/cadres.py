"""党务干部队伍: counts by age, education, years and full time (M248, M249), and the list of years in post (M247)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from zhibu.web.core.scope import Scope
from zhibu.web.offices import queries
from zhibu.web.offices.models import Standard, Tenure
from zhibu.web.offices.registers import Area, page_of, short
from zhibu.web.offices.standards import standards
from zhibu.web.offices.tables import Row, Table

AGES = ((35, "35 岁以下"), (45, "36 至 45 岁"), (55, "46 至 55 岁"), (200, "56 岁以上"))  # up to and with
YEARS = ((3, "不满 3 年"), (5, "3 至 5 年"), (10, "5 至 10 年"), (200, "10 年以上"))  # below
UNKNOWN = "没有资料"
FULL = {True: "专职", False: "兼职", None: UNKNOWN}


def years(since: date, on: date) -> int:
    """Whole years from one day to another."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def structure(scope: Scope, area: Area) -> Table:
    """Numbers of persons, each once, by their first office; no names."""
    found, seen = [], set()
    for one in queries.current(scope, area):
        key = one.member_id or (one.office.organisation_id, one.name)
        if key not in seen:
            seen.add(key)
            found.append(one)
    known = queries.people(scope, found)
    ages = [years(known[one.member_id].born_on, scope.on) if one.member_id in known else None for one in found]
    schooling = Counter(
        known[one.member_id].education or UNKNOWN if one.member_id in known else UNKNOWN for one in found
    )
    rows = _rows("年龄", Counter(_band(age, AGES, lambda age, top: age <= top) for age in ages), _words(AGES))
    rows += _rows("学历", schooling, [*sorted(word for word in schooling if word != UNKNOWN), UNKNOWN])
    lasted = Counter(_band(years(one.starts_on, scope.on), YEARS, lambda age, top: age < top) for one in found)
    rows += _rows("本职务任职年限", lasted, _words(YEARS))
    rows += _rows("专职兼职", Counter(FULL[one.full_time] for one in found), [*FULL.values()])
    return Table(
        "党务干部队伍结构",
        f"在任 {len(found)} 人" + _over(scope, found, ages),
        ("项目", "分段", "人数"),
        rows if found else [],
        "还没有登记在任的人",
        ("年龄、学历取自党员名册；不在名册里的计入“没有资料”。一人任几个职务的只计一次。",),
    )


def lasting(scope: Scope, area: Area) -> Table:
    """Who has been in which office since when; those past the standard are marked, nobody is ordered by it."""
    decided = standards(Standard.Key.YEARS)
    rows, over, asked = [], 0, False
    for one in queries.current(scope, area):
        limit = decided.get_nearest(one.office.organisation.path)
        lasted = years(one.starts_on, scope.on)
        late, asked = limit is not None and lasted >= limit.value, asked or limit is not None
        over += late
        cells = (
            short(one.office.organisation),
            one.name,
            one.office.title,
            FULL[one.full_time],
            one.starts_on,
            lasted,
            f"满 {limit.value.normalize():f} 年，考虑交流" if late and limit else "",
        )
        rows.append(Row(cells, page_of(one.office.organisation), late))
    said = f"{over} 人满了规定的年限" if asked else "没有规定年限，不提示"
    return Table(
        "任职年限",
        f"在任 {len(rows)} 人次，{said}",
        ("党组织", "姓名", "职务", "专职兼职", "任职日期", "整年数", "提示"),
        rows,
        "还没有登记在任的人",
        ("按党组织排，不按年限排。年限在“班子建设标准”里规定。",),
    )


def _over(scope: Scope, found: list[Tenure], ages: list[int | None]) -> str:
    decided = standards(Standard.Key.AGE)
    limits = [decided.get_nearest(one.office.organisation.path) for one in found]
    if not any(limits):
        return ""
    count = sum(
        age is not None and limit is not None and age > limit.value for age, limit in zip(ages, limits, strict=True)
    )
    return f"，{count} 人超过规定的提示年龄"


def _band(value: int | None, bands: Iterable[tuple[int, str]], inside: Callable[[int, int], bool]) -> str:
    return UNKNOWN if value is None else next(word for top, word in bands if inside(value, top))


def _words(bands: Iterable[tuple[int, str]]) -> list[str]:
    return [*(word for _, word in bands), UNKNOWN]


def _rows(what: str, counts: Counter[str], words: Iterable[str]) -> list[Row]:
    return [Row((what, word, counts[word])) for word in words if counts[word] or word != UNKNOWN]
