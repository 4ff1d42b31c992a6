"""Checkpoints: signed here, held by the superior; what its owner rewrites, and seals again, they show."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from zhibu.web.access.queries import system_scope
from zhibu.web.audit.chain import checkpoints, holding, keys, notes, sealing
from zhibu.web.audit.chain.verifying import verify
from zhibu.web.audit.models import Checkpoint, Held, Line, Seal
from zhibu.web.audit.tests.conftest import put_triggers_back, take_triggers_away

Log = Callable[..., list[Line]]


def point(log: Log, count: int = 5) -> Checkpoint:
    log(count)
    made = checkpoints.make()
    assert made is not None
    return made


def statement(made: Checkpoint) -> checkpoints.Statement:
    return checkpoints.read(made.text, keys.public())


def test_a_checkpoint_says_count_head_and_time_and_is_signed(log: Log) -> None:
    made = point(log)
    said = statement(made)
    assert (said.count, said.head, said.algorithm) == (5, Seal.objects.get(number=5).hash, "sha256")
    lines = made.text.splitlines()
    assert lines[:3] == [keys.origin(), "5", base64.b64encode(bytes.fromhex(said.head)).decode()]
    assert lines[5] == "" and lines[6].startswith(f"— {keys.origin()} ")


def test_none_when_nothing_was_sealed_since(log: Log) -> None:
    assert checkpoints.make() is None
    point(log)
    assert checkpoints.make() is None


def test_one_every_ten_minutes(log: Log, at: Callable) -> None:
    from datetime import timedelta

    made = point(log)
    assert not checkpoints.due()
    at(made.at + timedelta(minutes=10))
    assert checkpoints.due()


@pytest.mark.parametrize("change", [("5\n", "6\n"), ("time 2", "time 3"), ("sha256", "sm3"), ("— ", "- ")])
def test_a_changed_note_is_refused(log: Log, change: tuple[str, str]) -> None:
    made = point(log)
    with pytest.raises(notes.Unsigned, match="没有“zhibu-"):
        checkpoints.read(made.text.replace(*change, 1), keys.public())


def test_another_key_is_refused(log: Log) -> None:
    made = point(log)
    other = notes.verifier(keys.origin(), Ed25519PrivateKey.generate())
    with pytest.raises(notes.Unsigned):
        checkpoints.read(made.text, other)


def test_a_signed_note_that_is_no_checkpoint(log: Log) -> None:
    note = notes.sign([keys.origin(), "many"], keys.origin(), keys.private())
    with pytest.raises(notes.Unsigned, match="不是检查点"):
        checkpoints.read(note, keys.public())


def test_the_key_is_for_its_owner_alone(home: Path) -> None:
    first = keys.public()
    assert (home / "audit_key").stat().st_mode & 0o777 == 0o600
    assert keys.public() == first == notes.Verifier.read(str(first))
    with pytest.raises(notes.Unsigned):
        notes.Verifier.read(str(first).replace("zhibu", "other"))


# --- what only the superior can show (A04) ------------------------------------------------------------------------


def rebuild(last: int, change: str = "") -> None:
    """As owner of the database: cut off, change, and seal everything again, our own checkpoints included."""
    take_triggers_away()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_line WHERE id IN (SELECT line_id FROM audit_seal WHERE number > %s)", [last])
        cursor.execute("DELETE FROM audit_seal")
        cursor.execute("DELETE FROM audit_checkpoint")
        if change:
            cursor.execute("UPDATE audit_line SET sentence = %s WHERE id = (SELECT min(id) FROM audit_line)", [change])
    put_triggers_back()
    sealing.seal_all(everything=True)


def test_a_cut_tail_with_a_valid_chain_is_caught(log: Log) -> None:
    held = statement(point(log, 9))
    rebuild(6)
    assert verify().good, "by itself the chain is valid again: that is the point"
    report = verify(held=[held])
    assert not report.good
    assert report.findings[0].number == 7
    assert "第 7 至 9 号没有了" in report.words[0]


def test_a_cut_tail_that_grew_again_is_caught(log: Log) -> None:
    held = statement(point(log, 9))
    rebuild(6)
    log(20)
    report = verify(held=[held])
    assert report.findings[0].words.startswith("第 1 至 9 号之间有改动，并且重新封存过")


def test_a_rewritten_line_with_a_valid_chain_is_caught_between_two_checkpoints(log: Log) -> None:
    early, late = statement(point(log, 4)), statement(point(log, 4))
    take_triggers_away()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_line SET sentence = 'x' WHERE id = (SELECT line_id FROM audit_seal WHERE number = 6)"
        )
        cursor.execute("DELETE FROM audit_seal WHERE number > 4")
        cursor.execute("DELETE FROM audit_checkpoint")
    put_triggers_back()
    sealing.seal_all(everything=True)
    assert verify().good
    assert "第 5 至 8 号之间有改动" in verify(held=[early, late]).words[0]


def test_our_own_checkpoints_catch_who_has_no_key(log: Log) -> None:
    made = point(log, 6)
    rebuild(6, "改过")
    Checkpoint.objects.create(count=made.count, head=made.head, at=made.at, text=made.text)
    assert not verify().good
    take_triggers_away()
    Checkpoint.objects.update(head=Seal.objects.get(number=6).hash)
    put_triggers_back()
    assert "签名不对" in " ".join(verify().words)


# --- the superior's side --------------------------------------------------------------------------------------------


def take(text: str, key: str = "") -> list[Held]:
    return holding.take(by=system_scope(), text=text, key=key)


class Below:
    """Another installation, with its own key."""

    def __init__(self, name: str = "zhibu-below"):
        self.name, self.private = name, Ed25519PrivateKey.generate()

    @property
    def key(self) -> str:
        return str(notes.verifier(self.name, self.private))

    def note(self, count: int, head: str = "aa", hour: int = 8) -> str:
        digest = base64.b64encode(bytes.fromhex(head * 32)).decode()
        time = f"time 2026-11-21T{hour:02d}:00:00+00:00"
        return notes.sign([self.name, str(count), digest, time, "algorithm sha256"], self.name, self.private)


@pytest.fixture
def below(db: None) -> Below:
    return Below()


def test_the_first_needs_a_key_and_the_next_do_not(below: Below) -> None:
    with pytest.raises(notes.Unsigned, match="请同时填它的公钥"):
        take(below.note(5))
    assert [one.count for one in take(below.note(5), below.key)] == [5]
    assert [one.count for one in take("\n".join([below.note(5), below.note(7, hour=9), below.note(9, hour=10)]))] == [
        7,
        9,
    ]
    lines = Line.objects.unscoped("t").filter(action="audit.hold")
    assert [line.sentence for line in lines.order_by("pk")] == [
        "收存 zhibu-below 的检查点 1 个", "收存 zhibu-below 的检查点 2 个",
    ]  # fmt: skip
    assert lines.latest("pk").new["heads"] == {"7": "aa" * 32, "9": "aa" * 32}


def test_two_digests_of_one_count_are_a_fork(below: Below) -> None:
    take(below.note(5), below.key)
    with pytest.raises(holding.Fork, match="第 5 条有两个不同的摘要"):
        take(below.note(7) + "\n" + below.note(5, "bb"))
    assert Held.objects.count() == 1, "all or nothing"


def test_fewer_lines_later_are_kept_and_pointed_out(below: Below) -> None:
    take(below.note(5), below.key)
    take(below.note(4, hour=9))
    assert "条数比更早的一个少" in Line.objects.unscoped("t").latest("pk").sentence


def test_another_key_of_the_same_name_is_refused(below: Below) -> None:
    take(below.note(5), below.key)
    other = Below()
    with pytest.raises(notes.Unsigned, match="另一把钥匙"):
        take(other.note(6), other.key)
    with pytest.raises(notes.Unsigned, match="有效签名"):
        take(other.note(6))


@pytest.mark.parametrize("text", ["", "x", "\n\n\n", "— zhibu x", "a\n" * 5000])
def test_what_is_no_checkpoint_is_said_so(below: Below, text: str) -> None:
    with pytest.raises(notes.Unsigned, match="没有检查点"):
        take(text, below.key)


# --- the command ----------------------------------------------------------------------------------------------------


def command(*words: Any) -> int:
    from zhibu.web.config.commands import parser

    args = parser().parse_args(["audit", *map(str, words)])
    return args.run(args)


def test_verify_compares_with_the_superiors_file(log: Log, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    log(6)
    assert command("checkpoint") == 0
    file = tmp_path / "held.txt"
    file.write_text(capsys.readouterr().out, "utf-8")
    assert command("verify", "--checkpoints", file) == 0
    assert "其中上级收存的 1 个" in capsys.readouterr().out
    rebuild(4)
    assert command("verify") == 0
    assert command("verify", "--checkpoints", file) == 1
    assert "第 5 至 6 号没有了" in capsys.readouterr().out
    file.write_text("nothing", "utf-8")
    assert command("verify", "--checkpoints", file) == 2
    assert command("verify", "--checkpoints", tmp_path / "absent") == 2


def test_take_and_held_by_command(below: Below, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    file = tmp_path / "below.txt"
    file.write_text(below.note(5), "utf-8")
    assert command("take", file) == 2
    assert command("take", file, "--key", below.key) == 0
    capsys.readouterr()
    assert command("held", below.name) == 0
    assert capsys.readouterr().out.strip() == below.note(5).strip()
    file.write_text(below.note(5, "bb"), "utf-8")
    assert command("take", file) == 1
    assert command("key") == 0
