"""Judges forms: a fact already held is not asked for again, nor one thing in two forms, nor what formalism forbids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

from zhibu.engine.errors import Fault
from zhibu.engine.formalism import Catalogue, Finding
from zhibu.engine.formalism.judge import GRADES
from zhibu.engine.formalism.model import Entry, Hold
from zhibu.engine.formalism.names import among, text
from zhibu.engine.formalism.signs import Reader
from zhibu.engine.forms.held import Held
from zhibu.engine.forms.model import Fact, Field, Form
from zhibu.engine.rulebooks.page import nearest

HELD_ALREADY, TWICE, OVER, NOTHING, UNKNOWN = "held", "twice", "over", "nothing", "unknown"


def judge(
    forms: Iterable[Form], *, on: date, held: Held, catalogue: Catalogue, beside: Sequence[Form] = ()
) -> tuple[Finding, ...]:
    """What is wrong with these forms on a day, by place. `beside`: forms in force already, which are not judged."""
    judged = list(forms)
    found = {one for form in judged for one in _of_form(form, on, held, catalogue)}
    return tuple(sorted(found | set(_twice(judged, [one for one in beside if one.until >= on]))))


def refused(findings: Iterable[Finding]) -> list[Fault]:
    return [one.fault for one in findings if one.severity == "refuse"]


def warned(findings: Iterable[Finding]) -> list[Fault]:
    return [one.fault for one in findings if one.severity == "warn"]


def known(field: Field, held: Held) -> Fact | None:
    """The held fact a field is filled from."""
    return held.by_id().get(field.source)


def _of_form(form: Form, on: date, held: Held, catalogue: Catalogue) -> Iterator[Finding]:
    if form.until < on:
        yield _found(
            Fault(form.place, f"表“{form.title}”要到 {form.until} 为止，已经过了", "不再要填的表不用下发"), OVER
        )
    if not form.open_fields:
        wrong = f"表“{form.title}”没有一项要人填"
        yield _found(Fault(form.place, wrong, "不用下发，直接从平台生成"), NOTHING)
    for field in form.fields:
        yield from _of_field(form, field, held)
    yield from _formal(form, on, catalogue)


def _of_field(form: Form, field: Field, held: Held) -> Iterator[Finding]:
    if field.source and known(field, held) is None:
        wrong = f"“{field.label}”写的 from: {field.source} 不是平台里已有的事"
        yield _found(Fault(field.place, wrong, nearest(field.source, held.by_id())), UNKNOWN)
    if not field.source and (fact := held.asked_by(field.label, field.id)):
        wrong = f"表“{form.title}”要人填“{field.label}”，平台里已有：{fact.where}的“{fact.title}”"
        yield _found(Fault(field.place, wrong, f"请写 from: {fact.id}，由平台填好，不再问第二遍"), HELD_ALREADY)


def _twice(judged: Sequence[Form], beside: Sequence[Form]) -> Iterator[Finding]:
    """The same matter reported at most once: of two forms the later one asks too much."""
    first: dict[tuple[str, str], Form] = {}
    new = {id(one) for one in judged}
    for form in chain(beside, judged):
        for field in form.open_fields:
            other = first.setdefault((form.asked, text(field.label)), form)
            if id(form) in new and other.id != form.id:
                wrong = f"“{field.label}”已经在表“{other.title}”里填（{other.issuer}，到 {other.until} 为止）"
                yield _found(Fault(field.place, wrong, "同一件事只报一次：去掉这一项，或者两张表合成一张"), TWICE)


def _found(fault: Fault, what: str) -> Finding:
    return Finding(fault, "refuse", what, "", fault.wrong + (f"。{fault.right}" if fault.right else ""))


# --- the formalism list: logins, photos, tracks … are not asked for in a form either

A_FORM = "forms"  # its entry about filling in forms: this is one, and says why and until when


def _formal(form: Form, on: date, catalogue: Catalogue) -> Iterator[Finding]:
    for entry in catalogue.entries:
        if (hold := entry.on(on)) and entry.id != A_FORM:
            reader = Reader(entry.signs, catalogue.negations, {})
            if reader.of_names([form.title]):
                yield _forbidden(entry, hold, form, Fault(form.place, f"“{form.title}”"))
            for one in form.open_fields:
                if reader.of_names([one.label]) or among(one.id, entry.signs.columns):
                    yield _forbidden(entry, hold, form, Fault(one.place, f"“{one.label}”"))


def _forbidden(entry: Entry, hold: Hold, form: Form, seen: Fault) -> Finding:
    basis = f"依据{hold.source.title}{hold.clause}（{GRADES[hold.evidence]}）"
    wrong = f"表“{form.title}”{entry.wrong}：{seen.wrong}。{basis}"
    told = Fault(seen.place, wrong, f"请改为：{entry.instead}")
    return Finding(told, hold.severity, entry.id, "", f"{told.wrong}。{told.right}")
