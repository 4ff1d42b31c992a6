"""个人信息提供登记: what personal data went to whom, from the audit lines; what went by other ways is written by hand.

Nothing is stored twice: the lines are the register, kept as long as lines are (at least three years)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import QuerySet
from django.utils import timezone

from zhibu.web.audit import queries as audit
from zhibu.web.audit.actions import action, write
from zhibu.web.audit.models import Line
from zhibu.web.audit.models.line import Outcome
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.personal.models import Run
from zhibu.web.personal.register import fields, grounds

FILE = Path(__file__).parent / "data" / "disclosures.yaml"
MOST = 20_000
HEADINGS = ("时间", "事项", "经办人", "身份", "党组织", "提供的内容", "人数", "依据", "提供给", "说明")
WIDTHS = (18, 24, 10, 26, 26, 50, 8, 30, 30, 40)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One line of the register."""

    number: int
    at: datetime
    word: str
    name: str
    title: str
    organisation: str
    what: str
    people: int | None
    ground: str
    to: str
    sentence: str


@cache
def kinds() -> Mapping[str, dict[str, Any]]:
    told = yaml.safe_load(FILE.read_text("utf-8"))
    return {name: kind for name, kind in told.items() if name != "none"}


@cache
def innocent() -> Mapping[str, str]:
    """Actions that give away nothing personal, with the reason."""
    return yaml.safe_load(FILE.read_text("utf-8"))["none"]


def lines(scope: Scope, since: date | None = None, until: date | None = None) -> QuerySet[Line]:
    return audit.search(scope, audit.Asked(since=since, until=until, outcome=Outcome.DONE)).filter(
        action__in=list(kinds())
    )


def read(rows: Iterable[Line]) -> Iterator[Disclosure]:
    for line in rows:
        kind, new = kinds()[line.action], line.new or {}
        yield Disclosure(
            number=line.pk,
            at=line.at,
            word=kind["word"],
            name=line.user.name if line.user else "",
            title=line.post_title,
            organisation=line.organisation_name,
            what=new.get("what_given") or "、".join(fields()[key].word for key in kind["fields"]) or "本人的全部资料",
            people=0 if _refused(kind, new) else _people(kind["persons"], new),
            ground=new.get("ground") or grounds()[kind["ground"]]["name"],
            to=new.get("to", "") if kind["to"] == "new.to" else kind["to"],
            sentence=line.sentence,
        )


def _refused(kind: dict[str, Any], new: dict[str, Any]) -> bool:
    """The line tells of a try that was not let through."""
    unless = kind.get("unless", {})
    return bool(unless) and all(new.get(key) == value for key, value in unless.items())


def _people(told: str, new: dict[str, Any]) -> int | None:
    """None where the line can't say how many."""
    if told.startswith("="):
        return int(told[1:])
    found = new.get(told)
    return found if isinstance(found, int) else None


@action("disclosures.export")
def export(*, by: Scope, since: date | None, until: date | None) -> bytes:
    found = list(read(lines(by, since, until)[:MOST]))
    filters = f"从：{since or '开始'}；到：{until or by.on}；最多 {MOST} 条；至少保存三年"
    write(
        by=by, action="disclosures.export", sentence=f"导出个人信息提供登记 {len(found)} 条", thing=Run(),
        organisation=Organisation.objects.within(by).filter(pk=by.organisation_id).first(), new={"rows": len(found)},
    )  # fmt: skip
    return sheets.workbook(sheets.Sheet("个人信息提供登记", filters, HEADINGS, [_row(one) for one in found], WIDTHS))


def _row(one: Disclosure) -> list[sheets.Cell]:
    return [
        timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M"), one.word, one.name, one.title, one.organisation,
        one.what, one.people, one.ground, one.to, one.sentence,
    ]  # fmt: skip


@action("disclosures.note")
def note(*, by: Scope, on: date, to: str, what: str, people: int, ground: str, document: str) -> Line:
    """Personal data was handed to another body outside the system (a printed list, a report): told by hand."""
    here = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    return write(
        by=by, action="disclosures.note", sentence=f"向{to}提供 {people} 人的个人信息", thing=here or Run(),
        organisation=here, happened_on=on,
        new={"to": to, "what_given": what, "people": people, "ground": ground, "document": document},
    )  # fmt: skip
