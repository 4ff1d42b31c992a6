"""Django: a loop over the organisations, a query each for its events through the ORM, the rules in plain Python.

python -m peers.django_peer FACTS DATABASE (the SQLite file that sqlite_peer made). Results stay in memory.
"""

from __future__ import annotations

import json
import operator as op
import sys
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from peers.task import AS_OF, DAY, FIRST, STATUSES, Duty, Task, read
from zhibu.engine.rulebooks.model import All, Condition, Equals, Has, Known, Not, OneOf
from zhibu.engine.rulebooks.model import Any as AnyOf

DATABASE = {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[-1]}
settings.configure(DATABASES={"default": DATABASE}, DEFAULT_AUTO_FIELD="django.db.models.AutoField")
django.setup()
from django.db import models  # noqa: E402

Row = Any


class Event(models.Model):
    event = models.IntegerField(primary_key=True)
    org_id = models.TextField()
    person_id = models.TextField()
    held_on = models.DateField()
    recorded_on = models.DateField()
    expected = models.IntegerField()
    present = models.IntegerField()
    days = models.FloatField()
    hours = models.FloatField()
    makes_up = models.TextField()
    mode = models.TextField()
    files = models.IntegerField()
    types = models.TextField()
    topics = models.TextField()

    class Meta:
        app_label, db_table, managed = "peers", "events", False


class Organisation(models.Model):
    org_id = models.TextField(primary_key=True)
    parent_id = models.TextField()
    kind = models.TextField()
    sector = models.TextField()
    peer = models.TextField()
    members = models.IntegerField()
    has_committee = models.BooleanField()
    founded_on = models.DateField()
    dissolved_on = models.DateField()
    elected_on = models.DateField()
    secretary_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        app_label, db_table, managed = "peers", "organisations", False


class Waiver(models.Model):
    subject_id = models.TextField(primary_key=True)
    rule = models.TextField()
    first = models.DateField(db_column="from")
    last = models.DateField(db_column="to")

    class Meta:
        app_label, db_table, managed = "peers", "waivers", False


class Adjustment(models.Model):
    subject_id = models.TextField(primary_key=True)
    on = models.DateField()
    points = models.FloatField()

    class Meta:
        app_label, db_table, managed = "peers", "adjustments", False


def holds(test: Condition | None, row: Row) -> bool:
    match test:
        case None:
            return True
        case All(parts):
            return all(holds(part, row) for part in parts)
        case AnyOf(parts):
            return any(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)
    cell = getattr(row, test.column)
    match test:
        case Known(known=known):
            return (cell is not None) == known
        case Has(value=value):
            return value in cell
        case Equals(value=value):
            return cell == value
        case OneOf(values=values):
            return cell in values
    if cell is None:
        return False
    signs = ((op.ge, test.min), (op.le, test.max), (op.gt, test.more_than), (op.lt, test.less_than))
    return all(limit is None or sign(cell, float(limit)) for sign, limit in signs)


def events_of(org: str) -> list[Event]:
    found = list(Event.objects.filter(org_id=org, recorded_on__lte=AS_OF).order_by("held_on", "event"))
    for event in found:
        event.types, event.topics = event.types.split("|"), [one for one in event.topics.split("|") if one]
        event.attendance = event.present / event.expected if event.present is not None and event.expected else None
    return found


def measure(what: str, events: list[Event]) -> float:
    if what == "count":
        return len(events)
    if what == "topics":
        return len({topic for event in events for topic in event.topics})
    if what == "people":
        return len({event.person_id for event in events} - {None})
    return sum(getattr(event, what) or 0 for event in events)


def status(duty: Duty, span: Any, row: Organisation, own: list[Event], waivers: list[Waiver]) -> str:
    if any(one.rule == duty.rule.name and one.first <= span.last <= one.last for one in waivers):
        return "exempt"
    born, gone = row.founded_on or date.min, row.dissolved_on or date.max
    if duty.rule.partial == "exempt" and span.first <= span.basis and (born > span.first or gone < span.basis):
        return "exempt"
    if duty.stands is not None:
        return "met" if holds(duty.stands, row) else "missed"
    need = duty.fixed
    if duty.basis:
        column, times, over, rounding = duty.basis
        if getattr(row, column) is None:
            return "exempt"
        whole = getattr(row, column) * times
        need = whole / over if rounding is None else (whole + (over - 1 if rounding == "up" else 0)) // over
    belonging = [
        event
        for event in own
        if (event.makes_up == span.label if event.makes_up else span.first <= event.held_on <= span.last)
    ]
    timely = [event for event in belonging if not event.makes_up and event.recorded_on <= span.deadline]
    if measure(duty.rule.needs.measure, timely) >= need:
        return "met"
    if measure(duty.rule.needs.measure, belonging) >= need:
        return "late"
    return "upcoming" if span.first > AS_OF else "open" if span.deadline >= AS_OF else "missed"


def judge(task: Task, history: list[Organisation], waivers: list[Waiver]) -> list[tuple[Duty, str]]:
    events, found = events_of(history[0].org_id), []
    for duty in task.duties:
        needs = duty.rule.needs
        own = [one for one in events if needs and set(needs.event) & set(one.types) and holds(needs.where, one)]
        for span in duty.spans:
            row = on(history, span.basis)
            if row is None or not holds(duty.rule.where, row):
                continue
            born, gone = row.founded_on or date.min, row.dissolved_on or date.max
            if max(born, span.first) <= min(gone, span.last):
                found.append((duty, status(duty, span, row, own, waivers)))
    return found


def on(history: list[Organisation], day: date) -> Organisation | None:
    return next((one for one in history if (one.valid_from or date.min) <= day <= (one.valid_to or date.max)), None)


def cents(task: Task, verdicts: list[tuple[Duty, str]], extra: list[Adjustment]) -> int | None:
    got: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    weights = {place: float(one.weight) for place, one in enumerate(task.scheme.dimensions)}
    places = defaultdict(list)
    for number, place, _ in task.weights():
        places[number].append(place)
    for duty, state in verdicts:
        if state in ("met", "late", "missed"):
            for place in places[duty.number]:
                got[place][0] += duty.points(state)
                got[place][1] += duty.points("met")
    present = {place: weights[place] * have / most for place, (have, most) in got.items() if most > 0}
    if not present:
        return None
    now = [one.points for one in extra if FIRST <= one.on <= DAY]
    bonus = min(sum(one for one in now if one > 0), float(task.scheme.bonus_cap))
    deduction = min(-sum(one for one in now if one < 0), float(task.scheme.deduction_cap))
    total = 100 * sum(present.values()) / sum(weights[place] for place in present) + bonus - deduction
    return (round(max(total, 0) * 10**9) + 5_000_000) // 10_000_000


def run(folder: Path) -> dict[str, int]:
    task = read(folder)
    histories, waivers, extra = (defaultdict(list) for _ in range(3))
    for row in Organisation.objects.all():
        histories[row.org_id].append(row)
    for row in Waiver.objects.all():
        waivers[row.subject_id].append(row)
    for row in Adjustment.objects.all():
        extra[row.subject_id].append(row)
    today = {org: row for org, history in histories.items() if (row := on(history, DAY))}
    sums: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    groups: dict[str | None, list[int]] = defaultdict(list)
    for org, history in histories.items():
        verdicts = judge(task, history, waivers[org])
        if (total := cents(task, verdicts, extra[org])) is not None:
            groups[today[org].peer if org in today else None].append(total)
        node: str | None = org
        while node is not None:
            for duty, state in verdicts:
                sums[node, duty.number][state] += 1
            above = today[node].parent_id if node in today else None
            node = above if above in today else None
    counts = {name: sum(one[name] for one in sums.values()) for name in STATUSES}
    ranks = sum(1 + sum(other > one for other in group) for group in groups.values() for one in group)
    totals = [one for group in groups.values() for one in group]
    return counts | {"rollups": len(sums), "scores": len(totals), "cents": sum(totals), "ranks": ranks}


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
