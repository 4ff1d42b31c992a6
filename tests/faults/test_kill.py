"""Killing the server during a save leaves all or nothing.

A real server on a real database; clients submit records while its processes are killed at random moments. Afterwards
every acknowledged record is stored once, with its audit line, and the stored verdicts equal a full run.
`ZHIBU_KILLS=100` runs longer.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import migrated

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("ZHIBU_KILLS", "8"))
CLIENTS = 3
PATIENCE = 120.0  # seconds for as many answers as kills
FINDINGS = """
import json, os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings"); django.setup()
from zhibu.web.audit.models import Line
from zhibu.web.pipeline.evaluate import refresh
from zhibu.web.records.models import Record
records = Record.objects.unscoped("test")
print(json.dumps({
    "records": list(records.values_list("number", flat=True)),
    "keys": list(records.values_list("submitted_key", flat=True)),
    "audited": sorted(Line.objects.unscoped("test").filter(action="records.submit").values_list("thing_id", flat=True)),
    "stored": sorted(map(str, records.values_list("pk", flat=True))),
    "moved": refresh([2025, 2026]),
}))
"""


class Server:
    """One granian worker under its master, on a free port; `kill` takes both down without a word."""

    def __init__(self, home: Path, env: dict[str, str]):
        self.home, self.env, self.port = home, env, _free_port()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4"]
        command += ["--port", str(self.port), "--log-level", "critical", "zhibu.web.config.wsgi:application"]
        self.process = subprocess.Popen(command, env=self.env, cwd=ROOT, start_new_session=True)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                Client(self.port, "").ask("GET", "/login/")
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Client:
    def __init__(self, port: int, session: str):
        self.port, self.session = port, session

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, token: str = "") -> tuple[int, str, str]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={token}"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            form = {**form, "csrfmiddlewaretoken": token}
        with contextlib.closing(link):
            link.request(method, path, urlencode(form) if form else None, headers)
            with link.getresponse() as answer:
                return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def submit(self, key: str) -> str:
        """Fill the form, check, submit; the number of the record that was acknowledged."""
        token = "t" * 32
        form = {
            "key": key, "held_on": "2026-11-06", "types": "theme_day", "rest": "present", "content": key, "do": "check",
        }  # fmt: skip
        status, where, body = self.ask("POST", "/records/new/", form, token)
        assert status == 302, (status, re.findall(r"<h1>.*?</h1>", body))
        status, where, _ = self.ask("POST", where, {}, token)
        assert status == 302 and "/receipt/" in where, (status, where)
        return where.split("/")[2]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    env = {**os.environ, "ZHIBU_HOME": str(tmp_path), "ZHIBU_TODAY": "2026-11-21", "ZHIBU_DEBUG": "1"}
    env["DATABASE_URL"] = f"sqlite:///{tmp_path}/zhibu.sqlite3"
    env["DJANGO_SETTINGS_MODULE"] = "zhibu.web.config.settings"
    found = Server(tmp_path, env)
    yield found
    found.kill()


def test_all_or_nothing(server: Server) -> None:
    migrated.copy(server.home / "zhibu.sqlite3")
    sessions = _python(server, "-m", "tests.faults.county", str(CLIENTS)).split()
    server.start()
    acknowledged: dict[str, str] = {}
    over = threading.Event()
    clients = [threading.Thread(target=_work, args=(server, one, acknowledged, over)) for one in sessions]
    for client in clients:
        client.start()
    chance = random.Random(20261121)
    kills, late = 0, time.monotonic() + PATIENCE
    while kills < KILLS or (len(acknowledged) < KILLS and time.monotonic() < late):  # a busy machine answers little
        kills += 1
        time.sleep(chance.uniform(0.3, 1.5))
        server.kill()
        server.start()
    over.set()
    for client in clients:
        client.join()
    _judge(server, acknowledged)


def _work(server: Server, session: str, acknowledged: dict[str, str], over: threading.Event) -> None:
    """Submit until told to stop; after a fault the same form is sent again, as a person would."""
    number = 0
    while not over.is_set():
        number += 1
        key = f"{session[:8]}-{number}"
        while key not in acknowledged:
            try:
                acknowledged[key] = Client(server.port, session).submit(key)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)


def _judge(server: Server, acknowledged: dict[str, str]) -> None:
    found = json.loads(_python(server, "-c", FINDINGS).splitlines()[-1])
    assert len(acknowledged) >= KILLS, "too little was submitted to say anything"
    assert set(acknowledged.values()) <= set(found["records"]), "an acknowledged record is lost"
    assert len(found["keys"]) == len(set(found["keys"])), "a form was stored twice"
    assert found["audited"] == found["stored"], "a record without its audit line, or a line without its record"
    assert found["moved"] == 0, "stored verdicts differ from a full run"


def _python(server: Server, *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], env=server.env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
