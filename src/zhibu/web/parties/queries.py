"""The division of work that binds an organisation, and what of it falls to its kind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Organisation
from zhibu.web.parties.models import Part, Party
from zhibu.web.regulations.models import Rule
from zhibu.web.regulations.queries import Result, results, rules_by_name

Name = tuple[str, str]  # rulebook, rule


@dataclass(frozen=True, slots=True)
class Division:
    """The four parties of one rule; `by`: who decided."""

    rule: Rule
    parts: dict[str, list[str]]  # part → kinds
    document: str = ""
    by: str = ""

    @property
    def told(self) -> list[tuple[str, str]]:
        """(主抓, 党委、党工委) of the four parts; empty where nobody is named."""
        return [(part.label, "、".join(Kind(kind).label for kind in self.parts.get(part.value, ()))) for part in Part]


@dataclass(frozen=True, slots=True)
class Item:
    division: Division
    result: Result | None

    @property
    def status(self) -> str:
        if self.result is None or not self.result.due:
            return "na"
        return "late" if self.result.missed else "todo" if self.open else "done"

    @property
    def open(self) -> int:
        """Duties whose day has not come."""
        return self.result.due - self.result.concluded if self.result else 0


def divisions(here: Organisation) -> dict[Name, Division]:
    """Of every active rule, as the nearest organisation from `here` upwards decided about it."""
    rows = _binding(here)
    rules = {name: rule for name, rule in rules_by_name().items() if rule.status == "active"}
    return {name: _division(rule, rows.get(name, [])) for name, rule in rules.items()}


def division(here: Organisation, rule: Rule | None) -> Division | None:
    """Of one rule; None when there is no such rule."""
    if rule is None:
        return None
    name = (rule.book.rulebook, rule.rule)
    return _division(rule, _binding(here, rulebook=name[0], rule=name[1]).get(name, []))


def worklist(scope: Scope, here: Organisation) -> list[tuple[str, list[Item]]]:
    """Part → rules in which bodies of the own kind have it, with the year's result in the reader's reach."""
    told = divisions(here)
    mine = {name: one for name, one in told.items() if any(here.kind in kinds for kinds in one.parts.values())}
    reach = scope.doing("branch.view")
    books = {book for book, _ in mine}
    year = {book: results(reach, book, scope.on.year) for book in books} if scope.may("branch.view") else {}
    found = []
    for part in Part:
        rows = [
            Item(one, year.get(book, {}).get(rule))
            for (book, rule), one in mine.items()
            if here.kind in one.parts.get(part.value, ())
        ]
        if rows:
            found.append((part.label, rows))
    return found


def _binding(here: Organisation, **told: str) -> dict[Name, list[Party]]:
    paths = [*tree.ancestor_paths(here.path), here.path]
    rows = Party.objects.unscoped("a superior's division binds those below it").filter(organisation__path__in=paths)
    found: dict[Name, list[Party]] = defaultdict(list)
    for row in rows.filter(**told).select_related("organisation").order_by("organisation__depth", "pk"):
        kept = found[row.rulebook, row.rule]
        if kept and kept[0].organisation_id != row.organisation_id:
            kept.clear()  # one nearer decided
        kept.append(row)
    return found


def _division(rule: Rule, rows: list[Party]) -> Division:
    parts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        parts[row.part].append(row.kind)
    first = rows[0] if rows else None
    by = (first.organisation.short_name or first.organisation.name) if first else ""
    return Division(rule, dict(parts), first.document if first else "", by)
