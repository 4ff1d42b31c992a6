"""/audit/chain/ 校验, and what the pages of the log say about seals."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from zhibu.web.audit import verification
from zhibu.web.audit.chain import checkpoints, sealing
from zhibu.web.audit.models import Held, Line, Run
from zhibu.web.audit.tests.conftest import put_triggers_back, take_triggers_away
from zhibu.web.audit.tests.test_checkpoints import Below
from zhibu.web.conftest import ROLES, Cast

CHAIN = "/audit/chain/"


def page(cast: Cast, path: str = CHAIN, **data: str) -> str:
    response = cast.client("auditor").get(path, data)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("who", ROLES)
def test_the_cast(cast: Cast, who: str) -> None:
    Held.objects.create(
        origin="x", count=1, head="x", at=sealing.clock.now(), text="x", key="x", taken_at=sealing.clock.now()
    )
    client, allowed = cast.client(who), who == "auditor"
    for address in (CHAIN, f"{CHAIN}checkpoints.txt", f"{CHAIN}held/x/"):
        assert client.get(address).status_code == (200 if allowed else 403)
    assert client.post(f"{CHAIN}verify/").status_code == (302 if allowed else 403)
    assert client.post(f"{CHAIN}take/").status_code == (422 if allowed else 403)
    assert client.get(f"{CHAIN}verify/").status_code == 405


def test_an_auditor_of_a_town_has_no_say_over_the_whole(cast: Cast) -> None:
    post = cast.posts["auditor"]
    post.organisation = cast.town
    post.save()
    client = cast.client("auditor")
    for address in (CHAIN, f"{CHAIN}checkpoints.txt", f"{CHAIN}held/x/"):
        assert client.get(address).status_code == 404
    for address in (f"{CHAIN}verify/", f"{CHAIN}take/"):
        assert client.post(address).status_code == 404
    assert f'href="{CHAIN}"' not in client.get("/audit/").content.decode()


def test_a_verification_is_asked_for_computed_and_shown(
    cast: Cast, django_capture_on_commit_callbacks: Callable
) -> None:
    assert "还没有校验过" in page(cast)
    sealing.seal_all(everything=True)
    with django_capture_on_commit_callbacks(execute=True):
        assert cast.client("auditor").post(f"{CHAIN}verify/").headers["Location"] == CHAIN
    shown = page(cast)
    assert "审计记录完好" in shown
    assert "没有一条被改动、删除、插入、调换或截断" in shown
    assert Line.objects.unscoped("t").filter(action="audit.verify").count() == 1


def test_a_changed_line_is_named_and_the_bad_news_is_a_line(cast: Cast) -> None:
    sealing.seal_all(everything=True)
    take_triggers_away()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_line SET sentence = 'x' WHERE id = (SELECT line_id FROM audit_seal WHERE number = 3)"
        )
    put_triggers_back()
    run = verification.begin(None)
    assert (run.state, run.bad) == (Run.State.BAD, 3)
    shown = page(cast)
    assert "审计记录有问题" in shown
    assert "第 3 号（" in shown
    assert Line.objects.unscoped("t").get(action="audit.verify", outcome="failed").sentence.startswith("校验：有问题")


def test_while_one_is_at_work_another_is_not_begun(cast: Cast) -> None:
    now = sealing.clock.now()
    Run.objects.create(asked_at=now, told_at=now, done=5, total=10)
    assert "正在校验" in page(cast)
    cast.client("auditor").post(f"{CHAIN}verify/")
    assert Run.objects.count() == 1


def test_a_killed_one_is_told_and_can_be_begun_again(cast: Cast, at: Callable) -> None:
    now = sealing.clock.now()
    Run.objects.create(asked_at=now - 2 * verification.SILENT, told_at=now - 2 * verification.SILENT)
    assert "上次校验中断了" in page(cast)
    cast.client("auditor").post(f"{CHAIN}verify/")
    assert Run.objects.count() == 2


def test_a_line_says_its_seal_and_its_checkpoint(cast: Cast) -> None:
    line = Line.objects.unscoped("t").order_by("pk")[0]
    assert "刚写入，等待封存" in page(cast, f"/audit/{line.pk}/")
    assert "等待" in page(cast, "/audit/")
    sealing.seal_all(everything=True)
    shown = page(cast, f"/audit/{line.pk}/")
    assert "封存为第 1 号" in shown
    assert line.seal.hash in shown
    assert "还没有签名检查点包含这一条" in shown
    point = checkpoints.make()
    assert f"（当时共 {point.count} 条）" in page(cast, f"/audit/{line.pk}/")
    assert "第 1 号" in page(cast, "/audit/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"outcome": "denied"}, True),
        ({"outcome": "done"}, False),
        ({"outcome": "x"}, True),
        ({"address": "127.0.0.1"}, True),
        ({"address": "127.0.0"}, False),
        ({"thing": "records.record"}, False),
        ({"thing": "no.such"}, False),
        ({"post": "1"}, False),
        ({"post": "x"}, True),
        ({"post": "9" * 40}, False),
    ],
)
def test_filters(cast: Cast, query: dict[str, str], found: bool) -> None:
    cast.client("secretary").get(f"/o/{cast.neighbour.code}/")
    assert ("不在范围内或不存在</a>" in page(cast, "/audit/", **query)) is found


def test_lines_of_one_post(cast: Cast) -> None:
    cast.client("secretary").get(f"/o/{cast.neighbour.code}/")
    post = str(cast.posts["secretary"].pk)
    shown = page(cast, "/audit/", post=post)
    assert "找到 1 条，新的在前，只看任职编号" in shown
    assert f'name="post" value="{post}"' in shown


def test_taking_in_by_the_page(cast: Cast) -> None:
    below, client = Below(), cast.client("auditor")
    shown = client.post(f"{CHAIN}take/", {"text": below.note(5)})
    assert shown.status_code == 422 and "请同时填它的公钥" in shown.content.decode()
    shown = client.post(f"{CHAIN}take/", {"text": below.note(5).replace("\n", "\r\n"), "key": below.key}, follow=True)
    assert "收存了 1 个检查点" in shown.content.decode()
    assert "zhibu-below" in shown.content.decode()
    assert "以前都收存过" in client.post(f"{CHAIN}take/", {"text": below.note(5)}, follow=True).content.decode()
    shown = client.post(f"{CHAIN}take/", {"text": below.note(5, "bb")})
    assert shown.status_code == 422 and "两个不同的摘要" in shown.content.decode()
    failed = Line.objects.unscoped("t").filter(action="audit.hold", outcome="failed")
    assert any("两个不同的摘要" in line.sentence for line in failed.order_by("pk")) or failed.count() == 1
    assert client.get(f"{CHAIN}held/zhibu-below/").content.decode() == below.note(5)
    assert client.get(f"{CHAIN}held/nobody/").status_code == 404


def test_our_checkpoints_go_to_the_superior_as_text(cast: Cast) -> None:
    sealing.seal_all(everything=True)
    point = checkpoints.make()
    response = cast.client("auditor").get(f"{CHAIN}checkpoints.txt")
    assert response.content.decode() == point.text
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert Line.objects.unscoped("t").latest("pk").sentence == "下载本机检查点 1 个"
