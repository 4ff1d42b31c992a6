"""Writing the blocks and clauses of a template of which no letter stands. Each with its audit line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zhibu.web.audit.actions import Unfit, action, reached
from zhibu.web.core.scope import Scope
from zhibu.web.letters.drafting import OWN, open_template, paper, put, written
from zhibu.web.letters.models import LetterBlock, LetterClause, LetterTemplate, Tier

MOST_CLAUSES = 100  # of one template
MOST_POINTS = Decimal(1000)


@action("letters.keep")
def add_block(*, by: Scope, template: LetterTemplate, **facts: Any) -> LetterBlock:
    """Raises Unfit."""
    kept = open_template(by, template.pk)
    made = LetterBlock.objects.create(template=kept, **_block(facts))
    written(by, made, f"责任书模板加板块：{made.title}", facts, kept)
    return made


@action("letters.keep")
def alter_block(*, by: Scope, block: LetterBlock, **facts: Any) -> LetterBlock:
    """Raises Unfit."""
    kept = _own_block(by, block.pk)
    old = put(kept, _block(facts))
    written(by, kept, f"责任书模板改板块：{kept.title}", {}, kept.template, old)
    return kept


@action("letters.keep")
def drop_block(*, by: Scope, block: LetterBlock) -> None:
    """With its clauses; no letter has been issued of it. Raises Unfit."""
    kept = _own_block(by, block.pk)
    written(by, kept, f"责任书模板删板块：{kept.title}", {"clauses": kept.clauses.unscoped(OWN).count()}, kept.template)
    kept.delete()


@action("letters.keep")
def add_clause(*, by: Scope, block: LetterBlock, **facts: Any) -> LetterClause:
    """Raises Unfit."""
    kept = _own_block(by, block.pk)
    if LetterClause.objects.within(by).filter(block__template=kept.template_id).count() >= MOST_CLAUSES:
        raise Unfit("text", f"一份责任书最多 {MOST_CLAUSES} 条，合并相近的")
    made = LetterClause.objects.create(block=kept, **_clause(by, kept.template, facts))
    written(by, made, f"责任书模板加条款：{made.text[:60]}", {"points": made.points}, kept.template)
    return made


@action("letters.keep")
def alter_clause(*, by: Scope, clause: LetterClause, **facts: Any) -> LetterClause:
    """Raises Unfit."""
    kept = _own_clause(by, clause.pk)
    old = put(kept, _clause(by, kept.block.template, facts))
    written(by, kept, f"责任书模板改条款：{kept.text[:60]}", {}, kept.block.template, old)
    return kept


@action("letters.keep")
def drop_clause(*, by: Scope, clause: LetterClause) -> None:
    """Raises Unfit."""
    kept = _own_clause(by, clause.pk)
    written(by, kept, f"责任书模板删条款：{kept.text[:60]}", {"points": kept.points}, kept.block.template)
    kept.delete()


def _own_block(by: Scope, pk: int) -> LetterBlock:
    kept = reached(LetterBlock.objects.within(by).select_related("template"), pk, OWN)
    open_template(by, kept.template_id)
    return kept


def _own_clause(by: Scope, pk: int) -> LetterClause:
    kept = reached(LetterClause.objects.within(by).select_related("block__template"), pk, OWN)
    open_template(by, kept.block.template_id)
    return kept


def _block(facts: dict[str, Any]) -> dict[str, Any]:
    if facts["kind"] == LetterBlock.Kind.CLEAN and facts["first"] != Tier.UNIT_SECRETARY:
        raise Unfit("first", f"党风廉政建设由主要负责人负责，选“{Tier.UNIT_SECRETARY.label}”")
    return facts


def _clause(by: Scope, template: LetterTemplate, facts: dict[str, Any]) -> dict[str, Any]:
    due = facts["due_on"]
    if due.year != template.year:
        raise Unfit("due_on", f"这是 {template.year} 年的责任书，期限写 {template.year} 年里的一天")
    if not 0 < facts["points"] <= MOST_POINTS:
        raise Unfit("points", f"分值大于 0，最多 {MOST_POINTS}")
    return facts | {"document": paper(by, facts.get("source", "")), "rules": list(facts.get("rules", ()))}
