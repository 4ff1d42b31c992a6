"""Documents, checklists and answers a post may read; scope first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.design.vocabulary import STATUSES
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.status import Shown, shown
from zhibu.web.library.models import Answer, Checklist, Clause, Document, Follow
from zhibu.web.library.sources import Citation, basis_of
from zhibu.web.organisations import finding, tree
from zhibu.web.organisations.models import Organisation


def documents(scope: Scope, q: str = "", status: str = "") -> QuerySet[Document]:
    """Those kept in the post's reach and those of its superiors, which bind it."""
    rows = Document.objects.unscoped("a superior's documents bind those below it").filter(_readable(scope))
    rows = rows.filter(status=status) if status else rows
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(number__icontains=q) | Q(issuer__icontains=q))
    rows = rows.select_related("organisation").annotate(clause_count=Count("clauses"))
    return rows.order_by("-issued_on", "title", "pk")


def document(scope: Scope, number: int) -> Document | None:
    return documents(scope).filter(pk=number).first()


def _readable(scope: Scope) -> Q:
    here = finding.own(scope)
    above = [*tree.ancestor_paths(here.path), here.path] if here else []
    return scope.where(Document.scope_path) | Q(organisation__path__in=above)


def citing(document: Document) -> list[Citation]:
    basis = basis_of(document.title)
    return basis.citations if basis else []


def clauses_cited(document: Document) -> list[tuple[Clause, list[Citation]]]:
    """Every clause with what cites it."""
    citations = citing(document)
    return [(one, [each for each in citations if one.number in each.numbers]) for one in document.clauses.all()]


def rules_of(clauses: Iterable[Clause], citations: Iterable[Citation]) -> dict[int, tuple[str, str]]:
    """Clause → the active rule whose verdict tells whether it is fulfilled; the first that names it."""
    ruled = [one for one in citations if one.rule and not one.draft]
    found = {clause.pk: next((one.rule for one in ruled if clause.number in one.numbers), None) for clause in clauses}
    return {pk: rule for pk, rule in found.items() if rule}


def judged(
    scope: Scope, rules: Collection[tuple[str, str]], units: Collection[int], today: date
) -> dict[tuple[int, tuple[str, str]], Shown]:
    """(unit, rule) → how the rule stands there: the year's latest period that has begun."""
    names = Q(pk__in=[])
    for rulebook, rule in rules:
        names |= Q(rulebook=rulebook, rule=rule)
    rows = Verdict.objects.within(scope).filter(names, organisation__in=units, year=today.year, starts_on__lte=today)
    return {
        (one.organisation_id, (one.rulebook, one.rule)): shown(one, today)
        for one in rows.order_by("starts_on", "ends_on", "pk")
    }


def checklists(scope: Scope) -> QuerySet[Checklist]:
    """Those sent in the post's reach, with `asked` and `open` answers counted."""
    rows = Checklist.objects.within(scope).select_related("document", "organisation")
    rows = rows.annotate(asked=Count("answers"), open=Count("answers", Q(answers__state=Answer.State.ASKED)))
    return rows.order_by("-asked_on", "-pk")


def to_answer(scope: Scope) -> QuerySet[Answer]:
    """What the post's own organisation was asked in checklists still open, the unanswered first by deadline."""
    rows = Answer.objects.within(scope).filter(organisation=scope.organisation_id, checklist__closed_on=None)
    rows = rows.select_related("clause", "checklist__document", "checklist__organisation", "record")
    return rows.order_by("checklist__due_on", "checklist", "clause__position")


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit's standing on a clause: its answer, or the verdict of the rule that covers the clause, or nothing."""

    answer: Answer | None
    verdict: Shown | None

    @property
    def words(self) -> str:
        if self.verdict:
            return f"规则结论：{self.verdict.text or STATUSES[self.verdict.status].word}"
        if self.answer is None:
            return "--"
        said = f"：{self.answer.sentence}" if self.answer.sentence else ""
        return self.answer.get_state_display() + said


@dataclass(frozen=True, slots=True)
class Line:
    unit: Organisation
    cells: list[Cell]
    clauses: list[Clause]

    @property
    def labelled(self) -> list[tuple[str, Cell]]:
        return [(clause.number, cell) for clause, cell in zip(self.clauses, self.cells, strict=True)]


@dataclass(frozen=True, slots=True)
class Table:
    clauses: list[Clause]
    lines: list[Line]
    done: int
    told: int  # answered, or told by a verdict
    total: int


def table(scope: Scope, checklist: Checklist, today: date) -> Table:
    """Units × clauses."""
    clauses = list(checklist.clauses.order_by("position"))
    units = list(checklist.units.within(scope).order_by("path"))
    rules = rules_of(clauses, citing(checklist.document))
    verdicts = judged(scope, set(rules.values()), [one.pk for one in units], today)
    answers: dict[int, dict[int, Answer]] = defaultdict(dict)
    for one in Answer.objects.within(scope).filter(checklist=checklist).select_related("record"):
        answers[one.organisation_id][one.clause_id] = one
    lines = [
        Line(
            unit,
            [
                Cell(found, None if found else verdicts.get((unit.pk, rules.get(clause.pk, ("", "")))))
                for clause in clauses
                for found in (answers[unit.pk].get(clause.pk),)
            ],
            clauses,
        )
        for unit in units
    ]
    cells = [cell for line in lines for cell in line.cells]
    return Table(clauses, lines, sum(map(_done, cells)), sum(map(_told, cells)), len(cells))


def _done(cell: Cell) -> bool:
    if cell.answer:
        return cell.answer.state == Answer.State.DONE
    return cell.verdict is not None and cell.verdict.status == "done"


def _told(cell: Cell) -> bool:
    return cell.verdict is not None or (cell.answer is not None and cell.answer.state != Answer.State.ASKED)


def follows(document: Document) -> list[Follow]:
    """What the document, which was found in scope, led to; the oldest first."""
    return list(document.follows.unscoped("read with their document"))
