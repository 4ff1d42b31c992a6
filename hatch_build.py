"""Builds the engine's kernel into the package, for a wheel and for an editable install.

Without a C compiler nothing is built and nothing is missing but speed: numpy does the kernel's work. `CC` names another
compiler, `CFLAGS` other options.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path("src/zhibu/engine/packed/kernel.c")
OPTIONS = "-O3 -fPIC -shared"


def build(root: Path) -> Path | None:
    """The library beside its source; None without a compiler that can make it. Writes beside, then renames."""
    compiler = shlex.split(os.environ.get("CC", "")) or ["cc"]
    if shutil.which(compiler[0]) is None:
        return None
    source = root / SOURCE
    target = source.with_suffix(".so")
    fresh = target.with_suffix(f".{os.getpid()}")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:15]
    command = [*compiler, *shlex.split(os.environ.get("CFLAGS", OPTIONS)), f"-DSOURCE=0x{digest}"]
    try:
        subprocess.run([*command, str(source), "-o", str(fresh)], check=True)
        fresh.replace(target)
    except subprocess.CalledProcessError:
        fresh.unlink(missing_ok=True)
        return None
    return target


class KernelHook(BuildHookInterface):  # type: ignore[misc]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        built = build(Path(self.root))
        if built is None:
            self.app.display_warning("no C compiler: the engine's kernel is left out, numpy does its work")
            return
        build_data["artifacts"].append(str(built.relative_to(self.root)))
        if version == "standard":
            system = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data.update(pure_python=False, tag=f"py3-none-{system}")


if __name__ == "__main__":
    print(build(Path(__file__).parent) or f"no kernel: no compiler on {platform.system()}")
