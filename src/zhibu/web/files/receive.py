"""From an upload to a file that may be kept: scanned, judged, made harmless, stored. It takes seconds, so it is done
before the caller's transaction."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from zhibu.web.core import antivirus
from zhibu.web.files import kinds, names, photos, store
from zhibu.web.files.refuse import Refused


class Upload(Protocol):
    """A file of a form (`django.core.files`)."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class Received:
    """A harmless file on the disk that has no row yet."""

    name: str
    kind: str
    size: int
    digest: str
    stored: str


@contextmanager
def received(upload: Upload):
    """The file on the disk for the time of the block; taken away again when the block raises. Raises Refused."""
    name, kind, content = judged(upload)
    digest = hashlib.sha256(content).hexdigest()
    file = Received(name=name, kind=kind, size=len(content), digest=digest, stored=store.put(content))
    try:
        yield file
    except BaseException:
        store.drop(file.stored)
        raise


def judged(upload: Upload) -> tuple[str, str, bytes]:
    """(name for people, kind, the bytes to keep). Raises Refused."""
    with tempfile.NamedTemporaryFile(prefix="zhibu-") as temporary:  # 0600
        for chunk in upload.chunks():
            temporary.write(chunk)
        temporary.flush()
        path = Path(temporary.name)
        try:
            antivirus.check(path)
        except antivirus.Infected as error:
            raise Refused(str(error)) from error
        kind = kinds.look(path)
        photo = kind in kinds.PHOTOS
        content = photos.rebuilt(path) if photo else path.read_bytes()
    kind = "jpeg" if photo else kind
    return names.display(upload.name or "", kind), kind, content
