"""Keys change under a living database: every row readable at every moment, goes on after a kill, nobody's edit lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhibu.web.config import keys
from zhibu.web.conftest import Cast
from zhibu.web.core import crypto, reseal
from zhibu.web.core.crypto import ring as rings
from zhibu.web.core.crypto.ring_file import add
from zhibu.web.core.sealed import digests
from zhibu.web.members.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def living(settings, tmp_path: Path, cast: Cast) -> Cast:
    """The cast, sealed under the one key of a ring in a file."""
    file, only = tmp_path / "keys.json", rings.ring().current
    file.write_text(rings.Ring(only, (only,)).as_text())
    file.chmod(0o600)
    settings.KEYS, settings.KEYS_FILE = "", file
    return cast


def everybody() -> dict[int, tuple[str, str]]:
    return {one.pk: (one.id_number, one.phone) for one in Member.objects.unscoped("t").order_by("pk")}


def heads() -> set[str]:
    rows = Member.objects.unscoped("t").values_list("id_sealed", "phone_sealed", "id_digest", "phone_digest")
    return {text.split("|")[2] if "|" in text else text.split(":")[0] for row in rows for text in row}


def zhibu(what: str) -> int:
    from argparse import Namespace

    return keys.run(Namespace(what=what))


@pytest.mark.parametrize("to", ["aes", "sm4"])
def test_rotate(living: Cast, settings, to: str, capsys: pytest.CaptureFixture[str]) -> None:
    before, settings.CRYPTO = everybody(), to
    assert zhibu("rotate") == 0
    current = rings.ring().current
    assert (current.path, heads()) == (to, {current.id})
    assert everybody() == before
    one = Member.objects.unscoped("t").order_by("pk")[0]
    assert one.id_sealed.split("|")[1] == {"aes": "aes256gcm", "sm4": "sm4gcm"}[to]
    assert one.id_digest == digests(Member, "id_number", one.id_number)[0]
    assert one.phone_digest == digests(Member, "phone", one.phone)[0]
    assert zhibu("list") == zhibu("check") == 0
    said = capsys.readouterr().out
    assert "members.member.id_sealed 24，members.member.phone_sealed 24  现用" in said
    assert "没有密文" in said
    assert "48 条密文，0 条有问题" in said
    assert not [number for row in before.values() for number in row if number in said]


def test_a_killed_change_goes_on_with_the_same_key(living: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everybody()
    monkeypatch.setattr(reseal, "BATCH", 5)

    class Killed(BaseException):
        pass

    def kill(_column: str, changed: int) -> None:
        if changed >= 10:
            raise Killed

    add(rings.new_key())
    with pytest.raises(Killed):
        reseal.reseal(kill)
    current = rings.ring().current.id
    assert heads() == {"ktest", current}
    assert everybody() == before  # a reader in the middle
    assert zhibu("rotate") == 0
    assert rings.ring().current.id == current
    assert heads() == {current}
    assert everybody() == before


def test_an_edit_in_the_middle_is_not_lost(living: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading a row and writing it back, somebody changes the phone."""
    first = Member.objects.unscoped("t").order_by("pk")[0]
    add(rings.new_key())
    real, done = reseal.put, []

    def meanwhile(row: Member, column: str, plain: str) -> None:
        real(row, column, plain)
        if column == "phone_sealed" and row.pk == first.pk and not done:
            done.append(1)
            edited = Member.objects.unscoped("t").get(pk=first.pk)
            edited.phone = "13999990000"
            edited.save()

    monkeypatch.setattr(reseal, "put", meanwhile)
    reseal.reseal()
    assert Member.objects.unscoped("t").get(pk=first.pk).phone == "13999990000"


def test_search_and_uniqueness_hold_in_the_middle(living: Cast) -> None:
    """One row under the old key: it is still found, and the number can't be entered a second time by an import."""
    from zhibu.web.imports.reach import Reach

    first = Member.objects.unscoped("t").filter(organisation=living.branch).order_by("pk")[0]
    number = first.id_number
    add(rings.new_key("sm4"))
    assert first.id_digest != digests(Member, "id_number", number)[0]
    assert first.id_digest in digests(Member, "id_number", number)
    assert Reach(living.scope("officer")).members([number])[number].pk == first.pk
    page = living.client("secretary").post("/members/find/", {"number": number}).content.decode()
    assert first.name in page


def test_trouble_is_named_and_the_rest_goes_on(living: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(Member.objects.unscoped("t").order_by("pk"))
    Member.objects.unscoped("t").filter(pk=rows[0].pk).update(id_sealed=rows[1].id_sealed)
    Member.objects.unscoped("t").filter(pk=rows[2].pk).update(phone_digest="ktest:nonsense")
    assert zhibu("check") == 1
    said = capsys.readouterr().err
    assert f"id_sealed 第 {rows[0].pk} 行：密文校验不通过" in said
    assert f"phone_sealed 第 {rows[2].pk} 行：查找用的摘要和密文对不上" in said
    assert zhibu("rotate") == 1
    assert f"第 {rows[0].pk} 行" in capsys.readouterr().err
    assert {one.id_number for one in Member.objects.unscoped("t").exclude(pk=rows[0].pk)} == {
        one.id_number for one in rows[1:]
    }
    assert rows[1].id_number not in said


def test_a_number_that_stands_twice_under_two_keys_is_told(living: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    """The unique digest can't see across keys; the change of keys does."""
    first = Member.objects.unscoped("t").order_by("pk")[0]
    add(rings.new_key())
    Member.objects.create(
        organisation=living.sister, name="又一个", id_number=first.id_number, born_on="1980-01-01", kind="full",
        joined_on="2000-01-01",
    )  # fmt: skip
    assert zhibu("rotate") == 1
    assert f"第 {first.pk} 行：同一个号码已登记在另一行" in capsys.readouterr().err


def test_a_lost_ring_is_never_replaced_beside_sealed_rows(living: Cast, settings) -> None:
    kept = settings.KEYS_FILE.read_text()
    settings.KEYS_FILE.unlink()
    with pytest.raises(crypto.KeyRingError, match="从备份放回"):
        crypto.seal("1", "t.f:1")
    assert not settings.KEYS_FILE.exists()
    assert zhibu("new") == zhibu("rotate") == zhibu("list") == 2
    client = living.client("secretary")
    page = client.get("/members/")
    assert page.status_code == 200 and "从备份放回" in page.content.decode()
    settings.KEYS_FILE.write_text(kept)
    assert "无法显示" not in client.get("/members/").content.decode()


def test_a_first_ring_is_made_beside_an_empty_database(settings, tmp_path: Path) -> None:
    settings.KEYS, settings.KEYS_FILE = "", tmp_path / "new" / "keys.json"
    assert crypto.unseal(crypto.seal("1", "t.f:1"), "t.f:1") == "1"
    assert settings.KEYS_FILE.stat().st_mode & 0o777 == 0o600


def test_a_ring_of_the_environment_is_followed(living: Cast, settings) -> None:
    old = rings.ring().current
    new = rings.new_key("sm4")
    settings.KEYS = rings.Ring(new, (old, new)).as_text()
    before = everybody()
    assert zhibu("new") == 2
    assert zhibu("rotate") == 0
    assert heads() == {new.id}
    assert everybody() == before
