"""Rulebooks and schemes with one thing in them, as text, and the command on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml

from zhibu.engine import formalism, scheme
from zhibu.engine.formalism import Finding
from zhibu.engine.formalism.model import Catalogue, Example
from zhibu.engine.rulebooks.load import load
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.scheme import Scheme

TODAY = date(2026, 11, 21)
PACKS = Path(__file__).parents[2] / "packs"
HEAD = """\
id: {id}
title: {title}
level: {level}
effective: {{from: 2025-01-01}}
sources: {{TZ: {{title: 某县通知, issuer: 某县委组织部}}}}
rules:
"""
SCHEME = """\
id: county-2026
title: {title}
dimensions:
  - {{id: life, title: {dimension}, weight: 1, rules: [{rules}]}}
"""


def rule(id_: str = "a", title: str = "某项工作", event: str = "meeting", **more: object) -> dict[str, object]:
    """A rule's mapping: every month, organisations of kind branch."""
    needs = {"event": [event]} | dict(more.pop("needs", {}))  # type: ignore[call-overload]
    usual = {"id": id_, "title": title, "source": {"ref": "TZ", "clause": "第一项"}, "every": "month", "needs": needs}
    return usual | {"applies_to": {"subject": "organisation", "where": {"kind": "branch"}}} | more


def write(
    folder: Path, *rules: dict[str, object], id_: str = "county", level: str = "county", title: str = "某县制度"
) -> Path:
    path = folder / f"{id_}.yaml"
    listed = "".join(
        "  - " + yaml.safe_dump(one, allow_unicode=True, default_flow_style=True, width=10**6) for one in rules
    )
    path.write_text(HEAD.format(id=id_, level=level, title=title) + listed, encoding="utf-8")
    return path


def write_scheme(
    folder: Path, rules: str = "county/*", title: str = "年度考核办法", dimension: str = "组织生活", more: str = ""
) -> Path:
    path = folder / "scheme.yaml"
    path.write_text(SCHEME.format(rules=rules, title=title, dimension=dimension) + more, encoding="utf-8")
    return path


def judged(
    folder: Path, *rules: dict[str, object], on: date = TODAY, words: dict[str, str] | None = None
) -> list[Finding]:
    """What the engine's own list says to rules of a county."""
    return judge(load([write(folder, *rules)]), on=on, words=words)


def judge(books: tuple[Rulebook, ...] = (), schemes: tuple[Scheme, ...] = (), **more: object) -> list[Finding]:
    settings: dict[str, object] = {"on": TODAY, "catalogue": formalism.official()}
    return list(formalism.judge(books, schemes, **(settings | more)))  # type: ignore[arg-type]


def read_scheme(path: Path) -> Scheme:
    return scheme.read(path)


def of_example(catalogue: Catalogue, example: Example, on: date) -> list[Finding]:
    """What a list says on a day to one half of a pair."""
    books = tuple(book for book in (example.rules,) if book)
    schemes = tuple(one for one in (example.scheme,) if one)
    beside = tuple(book for book in (example.central,) if book)
    return judge(books, schemes, beside=beside, catalogue=catalogue, on=on)
