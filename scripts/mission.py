"""Lists the mission's 375 mechanisms as shown or not, from the marks in the tests: `make coverage-of-mission`."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMES = ROOT / "docs" / "mission.txt"  # M001 A 组织建立/撤销/调整/更名


def main() -> int:
    names = dict(line.split(maxsplit=1) for line in NAMES.read_text(encoding="utf-8").splitlines() if line)
    shown = marks()
    unknown = sorted(shown.keys() - names.keys())
    for number, name in names.items():
        print(f"{number} {'shown' if number in shown else '-':5} {name}  {', '.join(shown.get(number, ()))}".rstrip())
    areas: dict[str, list[bool]] = defaultdict(list)
    for number, name in names.items():
        areas[name[0]].append(number in shown)
    print("\n" + " ".join(f"{area}:{sum(found)}/{len(found)}" for area, found in areas.items()))
    print(f"{sum(map(sum, areas.values()))} of {len(names)} shown")
    if unknown:
        print(f"no such mechanism: {', '.join(unknown)}", file=sys.stderr)
    return 1 if unknown else 0


def marks() -> dict[str, list[str]]:
    """Mechanism → the tests that show it."""
    found: dict[str, list[str]] = defaultdict(list)
    for folder in ("src", "tests"):
        for file in sorted((ROOT / folder).rglob("test_*.py")):
            for number, test in _marks_of(file):
                found[number].append(f"{file.relative_to(ROOT)}::{test}")
    return found


def _marks_of(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.mechanism":
                    for number in re.findall(r"M\d{3}", ast.unparse(decorator)):
                        yield number, node.name


if __name__ == "__main__":
    raise SystemExit(main())
