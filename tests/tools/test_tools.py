"""The tools of `make security` that need nothing of their own, on planted faults and on the product."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from security import deploy, patterns, run, static, supply

ROOT = Path(__file__).resolve().parents[2]
PLANTED = ROOT / "security/planted"


def test_locks_are_exact_and_hashed(capsys: pytest.CaptureFixture[str]) -> None:
    assert supply.locks() == 0
    assert "0 unsure; 7 of 7 planted seen" in capsys.readouterr().out


@pytest.mark.parametrize("spoil", ["--hash=sha256:0", "==1.0", "\\"])
def test_a_spoiled_lock_is_seen(spoil: str) -> None:
    good = "fine==1.0 \\\n    --hash=sha256:" + 64 * "0"
    assert not supply.unpinned(good)
    assert supply.unpinned(good.replace(spoil, ""))


def test_a_skipped_package_is_no_clean_one() -> None:
    told = json.loads((PLANTED / "advisories.json").read_text("utf-8"))
    wrong = supply.judged(told, {"django": "5.1.13", "numpy": "2.4.0", "pillow": "12.1.0", "nh3": "0.3.2"})
    assert [one.split()[0] for one in wrong] == ["django", "numpy", "nh3"]
    assert not supply.judged({"dependencies": told["dependencies"][2:]}, {"pillow": "12.1.0"})


def test_a_package_missing_in_the_sbom_is_seen() -> None:
    bom = {
        "components": [{"name": "Django", "version": "6.1.0"}, {"group": "@tabler", "name": "icons", "version": "3"}]
    }
    assert not supply.missing(bom, {"django": "6.1.0", "@tabler/icons": "3"})
    assert supply.missing(bom, {"django": "6.1.1", "nh3": "1"}) == ["django 6.1.1", "nh3 1"]


def test_the_production_profile_has_no_warning() -> None:
    """Also: each of the settings spoiled brings one."""
    command = [sys.executable, "security/deploy.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(deploy.SPOILED) + 3} of {len(deploy.SPOILED) + 3} spoiled seen" in done.stdout


def test_the_slow_pattern_is_seen() -> None:
    kinds = [
        one["status"] for one in patterns.judged([patterns.Pattern("", r"^(\w+\s?)*$"), patterns.Pattern("", "^a+$")])
    ]
    assert kinds == ["vulnerable", "safe"]


def test_every_pattern_of_the_product_is_worked_out() -> None:
    found, unknown = patterns.of_product()
    assert not unknown
    written = sum(len(re.findall(r"\bre\.compile\(", file.read_text("utf-8"))) for file in sources())
    assert len(found) >= written > 60


def sources() -> list[Path]:
    return [
        one for one in (ROOT / "src/zhibu").rglob("*.py") if "tests" not in one.parts and one.name != "arguments.py"
    ]


def test_reviewed_findings_are_ten_lines_at_most_and_of_files_that_are_there() -> None:
    lines = static.allowed()
    assert len(lines) <= static.MOST
    for file, rules in lines:
        assert (ROOT / file).is_file(), file
        assert set(rules.split(", ")) <= static.rule_names()


def test_one_more_finding_than_reviewed_is_seen() -> None:
    (file, rules), number = next(iter(static.allowed().items()))
    all_of_them = [
        (where, line, names.split(", ")[0])
        for (where, names), count in static.allowed().items()
        for line in range(count)
    ]
    assert static.unexcused(all_of_them) == []
    assert static.unexcused([*all_of_them, (file, 999, rules)]) == [
        f"{file}: {rules} {number + 1} times, reviewed are {number} (security/allowed.txt)"
    ]
    assert static.unexcused([*all_of_them, ("src/other.py", 1, rules)]) == [f"src/other.py:1: {rules}"]


def test_every_rule_has_its_planted_fault() -> None:
    assert static.rule_names() == {rule for _, _, rule in static.marked()}


@pytest.mark.parametrize(
    ("status", "red", "result"), [(0, 1, "ok"), (1, 1, "red"), (3, 1, "not run"), (0, 0, "blind"), (0, 2, "blind")]
)
def test_what_becomes_of_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, red: int, result: str
) -> None:
    monkeypatch.setattr(run, "LOGS", tmp_path)
    ends = [(sys.executable, "-c", f"print('said'); raise SystemExit({code})") for code in (status, red)]
    assert run.hold(run.Part("one", "G0", ends[0], red=(ends[1],)))[0] == result


def test_the_whole_fails_when_a_part_does_or_could_not_be_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ends = {
        name: (sys.executable, "-c", f"raise SystemExit({code})") for name, code in {"a": 0, "b": 1, "c": 3}.items()
    }
    monkeypatch.setattr(run, "LOGS", tmp_path)
    monkeypatch.setattr(run, "PARTS", tuple(run.Part(name, "G0", command) for name, command in ends.items()))
    monkeypatch.delenv("OFFLINE", raising=False)
    assert [run.main([name]) for name in ends] == [0, 1, 1]
    assert run.main([]) == 1
    assert "1 of 3 held; not: b, c" in capsys.readouterr().out
    monkeypatch.setenv("OFFLINE", "1")
    assert [run.main([name]) for name in ends] == [0, 1, 0]
