"""What we are made of: exact versions with hashes, an SBOM that holds all of them, known vulnerabilities.

    python security/supply.py locks|sbom|advisories

Exit status 0 when all is well, 1 when something is wrong, 3 when the advisory service did not answer: then nothing is
known, which is not the same as nothing found.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
BASE = ROOT / "requirements/base.txt"
NOT_RUN = 3
PIN = re.compile(r"([A-Za-z0-9][\w.-]*)==([\w.!+]+)(?: ; [^\\]+)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
EXACT = re.compile(r"\d+\.\d+\.\d+[\w.+-]*")


def entries(text: str) -> list[str]:
    """The requirements of a file, each with its continued lines as one."""
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]
    return [re.sub(r"\s+", " ", line).strip() for line in lines]


def pins(text: str) -> dict[str, str]:
    """Name → version, of the entries that are well pinned."""
    found = (PIN.match(entry) for entry in entries(text))
    return {one[1].lower(): one[2] for one in found if one}


def unpinned(text: str) -> list[str]:
    """Entries without an exact version or without a whole hash."""
    return [entry[:60] for entry in entries(text) if not _pinned(*entry.partition(" --hash=")[::2])]


def _pinned(name: str, hashes: str) -> bool:
    marks = f"--hash={hashes}".split(" ")
    return bool(PIN.fullmatch(name) and hashes and all(HASH.fullmatch(mark) for mark in marks))


def unsure(lock: dict[str, Any]) -> list[str]:
    """npm packages without a sha512 of their contents, and wishes that are not exact."""
    top, rest = lock["packages"].get("", {}), [(name, one) for name, one in lock["packages"].items() if name]
    wishes = {**top.get("dependencies", {}), **top.get("devDependencies", {})}
    told = [f"{name}: {wish}" for name, wish in wishes.items() if not EXACT.fullmatch(wish)]
    return told + [name for name, one in rest if not one.get("integrity", "").startswith("sha512-")]


def locks() -> int:
    wrong, count = [], 0
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        text = file.read_text("utf-8")
        wrong += [f"{file.name}: {one}" for one in unpinned(text)]
        count += len(entries(text))
        wrong += [] if entries(text) else [f"{file.name} is empty"]
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    wrong += [f"package-lock.json: {one}" for one in unsure(lock)]
    seen = len(unpinned((ROOT / "security/planted/requirements.txt").read_text("utf-8")))
    seen += len(unsure(json.loads((ROOT / "security/planted/package-lock.json").read_text("utf-8"))))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{count} requirements, {len(lock['packages']) - 1} npm packages, {len(wrong)} unsure;", end=" ")
    print(f"{seen} of 7 planted seen")
    return 1 if wrong or not count or seen != 7 else 0


def missing(bom: dict[str, Any], wanted: dict[str, str]) -> list[str]:
    """Locked packages that the SBOM does not name with that version."""
    named = {(_one(f"{part.get('group', '')}/{part['name']}"), part.get("version")) for part in bom["components"]}
    return [f"{name} {version}" for name, version in wanted.items() if (_one(name), version) not in named]


def _one(name: str) -> str:
    return name.strip("/").replace("_", "-").lower()


def sbom() -> int:
    """var/sbom.json (the server) and var/sbom-front-end.json (what is built into the pages)."""
    from security.static import tool

    place, front = ROOT / "var/sbom.json", ROOT / "var/sbom-front-end.json"
    done = tool("cyclonedx-py", "requirements", "requirements/base.txt", "--of", "JSON", "-o", str(place))
    if done.returncode:
        print(done.stderr)
        return 1
    npm = ["npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev"]
    env = os.environ | {"PATH": f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"}
    front.write_text(subprocess.run(npm, cwd=ROOT, capture_output=True, text=True, check=True, env=env).stdout)
    server, pages = json.loads(place.read_text()), json.loads(front.read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    built = {
        name.removeprefix("node_modules/"): one["version"] for name, one in lock.items() if name and not one.get("dev")
    }
    locked = pins(BASE.read_text("utf-8"))
    absent = missing(server, locked) + missing(pages, built)
    planted = missing(server | {"components": server["components"][1:]}, locked)  # one taken out must be missed
    print(*(f"not in the SBOM: {one}" for one in absent), sep="\n", end="\n" if absent else "")
    print(f"{len(locked)} of the server and {len(built)} of the pages locked, {len(absent)} not in the SBOM;", end=" ")
    print(f"{len(planted)} of 1 taken out missed")
    return 1 if absent or len(planted) != 1 or not built else 0


def judged(told: dict[str, Any], wanted: dict[str, str]) -> list[str]:
    """What is wrong in an answer of pip-audit: vulnerable, skipped, or never asked about."""
    rows = told.get("dependencies", [])
    wrong = [f"{one['name']} {one['version']}: {bad['id']}" for one in rows for bad in one.get("vulns", [])]
    wrong += [f"{one['name']} was skipped: {one['skip_reason']}" for one in rows if "skip_reason" in one]
    seen = {(_one(one["name"]), one.get("version")) for one in rows if "skip_reason" not in one}
    skipped = {_one(one["name"]) for one in rows if "skip_reason" in one}
    return wrong + [
        f"{name} {version} was not asked about"
        for name, version in wanted.items()
        if (_one(name), version) not in seen and _one(name) not in skipped
    ]


def advisories() -> int:
    """Known vulnerabilities of what a server installs. A package that was skipped counts as unknown."""
    from security.static import tool

    planted = json.loads((ROOT / "security/planted/advisories.json").read_text("utf-8"))
    red = judged(planted, {"django": "5.1.13", "numpy": "2.4.0", "pillow": "12.1.0", "nh3": "0.3.2"})
    here = pins("\n".join(one for one in entries(BASE.read_text("utf-8")) if "'win32'" not in one))
    done = tool(
        "pip-audit",
        "-r",
        "requirements/base.txt",
        "--require-hashes",
        "--disable-pip",
        "--progress-spinner",
        "off",
        "-f",
        "json",
    )
    try:
        told = json.loads(done.stdout)
    except ValueError:
        told = {}
    rows = told.get("dependencies", [])
    if not [one for one in rows if "skip_reason" not in one]:
        why = rows[0]["skip_reason"] if rows else (done.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"NOT RUN: the advisory service knows none of {len(here)} packages ({why[-200:]})")
        return NOT_RUN
    wrong = judged(told, here)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{len(rows)} packages asked about, {len(wrong)} wrong; {len(red)} of 3 planted seen")
    return 1 if wrong or len(red) != 3 else 0


if __name__ == "__main__":
    sys.exit({"locks": locks, "sbom": sbom, "advisories": advisories}[sys.argv[1]]())
