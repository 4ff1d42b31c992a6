"""Sending and answering. Of what is sent without a name the log keeps that something came, not from whom or where."""

from __future__ import annotations

from contextlib import nullcontext

from zhibu.web.audit import where
from zhibu.web.audit.actions import action, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.feedback.models import Feedback
from zhibu.web.feedback.queries import addressee


class AlreadyAnsweredError(ValueError):
    """Somebody else answered in the meantime; `str()` is the sentence for the reader."""


@action("feedback.send")
def send(*, by: Scope, text: str, name: str = "", contact: str = "") -> Feedback:
    """To the committee above the sender's organisation. With an empty name nothing of the sender is kept."""
    to = addressee(by)
    sent = Feedback.objects.create(
        organisation=to,
        text=text,
        name=name,
        contact=contact if name else "",
        user_id=by.user_id if name else None,
        sent_on=clock.today(),
    )
    with nullcontext() if name else where.unseen():
        write(
            by=by if name else None, action="feedback.send", thing=sent, organisation=to,
            sentence="收到一条意见" if name else "收到一条不留姓名的意见",
        )  # fmt: skip
    return sent


@action("feedback.answer")
def answer(*, by: Scope, feedback: Feedback, subject: str, text: str) -> Feedback:
    """Published with a subject in the office's words, so that nothing private in the original is. Once only.

    Raises AlreadyAnsweredError.
    """
    fresh = Feedback.objects.within(by).select_for_update(of=("self",)).get(pk=feedback.pk)
    if fresh.answered_at:
        raise AlreadyAnsweredError("这条意见已经有人答复了")
    fresh.subject, fresh.answer = subject, text
    fresh.answered_at, fresh.answered_by = clock.now(), by.unit
    fresh.save(update_fields=["subject", "answer", "answered_at", "answered_by"])
    write(
        by=by, action="feedback.answer", sentence="答复一条意见", thing=fresh, organisation=fresh.organisation,
        new={"subject": subject, "answer": text},
    )  # fmt: skip
    return fresh
