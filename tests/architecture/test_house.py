"""The house stays as it is drawn: boundaries, guarded pages, one place for each danger."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    file for file in (ROOT / "src").rglob("*.py") if "/tests/" not in str(file) and "migrations" not in file.parts
]


def patterns(resolver: URLResolver | None = None) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in (resolver or get_resolver()).url_patterns:
        found += patterns(entry) if isinstance(entry, URLResolver) else [entry]
    return found


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: str(pattern.pattern) or "/")
def test_every_page_says_what_it_needs(pattern: URLPattern) -> None:
    assert hasattr(pattern.callback, "needs"), f"{pattern.pattern}: use @page(...) or @open_to_all from core.pages"


def test_every_action_a_page_needs_is_in_the_policy() -> None:
    from zhibu.web.access.policy import POLICY

    needed = {pattern.callback.needs for pattern in patterns() if getattr(pattern.callback, "needs", None)}
    assert needed <= set(POLICY.actions)


def test_the_scope_is_lifted_in_the_tree_only() -> None:
    users = {str(file.relative_to(ROOT)) for file in SOURCES if re.search(r"\blifted\(", file.read_text("utf-8"))}
    assert users == {"src/zhibu/web/core/scoped.py", "src/zhibu/web/organisations/tree.py"}


def test_unscoped_reads_give_their_reason_and_stay_out_of_pages() -> None:
    for file in SOURCES:
        text = file.read_text("utf-8")
        assert not re.search(r"\.unscoped\(\)", text), file
        if file.name in ("views.py", "forms.py"):
            assert ".unscoped(" not in text, f"{file}: a page reads with .within(scope)"


@pytest.mark.parametrize("danger", ["mark_safe", "csrf_exempt", "RawSQL", "objects.raw(", ".extra(", "eval("])
def test_dangerous_words_are_absent_from_the_web(danger: str) -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in SOURCES
        if "web" in file.parts
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if danger in line and not line.lstrip().startswith("#")
    ]
    assert not found


def test_whole_numbers_have_one_door() -> None:
    """Nobody reads a member's identity number or phone but the register's own door; an import only writes them."""
    doors = {"web/members/numbers.py", "web/imports/entering.py", "web/core/sealed.py"}
    doors |= {"web/personal/proofs.py", "web/personal/affected.py"}  # name the columns of the register of fields
    reads = re.compile(r"\bmember\w*\.(id_number|phone)\b|id_sealed|phone_sealed")
    for file in SOURCES:
        name = str(file.relative_to(ROOT / "src/zhibu"))
        if not name.startswith("web") or name in doors or "imports/books" in name or "imports/sample" in name:
            continue
        lines = [line for line in file.read_text("utf-8").splitlines() if reads.search(line)]
        allowed = ("Plain(", "SealedField(", "digests(Member,")
        assert not [line for line in lines if not any(word in line for word in allowed)], (name, lines)


def test_sql_by_hand_is_in_reviewed_places() -> None:
    users = {file.name for file in SOURCES if "web" in file.parts and ".cursor(" in file.read_text("utf-8")}
    # Rows by the thousand; locks that no model has; triggers.
    assert users == {"keep.py", "turns.py", "sealing.py", "guard.py", "seal_rows.py"}


def test_pickles_never_leave_the_process() -> None:
    """One nameless temporary file between the two halves of an import, and nothing else."""
    users = {file.name for file in SOURCES if "import pickle" in file.read_text("utf-8")}
    assert users == {"entering.py"}


def test_calls_leave_by_one_door() -> None:
    """Only core/outbound.py opens connections, to origins that the operator named."""
    names = r"socket|http\.client|urllib\.request|urllib3|requests|httpx|aiohttp|smtplib"
    door = re.compile(rf"^\s*(?:import|from) (?:{names})\b(?!\.exceptions)", re.M)
    users = {file.name for file in SOURCES if "web" in file.parts and door.search(file.read_text("utf-8"))}
    assert users == {"outbound.py", "door.py"}  # accounts/door.py: authlib's transport, which asks outbound.py


def test_pages_name_nobody_you() -> None:
    """ux.md 6.1: the pronoun is dropped; where one is needed it is 您, in the whole product."""
    pages = [*(ROOT / "src/zhibu/web").rglob("templates/**/*.html"), *(file for file in SOURCES if "web" in file.parts)]
    assert not [str(file.relative_to(ROOT)) for file in pages if "你" in file.read_text("utf-8")]


def test_templates_escape_everything() -> None:
    for file in (ROOT / "src").rglob("*.html"):
        text = file.read_text("utf-8")
        assert "|safe" not in text and "autoescape off" not in text, file
        text = re.sub(r"{%.*?%}", "", text)
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", text), (
            f"{file}: the CSP forbids inline script and style"
        )


def test_every_app_is_named_in_the_boundaries() -> None:
    named = (ROOT / ".importlinter").read_text("utf-8")
    for app in settings.INSTALLED_APPS:
        if app.startswith("zhibu.web."):
            assert re.search(rf"\b{app.rsplit('.', 1)[1]}\b", named), app


def test_each_dependency_says_what_it_is_for() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8").split("[project.scripts]", 1)[0]
    wanted = re.findall(r'^    "[a-z].*$', project, re.MULTILINE)
    assert len(wanted) > 20
    assert not [line for line in wanted if "#" not in line]


def test_the_locks_hold_no_address() -> None:
    for file in ("requirements/base.txt", "requirements/dev.txt"):
        assert "://" not in (ROOT / file).read_text("utf-8")
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")


def test_no_migration_is_missing() -> None:
    command = [".venv/bin/python", "-m", "django", "makemigrations", "--check", "--dry-run"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
