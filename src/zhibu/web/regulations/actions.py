"""Publishing rulebooks and schemes: checked whole, refused whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from zhibu.engine.errors import EngineError
from zhibu.engine.rulebooks.load import Library, collect, overlaps
from zhibu.engine.rulebooks.model import After, Always, Anchored, Calendar
from zhibu.engine.rulebooks.model import Rule as EngineRule
from zhibu.engine.rulebooks.model import Rulebook as EngineBook
from zhibu.engine.scheme import read as read_scheme
from zhibu.engine.sentences import sentence
from zhibu.web.audit.actions import write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.regulations.models import Rule, Rulebook, Scheme
from zhibu.web.regulations.queries import books_in_force
from zhibu.web.regulations.words import flat_words


@transaction.atomic
def publish(*, paths: Iterable[Path], by: Scope | None = None) -> list[Rulebook]:
    """Publish every rulebook and scheme under the paths; texts already published are left as they are.

    A rulebook with the id and first day of a published one replaces it (the old text is kept, withdrawn).
    Raises EngineError with every fault, and then nothing is published.
    """
    library = collect(paths)
    faults = [*library.faults, *_clashes(library)]
    if faults:
        raise EngineError(faults)
    fresh = [_publish_book(book, by) for book in library.rulebooks if not _known(book)]
    for file in library.schemes:
        _publish_scheme(file, library, by)
    return fresh


def _known(book: EngineBook) -> bool:
    return Rulebook.objects.filter(digest=book.digest, withdrawn_at=None).exists()


def _clashes(library: Library) -> list:
    """Faults between the new rulebooks and those in force that they do not replace."""
    new = {(book.id, book.since) for book in library.rulebooks}
    kept = [book for book in books_in_force() if (book.id, book.since) not in new]
    return overlaps([*kept, *library.rulebooks])


def _publish_book(book: EngineBook, by: Scope | None) -> Rulebook:
    now = clock.now()
    Rulebook.objects.filter(rulebook=book.id, since=book.since, withdrawn_at=None).update(withdrawn_at=now)
    Rulebook.objects.filter(digest=book.digest).delete()  # an old text issued again
    row = Rulebook.objects.create(
        rulebook=book.id,
        title=book.title,
        level=book.level,
        since=book.since,
        until=book.until,
        text=Path(book.place.file).read_text(encoding="utf-8-sig"),
        file="/".join(Path(book.place.file).parts[-3:]),
        digest=book.digest,
        published_at=now,
        published_by_id=by.user_id if by else None,
    )
    Rule.objects.bulk_create([_rule_row(row, place, rule) for place, rule in enumerate(book.rules)])
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


def _rule_row(row: Rulebook, place: int, rule: EngineRule) -> Rule:
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


def _publish_scheme(file: Path, library: Library, by: Scope | None) -> None:
    scheme = read_scheme(file, [*books_in_force(), *library.rulebooks])
    text = file.read_text(encoding="utf-8-sig")
    year = int("".join(filter(str.isdigit, scheme.id))[-4:])
    row, _ = Scheme.objects.update_or_create(
        scheme=scheme.id,
        defaults={
            "title": scheme.title,
            "year": year,
            "text": text,
            "dimensions": [
                {"id": one.id, "title": one.title, "weight": str(one.weight), "rules": [_pattern(p) for p in one.rules]}
                for one in scheme.dimensions
            ],
            "published_at": clock.now(),
        },
    )
    write(by=by, action="regulations.publish", sentence=f"发布《{scheme.title}》", thing=row, organisation=None)


def _pattern(pattern: object) -> str:
    return f"{pattern.rulebook}/{pattern.rule or '*'}"  # type: ignore[attr-defined]
