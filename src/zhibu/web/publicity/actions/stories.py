"""A story from its lead to its publication, and down again when its person no longer agrees."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.files import actions as files
from zhibu.web.files import queries as kept_files
from zhibu.web.files.models import Attachment
from zhibu.web.files.receive import Received, Upload, received
from zhibu.web.organisations.models import Organisation
from zhibu.web.publicity.models import Story

State = Story.State
GONE = "（已撤下）"
OVER = "这篇已经撤下"


@action("stories.keep")
def change(*, by: Scope, story: Story | None, facts: dict[str, Any]) -> Story:
    """A lead of the own organisation, or other words before it is published. `facts`: title, lead, person, text, film.

    Another person's name drops the consent there was. Raises Unfit.
    """
    if story is None:
        own = reached(Organisation.objects.within(by), by.organisation_id)
        kept = Story(organisation=own, found_on=by.on)
    else:
        kept = _own(by, story)
        if kept.state in (State.PUBLISHED, State.DOWN):
            raise Unfit("title", f"{kept.get_state_display()}的故事不能再改")
    if kept.consent_on and facts["person"] != kept.person:
        kept.consent_on, kept.consent_by, kept.consent_for = None, "", ""
    for name, value in facts.items():
        setattr(kept, name, value)
    kept.state = State.DRAFT if kept.text.strip() else State.LEAD  # other words are edited anew
    kept.save()
    _write(by, "stories.keep", kept, f"{'修改' if story else '登记'}故事线索：{kept.title}")
    return kept


@action("stories.keep")
def consent(*, by: Scope, story: Story, consent_by: str, consent_on: date, consent_for: str) -> Story:
    """Write down who agreed, when and to what. Raises Unfit."""
    kept = _own(by, story)
    if kept.state == State.DOWN:
        raise Unfit("consent_by", OVER)
    if not kept.person:
        raise Unfit("consent_by", "这篇没有写到具体的人，不用征得同意。写到人的，先在“修改”里填写写到的人")
    if consent_on > by.on:
        raise Unfit("consent_on", "同意日期最晚是今天")
    kept.consent_by, kept.consent_on, kept.consent_for = consent_by, consent_on, consent_for
    kept.save(update_fields=["consent_by", "consent_on", "consent_for"])
    new = {"consent_on": consent_on, "consent_for": consent_for}
    _write(by, "stories.keep", kept, f"登记本人同意：{kept.title}", new=new)
    return kept


@action("stories.keep")
def take_down(*, by: Scope, story: Story, reason: str) -> Story:
    """The consent is withdrawn, or it was a mistake: words, names and files go, the line stays. No way back."""
    kept = _own(by, story)
    if kept.state == State.DOWN:
        raise Unfit("reason", OVER)
    for one in kept_files.attachments(kept):
        files.remove(attachment=one)
    kept.title, kept.lead, kept.person, kept.text, kept.film = GONE, GONE, "", "", ""
    kept.consent_by, kept.consent_for = "", ""
    kept.state, kept.down_on, kept.down_why = State.DOWN, by.on, reason
    kept.save()
    _write(by, "stories.keep", kept, f"撤下故事：{reason}", new={"reason": reason})
    return kept


@action("stories.edit")
def edited(*, by: Scope, story: Story, title: str, text: str) -> Story:
    """The editor's words; the committee above may be the editor. Raises Unfit for what is published or down."""
    kept = _reached(by, story)
    if kept.state in (State.PUBLISHED, State.DOWN):
        raise Unfit("text", f"{kept.get_state_display()}的故事不能再编辑")
    here = Organisation.objects.unscoped("a post's own organisation").get(pk=by.organisation_id)
    kept.title, kept.text, kept.state = title, text, State.EDITED
    kept.edited_on, kept.edited_by = by.on, here.name[:120]
    kept.save()
    _write(by, "stories.edit", kept, f"编辑故事：{title}")
    return kept


@action("stories.edit")
def publish(*, by: Scope, story: Story, published_on: date, published_in: str) -> Story:
    """Raises Unfit: not edited, no consent of the person it names, a day to come."""
    kept = _reached(by, story)
    if kept.state != State.EDITED:
        raise Unfit("published_in", f"这篇是{kept.get_state_display()}，编辑以后才登记刊发")
    if not kept.may_publish:
        raise Unfit("published_in", "写到了具体的人，本人还没有同意，不能刊发。先由报送的党组织登记本人同意")
    if published_on > by.on:
        raise Unfit("published_on", "刊发日期最晚是今天")
    kept.state, kept.published_on, kept.published_in = State.PUBLISHED, published_on, published_in
    kept.save(update_fields=["state", "published_on", "published_in"])
    _write(by, "stories.edit", kept, f"刊发故事：{kept.title}（{published_in}）", new={"published_in": published_in})
    return kept


def attach(*, by: Scope, story: Story, upload: Upload) -> Attachment:
    """Add a photo or paper; judged before the transaction. Raises NotAllowed, the files' Refused."""
    with received(upload) as file:
        return _attach(by=by, story=story, file=file)


@action("stories.keep")
def _attach(*, by: Scope, story: Story, file: Received) -> Attachment:
    told = _own(by, story)
    kept = files.keep(by=by, thing=told, organisation=told.organisation, file=file)
    _write(by, "stories.keep", told, f"故事加附件：{told.title}", new=kept.told)
    return kept


@action("stories.keep")
def detach(*, by: Scope, story: Story, attachment: Attachment) -> None:
    """Take a file away. Raises NotAllowed."""
    told = _own(by, story)
    _write(by, "stories.keep", told, f"故事移除附件：{told.title}", new=attachment.told)
    files.remove(attachment=attachment)


def _own(by: Scope, story: Story) -> Story:
    rows = Story.objects.within(by).filter(organisation=by.organisation_id).select_related("organisation")
    return reached(rows.select_for_update(of=("self",)), story.pk, "只能改本组织登记的故事")


def _reached(by: Scope, story: Story) -> Story:
    rows = Story.objects.within(by).select_related("organisation").select_for_update(of=("self",))
    return reached(rows, story.pk)


def _write(by: Scope, word: str, story: Story, sentence: str, new: dict[str, Any] | None = None) -> None:
    """Names stay out of the log: a story that is taken down must be gone."""
    write(
        by=by, action=word, sentence=sentence, thing=story, organisation=story.organisation, new=new,
        happened_on=by.on,
    )  # fmt: skip
