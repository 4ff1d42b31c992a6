"""P04: photos and papers of a record: added, seen, saved, removed; by whom, and by whom not."""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.hostile.kit import docx, zipped
from tests.hostile.metadata import MARKER, exif
from tests.hostile.pictures import jpeg, noise

from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.core import clock
from zhibu.web.files import jobs, store
from zhibu.web.files.models import Attachment
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import actions
from zhibu.web.records.models import Record


@pytest.fixture(autouse=True)
def files_here(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def record_of(place: Organisation) -> Record:
    return Record.objects.create(
        number=f"2026-{place.pk:06d}", organisation=place, types=["theme_day"], topic="主题", content="内容",
        held_on=date(2026, 11, 6), recorded_on=date(2026, 11, 7), recorded_at=clock.now(),
    )  # fmt: skip


def photo(name: str = "会议.jpg", seed: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(noise(64, 48, seed), exif=exif()), "image/jpeg")


def add(client: Client, record: Record, *uploads: SimpleUploadedFile):
    return client.post(reverse("record-files", args=[record.number]), {"files": list(uploads)})


def rows() -> list[Attachment]:
    return list(Attachment.objects.unscoped("test").order_by("pk"))


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_photo_is_kept_without_what_else_it_told(cast: Cast, files_here: Path) -> None:
    record, client = record_of(cast.branch), cast.client("secretary")
    response = add(client, record, photo("../../党日 活动.PNG"))
    assert response.status_code == 302
    [kept] = rows()
    assert (kept.name, kept.kind) == ("党日 活动.jpg", "jpeg")
    [file] = on_disk(files_here)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert "党日" not in str(file) and kept.key not in str(file)
    assert MARKER.encode() not in file.read_bytes()
    line = Line.objects.unscoped("test").get(action="records.attach")
    assert line.thing_id == str(record.pk) and "党日 活动.jpg" in line.sentence


def test_whoever_sees_the_record_gets_the_file_as_a_file(cast: Cast) -> None:
    record = record_of(cast.branch)
    add(cast.client("secretary"), record, SimpleUploadedFile('a"; filename=evil.html\r\nX: y.docx', zipped(docx())))
    [kept] = rows()
    for who in ("secretary", "member", "committee_officer", "officer", "leader"):
        response = cast.client(who).get(reverse("record-file", args=[record.number, kept.key]))
        assert response.status_code == 200, who
        assert b"".join(response.streaming_content) == zipped(docx())
    headers = response.headers
    assert headers["Content-Disposition"].startswith("attachment; filename")
    assert (
        not set(headers["Content-Disposition"]) & set("\r\n")
        and ".html" not in headers["Content-Disposition"].split("''")[0]
    )
    assert headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_a_neighbour_gets_nothing_whatever_the_address(cast: Cast) -> None:
    record, theirs = record_of(cast.branch), record_of(cast.neighbour)
    add(cast.client("secretary"), record, photo())
    [kept] = rows()
    stranger = cast.client("neighbour")
    for number in (record.number, theirs.number):
        assert stranger.get(reverse("record-file", args=[number, kept.key])).status_code == 404
        assert stranger.post(reverse("record-detach", args=[number, kept.key])).status_code == 404
    assert add(stranger, record, photo(seed=2)).status_code == 404
    assert cast.client("auditor").get(reverse("record-file", args=[record.number, kept.key])).status_code == 403
    assert rows() == [kept]


def test_only_the_own_branch_adds_and_removes(cast: Cast, files_here: Path) -> None:
    record = record_of(cast.branch)
    for who in ("member", "committee_officer", "officer", "leader", "auditor"):
        assert add(cast.client(who), record, photo()).status_code == 403, who
    with pytest.raises(Exception, match="不能做这件事"):
        actions.attach(by=cast.scope("officer"), record=record, upload=photo())
    assert not on_disk(files_here)


def test_a_bad_file_keeps_no_good_one_out(cast: Cast) -> None:
    record, client = record_of(cast.branch), cast.client("secretary")
    response = add(
        client, record, photo("一.jpg"), SimpleUploadedFile("二.exe", b"MZ" + bytes(100)), photo("三.jpg", 2)
    )
    assert response.status_code == 422
    body = response.content.decode()
    assert "二.exe：认不出这是什么文件" in body and "一.jpg" in body
    assert [one.name for one in rows()] == ["一.jpg", "三.jpg"]
    assert client.post(reverse("record-files", args=[record.number])).status_code == 422


def test_the_same_photo_twice_and_one_too_many(cast: Cast, files_here: Path) -> None:
    record, client = record_of(cast.branch), cast.client("secretary")
    add(client, record, photo())
    assert "已经传过" in add(client, record, photo("另一个名字.jpg")).content.decode()
    for seed in range(2, 10):
        add(client, record, photo(seed=seed))
    assert len(rows()) == 9
    assert "最多 9 个" in add(client, record, photo(seed=99)).content.decode()
    assert len(rows()) == len(on_disk(files_here)) == 9


@pytest.mark.django_db(transaction=True)
def test_removed_is_gone_from_the_disk_too(cast: Cast, files_here: Path) -> None:
    record, client = record_of(cast.branch), cast.client("secretary")
    add(client, record, photo())
    [kept] = rows()
    assert client.get(reverse("record-detach", args=[record.number, kept.key])).status_code == 405
    assert client.post(reverse("record-detach", args=[record.number, kept.key])).status_code == 302
    assert not rows() and not on_disk(files_here)
    assert Line.objects.unscoped("test").filter(action="records.detach").count() == 1


def test_a_withdrawn_record_keeps_what_it_has(cast: Cast) -> None:
    record, client = record_of(cast.branch), cast.client("secretary")
    add(client, record, photo())
    actions.withdraw(by=cast.scope("secretary"), record=record, reason="记错了")
    assert "已撤回" in add(client, record, photo(seed=2)).content.decode()
    [kept] = rows()
    assert client.post(reverse("record-detach", args=[record.number, kept.key])).status_code == 302
    assert rows() == [kept]


def test_what_was_rolled_back_leaves_no_file(cast: Cast, files_here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = record_of(cast.branch)

    def fail(**kwargs: object) -> None:
        raise OSError("the disk of the log is full")

    monkeypatch.setattr("zhibu.web.records.actions.entry.write", fail)
    with pytest.raises(OSError):
        actions.attach(by=cast.scope("secretary"), record=record, upload=photo())
    assert not rows() and not on_disk(files_here)


def test_strays_are_swept_after_a_day_and_lost_files_are_told(cast: Cast, files_here: Path) -> None:
    record = record_of(cast.branch)
    with transaction.atomic():
        kept = actions.attach(by=cast.scope("secretary"), record=record, upload=photo())
    fresh, old = store.put(b"fresh"), store.put(b"old")
    for stored in (old, kept.stored):
        os.utime(store.path(stored), (1, 1))
    assert jobs.sweep() == (1, 0)
    assert store.path(fresh).exists() and store.path(kept.stored).exists() and not store.path(old).exists()
    store.drop(kept.stored)
    assert jobs.sweep() == (0, 1)
    assert cast.client("secretary").get(reverse("record-file", args=[record.number, kept.key])).status_code == 404


def test_no_rule_and_no_page_asks_for_a_photo(cast: Cast) -> None:
    """Facts know nothing of attachments, so no verdict and no score can count them."""
    from zhibu.web.pipeline.facts import tables

    record = record_of(cast.branch)
    before = {name: table.to_pylist() for name, table in tables().items()}
    add(cast.client("secretary"), record, photo())
    assert {name: table.to_pylist() for name, table in tables().items()} == before
    assert "可以不传" in cast.client("secretary").get(reverse("record-files", args=[record.number])).content.decode()
