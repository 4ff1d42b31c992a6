"""A second provider, truly elsewhere: a small HTTP service in a process of its own that keeps the keys and seals with
another cipher (ChaCha20-Poly1305). What a 密码服务 would be, without a certificate."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import URLError
from urllib.request import Request, urlopen

from zhibu.web.core.crypto.errors import Broken, Unavailable


class Elsewhere:
    """The provider: names and bytes over HTTP, no key in this process."""

    name = "elsewhere"

    def new_key(self) -> dict[str, str]:
        return {"name": self._ask(do="new")["name"]}

    def seal(self, key: Mapping[str, str], plain: bytes, bound: bytes) -> tuple[bytes, bytes]:
        nonce = secrets.token_bytes(12)
        return nonce, _bytes(
            self._ask(do="seal", key=key["name"], nonce=_text(nonce), said=_text(plain), bound=_text(bound))
        )

    def unseal(self, key: Mapping[str, str], nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        asked = {
            "do": "unseal",
            "key": key["name"],
            "nonce": _text(nonce),
            "said": _text(sealed),
            "bound": _text(bound),
        }
        answer = self._ask(**asked)
        if "broken" in answer:
            raise Broken
        return _bytes(answer)

    def digest(self, key: Mapping[str, str], said: bytes) -> bytes:
        return _bytes(self._ask(do="digest", key=key["name"], said=_text(said)))

    def _ask(self, **asked: str) -> dict[str, str]:
        request = Request(os.environ["TEST_KEEPER"], json.dumps(asked).encode())
        try:
            with urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except (URLError, OSError) as error:
            raise Unavailable(str(error)) from error


@contextlib.contextmanager
def keeper() -> Iterator[None]:
    """The service, running while the block runs."""
    process = subprocess.Popen([sys.executable, "-m", __name__], stdout=subprocess.PIPE, text=True)
    try:
        os.environ["TEST_KEEPER"] = process.stdout.readline().strip()
        yield
    finally:
        del os.environ["TEST_KEEPER"]
        process.kill()
        process.communicate()


class _Keeper(BaseHTTPRequestHandler):
    keys: dict[str, tuple[bytes, bytes]] = {}

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps(self._answer(asked)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, asked: dict[str, str]) -> dict[str, str]:
        import hmac

        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        if asked["do"] == "new":
            name = f"slot-{len(self.keys)}"
            self.keys[name] = (secrets.token_bytes(32), secrets.token_bytes(32))
            return {"name": name}
        sealing, digesting = self.keys[asked["key"]]
        said = base64.b64decode(asked["said"])
        if asked["do"] == "digest":
            return {"bytes": _text(hmac.digest(digesting, said, "sha256"))}
        cipher, nonce, bound = (
            ChaCha20Poly1305(sealing),
            base64.b64decode(asked["nonce"]),
            base64.b64decode(asked["bound"]),
        )
        if asked["do"] == "seal":
            return {"bytes": _text(cipher.encrypt(nonce, said, bound))}
        try:
            return {"bytes": _text(cipher.decrypt(nonce, said, bound))}
        except (InvalidTag, ValueError):
            return {"broken": "1"}

    def log_message(self, *_: object) -> None:
        pass


def _texts(**raw: bytes) -> dict[str, str]:
    return {name: _text(value) for name, value in raw.items()}


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(answer: dict[str, str]) -> bytes:
    return base64.b64decode(answer["bytes"])


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), _Keeper)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
