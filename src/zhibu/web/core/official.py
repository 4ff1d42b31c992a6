"""An official paper as a Word file: A4, with the type, the sizes and the spacing an office uses."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from zhibu.web.core.sheets import clean

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Type and sizes of official papers (GB/T 9704-2012; from memory): text 三号仿宋, headings 三号黑体, title 二号小标宋.
BODY, HEADING, TITLE = "仿宋_GB2312", "黑体", "方正小标宋简体"
THREE, TWO, FIVE = Pt(16), Pt(22), Pt(10.5)
LINE = Pt(28)


def begun(title: str) -> Paper:
    """An empty paper under its title."""
    paper = Document()
    sheet = paper.sections[0]
    sheet.page_width, sheet.page_height = Mm(210), Mm(297)
    sheet.top_margin, sheet.bottom_margin, sheet.left_margin, sheet.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    _type(paper.styles["Normal"], BODY, THREE)
    _type(paper.styles["Heading 1"], HEADING, THREE)
    _type(paper.styles["Title"], TITLE, TWO)
    paper.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.add_paragraph(clean(title), style="Title")
    paper.core_properties.title, paper.core_properties.author = clean(title)[:250], ""
    return paper


def indented(paper: Paper, text: str) -> Paragraph:
    """A paragraph that begins two characters in."""
    made = paper.add_paragraph(clean(text))
    made.paragraph_format.first_line_indent = 2 * THREE
    return made


def centred(paper: Paper, text: str) -> None:
    paper.add_paragraph(clean(text)).alignment = WD_ALIGN_PARAGRAPH.CENTER


def table(paper: Paper, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """In small type."""
    made = paper.add_table(rows=1, cols=len(headings), style="Table Grid")
    for told in (headings, *rows):
        cells = made.rows[0].cells if told is headings else made.add_row().cells
        for cell, word in zip(cells, told, strict=True):
            cell.text = clean(word)
            for run in cell.paragraphs[0].runs:
                run.font.size = FIVE


def saved(paper: Paper) -> bytes:
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


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
