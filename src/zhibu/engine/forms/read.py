"""Reads a form from YAML; every fault with its line. Whether it may be sent is `judge`'s matter."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

import yaml

from zhibu.engine.errors import EngineError, Fault
from zhibu.engine.forms.model import Asked, Every, Field, Form
from zhibu.engine.rulebooks.page import Page, read_page

KEYS = ("form", "title", "issuer", "basis", "why", "until", "of", "every", "minutes", "fields")
TEXTS = ("title", "issuer", "basis", "why")
FIELD = ("id", "label", "from")
MOST_MINUTES = 6000


def read(path: Path | str) -> Form:
    """The form in a file. Raises EngineError with every fault."""
    page, root, _ = read_page(Path(path))
    return _made(page, root)


def parse(text: str, file: str) -> Form:
    """The form in a text; faults name `file`. Raises EngineError with every fault."""
    page = Page(file)
    return _made(page, page.compose(text.encode()))


def _made(page: Page, root: yaml.Node | None) -> Form:
    found = _form(page, root) if root is not None else None
    if page.faults or found is None:
        raise EngineError(page.faults)
    return found


def _form(page: Page, root: yaml.Node) -> Form:
    found = page.mapping(root, "表", KEYS, KEYS)
    fields = [_field(page, node) for node in page.sequence(found["fields"], "fields")] if "fields" in found else []
    _once(page, fields)
    texts = {key: page.text(found[key], key) if key in found else "" for key in TEXTS}
    return Form(
        id=page.name(found["form"], "form") if "form" in found else "",
        until=page.day(found["until"], "until") if "until" in found else date.max,
        asked=_choice(page, found.get("of"), "of", Asked),
        every=_choice(page, found.get("every"), "every", Every),
        minutes=page.whole(found["minutes"], "minutes", 1, MOST_MINUTES) if "minutes" in found else 1,
        fields=tuple(fields),
        place=page.place(root),
        **texts,
    )


def _choice(page: Page, node: yaml.Node | None, what: str, options: Any) -> Any:
    names = get_args(options)
    return page.choice(node, what, names) if node is not None else names[0]


def _field(page: Page, node: yaml.Node) -> Field:
    found = page.mapping(node, "fields 的一项", FIELD, ("id", "label"))
    texts = {key: page.text(found[key], key) if key in found else "" for key in ("label", "from")}
    name = page.name(found["id"], "id") if "id" in found else ""
    return Field(name, texts["label"], texts["from"], page.place(node))


def _once(page: Page, fields: list[Field]) -> None:
    """An id and a label once in a form."""
    for what in ("id", "label"):
        seen: dict[str, int] = {}
        for one in fields:
            value = getattr(one, what)
            if value and value in seen:
                wrong = f"“{value}”在第 {seen[value]} 行已经写过"
                page.faults.append(Fault(one.place, wrong, "同一张表里一件事只问一次"))
            seen.setdefault(value, one.place.line)
