"""A hint is a question to the branch: who sees it, how it is answered, and when it goes."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.models import Line
from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core import clock
from zhibu.web.hints import actions, asking, finding, queries, store, switch
from zhibu.web.hints.models import Band, Hint, LateBound, PhotoMark, Reference, Sketch
from zhibu.web.hints.tests.test_similarity import edited, text
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import actions as records
from zhibu.web.records.models import Attendance, Record
from zhibu.web.records.tests.given import everybody, fields, members

pytestmark = pytest.mark.django_db
WHY = "the test looks at everything"


def wrote(place: Organisation, content: str, **more: Any) -> Record:
    number = Record.objects.unscoped(WHY).count() + 1
    told = {"held_on": date(2026, 11, 5), "recorded_on": date(2026, 11, 6), "recorded_at": clock.now()} | more
    return Record.objects.create(
        number=f"2026-{number:06d}", organisation=place, types=["theme_day"], content=content,
        submitted_key=str(number), **told,
    )  # fmt: skip


def all_hints() -> list[Hint]:
    return list(Hint.objects.unscoped(WHY).order_by("pk"))


@pytest.fixture
def copied(cast: Cast) -> Hint:
    """Last month's minutes again, with a sentence changed."""
    one = text(200)
    wrote(cast.branch, one, held_on=date(2026, 10, 6))
    wrote(cast.branch, edited(one, 0.1))
    finding.look({cast.branch.pk})
    [hint] = all_hints()
    return hint


def test_the_branch_is_asked_and_answers_and_its_committee_sees_both(cast: Cast, copied: Hint) -> None:
    unit, town, address = cast.client("secretary"), cast.client("committee_officer"), f"/hints/{copied.pk}/"
    assert "想问一句" in unit.get("/duties/month/").content.decode()
    shown = unit.get(address).content.decode()
    assert "<mark>" in shown and "不计分" in shown and "2026-10-06" in shown
    assert town.get(address).status_code == 404  # the branch first
    assert "内容相近" not in town.get("/hints/").content.decode().partition("<tbody>")[2]

    assert unit.post(f"{address}answer/", {"answer": "other", "sentence": ""}).status_code == 422
    answered = unit.post(f"{address}answer/", {"answer": "other", "sentence": "同一个专题分两次学"}, follow=True)
    assert "同一个专题分两次学" in answered.content.decode()
    assert "同一个专题分两次学" in town.get(address).content.decode()
    assert "同一个专题分两次学" in town.get("/hints/?kind=text&state=answered").content.decode()
    assert "想问一句" not in unit.get("/duties/month/").content.decode()
    assert "同一个专题分两次学" in unit.get(f"/records/{copied.record.number}/").content.decode()

    unit.post(f"{address}take-back/")
    assert "还没有答复" not in unit.get(address).content.decode()
    assert town.get(address).status_code == 404
    lines = Line.objects.unscoped(WHY).filter(action__startswith="hints.", outcome="done").order_by("pk")
    assert [line.action for line in lines] == ["hints.ask", "hints.answer", "hints.answer"]


def test_silence_does_not_hide_a_hint(cast: Cast, copied: Hint) -> None:
    Hint.objects.unscoped(WHY).update(asked_on=TODAY - queries.BRANCH_FIRST)
    assert "支部还没有答复" in cast.client("committee_officer").get(f"/hints/{copied.pk}/").content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("secretary", 200), ("neighbour", 404), ("member", 403), ("leader", 403), ("auditor", 403), ("officer", 404)],
)
def test_who_sees_it(cast: Cast, copied: Hint, who: str, status: int) -> None:
    assert cast.client(who).get(f"/hints/{copied.pk}/").status_code == status


def test_nobody_answers_for_the_branch(cast: Cast, copied: Hint) -> None:
    with pytest.raises(NotAllowed):
        actions.answer(by=cast.scope("neighbour"), hint=copied, answer="joint")
    assert cast.client("committee_officer").post(f"/hints/{copied.pk}/answer/", {"answer": "joint"}).status_code == 403


def test_mending_leads_to_the_record(cast: Cast, copied: Hint) -> None:
    answer = cast.client("secretary").post(f"/hints/{copied.pk}/answer/", {"answer": "mend"})
    assert answer.headers["Location"] == f"/records/{copied.record.number}/edit/"


def test_a_pair_is_never_asked_about_twice(cast: Cast, copied: Hint) -> None:
    actions.answer(by=cast.scope("secretary"), hint=copied, answer="quote")
    Record.objects.unscoped(WHY).update(version=2)
    finding.look({cast.branch.pk})
    assert len(all_hints()) == 1
    assert asking.ask(Hint.Kind.TEXT, copied.other_id, copied.record_id, share=1.0) is None


def test_a_withdrawn_record_leaves_with_its_sketch(cast: Cast, copied: Hint) -> None:
    records.withdraw(by=cast.scope("secretary"), record=copied.record, reason="记错了")
    finding.look({cast.branch.pk})
    assert not queries.hints(cast.scope("secretary").doing("hints.view")).exists()
    assert Sketch.objects.unscoped(WHY).count() == 1 and not Band.objects.filter(sketch__record=copied.record).exists()


def test_a_text_written_anew_settles_the_question(cast: Cast, copied: Hint) -> None:
    Record.objects.unscoped(WHY).filter(pk=copied.record_id).update(content=text(200), version=2)
    finding.look({cast.branch.pk})
    assert all_hints()[0].gone_on == TODAY
    assert cast.client("secretary").get(f"/hints/{copied.pk}/").status_code == 404


def test_another_branch_s_text_is_not_shown(cast: Cast) -> None:
    one = text(200)
    theirs = wrote(cast.neighbour, f"柳树村自己的事。{one}")
    wrote(cast.branch, f"{one}槐树村自己的事。")
    finding.look_through()
    [hint] = all_hints()
    assert (hint.record.organisation, hint.other) == (cast.branch, theirs)
    shown = cast.client("secretary").get(f"/hints/{hint.pk}/").content.decode()
    assert "另一个党组织" in shown and "<mark>" in shown
    assert "柳树村" not in shown and theirs.number not in shown
    actions.answer(by=cast.scope("secretary"), hint=hint, answer="joint")
    county = cast.client("officer").get(f"/hints/{hint.pk}/").content.decode()
    assert "柳树村" in county and theirs.number in county
    assert theirs.number not in cast.client("committee_officer").get(f"/hints/{hint.pk}/").content.decode()


def test_submitting_looks_at_once(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    content = text(200)
    for day in (1, 8):
        with django_capture_on_commit_callbacks(execute=True):
            records.submit(
                by=cast.scope("secretary"), organisation=cast.branch, key=f"form-{day}",
                attendance=everybody(cast.branch), fields=fields(content=content, held_on=date(2026, 11, day)),
            )  # fmt: skip
    assert [hint.kind for hint in all_hints()] == ["text"]


def test_the_nightly_look_finds_what_submissions_left(cast: Cast, django_assert_max_num_queries: Any) -> None:
    one = text(200)
    for _ in range(3):
        wrote(cast.branch, one)
    assert finding.look_through() == 3 and len(all_hints()) == 3
    with django_assert_max_num_queries(12):
        assert finding.look_through() == 0


def test_a_reference_text_of_an_office_is_subtracted_from_the_next_night(cast: Cast) -> None:
    official = text(300)
    actions.add_reference(by=cast.scope("officer"), title="讲话", text=official)
    wrote(cast.branch, text(70) + official)
    wrote(cast.neighbour, text(70) + official)
    finding.look_through()
    assert not all_hints()
    actions.drop_reference(by=cast.scope("officer"), reference=Reference.objects.unscoped(WHY).get())
    finding.look_through()
    assert len(all_hints()) == 1


def test_below_95_percent_precision_texts_are_not_asked_about(cast: Cast, copied: Hint, monkeypatch: Any) -> None:
    assert switch.is_on("text")
    told = switch.measured("text") | {"precision": 0.949}
    monkeypatch.setattr(switch, "measured", lambda kind: told)
    assert not switch.is_on("text") and switch.is_on("twice")
    finding.read([wrote(cast.branch, copied.record.content)], *store.usual())
    assert len(all_hints()) == 1
    unit = cast.client("secretary")
    assert unit.get(f"/hints/{copied.pk}/").status_code == 404
    assert "不到 95%" in unit.get("/hints/").content.decode()


@pytest.mark.parametrize("broken", [{}, {"method": 0, "precision": 1.0}, {"method": 1}])
def test_without_a_measurement_of_this_method_it_is_off(monkeypatch: Any, broken: dict[str, Any]) -> None:
    monkeypatch.setattr(switch, "measured", lambda kind: broken)
    assert not switch.is_on("text")


def present(record: Record, *people: Any) -> None:
    Attendance.objects.bulk_create(Attendance(record=record, member=one, state="present") for one in people)


def test_one_person_in_two_meetings_at_once(cast: Cast) -> None:
    first, second = members(cast.branch)[:2]
    one = wrote(cast.branch, "甲", starts_at=time(19), ends_at=time(20, 30))
    two = wrote(cast.branch, "乙", starts_at=time(20), ends_at=time(21))
    after = wrote(cast.branch, "丙", starts_at=time(21), ends_at=time(22))
    unknown = wrote(cast.branch, "丁", starts_at=time(19))
    for record in (one, two, after, unknown):
        present(record, first)
    present(after, second)
    finding.look({cast.branch.pk})
    [hint] = all_hints()
    assert (hint.kind, hint.record, hint.other) == ("twice", two, one)
    shown = cast.client("secretary").get(f"/hints/{hint.pk}/").content.decode()
    assert first.name in shown and second.name not in shown and "19:00" in shown
    Record.objects.unscoped(WHY).filter(pk=two.pk).update(starts_at=time(20, 30), version=2)
    finding.look({cast.branch.pk})
    assert all_hints()[0].gone_on == TODAY


def test_entry_long_after_by_the_office_s_days(cast: Cast) -> None:
    wrote(cast.branch, "甲", held_on=date(2026, 9, 1), recorded_on=date(2026, 10, 2))
    finding.look({cast.branch.pk})
    assert not all_hints()  # nobody has said how many days
    actions.set_days(by=cast.scope("officer"), days=60)
    actions.set_days(by=cast.scope("committee_officer"), days=30)  # the nearest holds
    Record.objects.unscoped(WHY).update(version=2)
    wrote(cast.branch, "乙", held_on=date(2026, 9, 2), recorded_on=date(2026, 10, 2))
    wrote(cast.branch, "丙", held_on=date(2025, 9, 2), recorded_on=date(2026, 10, 2), source="import")
    finding.look({cast.branch.pk})
    assert [hint.record.content for hint in all_hints()] == ["甲"]
    assert "隔了 31 天" in cast.client("secretary").get(f"/hints/{all_hints()[0].pk}/").content.decode()
    actions.set_days(by=cast.scope("committee_officer"), days=None)
    assert LateBound.objects.unscoped(WHY).count() == 1


def picture(seed: int, quality: int = 90, kind: str = "JPEG") -> SimpleUploadedFile:
    import io
    import random

    dice, made = random.Random(seed), Image.new("RGB", (640, 480), (200, 190, 180))
    draw = ImageDraw.Draw(made)
    for _ in range(60):
        left, top = dice.randint(0, 600), dice.randint(0, 440)
        draw.rectangle((left, top, left + 90, top + 70), fill=tuple(dice.randint(0, 255) for _ in range(3)))
    out = io.BytesIO()
    made.save(out, kind, **({"quality": quality} if kind == "JPEG" else {}))
    return SimpleUploadedFile(f"照片.{kind.lower()}", out.getvalue())


@pytest.mark.parametrize("again", [{"kind": "JPEG"}, {"quality": 45}])
def test_the_same_photo_at_two_records(
    cast: Cast, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any, again: dict[str, Any]
) -> None:
    settings.MEDIA_ROOT = tmp_path
    one, two = (wrote(cast.branch, word, held_on=date(2026, 11, day)) for word, day in (("甲", 3), ("乙", 10)))
    with django_capture_on_commit_callbacks(execute=True):
        records.attach(by=cast.scope("secretary"), record=one, upload=picture(1))
        records.attach(by=cast.scope("secretary"), record=one, upload=picture(2))
    with django_capture_on_commit_callbacks(execute=True):
        records.attach(by=cast.scope("secretary"), record=two, upload=picture(1, **again))
    [hint] = all_hints()
    assert (hint.kind, hint.record, hint.other) == ("photo", two, one)
    assert PhotoMark.objects.unscoped(WHY).count() == 3
    assert (
        hint.picture.thing_id == two.pk
        and "这张照片用过" in cast.client("secretary").get(f"/hints/{hint.pk}/").content.decode()
    )


def test_the_same_pixels_in_another_file_are_the_same_photo(
    cast: Cast, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    one, two = wrote(cast.branch, "甲"), wrote(cast.neighbour, "乙")
    with django_capture_on_commit_callbacks(execute=True):
        records.attach(by=cast.scope("secretary"), record=one, upload=picture(1, kind="PNG"))
    with django_capture_on_commit_callbacks(execute=True):
        records.attach(by=cast.scope("neighbour"), record=two, upload=picture(1, kind="WEBP", quality=0))
    marks = list(PhotoMark.objects.unscoped(WHY))
    assert len(marks) == 2
    PhotoMark.objects.unscoped(WHY).all().delete()
    Hint.objects.unscoped(WHY).all().delete()
    finding.look_through()
    [hint] = all_hints()
    assert hint.record == two
    shown = cast.client("neighbour").get(f"/hints/{hint.pk}/").content.decode()
    assert "另一个党组织" in shown and one.number not in shown


def test_an_office_keeps_its_days_and_texts(cast: Cast) -> None:
    page = cast.client("officer")
    assert "空着" in page.get("/hints/rules/").content.decode()
    assert page.post("/hints/rules/", {"days": "0"}).status_code == 422
    assert "已保存" in page.post("/hints/rules/", {"days": "45"}, follow=True).content.decode()
    assert page.post("/hints/rules/references/", {"title": "", "text": ""}).status_code == 422
    page.post("/hints/rules/references/", {"title": "年初讲话", "text": "要抓好落实" * 20})
    kept = Reference.objects.unscoped(WHY).get()
    assert "年初讲话" in page.get("/hints/rules/").content.decode()
    assert cast.client("committee_officer").post(f"/hints/rules/references/{kept.pk}/drop/").status_code == 404
    page.post(f"/hints/rules/references/{kept.pk}/drop/")
    assert not Reference.objects.unscoped(WHY).exists()
    assert cast.client("secretary").get("/hints/rules/").status_code == 403


def test_the_list_costs_the_same_however_long(cast: Cast, copied: Hint, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    unit = cast.client("secretary")
    with CaptureQueriesContext(
        connection,
    ) as few:
        unit.get("/hints/")
    for _ in range(5):
        wrote(cast.branch, copied.record.content)
    finding.look({cast.branch.pk})
    assert len(all_hints()) > 5
    with CaptureQueriesContext(connection) as many:
        unit.get("/hints/")
    assert len(many) == len(few)


@pytest.mark.parametrize("content", ["的" * 50_000, "😀\u202e" * 20_000, "<script>alert(1)</script>" * 90])
def test_hostile_texts_pass_through(cast: Cast, content: str) -> None:
    for _ in range(2):
        wrote(cast.branch, content)
    finding.look({cast.branch.pk})
    assert not all_hints()
    hint = asking.ask(Hint.Kind.TEXT, *Record.objects.unscoped(WHY).values_list("pk", flat=True), share=0.9)
    shown = cast.client("secretary").get(f"/hints/{hint.pk}/")
    assert shown.status_code == 200 and b"<script>alert" not in shown.content


def test_every_list_of_records_says_when_they_were_entered(cast: Cast) -> None:
    """Happened and entered stand side by side: the branch's ledger, a campaign's list, a member's own page."""
    from zhibu.web.campaigns.actions import begin

    wrote(cast.branch, "甲", recorded_on=date(2026, 11, 9), makes_up="2026-10")
    made = begin(
        by=cast.scope("officer"), name="提升月", document="示1号", starts_on=date(2026, 11, 1), ends_on=TODAY,
        units=[cast.branch],
    )  # fmt: skip
    reader = members(cast.branch)[0]
    reader.user = cast.posts["member"].user
    reader.save()
    office = cast.client("officer")
    for page in (
        cast.client("secretary").get("/records/"), cast.client("secretary").get("/records/2026-000001/"),
        office.get(f"/campaigns/{made.pk}/records/"), office.get(f"/campaigns/{made.pk}/records/2026-000001/"),
        cast.client("member").get("/me/"),
    ):  # fmt: skip
        shown = page.content.decode()
        assert "4 天" in shown and "补 " in shown and "2026-11-09" in shown, page.wsgi_request.path
