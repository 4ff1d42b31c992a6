"""Publishing rulebooks and schemes: checked whole, refused whole; what the rules against formalism forbid, too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from zhibu.engine import formalism
from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.formalism import Catalogue, Finding
from zhibu.engine.rulebooks.load import Library, collect, overlaps
from zhibu.engine.rulebooks.model import After, Always, Anchored, Calendar
from zhibu.engine.rulebooks.model import Rule as EngineRule
from zhibu.engine.rulebooks.model import Rulebook as EngineBook
from zhibu.engine.scheme import Scheme as EngineScheme
from zhibu.engine.scheme import read as read_scheme
from zhibu.engine.sentences import sentence
from zhibu.web.audit.actions import write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.regulations.models import Rule, Rulebook, Scheme
from zhibu.web.regulations.queries import books_in_force
from zhibu.web.regulations.words import flat_words


@dataclass(frozen=True, slots=True)
class Published:
    """The rulebooks and schemes issued now, and what the rules against formalism say to them."""

    rulebooks: list[Rulebook]
    schemes: list[Scheme]
    warnings: list[Fault]


@transaction.atomic
def publish(*, paths: Iterable[Path], by: Scope | None = None, catalogue: Catalogue | None = None) -> Published:
    """Publish every rulebook and scheme under the paths; texts already published are left as they are.

    A rulebook with the id and first day of a published one replaces it (the old text is kept, withdrawn).
    Raises EngineError with every fault, and then nothing is published; what the formalism list (default: the engine's
    own) refuses on the day of publication is a fault.
    """
    paths = list(paths)
    library = collect(paths, rulebook_needed=False)
    if not (library.rulebooks or library.schemes or library.faults):
        raise EngineError([Fault(Place(str(paths[0]), 1), "这里没有可发布的规则集或考核办法", "请检查路径")])
    kept = _kept(library)
    faults = [*library.faults, *overlaps([*kept, *library.rulebooks])]
    if faults:
        raise EngineError(faults)
    fresh = [book for book in library.rulebooks if not _known(book)]
    schemes = [read_scheme(file, [*kept, *library.rulebooks]) for file in library.schemes]
    found = _judged(fresh, [one for one in schemes if not _issued(one)], [*kept, *library.rulebooks], catalogue)
    rows = [_publish_book(book, by, found) for book in fresh]
    issued = [_publish_scheme(scheme, by) for scheme in schemes if not _issued(scheme)]
    return Published(rows, issued, formalism.warned(found))


def _known(book: EngineBook) -> bool:
    return Rulebook.objects.filter(digest=book.digest, withdrawn_at=None).exists()


def _issued(scheme: EngineScheme) -> bool:
    return Scheme.objects.filter(scheme=scheme.id, text=_text(scheme.place.file), withdrawn_at=None).exists()


def _text(file: str) -> str:
    return Path(file).read_text(encoding="utf-8-sig")


def _kept(library: Library) -> list[EngineBook]:
    """The rulebooks in force that the new ones do not replace."""
    new = {(book.id, book.since) for book in library.rulebooks}
    return [book for book in books_in_force() if (book.id, book.since) not in new]


def _judged(
    books: list[EngineBook], schemes: list[EngineScheme], every: list[EngineBook], catalogue: Catalogue | None
) -> tuple[Finding, ...]:
    """What the list that holds today says. Raises EngineError with everything it refuses."""
    beside = [book for book in every if book not in books]
    found = formalism.judge(
        books,
        schemes,
        on=clock.today(),
        catalogue=catalogue or formalism.official(),
        beside=beside,
        words=flat_words(),
    )
    if refused := formalism.refused(found):
        raise EngineError(refused)
    return found


def _publish_book(book: EngineBook, by: Scope | None, found: Iterable[Finding]) -> Rulebook:
    now = clock.now()
    Rulebook.objects.filter(rulebook=book.id, since=book.since, withdrawn_at=None).update(withdrawn_at=now)
    Rulebook.objects.filter(digest=book.digest).delete()  # an old text issued again
    row = Rulebook.objects.create(
        rulebook=book.id,
        title=book.title,
        level=book.level,
        since=book.since,
        until=book.until,
        text=_text(book.place.file),
        file="/".join(Path(book.place.file).parts[-3:]),
        digest=book.digest,
        published_at=now,
        published_by_id=by.user_id if by else None,
    )
    Rule.objects.bulk_create([_rule_row(row, place, rule, found) for place, rule in enumerate(book.rules)])
    write(
        by=by,
        action="regulations.publish",
        sentence=f"发布《{book.title}》，{book.since} 起施行，{len(book.rules)} 项",
        thing=row,
        organisation=None,
        new={"digest": book.digest},
        happened_on=book.since,
    )
    return row


def _hints(found: Iterable[Finding], rule: EngineRule) -> list[str]:
    """What was said of this rule itself, not of a scheme that names it."""
    return [one.said for one in found if one.rule == rule.name and one.fault.place.file == rule.place.file]


def _rule_row(row: Rulebook, place: int, rule: EngineRule, found: Iterable[Finding]) -> Rule:
    return Rule(
        book=row,
        position=place,
        rule=rule.id,
        title=rule.title,
        sentence=sentence(rule, flat_words()),
        source=rule.source.title,
        issuer=rule.source.issuer,
        issued=rule.source.issued,
        clause=rule.clause,
        strength=rule.strength,
        evidence=rule.evidence,
        status=rule.status,
        subject=rule.subject,
        every=_every(rule),
        types=list(rule.needs.event) if rule.needs else [],
        points={name: str(getattr(rule.points, name)) for name in ("met", "late", "missed")},
        hints=_hints(found, rule),
    )


def _every(rule: EngineRule) -> str:
    match rule.clock:
        case Calendar(unit):
            return unit
        case Anchored():
            return "anchored"
        case After():
            return "after"
        case Always():
            return "always"


def _publish_scheme(scheme: EngineScheme, by: Scope | None) -> Scheme:
    now = clock.now()
    Scheme.objects.filter(scheme=scheme.id, withdrawn_at=None).update(withdrawn_at=now)
    row = Scheme.objects.create(
        scheme=scheme.id,
        title=scheme.title,
        year=int("".join(filter(str.isdigit, scheme.id))[-4:]),
        text=_text(scheme.place.file),
        dimensions=[
            {"id": one.id, "title": one.title, "weight": str(one.weight), "rules": [_pattern(p) for p in one.rules]}
            for one in scheme.dimensions
        ],
        published_at=now,
    )
    write(by=by, action="regulations.publish", sentence=f"发布《{scheme.title}》", thing=row, organisation=None)
    return row


def _pattern(pattern: object) -> str:
    return f"{pattern.rulebook}/{pattern.rule or '*'}"  # type: ignore[attr-defined]
