"""`zhibu roles sql`: the PostgreSQL roles. The site may add to the log and read it; it can't change or remove a line.

Three roles. The owner migrates. `web` serves pages. `worker` computes, seals and archives. Run the printed SQL as the
owner (or a superuser) after every `zhibu migrate`; running it again does no harm.
"""

from __future__ import annotations

import re

from django.apps import apps

from zhibu.web.audit.models import Archive, Checkpoint, Denial, Held, Line, Run, Seal

# What each role may do with the tables of the log; every other table is read and written by both.
RIGHTS: dict[str, dict[type, str]] = {
    "web": {
        Line: "SELECT, INSERT", Held: "SELECT, INSERT", Seal: "SELECT", Checkpoint: "SELECT", Archive: "SELECT",
        Run: "SELECT, INSERT, UPDATE", Denial: "SELECT, INSERT, UPDATE, DELETE",
    },
    "worker": {
        Line: "SELECT, INSERT, DELETE", Held: "SELECT", Seal: "SELECT, INSERT, DELETE", Checkpoint: "SELECT, INSERT",
        Archive: "SELECT, INSERT", Run: "SELECT, INSERT, UPDATE, DELETE", Denial: "SELECT, INSERT, UPDATE, DELETE",
    },
}  # fmt: skip
READ_ONLY = ("django_migrations", "django_content_type")
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def sql(names: dict[str, str], schema: str = "public") -> str:
    """The statements. `names`: role of ours → its name in the database. Raises ValueError for a name that is none.

    DELETE of the worker on lines and seals passes the triggers only for what stands in an archive (`guard.py`).
    """
    for name in (*names.values(), schema):
        if not NAME.fullmatch(name):
            raise ValueError(f"角色名应由小写字母、数字和下划线组成，如 zhibu_web；现为“{name}”")
    parts = [line for role, name in names.items() for line in _of(role, name, schema)]
    return "\n".join(["BEGIN;", *parts, "COMMIT;", ""])


def _of(role: str, name: str, schema: str) -> list[str]:
    return [
        f"DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;",
        f"ALTER ROLE {name} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;",
        f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC, {name};",
        f"GRANT USAGE ON SCHEMA {schema} TO {name};",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name};",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name};",
        *(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.{table} TO {name};" for table in _others()),
        *(f"GRANT {rights} ON {schema}.{model._meta.db_table} TO {name};" for model, rights in RIGHTS[role].items()),
        *(f"GRANT SELECT ON {schema}.{table} TO {name};" for table in READ_ONLY),
    ]


def _others() -> list[str]:
    ours = {model._meta.db_table for model in RIGHTS["web"]} | set(READ_ONLY)
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    return sorted(tables - ours)
