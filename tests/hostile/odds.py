"""What people upload by mistake and attackers on purpose: pages, programs, scripts, nothing, under a good name."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.hostile.kit import hostile

THINGS = {
    "empty": b"",
    "one byte": b"\0",
    "blanks": b" \n" * 40,
    "noise": random.Random(3).randbytes(5_000),
    "page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "page behind blanks": b"\n" * 500 + b"<html><script>alert(1)</script>",
    "xml style": b'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="x"?><a/>',
    "program": b"MZ\x90\0\3\0\0\0" + bytes(300),
    "elf": b"\x7fELF\2\1\1" + bytes(300),
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "php": b"<?php system($_GET['a']); ?>",
    "link": b"L\0\0\0\1\x14\2\0" + bytes(100),
    "rtf": b"{\\rtf1{\\object\\objdata 0105}}",
    "swf": b"CWS\x0a" + bytes(100),
    "class": b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(100),
    "mail": b"From: a@b\nContent-Type: text/html\n\n<script>",
    "eicar": b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
}


@hostile("attachments")
def things() -> Iterator[tuple[str, bytes]]:
    yield from THINGS.items()


@hostile("books")
def things_as_books() -> Iterator[tuple[str, bytes]]:
    for name in ("empty", "one byte", "blanks", "noise", "page", "program", "elf", "rtf", "eicar", "shell", "mail"):
        yield name, THINGS[name]
    yield "pdf", b"%PDF-1.7 ..."
    yield "png", b"\x89PNG\r\n\x1a\n" + bytes(100)
    yield "rar", b"Rar!\x1a\7\1\0" + bytes(300)
