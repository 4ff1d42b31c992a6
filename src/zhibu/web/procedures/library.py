"""Published texts → the engine's frozen procedures, for an organisation. The one door to the engine's reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from zhibu.engine.errors import EngineError
from zhibu.engine.procedures.load import assemble
from zhibu.engine.procedures.model import Procedure
from zhibu.engine.procedures.read import Document, read
from zhibu.web.procedures.effects import NAMES
from zhibu.web.procedures.models import Issued

Versions = tuple[Procedure, ...]
Text = tuple[str, str]  # file as people know it, text
DRAFT = "原文"  # what the text under trial is called in messages


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is published, read once for a page: (key of the row, owner's path, text) by row."""

    rows: tuple[tuple[int, str, Text], ...]

    def at(self, path: str) -> Mapping[str, Versions]:
        """Procedure → its versions, supplements laid over, as they bind the organisation of a tree path.

        Raises EngineError when texts that were right alone contradict each other.
        """
        return _assembled(self.beside(path))

    def beside(self, path: str, without: Iterable[int] = ()) -> tuple[Text, ...]:
        """The texts that bind an organisation, to try another one beside them."""
        left = set(without)
        return tuple(text for pk, owner, text in self.rows if path.startswith(owner) and pk not in left)


def shelf() -> Shelf:
    """Everything published and not withdrawn."""
    rows = Issued.objects.filter(withdrawn_at=None).order_by("pk").values_list("pk", "owner__path", "file", "text")
    return Shelf(tuple((pk, owner or "", (file, text)) for pk, owner, file, text in rows))


def binding(path: str) -> tuple[Mapping[str, Versions], str]:
    """The same for a page: nothing and the sentence why, where the texts contradict each other."""
    try:
        return shelf().at(path), ""
    except EngineError as error:
        return {}, f"发布的程序互相矛盾，先停用或改好再办：{'；'.join(str(one) for one in error.faults)}"[:300]


def tried(text: str, beside: tuple[Text, ...] = ()) -> Mapping[str, Versions]:
    """The same with a text that is not published. Raises EngineError; faults of the text itself name it `原文`."""
    return _assembled((*beside, (DRAFT, text)))


@lru_cache(maxsize=256)
def document(text: Text) -> Document:
    """One text as the engine reads it, faults kept in it."""
    file, content = text
    return read(file, content.encode())


@lru_cache(maxsize=64)
def _assembled(texts: tuple[Text, ...]) -> Mapping[str, Versions]:
    return assemble([document(text) for text in texts], effects=NAMES) if texts else {}
