"""Hands a photo to the child that makes it anew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from zhibu.web.files.pixels import PHOTOS
from zhibu.web.files.refuse import BROKEN, Refused


def rebuilt(path: Path) -> bytes:
    """A JPEG of the photo's pixels and nothing else. Raises Refused when the child gave up or was stopped."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "zhibu.web.files.pixels", str(path)],
            capture_output=True,
            timeout=PHOTOS["seconds"] * 10,  # of the clock: a busy machine is slow
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise Refused(BROKEN) from None
    if done.returncode or not done.stdout.startswith(b"\xff\xd8\xff"):
        raise Refused(BROKEN)
    return done.stdout
