"""The one door to what a sender left to be called back by: masked on the page, whole with a reason and a line."""

from __future__ import annotations

from dataclasses import dataclass

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.feedback.models import Feedback
from zhibu.web.members import limits, masks
from zhibu.web.members.looking import TOO_MANY, note
from zhibu.web.members.models import Look, Member, Seen

WHAT = "意见里留的联系方式"


@dataclass(frozen=True, slots=True)
class Opened:
    """`contact` is for this answer only; with `refused` there is none."""

    contact: str = ""
    refused: str = ""


def masked(sent: Feedback) -> str:
    """The contact with its middle hidden; `masks.UNREADABLE` when it does not open."""
    return masks.shown(sent, "contact", masks.phone)


@action("feedback.unmask")
def unmask(*, by: Scope, feedback: Feedback, reason: str) -> Opened:
    """The whole contact of a letter within reach. It counts among the numbers a person may open in 24 hours; a sender
    who is on the roster sees it on 我的. Raises NotAllowed; CryptoError when it can't be opened."""
    here = reached(Feedback.objects.within(by).select_related("organisation"), feedback.pk)
    if limits.reached(by.user_id, Look.Kind.OPEN):
        _write(by, here, f"查看{WHAT}超过次数，没有显示", {"reason": reason, "shown": False})
        return Opened(refused=TOO_MANY)
    contact = here.contact
    look = note(by, Look.Kind.OPEN, what=WHAT, reason=reason)
    if here.user_id and (
        member := Member.objects.unscoped("the sender sees who looked").filter(user=here.user_id).first()
    ):
        Seen.objects.create(look=look, member=member)
    _write(by, here, f"查看{WHAT}：{reason}", {"reason": reason, "shown": True})
    return Opened(contact)


def _write(by: Scope, here: Feedback, sentence: str, new: dict) -> None:
    write(by=by, action="feedback.unmask", sentence=sentence, thing=here, organisation=here.organisation, new=new)
