"""Published texts → the engine's frozen objects. The only door between this app and the engine's rulebooks."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from zhibu.engine import formalism
from zhibu.engine import scheme as schemes
from zhibu.engine.errors import EngineError
from zhibu.engine.rulebooks.model import Rulebook as EngineBook
from zhibu.engine.rulebooks.page import Page
from zhibu.engine.rulebooks.read import rulebook as read_rulebook
from zhibu.engine.scheme import Scheme as EngineScheme


@lru_cache(maxsize=256)
def book_of(text: str, file: str) -> EngineBook:
    """The rulebook in a published text. Raises EngineError when it no longer reads (a newer engine is stricter)."""
    page = Page(file)
    content = text.encode()
    root = page.compose(content)
    book = read_rulebook(page, root, content) if root is not None else None
    if page.faults or book is None:
        raise EngineError(page.faults)
    return book


@lru_cache(maxsize=16)
def scheme_of(text: str) -> EngineScheme:
    """The scheme in a published text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scheme.yaml"
        path.write_text(text, encoding="utf-8")
        return schemes.read(path)


def rules_counted(text: str) -> set[str] | None:
    """`rulebook/rule` or `rulebook/*` of the rules that a scheme's text counts; None when it can't be read."""
    try:
        found = scheme_of(text)
    except EngineError:
        return None
    return {f"{one.rulebook}/{one.rule or '*'}" for dimension in found.dimensions for one in dimension.rules}


def list_of(file: Path | None) -> formalism.Catalogue:
    """The formalism list in a file, or the engine's own."""
    return formalism.read(file) if file else formalism.official()
