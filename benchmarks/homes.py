"""A home of its own for a run in this process."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def empty_home() -> Iterator[str]:
    """Django on an empty, migrated database: SQLite in a temporary folder, or DATABASE_URL. Yields the vendor's name.

    No connection is open, so the process may fork.
    """
    with tempfile.TemporaryDirectory() as home:
        os.environ["ZHIBU_HOME"] = home
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{home}/log.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        connection.close()
        yield connection.vendor
