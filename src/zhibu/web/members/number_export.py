"""The roster with whole numbers: a few with a reason, more than a hundred in 24 hours only with a second person."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import batched

from zhibu.web.approvals.actions import ask, take
from zhibu.web.approvals.kinds import Kind, register
from zhibu.web.approvals.models import Approval
from zhibu.web.audit.actions import NotAllowed, action, write
from zhibu.web.core import sheets
from zhibu.web.core.crypto import CryptoError
from zhibu.web.core.scope import Scope
from zhibu.web.members import limits, looking, masks, numbers, queries
from zhibu.web.members.actions import HEADINGS, MOST, WIDTHS, cells
from zhibu.web.members.models import Look, Member, Seen
from zhibu.web.members.queries import Asked
from zhibu.web.organisations.models import Organisation

KIND = register(
    Kind(
        action="members.export_numbers", word="导出完整号码", decided_by="members.approve_numbers",
        taken_at="members-numbers-take", taken_word="下载一次",
    )
)  # fmt: skip
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """Either the workbook, or the request that a second person has to approve first."""

    workbook: bytes = b""
    asked: Approval | None = None


@action("members.export_numbers")
def export_numbers(*, by: Scope, asked: Asked, unit: str, reason: str) -> Answer:
    """The rows of the roster's filter. Raises NotAllowed when there are none, or more than one workbook takes."""
    found = list(queries.roster(by, asked)[: MOST + 1])
    if not found or len(found) > MOST:
        raise NotAllowed("没有可导出的党员" if not found else f"超过 {MOST} 人，按单位分开导出")
    place = asked.area or Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    if len(found) <= limits.left_alone(by.user_id):
        return Answer(_workbook(by, found, unit, reason, place, approved=False))
    sentence = f"导出 {unit} {len(found)} 名党员的完整号码"
    payload = {"unit": unit, "members": [one.pk for one in found], "reason": reason}
    request = ask(by=by, action=KIND.action, sentence=sentence, reason=reason, organisation=place, payload=payload)
    return Answer(asked=request)


@action("members.export_numbers")
def take_numbers(*, by: Scope, approval: Approval) -> bytes:
    """What was approved, once: of the members asked for, those still on the roster and in reach. Raises NotAllowed."""
    payload = take(by=by, approval=approval, action=KIND.action)
    found: list[Member] = []
    for chunk in batched(payload["members"], CHUNK):
        rows = queries.on_roster(by, None).filter(pk__in=chunk).select_related("organisation")
        found += rows.order_by("organisation__path", "initials", "name", "pk")
    place = Organisation.objects.within(by).filter(pk=approval.organisation_id).first()
    return _workbook(by, found, payload["unit"], payload["reason"], place, approved=True)


def _workbook(
    by: Scope, found: list[Member], unit: str, reason: str, place: Organisation | None, *, approved: bool
) -> bytes:
    look = looking.note(by, Look.Kind.EXPORT, what="全部号码", reason=reason, count=len(found), approved=approved)
    Seen.objects.bulk_create([Seen(look=look, member=one) for one in found], batch_size=CHUNK)
    write(
        by=by, action=KIND.action, sentence=f"导出完整号码 {unit} {len(found)} 人：{reason}", thing=look,
        organisation=place, new={"rows": len(found), "reason": reason, "approved": approved},
    )  # fmt: skip
    filters = f"单位：{unit}；事由：{reason}；导出人：{by.title}；{by.on.isoformat()}；含完整号码，用后销毁"
    rows = [_row(by, one) for one in found]
    return sheets.workbook(sheets.Sheet(f"{unit}党员名册（完整号码）", filters, HEADINGS, rows, WIDTHS))


def _row(by: Scope, member: Member) -> list[sheets.Cell]:
    row = cells(queries.shown(by, member))
    row[7:9] = [_number(member, "id_number"), _number(member, "phone")]
    return row


def _number(member: Member, name: str) -> str:
    try:
        return numbers.whole(member, name)
    except CryptoError:
        return masks.UNREADABLE
