"""The gate of uploads, the table, the operator's scanner."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from zhibu.web.conftest import Cast
from zhibu.web.core import antivirus, gate, uploads

MANUAL = Path(__file__).parents[5] / "docs" / "manual"


def upload(size: int = 10) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.xlsx", b"x" * size)


def test_pages_that_take_no_file_refuse_one(cast: Cast) -> None:
    for who, url in (("secretary", "/identity/"), ("secretary", "/records/new/"), ("officer", "/feedback/")):
        assert cast.client(who).post(url, {"files": upload()}).status_code == 400, url
    assert Client().post("/login/", {"files": upload(), "username": "x"}).status_code == 400
    assert Client().post("/imports/new/", {"files": upload()}).status_code in (302, 400)
    assert Client().post("/nothing/", {"files": upload()}).status_code == 404


def test_more_than_the_page_takes_is_cut_off(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "most", lambda upload: 1_000)
    assert cast.client("officer").post("/imports/new/", {"files": [upload(600), upload(600)]}).status_code in (400, 413)
    assert cast.client("officer").post("/imports/new/", {"files": [upload(400), upload(400)]}).status_code in (302, 422)


def test_each_upload_has_its_table() -> None:
    from tests.architecture.test_house import patterns

    named = {getattr(pattern.callback, "uploads", None) for pattern in patterns(get_resolver())} - {None}
    assert named == set(uploads.TABLE)
    sizes = {kind["file_mb"] for kind in uploads.TABLE["books"]["types"].values()}
    assert len(sizes) == 1  # imports/limits.py has one figure


def test_the_manual_says_what_the_table_says() -> None:
    for upload, page in (("books", "imports.md"), ("attachments", "records.md")):
        text = (MANUAL / page).read_text("utf-8")
        for kind in uploads.TABLE[upload]["types"].values():
            row = next((line for line in text.splitlines() if line.startswith(f"| {kind['word']} ")), "")
            for figure in ("file_mb", "unpacked_mb", "pixels_m"):
                if figure in kind:
                    unit = "百万像素" if figure == "pixels_m" else "MB"
                    assert f"{kind[figure]} {unit}" in row, (page, kind["word"], figure)


# --- the scanner: real commands and a real function ---------------------------------------------------------------


def script(folder: Path, body: str) -> str:
    path = folder / "scanner"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(b"harmless")
    return path


def test_without_a_scanner_files_pass(file: Path, settings) -> None:
    assert settings.ANTIVIRUS == ""
    antivirus.check(file)


def test_a_command_decides(tmp_path: Path, file: Path, settings) -> None:
    settings.ANTIVIRUS = script(tmp_path, 'grep -q EICAR "$2" && exit 1; exit 0') + " --quiet"
    antivirus.check(file)
    file.write_bytes(b"X5O!P%@AP[4 EICAR")
    with pytest.raises(antivirus.Infected, match="没有通过"):
        antivirus.check(file)


@pytest.mark.parametrize("body", ["exit 2", "kill -9 $$", "exit 127"])
def test_a_scanner_that_fails_lets_nothing_pass(tmp_path: Path, file: Path, settings, body: str) -> None:
    settings.ANTIVIRUS = script(tmp_path, body)
    with pytest.raises(antivirus.Infected, match="没有完成"):
        antivirus.check(file)


def test_a_scanner_that_hangs_or_is_missing_lets_nothing_pass(
    tmp_path: Path, file: Path, settings, monkeypatch
) -> None:
    monkeypatch.setattr(antivirus, "SECONDS", 0.2)
    for command in (script(tmp_path, "exec sleep 30"), "/no/such/scanner", "no.such:function", "os:getcwd"):
        settings.ANTIVIRUS = command
        with pytest.raises(antivirus.Infected, match="没有完成"):
            antivirus.check(file)


def test_a_function_decides(file: Path, settings) -> None:
    settings.ANTIVIRUS = f"{__name__}:clean"
    antivirus.check(file)
    file.write_bytes(b"bad")
    with pytest.raises(antivirus.Infected):
        antivirus.check(file)


def clean(path: Path) -> bool:
    return path.read_bytes() != b"bad"


def test_the_scanner_stands_before_both_uploads(cast: Cast, tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.ANTIVIRUS = script(tmp_path, "exit 1")
    response = cast.client("officer").post("/imports/new/", {"files": upload()})
    assert response.status_code == 422 and "病毒扫描没有通过" in response.content.decode()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    from zhibu.web.files.receive import judged
    from zhibu.web.files.refuse import Refused

    with pytest.raises(Refused, match="病毒扫描没有通过"):
        judged(upload())
