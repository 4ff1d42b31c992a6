"""A report as a Word file: the headings an office uses, each figure with its source at the end."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Paper

from zhibu.web.audit.actions import action, write
from zhibu.web.core import official
from zhibu.web.core.scope import Scope
from zhibu.web.core.sheets import clean
from zhibu.web.reports import queries
from zhibu.web.reports.models import Report
from zhibu.web.reports.queries import Shown
from zhibu.web.reports.wording import sentence

KIND = official.KIND
HEADINGS = ("指标", "数字", "怎么算的", "来源", "截至", "出处")


@action("reports.export")
def export(*, by: Scope, report: Report, site: str) -> bytes:
    """`site`: how addresses of pages begin (https://…), for the sources."""
    told = queries.shown(by, report)
    write(
        by=by, action="reports.export", sentence=f"导出报告 {report.title}（Word）", thing=report,
        organisation=report.organisation, new={"rows": sum(len(one.figures) for one in told)},
    )  # fmt: skip
    return made(report, told, site)


def made(report: Report, told: Sequence[Shown], site: str = "") -> bytes:
    paper = official.begun(report.title)
    day = f"{report.kept_on} 定稿" if report.kept_on else "起草中，数字还会变"
    official.centred(paper, f"{report.organisation.name}　{report.since} 至 {report.until}　{day}")
    for one in told:
        _part(paper, one)
    _sources(paper, told, site)
    return official.saved(paper)


def _part(paper: Paper, one: Shown) -> None:
    paper.add_paragraph(clean(one.part.heading), style="Heading 1")
    if one.figures:
        official.indented(paper, sentence(one.figures))
    for line in filter(None, map(str.strip, one.text.splitlines())):
        official.indented(paper, line)
    for case in one.cases:
        official.indented(paper, f"{case.words}（{case.basis}）")


def _sources(paper: Paper, told: Sequence[Shown], site: str) -> None:
    rows = [one for part in told for one in (*part.figures, *part.cases)]
    if not rows:
        return
    paper.add_paragraph("数字来源", style="Heading 1")
    official.table(
        paper, HEADINGS,
        [(one.words, f"{one.value}{one.unit}", one.basis, one.source, str(one.as_of), f"{site}{one.url}")
         for one in rows],
    )  # fmt: skip
