"""Makes the manual's chapters from what is tested: docs/manual/spec/*.md with their index, and formalism.md.

.venv/bin/python scripts/manual.py          (make manual)
"""

from __future__ import annotations

import re
from pathlib import Path

from zhibu.engine import formalism
from zhibu.engine.formalism.judge import GRADES
from zhibu.engine.formalism.model import Entry, Example, Hold
from zhibu.engine.sentences import EVERY, read_words, sentence

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


# --- the formalism list -------------------------------------------------------------------------------------

CHAPTER, PAGE = ROOT / "tests/formalism/chapter.md", ROOT / "docs/manual/formalism.md"
SEVERITY = {"refuse": "拒绝", "warn": "提醒"}
JUDGED = {"rule": "规则集", "scheme": "考核办法"}
SIGNS = {"types": "活动类型", "columns": "列", "peer_groups": "分组列", "measures": "计量", "subjects": "对象"}
WRITTEN = {"words": "名称里有", "titles": "名称就是", "apart": "含这些的除外"}


def formalism_page() -> str:
    """The chapter: its prose from the tests' folder, its tables from the list."""
    found = formalism.official()
    rows = [f"| {entry.title} | {_days(hold)} | {_basis(hold)} |" for entry in found.entries for hold in entry.holds]
    head = "| 事项 | 从哪天起 | 处理 | 依据 | 有多确定 |\n|---|---|---|---|---|\n"
    note = "<!-- 由 tests/formalism/chapter.md 和 engine/formalism/list.yaml 生成（make manual），请改那里。 -->\n\n"
    prose = CHAPTER.read_text(encoding="utf-8").replace("{dated}", str(found.dated))
    prose = prose.replace("{table}", head + "\n".join(rows))
    return note + prose.replace("{entries}", "\n\n".join(map(_entry, found.entries)).rstrip())


def _days(hold: Hold) -> str:
    return f"{hold.since}" + (f" 到 {hold.until}" if hold.until else "") + f" | {SEVERITY[hold.severity]}"


def _basis(hold: Hold) -> str:
    number = f"（{hold.source.number}）" if hold.source.number else ""
    return f"{hold.source.title}{number}{hold.clause} | {GRADES[hold.evidence]}"


def _entry(entry: Entry) -> str:
    lines = [f"### {entry.title}", "", f"{entry.wrong}。{entry.instead}。", ""]
    lines.append(f"- 看：{'、'.join(JUDGED[one] for one in entry.judged)}")
    for name, said in SIGNS.items():
        if ids := getattr(entry.signs, name):
            lines.append(f"- {said}：{'、'.join(f'`{one}`' for one in sorted(ids))}")
    for name, said in WRITTEN.items():
        if words := getattr(entry.signs, name):
            lines.append(f"- {said}：{'、'.join(words if name != 'titles' else sorted(words))}")
    for one in entry.requirements:
        said = f"{EVERY[one.clock.unit]} {one.at_least} 次" if one.clock else "没有规定次数"
        lines.append(
            f"- 法规要求：`{one.event}`（{'、'.join(sorted(one.kinds))}）{said}，{one.source.title}{one.clause}"
        )
    return "\n".join([*lines, *_example("认出", entry.caught), *_example("不算", entry.spared)])


def _example(what: str, example: Example) -> list[str]:
    """Each text of a pair as the sentence it makes."""
    words = read_words(ROOT / "packs/words.yaml")
    rules = example.rules.rules if example.rules else ()
    lines = [f"- {what}：“{rule.title}”{sentence(rule, words)}" for rule in rules]
    if one := example.scheme:
        beside = [rule.title for rule in example.central.rules] if example.central else []
        group = f"，按 {one.peer_group} 分组" if one.peer_group else ""
        counted = f"，计入“{'”“'.join(beside)}”" if beside else ""
        lines.append(f"- {what}：考核办法“{one.title}”{group}{counted}")
    return lines


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in TARGET.glob("*.md"):
        path.unlink()
    for name, content in pages().items():
        (TARGET / name).write_text(content, encoding="utf-8")
    PAGE.write_text(formalism_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
