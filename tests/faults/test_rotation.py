"""Keys changed under a living database that is killed on the way, again and again, while others read and write.

A home of its own, real processes: `zhibu keys rotate` is killed at random moments, a reader compares every number with
what it must be, a writer enters members. AES, then SM4.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import migrated

pytestmark = pytest.mark.slow
PEOPLE, KILLS = 1500, 2
SETUP = """
import os
import django, sys, json, time; django.setup()
from datetime import date
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
DAY, STOP = date(2000, 1, 1), os.environ.get("STOP", "")
def numbers(n): return f"9900012000010{n:05d}", f"139{n:08d}"
def person(place, n):
    number, phone = numbers(n)
    return Member(
        organisation=place, name=f"党员{n}", id_number=number, phone=phone, born_on=DAY, kind="full", joined_on=DAY
    )
"""
FILL = f"""{SETUP}
place = tree.plant(parent=None, code="T1", name="支部", kind="branch", sector="village")
Member.objects.unscoped("t").bulk_create([person(place, n) for n in range({PEOPLE})])
"""
READ = f"""{SETUP}
wrong = rounds = 0
while not os.path.exists(STOP):
    for one in Member.objects.unscoped("t").iterator(chunk_size=200):
        wrong += (one.id_number, one.phone) != numbers(int(one.name[2:]))
    rounds += 1
print(json.dumps([rounds, wrong]))
"""
WRITE = f"""{SETUP}
place, n = Organisation.objects.unscoped("t").get(), 50_000
while not os.path.exists(STOP):
    person(place, n).save(); n += 1; time.sleep(0.02)
print(n - 50_000)
"""


def start(home: Path, *command: str, **more: str) -> subprocess.Popen[str]:
    told = {"ZHIBU_HOME": str(home), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "zhibu.web.config.settings"}
    environment = os.environ | told | more
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *command], env=environment, stdout=pipe, stderr=pipe, text=True)


def run(home: Path, *command: str, **more: str) -> str:
    process = start(home, *command, **more)
    out, err = process.communicate()
    assert process.returncode == 0, err
    return out


def rotate(home: Path, crypto: str, dice: random.Random) -> int:
    """Killed KILLS times, then left alone; how often a kill met it at work."""
    met = 0
    for _ in range(KILLS):
        process = start(home, "-m", "zhibu.cli", "keys", "rotate", ZHIBU_CRYPTO=crypto)
        time.sleep(dice.uniform(1.0, 3.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        met += process.returncode == -signal.SIGKILL
    run(home, "-m", "zhibu.cli", "keys", "rotate", ZHIBU_CRYPTO=crypto)
    return met


def test_killed_while_others_read_and_write(tmp_path: Path) -> None:
    dice, stop = random.Random(4), tmp_path / "stop"
    migrated.copy(tmp_path / "zhibu.sqlite3")
    run(tmp_path, "-m", "zhibu.cli", "migrate")
    run(tmp_path, "-c", FILL)
    reader = start(tmp_path, "-c", READ, STOP=str(stop))
    writer = start(tmp_path, "-c", WRITE, STOP=str(stop))
    met = rotate(tmp_path, "aes", dice) + rotate(tmp_path, "sm4", dice)
    stop.touch()
    rounds, wrong = json.loads(reader.communicate()[0])
    written = int(writer.communicate()[0])
    assert met and rounds and written
    assert wrong == 0
    run(tmp_path, "-m", "zhibu.cli", "keys", "rotate", ZHIBU_CRYPTO="sm4")  # what the writer entered at the very end
    said = run(tmp_path, "-m", "zhibu.cli", "keys", "check")
    assert f"核对了 {2 * (PEOPLE + written)} 条密文，0 条有问题" in said
    listed = run(tmp_path, "-m", "zhibu.cli", "keys", "list", ZHIBU_CRYPTO="sm4")
    (current,) = [line for line in listed.splitlines() if line.endswith("现用")]
    assert "  sm4  " in current and f"members.member.id_sealed {PEOPLE + written}" in current
