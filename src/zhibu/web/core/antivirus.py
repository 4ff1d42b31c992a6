"""The operator's scanner, asked about every uploaded file before anything else reads it.

`ZHIBU_ANTIVIRUS` is a command (`clamdscan --fdpass --no-summary`; the file's path is added; status 0 is clean, 1 is
infected) or a Python function (`package.module:function`, Path → True when clean). Without it no file is scanned. With
it nothing passes that was not called clean: a scanner that fails, hangs or is missing refuses (it fails closed).
"""

from __future__ import annotations

import logging
import re
import shlex
import subprocess
from importlib import import_module
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)
SECONDS = 60


class Infected(ValueError):
    """`str()` is the sentence for the reader. The file must not be kept."""


def check(path: Path) -> None:
    """Raises Infected unless the scanner calls the file clean, or none is configured."""
    configured = settings.ANTIVIRUS
    if not configured:
        return
    try:
        clean = _function(configured, path) if re.fullmatch(r"[\w.]+:\w+", configured) else _command(configured, path)
    except Exception as error:
        log.exception("the scanner did not answer")
        raise Infected("病毒扫描没有完成，文件没有收下。稍后再传；还不行，请系统管理员查看扫描程序") from error
    if not clean:
        log.warning("the scanner refused a file of %s bytes", path.stat().st_size)
        raise Infected("病毒扫描没有通过，文件没有收下。在自己的电脑上查杀后换一个文件")


def _function(name: str, path: Path) -> bool:
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)(path) is True


def _command(line: str, path: Path) -> bool:
    done = subprocess.run(  # noqa: S603  the operator's own command
        [*shlex.split(line), str(path)], capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"status {done.returncode}: {done.stderr[-300:].decode(errors='replace')}")
    return done.returncode == 0
