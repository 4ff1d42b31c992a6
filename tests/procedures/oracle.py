"""Decision 18 read naively: from the YAML itself, one sentence after the other, everything anew at every question.

It shares nothing with the engine but the objects `Case` and `Record`, the holiday table and the words of the files.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from zhibu.engine.holidays import official
from zhibu.engine.procedures.model import Case, Record

Doc = dict[str, Any]
UNITS = ("days", "months", "years", "working_days")
FAR = date(9999, 12, 31)


class Oracle:
    def __init__(self, documents: list[Doc]):
        self.versions = [one for one in documents if "procedure" in one]
        self.supplements = [one for one in documents if "supplement" in one]
        self._laws: dict[date, Doc] = {}

    # --- which words are in force

    def law(self, case: Case, day: date) -> Doc:
        """The version in force on that day with what is laid over it; of a whole case, that of its opening."""
        found = self._on(day)
        return self._on(case.opened) if found.get("transition") == "case" else found

    def _on(self, day: date) -> Doc:
        if day not in self._laws:
            self._laws[day] = self._written(day)
        return self._laws[day]

    def _written(self, day: date) -> Doc:
        def in_force(one: Doc) -> bool:
            return one["effective"]["from"] <= day <= one["effective"].get("until", FAR)

        base = next(one for one in self.versions if in_force(one))
        steps: dict[str, Doc] = {}
        previous: list[str] = []
        for one in base["steps"]:
            steps[one["id"]] = {"after": previous} | one | {"timed": [one]}
            previous = [one["id"]]
        values, papers = dict(base.get("values", {})), dict(base.get("papers", {}))
        for more in filter(in_force, self.supplements):
            values, papers = values | more.get("values", {}), papers | more.get("papers", {})
            for one in more.get("steps", []):
                steps[one["id"]] = {"after": previous} | one | {"timed": [one]}
                previous = [one["id"]]
                for waiting in one.get("before", []):
                    steps[waiting] = steps[waiting] | {"after": [*steps[waiting]["after"], one["id"]]}
            for name, tight in more.get("tighten", {}).items():
                old = steps[name]
                needs = [*old.get("needs", []), *tight.get("needs", [])]
                steps[name] = old | {"needs": needs, "timed": [*old["timed"], tight]}
        return {"id": id(base), "steps": steps, "values": values, "papers": papers} | {
            key: base.get(key) for key in ("transition", "version", "finished")
        }

    # --- what counts

    def counting(self, case: Case) -> list[Record]:
        """Records over which no later one, nor the record itself, went back."""
        found = []
        for at, one in enumerate(case.records):
            if not any(self._over(case, one, later) for later in case.records[at:]):
                found.append(one)
        return found

    def _over(self, case: Case, one: Record, later: Record) -> bool:
        law = self.law(case, later.done)
        to = self.outcome(law, later).get("to")
        if not to:
            return False
        if one.step not in law["steps"]:
            law = self.law(case, one.done)
        return one.step == to or self.comes_after(law, one.step, to)

    def outcome(self, law: Doc, record: Record) -> Doc:
        step = law["steps"].get(record.step, {})
        return step.get("outcomes", {}).get(record.outcome, {})

    def comes_after(self, law: Doc, step: str, other: str) -> bool:
        """There is a way back from the step to the other."""
        way, seen = list(law["steps"].get(step, {}).get("after", [])), set()
        while way:
            one = way.pop()
            if one == other:
                return True
            if one not in seen:
                seen.add(one)
                way += law["steps"][one]["after"]
        return False

    def done(self, case: Case, step: str) -> list[Record]:
        return [one for one in self.counting(case) if one.step == step]

    def not_asked(self, case: Case, law: Doc, step: str) -> bool:
        """Closed by the step it waited for; or new here, and before one done when it was not there."""
        if self.done(case, step):
            return False
        repeats = law["steps"][step].get("repeats")
        if repeats and self.fulfilled(case, law, repeats["while_open"]):
            return True
        return any(
            one.step in law["steps"]
            and self.comes_after(law, one.step, step)
            and step not in self.law(case, one.done)["steps"]
            for one in self.counting(case)
        )

    def fulfilled(self, case: Case, law: Doc, step: str) -> bool:
        return bool(self.done(case, step)) or self.not_asked(case, law, step)

    def nothing_left(self, case: Case, law: Doc) -> bool:
        return all(one.get("repeats") or self.fulfilled(case, law, key) for key, one in law["steps"].items())

    def ended(self, case: Case, on: date) -> str | None:
        for at, one in enumerate(case.records):
            law = self.law(case, one.done)
            until_here = part(case, at + 1)
            if words := self.outcome(law, one).get("ends"):
                return str(words)
            if self.nothing_left(until_here, law):
                return str(law.get("finished") or "办结")
        law = self.law(case, on)
        return str(law.get("finished") or "办结") if self.nothing_left(case, law) else None

    def papers(self, case: Case) -> set[str]:
        there, counting = set[str](), self.counting(case)
        for one in case.records:
            law = self.law(case, one.done)
            step = law["steps"].get(one.step, {})
            brought = set(one.papers) | (set(step.get("makes", [])) if one.outcome != "skipped" else set())
            for paper in brought:
                written = law["papers"].get(paper)
                if any(one is other for other in counting) or (isinstance(written, dict) and written.get("stays")):
                    there.add(paper)
        return there

    def values(self, case: Case, law: Doc, record: Record | None = None) -> Doc:
        found = dict(case.values)
        for one in (*case.records, *([record] if record else [])):
            found |= one.values
        return {key: one for key, one in found.items() if key in law["values"] and fits(law["values"][key], one)}

    # --- whether a record is allowed

    def allowed(self, case: Case, record: Record, today: date) -> bool:
        """It may be added to the case, with the reason it has."""
        return not any(self._against(case, record, today))

    def _against(self, case: Case, record: Record, today: date) -> Iterator[str]:
        law = self.law(case, record.done)
        if self.ended(case, record.done) is not None:
            yield "ended"
            return
        step = law["steps"].get(record.step)
        if step is None:
            yield "no such step"
            return
        if not all(self.fulfilled(case, law, one) for one in step["after"]):
            yield "order"
        if step.get("repeats"):
            if self.fulfilled(case, law, step["repeats"]["while_open"]):
                yield "closed"
        elif self.done(case, record.step):
            yield "twice"
        yield from self._day(case, law, record, today)
        basis = weight(step, {})
        reason = bool(record.reason)
        if record.outcome == "skipped":
            if basis == "refuse" and not step.get("skippable"):
                yield "hard"
            if not reason:
                yield "no reason"
            return
        if record.outcome != "yes" and record.outcome not in step.get("outcomes", {}):
            yield "outcome"
            return
        outcome = self.outcome(law, record)
        most = outcome.get("at_most")
        same = [one for one in case.records if one.step == record.step and one.outcome == record.outcome]
        if most is not None and len(same) >= most:
            yield "too often"
        asked = [*step.get("asks", []), *outcome.get("asks", [])]
        if not set(asked) <= set(record.values) or not set(record.values) <= {*asked, *step.get("may_ask", [])}:
            yield "values"
        if not all(fits(law["values"][key], one) for key, one in record.values.items() if key in law["values"]):
            yield "type"
        if not record.papers <= set(law["papers"]):
            yield "unknown paper"
        if not set(step.get("needs", [])) <= self.papers(case) | record.papers and binds(basis, reason):
            yield "paper"
        if record.votes is not None and not counted_right(record):
            yield "votes"
        for usual, gate in all_gates(step, outcome):
            if binds(weight(usual, gate), reason) and not self.holds(case, law, record, gate):
                yield "gate"

    def _day(self, case: Case, law: Doc, record: Record, today: date) -> Iterator[str]:
        if record.done > today or (record.begun and record.begun > record.done):
            yield "future"
        if record.done < case.opened and not case.written_later:
            yield "before the opening"
        if any(record.done < day for day in self.before(case, law, record.step)):
            yield "before a step it comes after"

    def before(self, case: Case, law: Doc, step: str) -> list[date]:
        days = []
        for one in law["steps"][step]["after"]:
            own = [record.done for record in self.done(case, one)]
            days += [min(own)] if own else self.before(case, law, one)
        return days

    # --- gates

    def moment(self, case: Case, law: Doc, record: Record | None, written: Doc) -> date | str:
        """The day, or `unknown`, or `moot`."""
        if "after" in written:
            own = [one.done for one in self.done(case, written["after"])]
            if not own:
                return "moot" if self.not_asked(case, law, written["after"]) else "unknown"
            base = max(own)
        elif "value" in written:
            given = self.values(case, law, record).get(written["value"])
            if given is None:
                return "unknown"
            base = given
        else:
            base = case.opened
        return plus(base, written)

    def holds(self, case: Case, law: Doc, record: Record, gate: Doc) -> bool:
        given = self.values(case, law, record)
        match gate["kind"]:
            case "from":
                day = self.moment(case, law, record, gate)
                return day == "moot" or (isinstance(day, date) and record.done >= day)
            case "until":
                return True
            case "lasts":
                return record.begun is not None and record.done >= plus(record.begun, gate)
            case "age":
                born = given.get(gate["value"])
                return born is not None and plus(born, {"years": gate["years"]}) <= record.done
            case "value":
                return true(gate["where"], given)
            case "dates":
                value = given.get(gate["value"])
                days = {key: self.moment(case, law, record, gate[key]) for key in ("from", "until") if key in gate}
                if value is None or "unknown" in days.values():
                    return False
                first, last = days.get("from"), days.get("until")
                return not (isinstance(first, date) and value < first) and not (isinstance(last, date) and value > last)
        return self._voted(gate, record)

    def _voted(self, gate: Doc, record: Record) -> bool:
        keys = ("quorum", "passes") if record.outcome == "yes" else ("quorum",)
        asked = [key for key in keys if key in gate]
        if not asked or record.votes is None:
            return not asked
        votes = record.votes
        yes = votes.yes + (votes.written_yes if gate.get("written") else 0)
        for key in asked:
            share, count = gate[key], votes.present if key == "quorum" else yes
            base = getattr(votes, share["of"])
            if not base:
                return False
            if "over" in share and not Fraction(count) > Fraction(str(share["over"])) * base:
                return False
            if "at_least" in share and not Fraction(count) >= Fraction(str(share["at_least"])) * base:
                return False
        return True

    # --- where it stands

    def state(self, case: Case, on: date, step: str) -> str:
        law, ended = self.law(case, on), self.ended(case, on) is not None
        records, repeats = self.done(case, step), law["steps"][step].get("repeats")
        shut = repeats and self.fulfilled(case, law, repeats["while_open"])
        if records and (not repeats or ended or shut):
            return "skipped" if records[-1].outcome == "skipped" else "done"
        if ended or self.not_asked(case, law, step):
            return "dropped"
        return "next" if all(self.fulfilled(case, law, one) for one in law["steps"][step]["after"]) else "waiting"

    def latest(self, case: Case, on: date, step: str) -> date | None:
        law = self.law(case, on)
        days = []
        for usual, gate in all_gates(law["steps"][step], {}):
            if gate["kind"] == "until" and weight(usual, gate) != "hint":
                day = self.moment(case, law, None, gate)
                days += [day] if isinstance(day, date) else []
        if repeats := law["steps"][step].get("repeats"):
            own = [one.done for one in self.done(case, step)] or self.before(case, law, step) or [case.opened]
            days.append(plus(max(own), repeats))
        return min(days, default=None)

    def undoable(self, case: Case, key: str) -> bool:
        at = next(at for at, one in enumerate(case.records) if one.key == key)
        taken = case.records[at]
        if at == len(case.records) - 1:
            return True
        went_to = self.outcome(self.law(case, taken.done), taken).get("to")
        for later in case.records[at + 1 :]:
            law = self.law(case, later.done)
            outcome = self.outcome(law, later)
            if outcome.get("to") or self.comes_after(law, later.step, taken.step):
                return False
            old = self.law(case, taken.done)
            if went_to and (later.step == went_to or self.comes_after(old, later.step, went_to)):
                return False
            if later.step in law["steps"]:
                gates = [gate for _, gate in all_gates(law["steps"][later.step], outcome)]
                if any(reads(gate, "after", {taken.step}) or reads(gate, "value", set(taken.values)) for gate in gates):
                    return False
        if self.ended(case, case.records[-1].done) is not None and self._closed_by_record(case):
            return False
        return self.possible_without(case, at)

    def _closed_by_record(self, case: Case) -> bool:
        last = case.records[-1]
        law = self.law(case, last.done)
        return bool(self.outcome(law, last).get("ends")) or self.nothing_left(case, law)

    def possible_without(self, case: Case, at: int) -> bool:
        """Every later record could have been made without it."""
        built = part(case, at)
        for later in case.records[at + 1 :]:
            if not self.allowed(built, later, FAR):
                return False
            built = Case(case.opened, case.values, (*built.records, later), case.written_later)
        return True


def part(case: Case, n: int) -> Case:
    return Case(case.opened, case.values, case.records[:n], case.written_later)


# --- small things -------------------------------------------------------------------------------------------


def all_gates(step: Doc, outcome: Doc) -> Iterator[tuple[Doc, Doc]]:
    """(whose strength it has unless it says so, the gate)."""
    for usual in step["timed"]:
        for kind in ("from", "until", "lasts"):
            written = usual.get(kind, [])
            for one in written if isinstance(written, list) else [written]:
                yield usual, one | {"kind": kind}
        yield from ((usual, one) for one in usual.get("gates", []))
    yield from ((step["timed"][0], one) for one in outcome.get("gates", []))


def weight(step: Doc, gate: Doc) -> str:
    strength = gate.get("strength", step.get("strength", "hard"))
    if "status" in gate:
        draft = gate["status"] == "draft"
    elif "evidence" in gate:
        draft = gate["evidence"] == "memory"
    else:
        draft = step.get("status", "draft" if step.get("evidence") == "memory" else "active") == "draft"
    if draft or strength == "may":
        return "hint"
    return "refuse" if strength == "hard" else "reason"


def binds(weight: str, reason: bool) -> bool:
    return weight == "refuse" or (weight == "reason" and not reason)


def reads(gate: Doc, key: str, names: set[str]) -> bool:
    found = {
        part[key] for part in (gate, gate.get("from", {}), gate.get("until", {})) if isinstance(part.get(key), str)
    }
    return bool(names & (found | (columns(gate["where"]) if key == "value" and "where" in gate else set())))


def columns(where: Doc) -> set[str]:
    found = set[str]()
    for key, test in where.items():
        if key in ("all", "any"):
            found = found.union(*map(columns, test))
        else:
            found |= columns(test) if key == "not" else {key}
    return found


def true(where: Doc, row: Doc) -> bool:
    return all(_true(key, test, row) for key, test in where.items())


def _true(key: str, test: Any, row: Doc) -> bool:
    if key in ("all", "any"):
        return (all if key == "all" else any)(true(one, row) for one in test)
    if key == "not":
        return not true(test, row)
    value = row.get(key)
    if isinstance(test, dict) and "known" in test:
        return (value is not None) == test["known"]
    if value is None:
        return False
    if isinstance(test, dict):
        return (
            ("min" not in test or value >= test["min"])
            and ("max" not in test or value <= test["max"])
            and ("more_than" not in test or value > test["more_than"])
            and ("less_than" not in test or value < test["less_than"])
        )
    return value in test if isinstance(test, list) else value == test


def fits(value: Doc, given: Any) -> bool:
    match value["type"]:
        case "date":
            return type(given) is date
        case "whole":
            return type(given) is int
        case "flag":
            return type(given) is bool
        case "choice":
            return type(given) is str and given in value["options"]
        case "text":
            return type(given) is str and given.strip() != ""
    return type(given) is int


def counted_right(record: Record) -> bool:
    votes = record.votes
    assert votes is not None
    return (
        votes.yes + votes.no + votes.abstain <= votes.present <= votes.due
        and 0 <= votes.written_yes <= votes.due - votes.present
    )


def plus(day: date, written: Doc) -> date:
    """The day a span later, counted on the fingers."""
    unit = next(one for one in UNITS if one in written)
    n = written[unit]
    if unit == "days":
        return day + timedelta(days=n)
    if unit == "working_days":
        while n:
            day += timedelta(days=1)
            n -= 1 if official().is_working(day) else 0
        return day
    months = n * (12 if unit == "years" else 1)
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
