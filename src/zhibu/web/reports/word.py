"""A report as a Word file: A4, the headings and type sizes an office uses, each figure with its source at the end."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from zhibu.web.audit.actions import action, write
from zhibu.web.core.scope import Scope
from zhibu.web.core.sheets import clean
from zhibu.web.reports import queries
from zhibu.web.reports.models import Report
from zhibu.web.reports.queries import Shown
from zhibu.web.reports.wording import sentence

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Type and sizes of official papers (GB/T 9704-2012; from memory): text 三号仿宋, headings 三号黑体, title 二号小标宋.
BODY, HEADING, TITLE = "仿宋_GB2312", "黑体", "方正小标宋简体"
THREE, TWO, FIVE = Pt(16), Pt(22), Pt(10.5)
LINE = Pt(28)
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
    paper = Document()
    _page(paper)
    paper.add_paragraph(clean(report.title), style="Title")
    day = f"{report.kept_on} 定稿" if report.kept_on else "起草中，数字还会变"
    about = f"{report.organisation.name}　{report.since} 至 {report.until}　{day}"
    paper.add_paragraph(clean(about)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for one in told:
        _part(paper, one)
    _sources(paper, told, site)
    paper.core_properties.title, paper.core_properties.author = clean(report.title)[:250], ""
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _part(paper: Paper, one: Shown) -> None:
    paper.add_paragraph(clean(one.part.heading), style="Heading 1")
    if one.figures:
        _indented(paper, sentence(one.figures))
    for line in filter(None, map(str.strip, one.text.splitlines())):
        _indented(paper, line)
    for case in one.cases:
        _indented(paper, f"{case.words}（{case.basis}）")


def _indented(paper: Paper, text: str) -> None:
    paper.add_paragraph(clean(text)).paragraph_format.first_line_indent = 2 * THREE


def _sources(paper: Paper, told: Sequence[Shown], site: str) -> None:
    rows = [one for part in told for one in (*part.figures, *part.cases)]
    if not rows:
        return
    paper.add_paragraph("数字来源", style="Heading 1")
    table = paper.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    for cell, word in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = word
    for one in rows:
        told_ = (one.words, f"{one.value}{one.unit}", one.basis, one.source, str(one.as_of), f"{site}{one.url}")
        for cell, word in zip(table.add_row().cells, told_, strict=True):
            cell.text = clean(word)
    for row in table.rows:
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = FIVE


def _page(paper: Paper) -> None:
    sheet = paper.sections[0]
    sheet.page_width, sheet.page_height = Mm(210), Mm(297)
    sheet.top_margin, sheet.bottom_margin, sheet.left_margin, sheet.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    _type(paper.styles["Normal"], BODY, THREE)
    _type(paper.styles["Heading 1"], HEADING, THREE)
    _type(paper.styles["Title"], TITLE, TWO)
    paper.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _type(style: ParagraphStyle, family: str, size: Pt) -> None:
    """Chinese characters go by `eastAsia`, which the library does not set."""
    style.font.name, style.font.size, style.font.bold = family, size, False
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(name), family)
    style.paragraph_format.line_spacing = LINE
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
