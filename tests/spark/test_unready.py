"""What is said where Spark cannot run. Needs no Spark."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhibu.cli import main
from zhibu.engine.backends.spark import session

ASKED = ["evaluate", "--rules", "packs/central", "--facts", "nowhere", "--year", "2025", "--out"]


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: None)
    assert main([*ASKED, str(tmp_path / "out"), "--backend", "spark"]) == 2
    said = capsys.readouterr().err
    assert "缺少模块 pyspark、pandas" in said and "make setup-spark" in said
    assert not (tmp_path / "out").exists()


def test_without_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: object())
    monkeypatch.setattr(session.shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert main([*ASKED, str(tmp_path / "out"), "--backend", "spark"]) == 2
    assert "请安装 Java 17" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--facts", "--out"])
def test_addresses_are_for_the_cluster(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, str(tmp_path / "out"), option, "hdfs://nn/x"]) == 2
    assert "hdfs://nn/x:1: 不是本机的文件夹。只有 --backend spark 能读写这样的地址" in capsys.readouterr().err
