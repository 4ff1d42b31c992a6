"""The list of restricted and erased members outside the database, so that a restored backup forgets nothing of it.

A line each: {"row": random key of the member's row, "state": …, "since": …}. No value of a person is in it. The last
line of a row counts; `active` where a restriction was lifted. Keep the file beside the backups.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from zhibu.web.audit.actions import write
from zhibu.web.core import announce, clock
from zhibu.web.members.models import Member
from zhibu.web.personal import erasing
from zhibu.web.personal.models import Standing

ACTIVE = "active"
WHY = "the list for restored backups"


class Unreadable(ValueError):
    """A line of the list is damaged; `str()` says which."""


def keep() -> int:
    """Add the states the list does not have yet. Returns how many lines. Called after each change and every night.

    That a row is active again is written by `set_free` alone: a restored backup must not talk the list out of it.
    """
    now = {str(one.member.row_key): one.state for one in _standings()}
    return _append(now)


def set_free(row_key: object) -> int:
    return _append({str(row_key): ACTIVE})


def _append(states: dict[str, str]) -> int:
    since = clock.today().isoformat()
    with _file().open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        told = _last(file.read())
        new = [(row, state) for row, state in states.items() if told.get(row) != state]
        file.writelines(json.dumps({"row": row, "state": str(state), "since": since}) + "\n" for row, state in new)
        file.flush()
        os.fsync(file.fileno())
    return len(new)


def replay() -> dict[str, int]:
    """Do to this database again what the list says. Returns how many rows per state; what already stands is left."""
    path = _file()
    told = _last(path.read_text("utf-8")) if path.exists() else {}
    done = {Standing.State.RESTRICTED.value: 0, Standing.State.ERASED.value: 0}
    for member in Member.objects.everything(WHY).filter(row_key__in=list(told)).select_related("organisation"):
        state = told[str(member.row_key)]
        was = Standing.objects.unscoped(WHY).filter(member=member).first()
        if state in done and (was is None or was.state not in (state, Standing.State.ERASED)):
            _again(member, state)
            done[state] += 1
    return done


def _again(member: Member, state: str) -> None:
    with transaction.atomic():
        Standing.objects.unscoped(WHY).update_or_create(
            member=member, defaults={"state": state, "since": clock.today(), "by_title": "系统"}
        )
        if state == Standing.State.ERASED:
            erasing.erase(member)
        write(
            by=None, action="members.restrict", sentence="恢复备份以后，按删除清单再办一遍", thing=member,
            organisation=member.organisation, new={"standing": state},
        )  # fmt: skip
        announce.facts_changed({member.organisation_id})


def _standings() -> Any:
    return Standing.objects.unscoped(WHY).select_related("member").order_by("pk")


def _last(text: str) -> dict[str, str]:
    told: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        try:
            entry = json.loads(line)
            told[entry["row"]] = entry["state"]
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"{_file().name} 第 {number} 行读不懂，可能没写完整；核对后删去这一行再试") from error
    return told


def _file() -> Path:
    return Path(settings.TOMBSTONES)
