"""Letters of the sample county: a town's with its branches, last year's with its score; the words are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from zhibu.web.core.scope import Scope
from zhibu.web.letters import breaking, checking, clausing, drafting, issuing, queries
from zhibu.web.letters.checking import Judged, Told
from zhibu.web.letters.models import Letter, LetterBlock, LetterTemplate, Tier
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.regulations.queries import rules_by_name

UNITS = 6  # branches beside the secretary's
THEME_DAY = ("branch-life", "theme-day")
# block → clauses: words, measure, points, who
TEXT = {
    (LetterBlock.Kind.PARTY, "党建工作"): (
        ("主题党日按月开展", "每月一次，有记录", "10", Tier.UNIT_COMMITTEE),
        ("走访困难党员、老党员", "每户每半年一次", "10", Tier.UNIT_COMMITTEE),
        ("流动党员有人联系", "每季度联系一次", "5", ""),
    ),
    (LetterBlock.Kind.CLEAN, "党风廉政"): (
        ("开展廉政教育", "每季度一次", "5", Tier.UNIT_SECRETARY),
        ("村务、党务公开", "每季度公开一次", "5", Tier.UNIT_DEPUTY),
    ),
}


def fill(*, town: Scope, branch: Scope, today: date) -> None:
    """`branch`: a secretary's, below the `town`."""
    here = Organisation.objects.within(branch).get(pk=branch.organisation_id)
    committee = Organisation.objects.within(town).get(pk=town.organisation_id)
    below = tree.children(committee).within(town).filter(kind__in=BRANCH_KINDS, dissolved_on=None).exclude(pk=here.pk)
    units = [here, *below.order_by("path")[:UNITS]]
    _scored(town, branch, units, today.year - 1)
    _under_way(town, branch, units, today)


def _template(town: Scope, year: int, on: date) -> LetterTemplate:
    by = replace(town, on=on)
    made = drafting.make(
        by=by, year=year, title="党建和党风廉政目标责任书（示例）", year_by=date(year, 12, 20),
        half_by=date(year, 7, 10), closing="本责任书一式两份，双方各一份。",
        opening="为落实全面从严治党责任，签订本责任书。（示例文字，可以修改）",
    )  # fmt: skip
    known = rules_by_name()
    for (kind, title), clauses in TEXT.items():
        direct = Tier.UNIT_DEPUTY if kind == LetterBlock.Kind.PARTY else ""
        block = clausing.add_block(
            by=by, template=made, kind=kind, title=title, first=Tier.UNIT_SECRETARY, direct=direct
        )  # fmt: skip
        for number, (text, measure, points, tier) in enumerate(clauses):
            first = kind == LetterBlock.Kind.PARTY and number == 0 and THEME_DAY in known
            clausing.add_clause(
                by=by, block=block, text=text, measure=measure, points=Decimal(points), due_on=date(year, 12, 15),
                tier=tier, rules=["/".join(THEME_DAY)] if first else [],
            )  # fmt: skip
    return made


def _signed(town: Scope, letter: Letter, on: date) -> None:
    by = replace(town, on=on)
    names = {"above": letter.organisation.secretary_name, "unit": letter.unit.secretary_name}
    for side, name in names.items():
        issuing.sign(by=by, letter=letter, side=side, signer=name or "书记（示例）", on=on)


def _issued(town: Scope, made: LetterTemplate, units: list[Organisation], on: date, sign_by: date) -> list[Letter]:
    issuing.issue(by=replace(town, on=on), template=made, units=units, sign_by=sign_by, minutes=60)
    return list(queries.letters(town).filter(template=made))


def _scored(town: Scope, branch: Scope, units: list[Organisation], year: int) -> None:
    """Last year's: the secretary's branch was checked twice and scored; the others signed."""
    made = _template(town, year, date(year, 1, 20))
    for letter in _issued(town, made, units[:3], date(year, 2, 1), date(year, 2, 20)):
        _signed(town, letter, date(year, 2, 10))
        if letter.unit_id == branch.organisation_id:
            _checked(town, branch, letter, date(year, 7, 5))
            _checked(town, branch, letter, date(year, 12, 10), "year")


def _checked(town: Scope, branch: Scope, letter: Letter, on: date, term: str = "half") -> None:
    """Reported on a day, judged some days later, seen by the unit."""
    clauses = [one for block in queries.blocks(letter.template) for one in block.clauses.all()]
    told = {one.pk: Told(f"{one.measure}，已办（示例）", None if one.rules else 100) for one in clauses}
    judged = {one.pk: Judged(one.points) for one in clauses}
    judged[clauses[2].pk] = Judged(clauses[2].points - Decimal("1.5"), "有一季没有联系记录（示例）")
    checking.tell(by=replace(branch, on=on), letter=letter, term=term, told=told, send=True)
    seen = on + timedelta(days=8)
    checking.judge(
        by=replace(town, on=seen), letter=letter, term=term, judged=judged, answer_by=seen + timedelta(days=7)
    )  # fmt: skip
    checking.answer(by=replace(branch, on=seen + timedelta(days=2)), letter=letter, term=term)


def _under_way(town: Scope, branch: Scope, units: list[Organisation], today: date) -> None:
    """This year's, given in February, or just now; two branches have it only since some days and have not signed."""
    given = date(today.year, 2, 1) if today.month > 2 else today - timedelta(days=9)
    made = _template(town, today.year, given)
    letters = _issued(town, made, units[:-2], given, given + timedelta(days=9))
    for letter in letters:
        _signed(town, letter, given + timedelta(days=5))
    if late := units[-2:]:
        recent = min(max(given, today - timedelta(days=9)), made.year_by)
        _issued(town, made, late, recent, max(recent, min(today + timedelta(days=5), made.year_by)))
    mine = next((one for one in letters if one.unit_id == branch.organisation_id), None)
    if mine is not None:
        _going_on(town, branch, mine, today)


def _going_on(town: Scope, branch: Scope, mine: Letter, today: date) -> None:
    """Half a year told and seen, a clause broken down."""
    mine = queries.letters(town).get(pk=mine.pk)
    if today > date(today.year, 7, 20) and "half" in mine.days:
        _checked(town, branch, mine, date(today.year, 7, 5))
    visit = next(one for block in queries.blocks(mine.template) for one in block.clauses.all() if "走访" in one.text)
    for title, person in (("走访老党员", "组织委员（示例）"), ("走访困难党员", "宣传委员（示例）")):
        if visit.due_on > today:
            breaking.break_down(
                by=branch, letter=mine, clause=visit.pk, title=title, unit=mine.unit, person=person,
                measure="每户都走到", due_on=min(today + timedelta(days=15), visit.due_on),
            )  # fmt: skip
