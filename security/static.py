"""What is seen without running it: our semgrep rules, bandit, secrets. Each tool must be red on security/planted.

    python security/static.py rules|bandit|secrets|baseline      # tools in var/security: make setup-security

Exit status 0 when the product is clean, apart from security/allowed.txt, and every planted fault was seen.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "var/security/bin"
PLANTED = "security/planted"
MOST = 10  # lines of allowed.txt
# Locks are hashes all through; the baseline itself holds digests.
NOT_LOOKED_AT = r"(package-lock\.json|requirements/.*|security/planted/.*|security/secrets\.baseline)$"
Found = tuple[str, int, str]  # file, line, rule


def tool(name: str, *args: str) -> subprocess.CompletedProcess[str]:
    """A tool of var/security, not talking to anybody. Raises FileNotFoundError with what to do."""
    if not (TOOLS / name).exists():
        raise FileNotFoundError(f"{name} is not there; run: make setup-security")
    quiet = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
    path = f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(TOOLS / name), *args]
    env = os.environ | quiet | {"PATH": path}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=env)


def semgrep() -> list[Found]:
    """All findings of our rules. Raises ValueError when semgrep could not read a rule or ended early."""
    flags = ["--config", "security/rules", "--metrics", "off", "--disable-version-check", "--disable-nosem"]
    done = tool("semgrep", "scan", *flags, "--no-git-ignore", "--json", "--quiet", "src", PLANTED)
    told = json.loads(done.stdout or "{}")
    wrong = [one.get("message", "") for one in told.get("errors", [{"message": done.stderr}])]
    if done.returncode or wrong:
        raise ValueError(f"semgrep did not finish ({done.returncode}): {wrong}")
    return [(one["path"], one["start"]["line"], one["check_id"].rpartition(".")[2]) for one in told["results"]]


def marked(folder: Path = ROOT / PLANTED) -> set[Found]:
    """What the planted files say must be found: the line below each `ruleid: a, b`."""
    wanted: set[Found] = set()
    for file in sorted(folder.rglob("*")):
        for number, line in enumerate(file.read_text("utf-8").splitlines() if file.is_file() else (), 1):
            if found := re.search(r"ruleid: ([\w, -]+)", line):
                names = re.findall(r"[a-z][a-z-]*[a-z]", found[1])
                wanted |= {(str(file.relative_to(ROOT)), number + 1, name) for name in names}
    return wanted


def rule_names() -> set[str]:
    texts = (file.read_text("utf-8") for file in (ROOT / "security/rules").glob("*.yaml"))
    return {name for text in texts for name in re.findall(r"^  - id: (\S+)", text, re.M)}


def allowed() -> dict[tuple[str, str], int]:
    """(file, rules) → findings that were reviewed. Raises ValueError for a line without its four parts, or too many."""
    lines = (ROOT / "security/allowed.txt").read_text("utf-8").splitlines()
    parts = [line.split(" · ") for line in lines if line and not line.startswith("#")]
    if len(parts) > MOST or any(len(one) != 4 or not one[3].strip() for one in parts):
        raise ValueError(f"security/allowed.txt: at most {MOST} lines of: file · rules · number · why")
    return {(file, rules): int(number) for file, rules, number, _ in parts}


def unexcused(found: list[Found]) -> list[str]:
    """Findings of the product beyond the reviewed ones; and reviewed ones that are no longer there."""
    told = []
    left = Counter((file, rule) for file, _, rule in found)
    for (file, rules), number in allowed().items():
        seen = sum(left.pop((file, rule), 0) for rule in rules.split(", "))
        if seen != number:
            told.append(f"{file}: {rules} {seen} times, reviewed are {number} (security/allowed.txt)")
    return told + [f"{file}:{line}: {rule}" for file, line, rule in found if (file, rule) in left]


def rules() -> bool:
    found, wanted = semgrep(), marked()
    planted = {one for one in found if one[0].startswith(PLANTED)}
    wrong = unexcused([one for one in found if one not in planted])
    wrong += [f"blind to the planted {one}" for one in sorted(wanted - planted)]
    wrong += [f"red without a reason {one}" for one in sorted(planted - wanted)]
    wrong += [f"{name}: no fault is planted for it" for name in sorted(rule_names() - {one[2] for one in wanted})]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(
        f"{len(rule_names())} rules, {len(wanted & planted)} of {len(wanted)} planted faults seen; {len(wrong)} wrong,",
        end=" ",
    )
    print(f"{sum(allowed().values())} findings reviewed in {len(allowed())} lines")
    return not wrong


def high(*places: str) -> list[dict[str, Any]]:
    """bandit's findings of high severity. Raises ValueError when it could not read a file."""
    told = json.loads(tool("bandit", "-q", "-r", *places, "-x", "*/tests/*", "-f", "json").stdout)
    if told["errors"] or not told["metrics"]["_totals"]["loc"]:
        raise ValueError(f"bandit did not read everything: {told['errors']}")
    return [one for one in told["results"] if one["issue_severity"] == "HIGH"]


def bandit() -> bool:
    product, planted = high("src"), high(PLANTED)
    print(*(f"{one['filename']}:{one['line_number']}: {one['issue_text']}" for one in product), sep="\n")
    print(f"{len(product)} high in src; {len(planted)} high among the planted")
    return not product and len(planted) > 3


def files_of_ours() -> list[str]:
    """What git keeps, but for locks and planted faults."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [one for one in done.stdout.splitlines() if not re.search(NOT_LOOKED_AT, one) and (ROOT / one).is_file()]


def secrets() -> bool:
    """New secrets are those that security/secrets.baseline doesn't know (after a review: static.py baseline)."""
    files = files_of_ours()
    product = tool("detect-secrets-hook", "--baseline", "security/secrets.baseline", "--no-verify", *files)
    planted = tool("detect-secrets-hook", "--no-verify", f"{PLANTED}/secrets.txt")
    seen = planted.stdout.count("Secret Type:")
    new = re.findall(r"Location:\s+(\S+)", product.stdout)
    print(*new, product.stderr.strip(), sep="\n", end="\n" if new or product.stderr.strip() else "")
    print(f"{len(new)} new secrets in {len(files)} files; {seen} of 2 planted ones seen")
    return product.returncode == 0 and bool(files) and planted.returncode == 1 and seen >= 2


def baseline() -> bool:
    """Write the baseline anew from what is there now."""
    files = files_of_ours()
    done = tool("detect-secrets", "scan", "--no-verify", *files)
    (ROOT / "security/secrets.baseline").write_text(done.stdout)
    print(
        sum(len(one) for one in json.loads(done.stdout)["results"].values()), "places, none of which is a secret: look"
    )
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(0 if {"rules": rules, "bandit": bandit, "secrets": secrets, "baseline": baseline}[sys.argv[1]]() else 1)
