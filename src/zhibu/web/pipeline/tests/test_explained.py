"""Page and command show one object: what a page explains is, to the letter, what `zhibu explain --json` prints."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from zhibu.cli import main
from zhibu.engine.trace.record import as_json
from zhibu.web.assessment.models import Adjustment, Score
from zhibu.web.assessment.queries import peers, standing
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.announce import facts_changed
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import facts
from zhibu.web.pipeline.queries import explain
from zhibu.web.pipeline.scoring import grade, placed, taken_apart
from zhibu.web.regulations.models import Rulebook, Scheme
from zhibu.web.regulations.queries import rules_by_name, scheme_row

pytestmark = pytest.mark.django_db
WORDS = Path(__file__).parents[5] / "packs/words.yaml"
Capture = pytest.CaptureFixture[str]


def given(place: Organisation) -> None:
    """A bonus above its cap, a deduction, one of another year."""
    for on, points in ((date(2026, 7, 1), 4), (date(2026, 8, 1), Decimal("2.5")), (date(2026, 9, 1), -1)):
        Adjustment.objects.create(organisation=place, item="表彰", on=on, points=points, reason="县级")
    Adjustment.objects.create(organisation=place, item="表彰", on=date(2025, 7, 1), points=3, reason="上年")
    facts_changed([place.pk])


def exported(folder: Path) -> list[str]:
    """The database as files, and the arguments that ask about them."""
    for name, table in facts.tables(people=False).items():
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=50)
    (folder / "rules").mkdir()
    for book in Rulebook.objects.filter(withdrawn_at=None):
        (folder / f"rules/{book.pk}.yaml").write_text(book.text, encoding="utf-8")
    scheme = Scheme.objects.filter(year__lte=2026).order_by("-year")[0]
    (folder / "scheme.yaml").write_text(scheme.text, encoding="utf-8")
    when = ["--year", "2026", "--as-of", TODAY.isoformat(), "--words", str(WORDS)]
    return ["explain", "--rules", str(folder / "rules"), "--facts", str(folder), *when]


def said(capsys: Capture, *arguments: str) -> dict:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def without_places(found: dict) -> dict:
    """Which file a rule stands in differs between the database and a folder."""
    return found | {"rule": found["rule"] | {"place": ""}}


@pytest.mark.mechanism("M143")
def test_every_verdict_of_a_page_is_the_commands(year: Cast, tmp_path: Path, capsys: Capture) -> None:
    scope, asked = year.scope("officer"), exported(tmp_path)
    rows = Verdict.objects.unscoped("test").filter(organisation=year.branch, year=2026)
    for one in {row.status: row for row in rows}.values():
        found = explain(scope, year.branch, one.rulebook, one.rule, one.period)
        assert found is not None
        name = f"{one.rulebook}/{one.rule}"
        other = said(capsys, *asked, "--subject", year.branch.code, "--rule", name, "--period", one.period)
        assert without_places(json.loads(as_json(found[1]))) == without_places(other)


def test_the_score_of_a_page_is_the_commands(year: Cast, tmp_path: Path, capsys: Capture) -> None:
    given(year.branch)
    score = Score.objects.unscoped("test").get(organisation=year.branch, year=2026)
    verdicts = Verdict.objects.unscoped("test").filter(organisation=year.branch, year=2026)
    rows = Adjustment.objects.unscoped("test").filter(organisation=year.branch).order_by("pk")
    found = taken_apart(score, verdicts.order_by("rulebook", "rule", "starts_on"), rows, TODAY, rules_by_name())
    assert found is not None
    page = json.loads(as_json(placed(found, score, peers(score))))
    asked = [*exported(tmp_path), "--scheme", str(tmp_path / "scheme.yaml"), "--subject", year.branch.code]
    printed = said(capsys, *asked)
    place, other = page.pop("standing"), printed.pop("standing")
    assert page == printed
    shown = standing(year.scope("officer"), year.branch, 2026)
    assert shown is not None
    assert [place[name] for name in ("rank", "group_size", "grade")] == [
        shown.rank,
        shown.size,
        grade(shown, scheme_row(2026)),
    ]
    assert [place[name] for name in ("rank", "grade", "tied")] == [other[name] for name in ("rank", "grade", "tied")]
