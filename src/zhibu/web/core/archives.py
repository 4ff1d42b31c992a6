"""Zip archives from strangers: what the directory says, and what comes out, which need not be the same.

A directory is checked before anything is inflated; what is inflated is counted, because the figures in a directory may
lie. Serves safety; knows no format (imports and files bring theirs) and no Django.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

CHUNK = 1 << 18
_LOCAL = 30  # bytes of a local header before its name
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)


class Unfit(ValueError):
    """`str()` is one of the words below, for the caller to put into a sentence."""


TOO_MANY, TWICE, LOCKED, OVERLAP, ODD, TOO_BIG = "too many", "twice", "locked", "overlap", "odd", "too big"


def entries(archive: zipfile.ZipFile, most: int, unpacked: int) -> list[zipfile.ZipInfo]:
    """The entries of an archive whose directory is sane and says that it is small enough: `most` entries, `unpacked`
    bytes. Raises Unfit before anything is inflated."""
    found = archive.infolist()
    names = [entry.filename.casefold() for entry in found]
    if len(found) > most:
        raise Unfit(TOO_MANY)
    if len(set(names)) != len(names):
        raise Unfit(TWICE)
    if any(entry.flag_bits & 1 for entry in found):
        raise Unfit(LOCKED)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in found):
        raise Unfit(ODD)
    if sum(entry.file_size for entry in found) > unpacked:
        raise Unfit(TOO_BIG)
    _apart(archive, found)
    return found


def _apart(archive: zipfile.ZipFile, found: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes let a small file unpack to a petabyte."""
    file, end = archive.fp, 0
    if file is None:
        raise Unfit(ODD)
    for entry in sorted(found, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise Unfit(OVERLAP)
        file.seek(entry.header_offset)
        head = file.read(_LOCAL)
        if len(head) < _LOCAL or head[:4] != b"PK\3\4":
            raise Unfit(ODD)
        name, extra = struct.unpack("<HH", head[26:30])
        end = entry.header_offset + _LOCAL + name + extra + entry.compress_size
    if end > archive.start_dir:
        raise Unfit(OVERLAP)


def climbs(name: str) -> bool:
    """A name that would leave the folder it is unpacked into, or that no honest program writes."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0] or "\0" in name or len(name) > 300


class Budget:
    """Bytes that may still come out of an archive."""

    def __init__(self, left: int):
        self.left = left

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unfit(TOO_BIG)

    def chunks(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """What is in an entry, piece by piece, counted as it comes out."""
        came = 0
        with archive.open(entry) as part:
            for chunk in self.counted(iter(lambda: part.read(CHUNK), b"")):
                came += len(chunk)
                yield chunk
        if came != entry.file_size:
            raise Unfit(ODD)

    def counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.spend(len(chunk))
            yield chunk


def inflate(stream: memoryview, out: Budget, read: Budget) -> bytes:
    """A zlib stream of a PDF; what comes out and what it is made from are counted. Damage ends it."""
    found, inflater = io.BytesIO(), zlib.decompressobj()
    try:
        for at in range(0, len(stream), CHUNK):
            rest: bytes | memoryview = stream[at : at + CHUNK]
            while len(rest) and not inflater.eof:
                piece = inflater.decompress(rest, CHUNK)
                out.spend(len(piece))
                found.write(piece)
                left = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
                read.spend(len(rest) - len(left))
                rest = left
            if inflater.eof:
                break
    except zlib.error:
        pass
    return found.getvalue()


def opened(path: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)
