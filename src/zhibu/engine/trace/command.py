"""What `zhibu explain` does, and says: one verdict, or one organisation's whole score."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from zhibu.engine import holidays, scheme
from zhibu.engine.command import Request, attempt, complain, written
from zhibu.engine.errors import EngineError, because
from zhibu.engine.facts import Facts
from zhibu.engine.facts.one import read_one
from zhibu.engine.facts.shape import SUBJECTS
from zhibu.engine.holidays import Holidays
from zhibu.engine.phrases import Words
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme
from zhibu.engine.scores import peer_groups
from zhibu.engine.sentences import read_words
from zhibu.engine.trace.absent import listed
from zhibu.engine.trace.inquiry import Inquiry, inquire
from zhibu.engine.trace.objects import Explanation, NoVerdictError
from zhibu.engine.trace.published import Totals, kept
from zhibu.engine.trace.record import as_json
from zhibu.engine.trace.scores import NoScoreError, explain_score, shares_of
from zhibu.engine.trace.shares import ScoreExplanation
from zhibu.engine.trace.standing import standing
from zhibu.engine.trace.text import score_page, verdict_page
from zhibu.engine.trace.unknown import no_rule, no_subject
from zhibu.engine.trace.verdicts import explain
from zhibu.engine.uses import of_rule


@dataclass(frozen=True, slots=True)
class Question:
    """The arguments of `zhibu explain`; `window` is inclusive. Without a rule, the whole score is asked about."""

    rules: tuple[str, ...]
    facts: Path
    subject: str
    rule: str | None
    period: str | None
    window: tuple[date, date]
    as_of: date
    scheme: Path | None
    holidays: Path | None
    words: Path | None
    results: Path | None
    ranked: bool
    as_json: bool


class Unanswered(LookupError):
    """What was asked for does not exist. The message names what exists instead."""


def run(question: Question) -> int:
    """0 with the explanation on stdout, or 2 with what is wrong on stderr."""
    try:
        print(_answer(question), end="")
    except EngineError as error:
        return complain(error.faults, error.rejected)
    except (Unanswered, NoVerdictError, NoScoreError) as error:
        print(f"zhibu explain: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or question.facts}:1: 读写失败：{because(error)}", file=sys.stderr)
        return 2
    return 0


def _answer(question: Question) -> str:
    books, plan, calendar, words = _read(question)
    facts = _facts(question, books, _subjects(question, books))
    inquiry = inquire(books, facts, question.window, question.as_of, scheme=plan, holidays=calendar, words=words)
    if question.rule is not None and question.period is None:
        raise Unanswered(f"请给出 --period。{listed(inquiry, question.rule, question.subject)}")
    if question.rule is not None and question.period is not None:
        return _shown(question, _verdict(inquiry, question.rule, question.subject, question.period), words)
    return _shown(question, _score(question, inquiry), words)


def _shown(question: Question, found: Explanation | ScoreExplanation, words: Words) -> str:
    if question.as_json:
        return as_json(found) + "\n"
    return verdict_page(found) if isinstance(found, Explanation) else score_page(found, words)


def _read(question: Question) -> tuple[tuple[Rulebook, ...], Scheme | None, Holidays, Words]:
    """Everything but the facts; all faults together."""
    errors: list[EngineError] = []
    books = attempt(lambda: load(question.rules, strict=False), errors)
    plan = attempt(lambda: scheme.read(question.scheme, strict=False) if question.scheme else None, errors)
    calendar = attempt(lambda: holidays.read(question.holidays) if question.holidays else holidays.official(), errors)
    words = attempt(lambda: read_words(question.words) if question.words else {}, errors)
    if errors or books is None or calendar is None or words is None:
        raise EngineError(fault for error in errors for fault in error.faults)
    return books, plan, calendar, words


def _subjects(question: Question, books: Iterable[Rulebook]) -> list[str]:
    """The kinds of subject that are asked about: what the rule is about, in each of its versions."""
    if question.rule is None:
        return ["organisation"]
    known = [rule for book in books for rule in book.rules]
    found = [rule.subject for rule in known if rule.name == question.rule]
    if not found:
        raise Unanswered(no_rule(question.rule, sorted({rule.name for rule in known})))
    return list(dict.fromkeys(reversed(found)))


def _facts(question: Question, books: Iterable[Rulebook], subjects: list[str]) -> Facts:
    """The facts of the subject, which must be there."""
    active = [rule for book in books for rule in book.rules if rule.status == "active"]
    uses = [use for rule in active for use in of_rule(rule)]
    for subject in subjects:
        facts = read_one(question.facts, subject, question.subject, uses)
        table, column, _, _ = SUBJECTS[subject]
        if question.subject in facts[table][column].to_pylist():
            return facts
    raise Unanswered(no_subject(question.facts, facts, subjects[0], question.subject))


def _verdict(inquiry: Inquiry, rule: str, subject_id: str, period: str) -> Explanation:
    found = explain(inquiry, rule, subject_id, period)
    if inquiry.plan.scheme is None or found.rule.subject != "organisation":
        return found
    try:
        return replace(found, shares=shares_of(explain_score(inquiry, subject_id), found.verdict))
    except NoScoreError:
        return replace(found, shares=())


def _score(question: Question, inquiry: Inquiry) -> ScoreExplanation:
    score, plan = explain_score(inquiry, question.subject), inquiry.plan
    if not question.ranked or plan.scheme is None:
        return score
    totals = _totals(question, inquiry, score)
    group = peer_groups(plan).get(question.subject)
    return replace(score, standing=standing(plan.scheme, question.subject, group, totals))


def _totals(question: Question, inquiry: Inquiry, score: ScoreExplanation) -> Totals:
    """Of the peer group: from the results given, else from an evaluation of everybody that nobody keeps."""
    if question.results is not None:
        return kept(question.results, inquiry, score)
    with tempfile.TemporaryDirectory(prefix="zhibu-explain-") as folder:
        out = Path(folder, "results")
        written(_everybody(question, out), lambda: 0.0)
        return kept(out, inquiry, score)


def _everybody(question: Question, out: Path) -> Request:
    return Request(
        rules=question.rules,
        facts=question.facts,
        window=question.window,
        as_of=question.as_of,
        scheme=question.scheme,
        holidays=question.holidays,
        backend="duckdb",
        verdicts="none",
        out=out,
    )
