"""The branch a row belongs to: members and activities name it the same way. Serves meaning."""

from __future__ import annotations

from zhibu.web.imports.books.cells import text
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.names import Directory, Ref, not_found


def branch_of(fields: Fields, directory: Directory, title: str) -> tuple[Ref | None, str]:
    """The branch named in the row and its name; None with a finding when there is none. `title` names the column."""
    name = text(fields.raw("branch"))
    if not name:
        fields.error("branch", f"{title}没有填")
        return None, ""
    entry = directory.find(name)
    if isinstance(entry, str):
        fields.error("branch", not_found("支部", name, entry))
        return None, name
    return entry.ref, entry.name
