"""What stands beside other apps' pages: 本月任务, the page of a record, what is open when an organisation ends."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse

from zhibu.web.appraisal import queries
from zhibu.web.appraisal.models import Appraisal
from zhibu.web.core.announce import MonthRow
from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Verdict
from zhibu.web.records.models import Record
from zhibu.web.regulations.queries import rules_by_name

TYPE = "appraisal"  # of an activity


def month(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """The round under way with its next step; or, while a rule's duty is open, that none was begun. Which records
    fulfil the duty says the engine, in its own row."""
    if not scope.may("appraisal.keep") or organisation_id != scope.organisation_id:
        return []
    asked = scope.doing("appraisal.keep")
    live = queries.rounds(asked).filter(organisation=organisation_id, cancelled_on=None)
    known = list(live.filter(Q(archived_on=None) | Q(year__gte=scope.on.year - 1)))
    found = [_under_way(asked, one) for one in known if one.archived_on is None]
    duty = None if scope.on.year in {one.year for one in known} else asked_for(asked, organisation_id)
    if duty and duty.year not in {one.year for one in known}:
        note = f"{duty.deadline} 前，按那一天的名册开始"
        found.append((reverse("appraisal-new"), f"开始 {duty.year} 年民主评议党员", "todo", note))
    return found


def _under_way(scope: Scope, one: Appraisal) -> MonthRow:
    following = queries.standing(one, queries.lines(scope, one)).word
    return reverse("appraisal", args=[one.pk]), str(one), "todo", f"下一步：{following}"


def asked_for(scope: Scope, organisation_id: int) -> Verdict | None:
    """The open duty of a rulebook that asks for this kind of activity."""
    names = [name for name, rule in rules_by_name().items() if TYPE in rule.types]
    rows = Verdict.objects.within(scope).filter(
        organisation=organisation_id, status="open", rulebook__in={book for book, _ in names},
        rule__in={rule for _, rule in names},
    )  # fmt: skip
    return rows.order_by("deadline").first()


def of_record(scope: Scope, record_id: int) -> list[MonthRow]:
    """The round whose meeting it is; for a meeting of this kind that is none's, the way to them."""
    if not scope.may("appraisal.members"):
        return []
    asked = scope.doing("appraisal.members")
    record = Record.objects.within(asked).filter(pk=record_id, withdrawn_at=None).first()
    if record is None:
        return []
    tied = list(queries.rounds(asked).filter(record=record, cancelled_on=None))
    if not tied and TYPE in record.types:
        return [(reverse("appraisals"), "评议结果", "na", "票数和等次在民主评议里登记，可以连上这条记录")]
    return [
        (reverse("appraisal", args=[one.pk]), str(one), "done" if one.archived_on else "todo",
         "已归档" if one.archived_on else "还没有归档")
        for one in tied
    ]  # fmt: skip


def remains(organisation: int, on: date) -> list[str]:
    """Listener of `core.announce`: what has to be archived before it is abolished."""
    rows = Appraisal.objects.unscoped("an organisation that ends").filter(organisation=organisation)
    many = rows.filter(archived_on=None, cancelled_on=None).count()
    return [f"没有归档的民主评议 {many} 次"] if many else []
