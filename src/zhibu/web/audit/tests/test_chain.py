"""Seals: numbers without a gap, digests that nobody can make fit, one spelling whichever database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from benchmarks.audit_tamper import tamper
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from zhibu.web.audit.actions import write
from zhibu.web.audit.chain import canonical, sealing
from zhibu.web.audit.chain.verifying import verify
from zhibu.web.audit.models import Line, Seal
from zhibu.web.audit.tests.conftest import put_triggers_back, take_triggers_away
from zhibu.web.core import clock

TEXTS = st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=6), max_size=5)


@given(TEXTS, TEXTS)
def test_other_parts_are_other_bytes(one: list, other: list) -> None:
    spelt = ["".join(map(canonical.part, texts)) for texts in (one, other)]
    assert (spelt[0] == spelt[1]) == (one == other)


def test_separators_inside_a_value_change_nothing() -> None:
    assert canonical.part("1:a") + canonical.part("b") != canonical.part("1") + canonical.part("a1:b")


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 21, 0, 0, 0, 5, tzinfo=UTC),
        datetime(2026, 11, 21, 8, 0, 0, 5, tzinfo=timezone(timedelta(hours=8))),
        datetime(2026, 11, 21, 0, 0, 0, 5),
        "2026-11-21 00:00:00.000005",
    ],
)
def test_a_moment_has_one_spelling(value: Any) -> None:
    assert canonical.moment(value) == "2026-11-21T00:00:00.000005+00:00"


def test_json_has_one_spelling() -> None:
    assert canonical.sorted_json('{"b": [1, 2.5],   "a": "\\u5b57"}') == '{"a":"字","b":[1,2.5]}'


def test_numbers_begin_with_one_and_have_no_gap(log: Callable[..., list[Line]]) -> None:
    lines = log(3) + log(2)
    assert list(Seal.objects.order_by("number").values_list("number", "line_id")) == [
        (number, line.pk) for number, line in enumerate(lines, 1)
    ]
    assert sealing.seal_all(everything=True) == 0


def test_the_digest_is_what_the_page_says(log: Callable[..., list[Line]]) -> None:
    """Computed here by hand, for one line, from nothing but the description."""
    (line,) = log(1)
    seal = Seal.objects.get()
    written, sealed = line.at.isoformat(), seal.at.astimezone(UTC).isoformat()
    values = [
        "zhibu-audit-1", "sha256", "1", sealed, str(line.pk), written, None, None, None, "系统", "", "", "",
        "records.edit", "done", "改活动记录 0", "", "", None, "", "", None, '{"n":0}', "0" * 64,
    ]  # fmt: skip
    text = "".join("-" if one is None else f"{len(one)}:{one}" for one in values)
    assert seal.hash == hashlib.sha256(text.encode()).hexdigest()


def test_what_a_long_transaction_wrote_is_sealed_later(log: Callable[..., list[Line]], at: Callable) -> None:
    """A line with a small number that becomes visible when later ones are sealed and half an hour has gone by."""
    from django.db import connection

    _, second = log(2, sealed=False)
    take_triggers_away()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_line SET id = id + 1000 WHERE id = %s", [second.pk])
    put_triggers_back()
    sealing.seal_all()
    at(clock.now() + timedelta(hours=1))
    Line(pk=None, at=clock.now(), action="x", sentence="", address="", post_title="", thing="", thing_id="").save()
    assert sealing.seal_all() + sealing.seal_all(everything=True) == 1
    assert verify().good


def test_sm3_by_setting(settings: Any, log: Callable[..., list[Line]]) -> None:
    log(2)
    settings.AUDIT_HASH = "sm3"
    log(2)
    assert list(Seal.objects.order_by("number").values_list("algorithm", flat=True)) == ["sha256"] * 2 + ["sm3"] * 2
    assert verify().good
    # GB/T 32905-2016, appendix A: the digest of “abc”
    assert canonical.sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_an_unknown_algorithm_is_refused(settings: Any, log: Callable[..., list[Line]]) -> None:
    settings.AUDIT_HASH = "md5"
    with pytest.raises(ImproperlyConfigured, match="sha256、sm3"):
        log(1)


def test_a_young_line_waits_and_is_no_fault(log: Callable[..., list[Line]]) -> None:
    log(2)
    log(1, sealed=False)
    report = verify()
    assert report.good
    assert "还有 1 条刚写入，等着封存" in report.notes


def test_a_clock_put_back_leaves_the_order_and_is_written_down(log: Callable[..., list[Line]], at: Callable) -> None:
    now = clock.now()
    log(2)
    at(now - timedelta(hours=2))
    lines = log(2)
    numbers = dict(Seal.objects.values_list("line_id", "number"))
    assert [numbers[line.pk] for line in lines] == [3, 4]
    said = Line.objects.unscoped("t").get(action="audit.clock")
    assert re.fullmatch(r"第 3 号写着的时间比前一条早 (119|120) 分钟：时钟被调过，或是后来补进去的", said.sentence)
    sealing.seal_all(everything=True)
    assert verify().good


@pytest.mark.parametrize("seed", [1, 2])
def test_tamperings_are_located_to_the_row(db: None, seed: int) -> None:
    """A hundred here; a thousand by `make security-audit`."""
    missed: list[str] = []
    found = tamper(55, 60, seed, missed.append)
    assert (found.total(), missed) == (55, [])


def test_an_untouched_log_is_whole(log: Callable[..., list[Line]]) -> None:
    """The verifier is not red whatever it sees."""
    log(30)
    report = verify()
    assert (report.good, report.sealed, report.bad) == (True, 30, 0)
    assert report.words[0] == "完好：30 条封存的记录没有一条被改动、删除、插入、调换或截断"


def test_a_rolled_back_write_leaves_no_line(db: None) -> None:
    from django.db import transaction

    with transaction.atomic():
        write(by=None, action="x", sentence="", thing=None, organisation=None)
        transaction.set_rollback(True)
    assert not Line.objects.unscoped("t").exists()
