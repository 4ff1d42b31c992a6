"""Makes the manual's chapters from the specification: docs/manual/spec/*.md and their index. Run by `make manual`.

.venv/bin/python scripts/manual.py
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE, TARGET = ROOT / "tests/spec", ROOT / "docs/manual/spec"
NOTE = "<!-- 由 tests/spec 生成（make manual），请改那里。下面每个例子都是测试。 -->\n\n"
INDEX = (
    "# 规则的确切含义：例子\n\n每一节是一个可运行的例子：规则、事实、结果。总的说明见 [engine.md](../engine.md)。\n\n"
)


def pages() -> dict[str, str]:
    """File name → content of every generated page."""
    chapters = {path.name: path.read_text(encoding="utf-8") for path in sorted(SOURCE.glob("[0-9]*.md"))}
    found = {name: NOTE + shown(text) for name, text in chapters.items()}
    return found | {"README.md": NOTE + INDEX + "".join(entry(name, text) for name, text in chapters.items())}


def shown(text: str) -> str:
    """A chapter as the reader sees it: expected errors are plain text, what was asked stands above the answer."""
    asked = re.sub(r"^```(?:un)?explained? (.*)$", r"`zhibu explain … \1`\n\n```text", text, flags=re.MULTILINE)
    return asked.replace("```errors\n", "```text\n")


def entry(name: str, text: str) -> str:
    heads = [line for line in text.splitlines() if line.startswith(("# ", "## "))]
    sections = "".join(f"   - {head.removeprefix('## ')}\n" for head in heads[1:])
    return f"1. [{heads[0].removeprefix('# ')}]({name})\n{sections}"


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in TARGET.glob("*.md"):
        path.unlink()
    for name, content in pages().items():
        (TARGET / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
