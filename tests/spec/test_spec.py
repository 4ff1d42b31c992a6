"""Every example of every chapter, on every backend there is."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
import yaml
from scripts.manual import TARGET, pages

from tests.spec.chapter import Section, Table, chapters, sections
from zhibu.cli import main
from zhibu.engine import scheme as schemes
from zhibu.engine.errors import EngineError
from zhibu.engine.evaluate import Evaluation, evaluate
from zhibu.engine.facts.load import read
from zhibu.engine.facts.shape import SHAPES
from zhibu.engine.rulebooks.load import load

BACKENDS = ("memory", "duckdb", "duckdb-numpy", "duckdb-sql")
KERNEL = {"": "auto", "numpy": "off", "sql": "sql"}  # what ZHIBU_KERNEL says
ORGANISATIONS = [{"org_id": "a", "kind": "branch"}]
EXAMPLES = [(path.stem, section) for path in chapters() for section in sections(path)]
EXPLAINED = [
    pytest.param(section, *one, id=f"{section.title}-{one[1]}")
    for _, section in EXAMPLES
    for one in section.explanations
]
WORDS = Path(__file__).parents[2] / "packs/words.yaml"


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("section", [pytest.param(one, id=f"{stem}-{one.title}") for stem, one in EXAMPLES])
def test_example(section: Section, backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend, _, way = backend.partition("-")
    monkeypatch.setenv("ZHIBU_KERNEL", KERNEL[way])
    try:
        found = run(section, backend, tmp_path)
    except EngineError as error:
        assert section.errors, error
        assert [line for line in section.errors if line not in str(error)] == [], error
        return
    assert not section.errors, "应当报错"
    for name, rows in section.expected.items():
        assert shown(getattr(found, name).to_pylist(), rows) == rows, name


@pytest.mark.parametrize(("section", "kind", "arguments", "expected"), EXPLAINED)
def test_explanation(
    section: Section,
    kind: str,
    arguments: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command's very words, byte for byte."""
    status = explain(section, arguments, tmp_path, monkeypatch)
    said = capsys.readouterr()
    assert (status, said.out, said.err) == ((0, expected, "") if kind == "explain" else (2, "", expected))


def explain(section: Section, arguments: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    write(section, folder)
    monkeypatch.chdir(folder)
    first, last = map(str, section.window)
    asked = ["--rules", "rules.yaml", "--facts", ".", "--from", first, "--to", last, "--as-of", str(section.as_of)]
    scheme = ["--scheme", "scheme.yaml"] if section.scheme else []
    return main(["explain", *asked, "--words", str(WORDS), *scheme, *arguments.split()])


def test_there_are_chapters() -> None:
    assert len(EXAMPLES) > 50


def write(section: Section, folder: Path) -> tuple[Path, Path]:
    """The section's rulebook, scheme and facts as files; the paths of the first two."""
    rules, scheme = folder / "rules.yaml", folder / "scheme.yaml"
    rules.write_text(rulebook(section.rules), encoding="utf-8")
    write_facts(folder, {"organisations": ORGANISATIONS, "events": []} | section.facts)
    if section.scheme:
        scheme.write_text("id: s\ntitle: 办法\n" + section.scheme, encoding="utf-8")
    return rules, scheme


def run(section: Section, backend: str, folder: Path) -> Evaluation:
    rules, scheme = write(section, folder)
    books = load([rules])
    plan = schemes.read(scheme, books) if section.scheme else None
    return evaluate(books, read(folder), section.window, section.as_of, scheme=plan, backend=backend)


def rulebook(snippet: str) -> str:
    """The snippet with what every rulebook must have and an example need not repeat."""
    head = {"id": "b", "title": "示例", "level": "unit", "effective": {"from": date(2000, 1, 1)}}
    book = head | {"sources": {"S": {"title": "示例"}}} | yaml.safe_load(snippet)
    usual = {"title": "示例", "source": {"ref": "S", "clause": "第一条"}, "applies_to": {"subject": "organisation"}}
    book["rules"] = [usual | {"id": f"r{at}" if at > 1 else "r"} | rule for at, rule in enumerate(book["rules"], 1)]
    return yaml.safe_dump(book, allow_unicode=True, sort_keys=False)


def write_facts(folder: Path, tables: dict[str, Table]) -> None:
    for name, rows in tables.items():
        columns = [column.name for column in SHAPES[name].columns]
        columns += [column for column in (rows[0] if rows else {}) if column not in columns]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows({key: cell.replace("、", "|") for key, cell in row.items()} for row in rows)


def shown(found: list[dict], expected: Table) -> Table:
    columns = list(expected[0]) if expected else list(found[0]) if found else []
    return [{name: text(row[name]) for name in columns} for row in found]


def text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return "、".join(value) if isinstance(value, list) else str(value)


def test_the_manual_has_these_chapters() -> None:
    for name, content in pages().items():
        assert (TARGET / name).read_text(encoding="utf-8") == content, "run: make manual"


def test_the_example_of_the_manual_is_one_of_these() -> None:
    page = (TARGET.parent / "explain.md").read_text(encoding="utf-8")
    example = page.split("```text\n")[1].split("```")[0]
    assert example in (TARGET / "10-explanations.md").read_text(encoding="utf-8")
