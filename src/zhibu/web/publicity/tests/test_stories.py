"""典型故事: a lead becomes a published story with the consent of whom it names, and is gone when that is withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.hostile.pdfs import pdf

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.files.queries import attachments
from zhibu.web.publicity import actions
from zhibu.web.publicity.models import Story

pytestmark = pytest.mark.django_db
WHY = "the test looks at everything"
FILM = "https://video.example.cn/films/7"
FACTS = {"title": "三十年的账本", "lead": "老会计每年把账念给大家听", "person": "赵某", "text": "", "film": ""}


def lead(cast: Cast, **more: str) -> Story:
    return actions.change(by=cast.scope("secretary"), story=None, facts=FACTS | more)


@pytest.mark.mechanism("M334")
def test_a_lead_is_edited_above_and_published_with_consent(cast: Cast) -> None:
    unit, editor = cast.client("secretary"), cast.client("committee_officer")
    address = unit.post("/publicity/stories/new/", FACTS).headers["Location"]
    assert "三十年的账本" in editor.get("/publicity/stories/?state=lead").content.decode()
    assert editor.post(f"{address}edit/", {"title": "三十年的账本", "text": "赵某当会计三十年。"}).status_code == 302
    told = {"published_on": TODAY.isoformat(), "published_in": "县党建网"}
    refused = editor.post(f"{address}publish/", told)
    assert refused.status_code == 422 and "本人还没有同意" in refused.content.decode()
    agreed = {"consent_by": "赵某", "consent_on": TODAY.isoformat(), "consent_for": "县党建网"}
    assert editor.post(f"{address}consent/", agreed).status_code == 404
    assert unit.post(f"{address}consent/", agreed).status_code == 302
    assert editor.post(f"{address}publish/", told).status_code == 302
    assert "县党建网" in unit.get(address).content.decode()
    assert unit.post(f"{address}down/", {"reason": "本人撤回同意"}).status_code == 302
    shown = editor.get(address).content.decode()
    assert "赵某" not in shown and "本人撤回同意" in shown and "曾刊发在：县党建网" in shown
    assert "赵某" not in str(list(Line.objects.unscoped(WHY).values_list("sentence", "old", "new")))


@pytest.mark.mechanism("M339")
def test_a_film_is_a_link_and_papers_are_files(cast: Cast) -> None:
    story, unit = lead(cast, film=FILM), cast.client("secretary")
    address = f"/publicity/stories/{story.pk}/"
    unit.post(f"{address}files/", {"files": SimpleUploadedFile("共建.pdf", pdf())})
    paper = attachments(story)[0]
    shown = unit.get(address).content.decode()
    assert f'<a href="{FILM}" rel="noopener noreferrer nofollow"' in shown and paper.name in shown
    above = cast.client("committee_officer").get(f"{address}files/{paper.key}/")
    assert above.getvalue() == pdf()  # type: ignore[attr-defined]
    assert cast.client("neighbour").get(f"{address}files/{paper.key}/").status_code == 404
    actions.take_down(by=cast.scope("secretary"), story=story, reason="本人撤回同意")
    assert attachments(story) == [] and unit.get(f"{address}files/{paper.key}/").status_code == 404
    assert unit.get(f"{address}files/").status_code == 404
    for film in ("http://a.example.cn/", "javascript:alert(1)", "file:///etc/passwd", "https://"):
        assert unit.post("/publicity/stories/new/", FACTS | {"film": film}).status_code == 422


def test_consent_is_of_the_person_it_names(cast: Cast) -> None:
    own = cast.scope("secretary")
    story = lead(cast)
    given = {"consent_by": "赵某", "consent_on": TODAY, "consent_for": "县党建网"}
    with pytest.raises(Unfit, match="最晚是今天"):
        actions.consent(by=own, story=story, **given | {"consent_on": TODAY + timedelta(days=1)})
    actions.consent(by=own, story=story, **given)
    changed = actions.change(by=own, story=story, facts=FACTS | {"person": "钱某"})
    assert changed.consent_on is None and not changed.may_publish
    nobody = lead(cast, person="")
    with pytest.raises(Unfit, match="不用征得同意"):
        actions.consent(by=own, story=nobody, **given)
    actions.edited(by=cast.scope("committee_officer"), story=nobody, title="账本", text="一本账念给大家听。")
    actions.publish(by=cast.scope("officer"), story=nobody, published_on=TODAY, published_in="县党建网")
    with pytest.raises(Unfit, match="不能再改"):
        actions.change(by=own, story=nobody, facts=FACTS)


def test_who_may_look_and_who_may_write(cast: Cast) -> None:
    story = lead(cast)
    for who, status in (("officer", 200), ("committee_officer", 200), ("secretary", 200), ("neighbour", 404),
                        ("member", 403), ("leader", 403)):  # fmt: skip
        assert cast.client(who).get(f"/publicity/stories/{story.pk}/").status_code == status
    for who in ("committee_officer", "neighbour"):
        with pytest.raises(NotAllowed):
            actions.take_down(by=cast.scope(who), story=story, reason="x")
    with pytest.raises(NotAllowed):
        actions.edited(by=cast.scope("neighbour"), story=story, title="x", text="x")
