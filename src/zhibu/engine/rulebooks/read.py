"""Reads one rulebook file into a Rulebook; every fault goes to the page."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import get_args

import yaml

from zhibu.engine.rulebooks.model import Level, Rule, Rulebook, Source
from zhibu.engine.rulebooks.page import Page
from zhibu.engine.rulebooks.rules import rule

REQUIRED = ("id", "effective", "rules")
DESCRIPTIVE = ("title", "level", "sources")
KEYS = ("id", "title", "level", "effective", "sources", "rules")


def rulebook(page: Page, root: yaml.Node, content: bytes) -> Rulebook:
    """The rulebook at `root`; look at `page.faults` before using it. `content` gives the digest."""
    found = page.mapping(root, "规则集", KEYS, REQUIRED, DESCRIPTIVE)
    identity = page.name(found["id"], "规则集的 id ") if "id" in found else ""
    span = page.mapping(found["effective"], "effective", ("from", "until"), ("from",)) if "effective" in found else {}
    since = page.day(span["from"], "from") if "from" in span else None
    until = page.day(span["until"], "until") if "until" in span else None
    if since and until and until < since:
        page.fault(span["until"], f"until（{until}）早于 from（{since}）", "until 是最后有效的一天")
    sources = sources_of(page, found["sources"]) if "sources" in found else {}
    return Rulebook(
        id=identity,
        title=page.text(found["title"], "title") if "title" in found else identity,
        level=page.choice(found["level"], "level", get_args(Level)) if "level" in found else "unit",
        since=since or date.min,
        until=until,
        sources=tuple(sources.values()),
        rules=_rules(page, found["rules"], identity, sources) if "rules" in found else (),
        place=page.place(root),
        digest=hashlib.sha256(content).hexdigest(),
    )


def sources_of(page: Page, node: yaml.Node) -> dict[str, Source]:
    """The documents a file names, by key."""
    return {key: _source(page, key, value) for _, key, value in page.pairs(node, "sources")}


def _source(page: Page, key: str, node: yaml.Node) -> Source:
    words = ("title", "issuer", "number", "address", "status")
    found = page.mapping(node, f"出处 {key} ", (*words, "issued"), descriptive=("title",))
    text = {word: page.text(found[word], word) if word in found else "" for word in words}
    return Source(key=key, issued=page.day(found["issued"], "issued") if "issued" in found else None, **text)


def _rules(page: Page, node: yaml.Node, identity: str, sources: dict[str, Source]) -> tuple[Rule, ...]:
    rules = [rule(page, item, identity, sources) for item in page.sequence(node, "rules")]
    first: dict[str, Rule] = {}
    for one in rules:
        if one.id and one.id in first:
            line = first[one.id].place.line
            page.broken(
                one.place.line, f"规则 id“{one.id}”重复，第 {line} 行已用过", "同一规则集中每条规则的 id 不能相同"
            )
        first.setdefault(one.id, one)
    return tuple(rules)
