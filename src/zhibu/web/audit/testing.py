"""For tests: every request that changes something must write its line in the same transaction, whichever way it goes.

In the middleware of the test settings, so that every test of every page is a test of this too. It watches the SQL, and
so sees `QuerySet.update`, `bulk_create` and statements by hand like any other write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
# Not what a person did to anything: the session itself and the counting of tries, which the sign-in's own line tells;
# codes sent and used up on the way in; what was typed and not yet sent; how far a job is; what near texts and photos
# are found by, computed after the write whose line tells of it.
EXEMPT = re.compile(
    r"^(accounts_session|accounts_tally|accounts_sentcode|audit_\w+|records_draft|imports_batch|assessment_trial"
    r"|hints_(?:sketch|band|photomark))$"
)
# What a sign-in leaves with the account and its factors; the size of letters somebody likes.
USED = re.compile(
    r'^UPDATE "accounts_(?:user|totp|passkey)" SET "(?:last_login|last_step|sign_count|used_at|text_size)" = '
    r'|^DELETE FROM "accounts_recoverycode" WHERE \("accounts_recoverycode"."digest"'
)


class UnauditedWrite(AssertionError):
    """A request changed a table in a transaction without an audit line."""


class EveryWriteHasItsLine:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        watch = Watch(len(connection.atomic_blocks))
        with connection.execute_wrapper(watch):
            response = self.get_response(request)
        if watch.unaudited and response.status_code < 400:
            raise UnauditedWrite(
                f"{request.method} {request.path} wrote {sorted(watch.unaudited)} without an audit line"
            )
        return response


class Watch:
    """Tables written and lines added, by transaction: the outermost block inside the request."""

    def __init__(self, outside: int):
        self.outside = outside
        self.wrote: dict[Any, set[str]] = {}
        self.audited: set[Any] = set()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        found = None if USED.match(sql) else WRITE.match(sql)
        # A condition that no row met changed nothing. (SQLite counts what was inserted only when it has been read.)
        if found and (sql.lstrip()[:6].upper() == "INSERT" or context["cursor"].rowcount):
            self._note(found[1])
        return answer

    def _note(self, table: str) -> None:
        blocks = connection.atomic_blocks[self.outside :]
        block = blocks[0] if blocks else None  # None: a transaction of its own
        if table == "audit_line":
            self.audited.add(block)
        elif not EXEMPT.match(table):
            self.wrote.setdefault(block, set()).add(table)

    @property
    def unaudited(self) -> set[str]:
        return {
            table for block, tables in self.wrote.items() if block not in self.audited or not block for table in tables
        }
