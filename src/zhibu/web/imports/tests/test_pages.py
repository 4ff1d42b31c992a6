"""The import centre: what each of the cast gets; upload, preview, put in, take back, download."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zhibu.web.conftest import ROLES, Cast
from zhibu.web.core.sealed import digests
from zhibu.web.imports import actions, background, views
from zhibu.web.imports.models import Batch
from zhibu.web.imports.tests.helpers import GOOD_ID, MEMBERS, ORGANISATIONS, book, walk
from zhibu.web.members.models import Member

WHY = "a test counts"
OFFICERS, OWN = {"officer", "committee_officer"}, {"secretary", "neighbour"}
HUAISHU = "大营镇槐树村党支部"
ROW = ["新人", GOOD_ID, "1980.1.1", "正式党员", HUAISHU, "2005.7.1", "2006.7.1"]
BAD = ["<script>alert(1)</script>", "990001198001010018", *ROW[2:]]


@pytest.fixture
def batch(cast: Cast, tmp_path: Path) -> Batch:
    """Checked by the town's officer: one good row, one bad row."""
    path = book(tmp_path / "党员.xlsx", [MEMBERS, ROW, BAD])
    return actions.check(by=cast.scope("committee_officer"), files=[path])


def _upload(client: Client, *files: tuple[str, bytes]) -> object:
    return client.post("/imports/new/", {"files": [SimpleUploadedFile(name, content) for name, content in files]})


@pytest.mark.parametrize("who", [*ROLES, "neighbour"])
@pytest.mark.parametrize("page", ["/imports/", "/imports/new/", "/imports/template/members.xlsx", "/imports/{}/"])
def test_who_sees_the_pages(cast: Cast, batch: Batch, who: str, page: str) -> None:
    answer = cast.client(who).get(page.format(batch.pk))
    shown = 404 if "{}" in page else 200  # a secretary has imports of the own branch
    assert answer.status_code == (200 if who in OFFICERS else shown if who in OWN else 403)


@pytest.mark.parametrize("who", [*ROLES, "neighbour"])
@pytest.mark.parametrize("page", ["apply", "undo"])
def test_who_may_put_in_and_take_back(cast: Cast, batch: Batch, who: str, page: str) -> None:
    answer = cast.client(who).post(f"/imports/{batch.pk}/{page}/")
    assert answer.status_code == (302 if who in OFFICERS else 404 if who in OWN else 403)


@pytest.mark.parametrize("page", ["", "apply/", "undo/", "file/0/marked/"])
def test_strangers_are_asked_to_sign_in(batch: Batch, page: str) -> None:
    answer = Client().post(f"/imports/{batch.pk}/{page}")
    assert answer.status_code == 302 and answer["Location"].startswith("/login/")


def test_a_batch_of_another_town_is_not_there(cast: Cast, batch: Batch) -> None:
    post = cast.posts["committee_officer"]
    post.organisation = cast.other_town
    post.save()
    client = cast.client("committee_officer")
    assert f'href="/imports/{batch.pk}/"' not in client.get("/imports/").content.decode()
    for page, method in (("", "get"), ("apply/", "post"), ("undo/", "post"), ("file/0/marked/", "get")):
        assert getattr(client, method)(f"/imports/{batch.pk}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["apply/", "undo/"])
def test_reading_never_writes(cast: Cast, batch: Batch, page: str) -> None:
    assert cast.client("officer").get(f"/imports/{batch.pk}/{page}").status_code == 405


def test_from_upload_to_undo(cast: Cast, tmp_path: Path) -> None:
    client = cast.client("committee_officer")
    content = book(tmp_path / "党员.xlsx", [MEMBERS, ROW, BAD]).read_bytes()
    answer = _upload(client, ("党员.xlsx", content))
    page = client.get(answer["Location"]).content.decode()
    assert "2 行里 1 行要改" in page and "导入 1 行" in page and "校验码" in page
    assert "<script>alert" not in page
    assert not Member.objects.unscoped(WHY).filter(id_digest__in=digests(Member, "id_number", GOOD_ID)).exists()
    client.post(f"{answer['Location']}apply/")
    assert Member.objects.unscoped(WHY).filter(id_digest__in=digests(Member, "id_number", GOOD_ID)).exists()
    page = client.get(answer["Location"]).content.decode()
    assert "已导入 1 行，24 小时内可以撤销" in page and "撤销这次导入" in page
    client.post(f"{answer['Location']}undo/")
    assert not Member.objects.unscoped(WHY).filter(id_digest__in=digests(Member, "id_number", GOOD_ID)).exists()
    assert "已撤销" in client.get(answer["Location"]).content.decode()


def test_what_cannot_be_undone_says_why(cast: Cast, batch: Batch) -> None:
    client = cast.client("officer")
    page = client.post(f"/imports/{batch.pk}/undo/", follow=True).content.decode()
    assert "这一批已校对，没有可撤销的" in page


def test_three_books_at_once(cast: Cast, tmp_path: Path) -> None:
    rows = [["大营镇新村党支部", "党支部", "中共云岭县大营镇委员会"]]
    first = book(tmp_path / "o.xlsx", [ORGANISATIONS, *rows]).read_bytes()
    second = book(tmp_path / "m.xlsx", [MEMBERS, [*ROW[:4], "大营镇新村党支部", *ROW[5:]]]).read_bytes()
    client = cast.client("officer")
    answer = _upload(client, ("m.xlsx", second), ("o.xlsx", first))
    client.post(f"{answer['Location']}apply/")
    assert (
        Member.objects.unscoped(WHY).get(id_digest__in=digests(Member, "id_number", GOOD_ID)).organisation.name
        == "大营镇新村党支部"
    )


@pytest.mark.parametrize(
    ("files", "says"),
    [([], "还没有选文件"), ([("a.xlsx", b"")], "文件是空的"), ([("a.xlsx", b"x")] * 11, "一次最多 10 个文件")],
)
def test_a_form_with_mistakes_comes_back(cast: Cast, files: list, says: str) -> None:
    answer = _upload(cast.client("officer"), *files)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_file_that_cannot_be_read_says_why(cast: Cast) -> None:
    client = cast.client("officer")
    answer = _upload(client, ("表.xlsx", b"PK nonsense"))
    page = client.get(answer["Location"]).content.decode()
    assert "文件损坏，打不开" in page and "导入 0 行" not in page


@pytest.mark.parametrize("form", ["marked", "bad"])
def test_the_marked_book(cast: Cast, batch: Batch, form: str) -> None:
    answer = cast.client("officer").get(f"/imports/{batch.pk}/file/0/{form}/")
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    assert "校验码" in sheet.cell(sheet.max_row, sheet.max_column).value


@pytest.mark.parametrize("page", ["file/9/marked/", "file/0/other/"])
def test_a_book_that_is_not_there(cast: Cast, batch: Batch, page: str) -> None:
    assert cast.client("officer").get(f"/imports/{batch.pk}/{page}").status_code == 404


@pytest.mark.parametrize("kind", ["organisations", "members", "events"])
def test_a_template_is_understood_by_the_import(cast: Cast, tmp_path: Path, kind: str) -> None:
    answer = cast.client("committee_officer").get(f"/imports/template/{kind}.xlsx")
    path = tmp_path / "t.xlsx"
    path.write_bytes(answer.content)
    assert len(walk(path)[kind]) == 1
    names = [cell.value for cell in openpyxl.load_workbook(path)["名称"]["A"]]
    assert HUAISHU in names and "石门镇柳树村党支部" not in names


def test_query_counts(cast: Cast, batch: Batch, tmp_path: Path, django_assert_max_num_queries) -> None:
    client = cast.client("officer")
    for _ in range(5):
        actions.check(by=cast.scope("officer"), files=[tmp_path / "党员.xlsx"])
    with django_assert_max_num_queries(9):
        client.get("/imports/")
    with django_assert_max_num_queries(9):
        client.get(f"/imports/{batch.pk}/")


def test_long_work_goes_on_in_the_background(cast: Cast, batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(background, "start", lambda what, number: started.append((what, number)))
    monkeypatch.setattr(views.limits, "IN_REQUEST_ROWS", 1)
    client = cast.client("committee_officer")
    client.post(f"/imports/{batch.pk}/apply/")
    assert started == [("apply", batch.pk)]
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "导入中" in page and "hx-trigger" in page
    part = client.get(f"/imports/{batch.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert 'id="progress"' in part and "<html" not in part
    assert background.run("apply", batch.pk) == 0
    assert Member.objects.unscoped(WHY).filter(id_digest__in=digests(Member, "id_number", GOOD_ID)).exists()
    done = client.get(f"/imports/{batch.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "已导入" in done


def test_work_that_fell_silent_can_be_started_again(cast: Cast, batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhibu.web.imports.queries.SILENT", -1)
    Batch.objects.unscoped(WHY).filter(pk=batch.pk).update(state="applying")
    client = cast.client("officer")
    assert "导入中断了，没有写入任何一行" in client.get(f"/imports/{batch.pk}/").content.decode()
    client.post(f"/imports/{batch.pk}/apply/")
    assert Member.objects.unscoped(WHY).filter(id_digest__in=digests(Member, "id_number", GOOD_ID)).exists()


def test_a_post_that_ended_stops_the_background_work(cast: Cast, batch: Batch) -> None:
    cast.posts["committee_officer"].delete()
    assert background.run("apply", batch.pk) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.error) == ("checked", "上传的人已经不在这个岗位上")
