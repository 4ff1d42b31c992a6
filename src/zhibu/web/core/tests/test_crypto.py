"""What is sealed comes back in its own place and nowhere else; everything else is told in a sentence."""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.web.core import crypto
from zhibu.web.core.crypto import ring as rings
from zhibu.web.core.crypto import ring_file
from zhibu.web.core.tests.service import keeper

NUMBER, PLACE = "990001198001010012", "members.member.id_sealed:4f0c"
SERVICE = "zhibu.web.core.tests.service.Elsewhere"


@pytest.fixture(scope="module")
def service() -> Iterator[None]:
    with keeper():
        yield


@pytest.fixture(params=["aes", "sm4", SERVICE])
def own_ring(request, service: None, settings, tmp_path: Path) -> Path:
    """A ring of its own in a file, of each provider; the third keeps its keys in a process of its own."""
    settings.KEYS, settings.KEYS_FILE, settings.CRYPTO = "", tmp_path / "keys.json", request.param
    begin(settings.KEYS_FILE)
    return settings.KEYS_FILE


def begin(path: Path) -> None:
    """A first ring without asking the database."""
    key = rings.new_key()
    path.write_text(rings.Ring(key, (key,)).as_text())
    path.chmod(0o600)


def test_comes_back(own_ring: Path) -> None:
    sealed = crypto.seal(NUMBER, PLACE)
    assert crypto.unseal(sealed, PLACE) == NUMBER
    assert NUMBER not in sealed
    version, algorithm, key_id, nonce, body = sealed.split("|")
    assert (version, key_id) == ("v1", rings.ring().current.id)
    assert algorithm == rings.ring().current.provider.name
    assert len(base64.b64decode(nonce)) == 12
    assert len(base64.b64decode(body)) == 18 + 16
    assert crypto.seal(NUMBER, PLACE) != sealed  # a fresh nonce each time
    assert len(sealed) < 130


def test_empty_stays_empty(own_ring: Path) -> None:
    assert crypto.seal("", PLACE) == crypto.unseal("", PLACE) == crypto.digest("", "p") == ""
    assert crypto.digests("", "p") == []


@pytest.mark.parametrize("plain", ["曾小明", "𠮷" * 30, "\x00|v1|", "a" * 10_000])
def test_any_text(own_ring: Path, plain: str) -> None:
    assert crypto.unseal(crypto.seal(plain, PLACE), PLACE) == plain


EDITS: dict[str, Callable[[str], str]] = {
    "another row": lambda text: text,
    "a letter of the ciphertext": lambda text: text[:-6] + ("A" if text[-6] != "A" else "B") + text[-5:],
    "a letter of the nonce": lambda text: text.replace(text.split("|")[3][:2], "AB", 1),
    "cut short": lambda text: text[:-8],
    "cut to the header": lambda text: text[: text.rindex("|") + 1],
    "cut in the nonce": lambda text: "|".join(text.split("|")[:3]),
    "no base64": lambda text: text[:-5] + "*****",
    "another version": lambda text: "v2" + text[2:],
    "another algorithm": lambda text: text.replace(text.split("|")[1], "aes999", 1),
    "the plain value": lambda text: NUMBER,
    "rubbish": lambda text: "|" * 40,
    "long rubbish": lambda text: "v1|" + "x" * 100_000,
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_text_is_told_and_nothing_of_the_value(own_ring: Path, edit: str) -> None:
    sealed = EDITS[edit](crypto.seal(NUMBER, PLACE))
    place = PLACE.replace("4f0c", "4f0d") if edit == "another row" else PLACE
    with pytest.raises(crypto.Broken, match="数据被改动过") as told:
        crypto.unseal(sealed, place)
    assert "9900" not in str(told.value)


def test_two_rows_swapped(own_ring: Path) -> None:
    one, other = crypto.seal(NUMBER, "t.f:1"), crypto.seal(NUMBER[::-1], "t.f:2")
    for text, place in ((one, "t.f:2"), (other, "t.f:1"), (one, "t.g:1"), (one, "u.f:1")):
        with pytest.raises(crypto.Broken):
            crypto.unseal(text, place)


def test_a_context_is_never_forgotten(own_ring: Path) -> None:
    with pytest.raises(ValueError, match="context"):
        crypto.seal(NUMBER, "")
    with pytest.raises(ValueError, match="context"):
        crypto.unseal(crypto.seal(NUMBER, PLACE), "")


@given(st.text(max_size=200))
def test_nothing_but_a_named_error_ever_comes_out(text: str) -> None:
    if text:
        with pytest.raises(crypto.CryptoError):
            crypto.unseal(text, PLACE)


def test_keys_change_and_old_texts_stay_readable(own_ring: Path) -> None:
    old, old_digest = crypto.seal(NUMBER, PLACE), crypto.digest(NUMBER, "p")
    ring_file.add(rings.new_key("sm4"))
    new = crypto.seal(NUMBER, PLACE)
    assert new.split("|")[1] == "sm4gcm"
    assert crypto.unseal(old, PLACE) == crypto.unseal(new, PLACE) == NUMBER
    assert crypto.is_current(new) and not crypto.is_current(old)
    assert crypto.digests(NUMBER, "p") == [crypto.digest(NUMBER, "p"), old_digest]
    assert stat.S_IMODE(own_ring.stat().st_mode) == 0o600


def test_the_wrong_key_under_the_right_name(own_ring: Path) -> None:
    sealed = crypto.seal(NUMBER, PLACE)
    says = json.loads(own_ring.read_text())
    says["keys"][0]["material"] = rings.new_key().material
    own_ring.write_text(json.dumps(says))
    with pytest.raises(crypto.Broken):
        crypto.unseal(sealed, PLACE)


def test_a_key_that_is_not_there(own_ring: Path) -> None:
    sealed = crypto.seal(NUMBER, PLACE)
    own_ring.write_text(own_ring.read_text().replace(rings.ring().current.id, "kother"))
    with pytest.raises(crypto.KeyMissing, match=r"从备份放回"):
        crypto.unseal(sealed, PLACE)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"current": "k", "keys": []}', "\ufeff", '{"keys": 3}'])
def test_a_damaged_ring(own_ring: Path, text: str) -> None:
    own_ring.write_text(text)
    with pytest.raises(crypto.KeyRingError, match=r"内容不对或不完整"):
        crypto.seal(NUMBER, PLACE)


def test_digests_are_keyed_and_keep_columns_apart(own_ring: Path) -> None:
    one = crypto.digest(NUMBER, "p")
    assert one == crypto.digest(NUMBER, "p") != crypto.digest(NUMBER, "q") != crypto.digest(NUMBER[:-1] + "3", "p")
    assert NUMBER not in one
    assert len(one) < 60
    begin(own_ring)  # another key: nothing in common
    assert crypto.digest(NUMBER, "p").partition(":")[2] != one.partition(":")[2]


def test_the_service_is_down(service: None, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KEYS, settings.KEYS_FILE, settings.CRYPTO = "", tmp_path / "keys.json", SERVICE
    begin(settings.KEYS_FILE)
    sealed = crypto.seal(NUMBER, PLACE)
    assert set(rings.ring().current.material) == {"name"}  # the key itself never came here
    monkeypatch.setenv("TEST_KEEPER", "http://127.0.0.1:9/")
    for attempt in (lambda: crypto.unseal(sealed, PLACE), lambda: crypto.seal(NUMBER, PLACE)):
        with pytest.raises(crypto.Unavailable, match="稍后再试"):
            attempt()


@pytest.mark.parametrize(
    "path", ["des", "zhibu.web.core.clock.now", "no.such.Thing", "zhibu.web.core.scope.ScopeMissing", "", "."]
)
def test_an_unknown_provider_is_told(settings, path: str) -> None:
    with pytest.raises(crypto.KeyRingError, match=r"写 aes、sm4|不完整"):
        rings.new_key(path or "x")


MAKE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "zhibu.web.config.settings"
import django; django.setup()
from zhibu.web.core import crypto
sys.stdin.readline()
print(crypto.seal("990001198001010012", "t.f:1"))
"""


def test_processes_that_come_together_make_one_ring(settings, tmp_path: Path) -> None:
    """Four at once on an empty home: one ring, and each can read what the others sealed."""
    environment = os.environ | {"ZHIBU_HOME": str(tmp_path), "DATABASE_URL": ""}
    command = [sys.executable, "-c", MAKE]
    started = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    sealed = [process.communicate("go\n")[0].strip() for process in started]
    assert all(process.returncode == 0 for process in started)
    settings.KEYS, settings.KEYS_FILE = "", tmp_path / "keys.json"
    assert [crypto.unseal(text, "t.f:1") for text in sealed] == ["990001198001010012"] * 4
    assert len({text.split("|")[2] for text in sealed}) == 1
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert not [file.name for file in tmp_path.iterdir() if file.name.startswith(".keys.json.")]


def test_a_ring_from_the_environment_is_not_ours_to_write(settings) -> None:
    with pytest.raises(crypto.KeyRingError, match="ZHIBU_KEYS"):
        ring_file.add(rings.new_key())


def test_a_file_that_others_may_read(own_ring: Path) -> None:
    assert not rings.exposed()
    own_ring.chmod(0o644)
    assert rings.exposed()


def test_nothing_is_forged_by_chance(own_ring: Path) -> None:
    head = crypto.seal(NUMBER, PLACE).rsplit("|", 1)[0]
    for _ in range(50):
        forged = f"{head}|{base64.b64encode(secrets.token_bytes(34)).decode()}"
        with pytest.raises(crypto.Broken):
            crypto.unseal(forged, PLACE)
