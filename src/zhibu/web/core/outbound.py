"""The only door out of this house: calls to origins an operator named (`ZHIBU_OUTBOUND`), and nowhere else.

    answer = outbound.post("https://sms.example.cn/send", json={...})

An origin is refused unless it is configured; its addresses are looked at when the connection is made, not when the
setting was saved, so a name that changes its address cannot lead inside. Redirects are answers, never
followed. Neither proxies nor credentials of the environment are used. Rejected: `requests` and `urllib`, which follow
redirects, read `.netrc` and resolve the name a second time after any check.
"""

from __future__ import annotations

import http.client
import ipaddress
import json as _json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

SECONDS = 10.0  # for the whole call
MOST = 1 << 20  # bytes of an answer
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(PermissionError):
    """The address is none that the operator configured; nothing was sent. `str()` says which setting to look at."""


class Unreachable(OSError):
    """A configured address did not answer properly in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        """Raises ValueError for whatever is no JSON of reasonable depth."""
        try:
            return _json.loads(self.body)
        except RecursionError as error:
            raise ValueError("JSON too deep") from error


@dataclass(frozen=True, slots=True)
class Origin:
    """Where calls may go: scheme, host, port; `inside` is the private network its addresses may lie in, or None."""

    scheme: str
    host: str
    port: int
    inside: Network | None = None


def origins(text: str) -> tuple[Origin, ...]:
    """`https://idp.example.cn,https://sms.county.local:8443=10.2.0.0/16`. Raises ValueError, saying what is right.

    Plain http is for a network one names, such as a gateway on the same machine.
    """
    return tuple(_origin(entry.strip()) for entry in text.split(",") if entry.strip())


def _origin(entry: str) -> Origin:
    address, _, network = entry.partition("=")
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.path.strip("/") or parts.username:
        raise ValueError(f"ZHIBU_OUTBOUND 每项写成 https://主机[:端口][=内网网段]，现为 {entry}")
    if parts.scheme == "http" and not network:
        raise ValueError(f"ZHIBU_OUTBOUND：http 只能用于写明网段的内网地址，例如 {address}=10.2.0.0/16")
    inside = ipaddress.ip_network(network) if network else None
    return Origin(parts.scheme, parts.hostname, _port(parts.scheme, parts.port), inside)


def _port(scheme: str, port: int | None) -> int:
    return port or {"https": 443, "http": 80}[scheme]


def get(url: str, *, headers: Mapping[str, str] | None = None, seconds: float = SECONDS) -> Answer:
    """Ask a configured origin. Raises Refused, Unreachable."""
    return call("GET", url, headers=headers, seconds=seconds)


def post(
    url: str,
    *,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """Send a form or JSON to a configured origin. Raises Refused, Unreachable. A redirect comes back as it is."""
    kind = "application/json" if form is None else "application/x-www-form-urlencoded"
    body = _json.dumps(json).encode() if form is None else urlencode(form).encode()
    return call("POST", url, body=body, headers={"Content-Type": kind, **(headers or {})}, seconds=seconds)


def call(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """Any request, its body as it is (a signed one). Raises Refused, Unreachable."""
    origin, target = _configured(url)
    if any(ord(letter) < 33 or ord(letter) > 126 for letter in target):
        raise Refused("地址里有空格、控制字符或汉字，没有发出")
    end = time.monotonic() + seconds
    try:
        wire = _connect(origin, end)
        with closing(wire), _bell(wire, end):
            link = http.client.HTTPConnection(origin.host, origin.port)
            link.sock = wire
            link.request(method, target, body=body, headers={"Accept": "application/json", **(headers or {})})
            return _read(link.getresponse(), end)
    except Refused:
        raise
    except (OSError, http.client.HTTPException) as error:
        late = time.monotonic() >= end
        why = "超过时间" if late else str(error) if isinstance(error, Unreachable) else type(error).__name__
        raise Unreachable(f"{origin.host}:{origin.port} 没有正常应答（{why}）") from error


@contextmanager
def _bell(wire: socket.socket, end: float) -> Iterator[None]:
    """Hang up when the time is over: a timeout of the socket alone lets a byte a second go on for ever."""
    timer = threading.Timer(_left(end), wire.shutdown, [socket.SHUT_RDWR])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _configured(url: str) -> tuple[Origin, str]:
    """The origin an address belongs to, and the path to ask it for."""
    try:
        parts = urlsplit(url)
        wanted = (parts.scheme, parts.hostname, _port(parts.scheme, parts.port))
    except (ValueError, KeyError) as error:
        raise Refused(f"{url[:80]!r} 不是可以访问的地址") from error
    known = origins(settings.OUTBOUND)
    found = next((one for one in known if (one.scheme, one.host, one.port) == wanted), None)
    if found is None or parts.username is not None or "\\" in url:
        raise Refused(f"{wanted[0]}://{wanted[1]}:{wanted[2]} 不在 ZHIBU_OUTBOUND 里，没有访问")
    path = parts.path or "/"
    return found, f"{path}?{parts.query}" if parts.query else path


def _connect(origin: Origin, end: float) -> socket.socket:
    """A connection to an address that was looked at; the name is resolved once, here."""
    rows = socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    for row in rows:
        _allowed(origin, str(row[4][0]))
    wire = socket.create_connection(rows[0][4][:2], timeout=_left(end))
    if origin.scheme == "http":
        return wire
    try:
        return ssl.create_default_context().wrap_socket(wire, server_hostname=origin.host)
    except BaseException:
        wire.close()
        raise


def _allowed(origin: Origin, text: str) -> None:
    """Public addresses only; in the named network where one is named. Addresses that wrap another one are refused."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if origin.inside is not None:
        if address not in origin.inside:
            raise Refused(f"{origin.host} 的地址 {address} 不在 ZHIBU_OUTBOUND 写明的网段里，没有访问")
    elif not address.is_global or address.is_multicast or _wraps(address):
        raise Refused(f"{origin.host} 的地址 {address} 是内网地址。确实在内网的，在 ZHIBU_OUTBOUND 里写明网段")


def _wraps(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return False
    return bool(address.ipv4_mapped or address.sixtofour or address.teredo) or address in _NAT64


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise Unreachable("超过时间")
    return left


def _read(response: http.client.HTTPResponse, end: float) -> Answer:
    """The whole answer, within its time and size."""
    body = response.read(MOST + 1)
    if len(body) > MOST:
        raise Unreachable(f"应答超过 {MOST >> 10} KB")
    _left(end)  # an answer cut off by the bell may look whole
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, body)
