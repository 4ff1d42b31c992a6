"""A letter as a Word file, to be printed and signed by both sides."""

from __future__ import annotations

from docx.document import Document as Paper

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core import official
from zhibu.web.core.scope import Scope
from zhibu.web.core.sheets import clean
from zhibu.web.letters import queries, wording
from zhibu.web.letters.models import Letter
from zhibu.web.letters.people import People, people

HEADINGS = ("条款", "可衡量的目标", "分值", "期限", "具体责任人")


@action("letters.export")
def export(*, by: Scope, letter: Letter) -> bytes:
    kept = reached(queries.letters(by), letter.pk)
    told = wording.sections(kept)
    write(
        by=by, action="letters.export", sentence=f"导出责任书（Word）：{kept}", thing=kept, organisation=kept.unit,
        new={"rows": len(wording.lines(told))},
    )  # fmt: skip
    return made(kept, told, people(by, kept))


def made(letter: Letter, told: list[wording.Section], who: People) -> bytes:
    template = letter.template
    paper = official.begun(f"{template.year} 年{template.title}")
    official.centred(paper, f"{letter.organisation.name}　与　{letter.unit.name}")
    _prose(paper, template.opening)
    official.indented(paper, f"主要责任人：{letter.unit.name}书记　{who.main}")
    for section in told:
        _section(paper, section, who)
    official.indented(paper, f"共 {wording.full(told).normalize():f} 分。")
    _prose(paper, template.closing)
    _signatures(paper, letter)
    return official.saved(paper)


def _prose(paper: Paper, text: str) -> None:
    for line in filter(None, map(str.strip, text.splitlines())):
        official.indented(paper, line)


def _section(paper: Paper, section: wording.Section, who: People) -> None:
    block = section.block
    paper.add_paragraph(clean(f"{block.title}（{section.points.normalize():f} 分）"), style="Heading 1")
    tiers = [("第一责任人", block.first), ("直接责任人", block.direct)]
    official.indented(paper, "；".join(f"{word}：{who.words(tier)}" for word, tier in tiers if tier))
    official.table(
        paper, HEADINGS,
        [(one.text, one.measure, f"{one.points.normalize():f}", str(one.due_on), who.words(one.clause.tier))
         for one in section.standing],
    )  # fmt: skip


def _signatures(paper: Paper, letter: Letter) -> None:
    sides = (
        (letter.organisation.name, letter.above_signer, letter.above_signed_on),
        (letter.unit.name, letter.unit_signer, letter.unit_signed_on),
    )
    for name, signer, day in sides:
        official.indented(paper, "")
        official.indented(paper, f"{name}（盖章）")
        on = f"{day.year} 年 {day.month} 月 {day.day} 日" if day else "　　　年　　月　　日"
        official.indented(paper, f"签字：{signer or '　　　　　　'}　　{on}")
