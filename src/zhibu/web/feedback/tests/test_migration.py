"""An older database: contacts are sealed on its way up and opened on its way back; its file holds none afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhibu.web.members.tests.test_migration import django, held, table

pytestmark = pytest.mark.slow
LETTERS = 2500  # more than a batch of core/seal_rows
INSERT = """INSERT INTO feedback_feedback (id, text, name, contact, sent_on, subject, answer, answered_by)
VALUES (?, '意见', ?, ?, '2026-11-20', '', '', '')"""


def contact(pk: int) -> str:
    return f"1399998{pk:04d}" if pk % 3 else ""


def migrate(home: Path, *words: str) -> None:
    done = django(home, "migrate", *words, "--verbosity", "0")
    assert done.returncode == 0, done.stderr


def test_up_and_back(tmp_path: Path) -> None:
    migrate(tmp_path, "feedback", "0001")
    with table(tmp_path) as database:
        database.executemany(INSERT, [(pk, f"人{pk}", contact(pk)) for pk in range(1, LETTERS + 1)])
    assert contact(7).encode() in held(tmp_path)
    migrate(tmp_path, "feedback")
    bytes_now = held(tmp_path)
    assert not [pk for pk in range(1, LETTERS + 1) if contact(pk) and contact(pk).encode() in bytes_now]
    with table(tmp_path) as database:
        rows = database.execute("SELECT id, row_key, contact_sealed FROM feedback_feedback ORDER BY id").fetchall()
    assert len({row[1] for row in rows}) == LETTERS
    assert all(bool(contact(pk)) == sealed.startswith("v1|aes256gcm|") for pk, _, sealed in rows)
    migrate(tmp_path, "feedback", "0001")
    with table(tmp_path) as database:
        back = database.execute("SELECT id, contact FROM feedback_feedback ORDER BY id").fetchall()
    assert back == [(pk, contact(pk)) for pk in range(1, LETTERS + 1)]
