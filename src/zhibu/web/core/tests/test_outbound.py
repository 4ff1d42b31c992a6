"""Nothing leaves for an address that the operator has not named, whatever its spelling; the rest ends in time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from zhibu.web.core import outbound


class Gateway(BaseHTTPRequestHandler):
    """A gateway on this machine; what it was asked is kept in `asked`."""

    asked: list[tuple[str, str, bytes]] = []

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append((self.command, self.path, body))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/")
            self.end_headers()
        elif self.path == "/large":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * (outbound.MOST + 10))
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(40):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"ok": true}')

    do_GET = do_POST = _take  # noqa: N815

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def gateway(settings) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.daemon_threads, server.block_on_close = True, False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Gateway.asked.clear()
    url = f"http://127.0.0.1:{server.server_port}"
    settings.OUTBOUND = f"{url}=127.0.0.0/8"
    yield url
    server.shutdown()
    server.server_close()


def test_a_configured_gateway_answers(gateway: str) -> None:
    assert outbound.post(f"{gateway}/send?a=1", json={"to": "x"}).json() == {"ok": True}
    assert outbound.post(f"{gateway}/token", form={"code": "a b"}).status == 200
    assert outbound.get(gateway).json() == {"ok": True}
    assert Gateway.asked == [("POST", "/send?a=1", b'{"to": "x"}'), ("POST", "/token", b"code=a+b"), ("GET", "/", b"")]


def test_nothing_is_configured_by_default(settings) -> None:
    assert settings.OUTBOUND == ""
    with pytest.raises(outbound.Refused, match="ZHIBU_OUTBOUND"):
        outbound.get("https://example.com/")


SPELLINGS = """
http://127.0.0.1/ http://localhost/ http://127.1/ http://2130706433/ http://0x7f000001/ http://0177.0.0.1/ http://[::1]/
http://[::ffff:7f00:1]/ http://169.254.169.254/ https://idp.example.cn@127.0.0.1/ https://idp.example.cn:8443/
https://idp.example.cn.evil.example/ https://evil.example/#idp.example.cn https://evil.example\\@idp.example.cn/
file:///etc/passwd gopher://127.0.0.1/ ftp://idp.example.cn/ //idp.example.cn/ https:// http://idp.example.cn/
https://idp.example.cn:99999/ https://user:pw@idp.example.cn/
""".split()  # noqa: SIM905


@pytest.mark.parametrize("url", SPELLINGS)
def test_other_addresses_are_refused_before_anything_is_sent(url: str, settings, monkeypatch) -> None:
    settings.OUTBOUND = "https://idp.example.cn"
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: pytest.fail("a name was looked up"))
    with pytest.raises(outbound.Refused):
        outbound.get(url)


INSIDE = """
127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 198.18.0.1 224.0.0.1 240.0.0.1
255.255.255.255 ::1 :: fe80::1 fc00::1 ff02::1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:7f00:1:: 2001::1
""".split()  # noqa: SIM905


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_when_connecting(address: str, settings, monkeypatch) -> None:
    """The name was fine when it was configured; one of its addresses is not now."""
    settings.OUTBOUND = "https://idp.example.cn"
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    rows = [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443)), (family, 1, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows)
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: pytest.fail("a connection was made"))
    with pytest.raises(outbound.Refused, match="内网"):
        outbound.get("https://idp.example.cn/")


def test_an_address_outside_the_named_network_is_refused(gateway: str, settings) -> None:
    settings.OUTBOUND = settings.OUTBOUND.replace("127.0.0.0/8", "10.2.0.0/16")
    with pytest.raises(outbound.Refused, match="网段"):
        outbound.get(gateway)
    assert not Gateway.asked


def test_redirects_are_answers(gateway: str) -> None:
    answer = outbound.get(f"{gateway}/away")
    assert (answer.status, answer.headers["location"]) == (302, "http://169.254.169.254/latest/")
    assert len(Gateway.asked) == 1


def test_answers_end(gateway: str) -> None:
    with pytest.raises(outbound.Unreachable, match="KB"):
        outbound.get(f"{gateway}/large")
    with pytest.raises(outbound.Unreachable, match="超过时间"):
        outbound.get(f"{gateway}/slow", seconds=0.5)


def test_a_closed_door(settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.OUTBOUND = f"http://127.0.0.1:{taken.getsockname()[1]}=127.0.0.1/32"
        with pytest.raises(outbound.Unreachable):
            outbound.get(settings.OUTBOUND.partition("=")[0])


def test_requests_cannot_be_split(gateway: str) -> None:
    for path in ("/a b", "/党", "/a\x00", "/a\r\nX: y"):
        with pytest.raises(outbound.Refused):
            outbound.get(gateway + path)
    with pytest.raises((outbound.Unreachable, ValueError)):
        outbound.get(gateway, headers={"X": "y\r\nZ: 1"})
    assert not Gateway.asked


@pytest.mark.parametrize("entry", ["idp.example.cn", "http://idp.example.cn", "https://a/b", "ftp://a", "https://u@a"])
def test_a_wrong_setting_says_what_is_right(entry: str) -> None:
    with pytest.raises(ValueError, match="ZHIBU_OUTBOUND"):
        outbound.origins(entry)


def test_answers_of_too_deep_json() -> None:
    with pytest.raises(ValueError):
        outbound.Answer(200, {}, b"[" * 200_000).json()
