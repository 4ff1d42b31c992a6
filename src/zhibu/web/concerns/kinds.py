"""Kinds with their days, set by an organisation for itself and those below; and how a contact is opened."""

from __future__ import annotations

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.concerns import queries
from zhibu.web.concerns.models import Concern, ConcernKind
from zhibu.web.core.scope import Scope
from zhibu.web.members import limits
from zhibu.web.members.looking import TOO_MANY, note
from zhibu.web.members.models import Look
from zhibu.web.organisations.models import Organisation

WHAT = "反映事项里留的联系方式"


@action("concerns.kinds")
def set_(*, by: Scope, name: str, days: int, document: str) -> ConcernKind:
    """At the own organisation. Raises Unfit when it has one of that name."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    if ConcernKind.objects.within(by).filter(organisation=own, name=name, ended_on=None).exists():
        raise Unfit("name", f"已有“{name}”；要改时限，先停用它再登记")
    made = ConcernKind.objects.create(organisation=own, name=name, days=days, document=document)
    write(
        by=by, action="concerns.kinds", sentence=f"登记反映事项类别：{name}，{days} 天内答复", thing=made,
        organisation=own, new={"name": name, "days": days, "document": document},
    )  # fmt: skip
    return made


@action("concerns.kinds")
def end(*, by: Scope, kind: ConcernKind) -> ConcernKind:
    """No longer offered; what was taken in under it keeps it."""
    here = reached(ConcernKind.objects.within(by).select_related("organisation"), kind.pk)
    here.ended_on = by.on
    here.save(update_fields=["ended_on"])
    write(
        by=by, action="concerns.kinds", sentence=f"停用反映事项类别：{here.name}", thing=here,
        organisation=here.organisation, new={"ended_on": by.on},
    )  # fmt: skip
    return here


@action("concerns.unmask")
def unmask(*, by: Scope, concern: Concern, reason: str) -> tuple[str, str]:
    """(contact, refusal): how to call back, for one of the two sides. It counts among the numbers a person may open in
    24 hours. Raises NotAllowed; CryptoError when it can't be opened."""
    here = reached(queries.mine(by), concern.pk, "只有受理的和正在办理的党组织可以看联系方式")
    if limits.reached(by.user_id, Look.Kind.OPEN):
        _write(by, here, f"查看{WHAT}超过次数，没有显示", {"reason": reason, "shown": False})
        return "", TOO_MANY
    contact = here.contact
    note(by, Look.Kind.OPEN, what=WHAT, reason=reason)
    _write(by, here, f"查看{WHAT}：{reason}", {"reason": reason, "shown": True})
    return contact, ""


def _write(by: Scope, here: Concern, sentence: str, new: dict) -> None:
    write(by=by, action="concerns.unmask", sentence=sentence, thing=here, organisation=here.organisation, new=new)
