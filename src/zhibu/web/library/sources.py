"""What the published rules rest on, and which rule cites which clause: read from them, never entered again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.urls import reverse

from zhibu.web.library.splitting import NAMED
from zhibu.web.regulations.library import list_of
from zhibu.web.regulations.queries import books_in_force, rules_by_name
from zhibu.web.regulations.words import GRADES


@dataclass(frozen=True, slots=True)
class Citation:
    """A rule, or a step of a procedure, that names a clause. `url` is its page; `rule` is empty for a step."""

    source: str  # title of the document
    clause: str  # 第十一条（待核对）
    what: str  # 事项 or 程序·步骤
    title: str
    url: tuple[str, ...]  # name and arguments for `reverse`
    anchor: str
    grade: str
    draft: bool
    rule: tuple[str, str] | None = None  # rulebook, rule

    @property
    def address(self) -> str:
        return f"{reverse(self.url[0], args=self.url[1:])}#{self.anchor}"

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(NAMED.findall(self.clause))


@dataclass(frozen=True, slots=True)
class Basis:
    """A document named as source by what is published."""

    title: str
    issuer: str
    issued: date | None
    number: str
    address: str
    status: str
    citations: list[Citation] = field(default_factory=list)


Citer = Callable[[], Iterable[tuple[Basis, Iterable[Citation]]]]
_citers: list[Citer] = []


def cites(citer: Citer) -> Citer:
    """Register an app's own citations (procedures): `citer()` gives documents and what cites each."""
    if citer not in _citers:
        _citers.append(citer)
    return citer


def plain(title: str) -> str:
    """The name of a document without its marks, for comparing: 《…》, （试行） in either brackets, blanks."""
    return "".join(title.translate(str.maketrans("（）", "()", "《》")).split())


def bases() -> list[Basis]:
    """Every document named by what is published, those cited most first."""
    found: dict[str, Basis] = {}
    for citer in (_rules, *_citers):
        for basis, citations in citer():
            found.setdefault(plain(basis.title), basis).citations.extend(citations)
    return sorted(found.values(), key=lambda one: (-len(one.citations), one.title))


def basis_of(title: str) -> Basis | None:
    """The one with this name, whatever its brackets."""
    return next((one for one in bases() if plain(one.title) == plain(title)), None)


def _rules() -> Iterator[tuple[Basis, list[Citation]]]:
    """Rules in words are those of the newest edition in force, one row each."""
    citing: dict[str, list[Citation]] = defaultdict(list)
    for (rulebook, name), rule in rules_by_name().items():
        grade, draft = GRADES.get(rule.evidence, rule.evidence), rule.status == "draft"
        page = ("rulebook", rulebook)
        one = Citation(rule.source, rule.clause, "事项", rule.title, page, name, grade, draft, (rulebook, name))
        citing[rule.source].append(one)
    for book in books_in_force():
        for one in book.sources:
            basis = Basis(one.title, one.issuer, one.issued, one.number, one.address, one.status)
            yield basis, citing.pop(one.title, ())


@lru_cache(maxsize=1)
def no_work() -> tuple[tuple[str, str], ...]:
    """(what, what instead) of boards and papers, which the formalism list keeps out of rules and schemes."""
    return tuple((one.title, one.instead) for one in list_of(None).entries if one.id in ("boards", "papers"))
