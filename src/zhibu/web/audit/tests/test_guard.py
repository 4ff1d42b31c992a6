"""The database itself refuses to change or remove a line; old lines leave through the archive and no other way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from zhibu.web.audit import archives, guard, retention
from zhibu.web.audit.chain import checkpoints, sealing
from zhibu.web.audit.chain.verifying import verify
from zhibu.web.audit.models import Archive, Checkpoint, Held, Line, Seal
from zhibu.web.audit.tests.conftest import put_triggers_back, take_triggers_away
from zhibu.web.core import clock

Log = Callable[..., list[Line]]
OLD = datetime(2020, 5, 17, 3, 0, tzinfo=UTC)


def everything() -> Any:
    return Line.objects.unscoped("t")


ATTEMPTS: dict[str, Callable[[], Any]] = {
    "update of lines": lambda: everything().update(sentence="x"),
    "delete of lines": lambda: everything()._raw_delete(using="default"),
    "bulk_update": lambda: everything().bulk_update(list(everything()), ["sentence"]),
    "update of seals": lambda: Seal.objects.update(hash="x"),
    "delete of seals": lambda: Seal.objects.all()._raw_delete(using="default"),
    "update of checkpoints": lambda: Checkpoint.objects.update(count=1),
    "delete of checkpoints": lambda: Checkpoint.objects.all()._raw_delete(using="default"),
    "SQL by hand": lambda: execute("UPDATE audit_line SET outcome = 'done', sentence = 'x' WHERE id > 0"),
}


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_of_the_log_is_changed_or_removed(log: Log, attempt: str) -> None:
    log(3)
    checkpoints.make()
    with pytest.raises(DatabaseError, match="审计记录不能修改和删除"), transaction.atomic():
        ATTEMPTS[attempt]()
    assert verify().sealed == 3


def test_held_checkpoints_and_archives_stay(log: Log, at: Callable) -> None:
    now = clock.now()
    at(OLD)
    log(2)
    at(now)
    archives.retire()
    Held.objects.create(origin="x", count=1, head="x", at=now, text="x", key="x", taken_at=now)
    for model in (Archive, Held):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all()._raw_delete(using="default")


def test_a_migration_puts_lost_triggers_back(log: Log) -> None:
    take_triggers_away()
    assert "audit_line_no_delete" in guard.missing()
    assert any("触发器少了" in note for note in verify().notes)
    call_command("migrate", verbosity=0)
    assert guard.missing() == []


# --- the one door ---------------------------------------------------------------------------------------------------


def test_old_lines_move_to_a_file_that_still_verifies(log: Log, at: Callable, home: Path) -> None:
    now = clock.now()
    at(OLD)
    old = log(5)
    early = checkpoints.make()
    at(now)
    young = log(3)
    made = archives.retire()
    sealing.seal_all(everything=True)
    assert made is not None and (made.first, made.last, early.count) == (1, 5, 5)
    left = set(everything().values_list("pk", flat=True))
    assert left >= {line.pk for line in young} and not left & {line.pk for line in old}
    report = verify()
    assert (report.good, report.sealed, report.compared) == (True, 9, 1)  # 5 + 3 + the line of the archiving
    assert everything().get(action="audit.retire").new["sha256"] == made.digest
    file = home / "audit" / made.file
    head, first, *_ = map(json.loads, unpacked(file))
    assert head["columns"][:2] == ["id", "at"]
    assert (first["number"], first["line"]["sentence"]) == (1, "改活动记录 0")
    assert file.stat().st_mode & 0o777 == 0o600
    assert archives.retire() is None


def test_the_next_archive_goes_on_where_the_last_ended(log: Log, at: Callable) -> None:
    now = clock.now()
    for year in (2020, 2024):
        at(OLD.replace(year=year))
        log(2)
        at(OLD.replace(year=year + 3, month=7))
        archives.retire()
        sealing.seal_all(everything=True)
    at(now)
    first, second = Archive.objects.all()
    assert (first.last, second.previous) == (2, first.head)
    assert verify().good


def test_a_moved_file_is_given_by_name(log: Log, at: Callable, home: Path, tmp_path: Path) -> None:
    made = retired(log, at)
    file = home / "audit" / made.file
    away = tmp_path / "away"
    away.mkdir()
    file.rename(away / made.file)
    report = verify()
    assert report.good and "文件不在这里，没有看" in " ".join(report.notes)
    assert verify(files=[away / made.file]).notes == []


@pytest.mark.parametrize("attack", ["a word", "a row less", "the entry", "another file"])
def test_a_changed_archive_is_found(log: Log, at: Callable, home: Path, attack: str) -> None:
    made = retired(log, at)
    file = home / "audit" / made.file
    rows = unpacked(file)
    if attack == "a word":
        rows[2] = rows[2].replace("改活动记录", "删活动记录")
    elif attack == "a row less":
        del rows[2]
    if attack in ("a word", "a row less"):
        with gzip.open(file, "wt", encoding="utf-8") as out:
            out.writelines(rows)
        assert "的内容被改过或损坏" in verify().words[0]
        take_triggers_away()
        Archive.objects.update(digest=archives._digest(file))  # and the entry made to fit, without the key
    else:
        take_triggers_away()
        Archive.objects.update(**({"head": "ab" * 32} if attack == "the entry" else {"file": "other"}))
    put_triggers_back()
    assert "的登记被改过：签名不对" in " ".join(verify().words)


def unpacked(file: Path) -> list[str]:
    return gzip.decompress(file.read_bytes()).decode().splitlines(keepends=True)


def retired(log: Log, at: Callable) -> Archive:
    now = clock.now()
    at(OLD)
    log(4)
    at(now)
    made = archives.retire()
    sealing.seal_all(everything=True)
    assert made is not None
    return made


def test_a_damaged_log_is_not_archived(log: Log, at: Callable, home: Path) -> None:
    now = clock.now()
    at(OLD)
    lines = log(3)
    at(now)
    take_triggers_away()
    execute(f"UPDATE audit_line SET sentence = 'x' WHERE id = {lines[1].pk}")
    put_triggers_back()
    with pytest.raises(archives.Spoilt, match="第 2 号"):
        archives.retire()
    assert everything().count() == 3
    assert not list((home / "audit").iterdir())


def test_an_archive_entry_opens_no_door_for_young_lines(log: Log) -> None:
    """Whoever forges an entry still can't remove what the law keeps for six months."""
    log(3)
    now = clock.now()
    Archive.objects.create(
        first=1, last=3, previous="0" * 64, head="x", newest_at=now, file="x", digest="x", at=now, text="x"
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        everything()._raw_delete(using="default")


def test_killed_after_the_entry_the_next_run_goes_on(log: Log, at: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    at(OLD)
    log(4)
    at(now)
    with monkeypatch.context() as patch:
        patch.setattr(archives, "_remove_archived", lambda: None)
        archives.retire()
    sealing.seal_all(everything=True)
    assert everything().count() == 5 and verify().good
    archives.retire()
    assert everything().count() == 1 and verify().good


# --- how long -------------------------------------------------------------------------------------------------------


def test_three_years_by_default_and_never_below_six_months() -> None:
    assert retention.months() == 36
    assert retention.months("120") == 120
    assert retention.months("6") == 6
    for asked in ("5", "0"):
        with pytest.raises(ImproperlyConfigured, match="至少留存 6 个月"):
            retention.months(asked)
    for asked in ("-1", "x", "1e9", "６０"):
        with pytest.raises(ImproperlyConfigured, match="应是月数"):
            retention.months(asked)


def test_a_table_below_the_floor_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(retention._TABLE, "floor", 1)
    with pytest.raises(ImproperlyConfigured):
        retention.months("2")


@pytest.mark.parametrize(("now", "kept", "limit"), [("2026-11-21", 36, "2023-11-01"), ("2026-01-31", 6, "2025-07-01")])
def test_whole_months(now: str, kept: int, limit: str) -> None:
    moment = retention.before(datetime.fromisoformat(f"{now}T08:00:00+00:00"), kept)
    assert moment.isoformat() == f"{limit}T00:00:00+00:00"


def test_what_is_younger_stays(log: Log, at: Callable, settings: Any) -> None:
    now = clock.now()
    settings.AUDIT_MONTHS = 12
    at(now - timedelta(days=330))
    log(2)
    at(now)
    assert archives.retire() is None
