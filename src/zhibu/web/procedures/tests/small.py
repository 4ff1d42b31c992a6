"""A small procedure of the tests' own: what each test needs, and nothing that a regulation might change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from zhibu.web.conftest import TODAY, Cast
from zhibu.web.procedures import actions
from zhibu.web.procedures.actions import Entry
from zhibu.web.procedures.models import Case, Issued, StepRecord
from zhibu.web.procedures.publishing import publish

SMALL = """
procedure: small
version: "1"
title: 小程序
level: central
subject: person
effective: {from: 2020-01-01}
finished: 办成了
sources: {X: {title: 《小条例》, issuer: 某部门, issued: 2020-01-01}}
values:
  born_on: {title: 出生日期, type: date, at_start: true}
  kind: {title: 类别, type: choice, options: {a: 甲类, b: 乙类}}
papers: {letter: 申请书, minutes: 会议记录}
steps:
  - id: ask
    title: 提出申请
    source: {ref: X, clause: 第一条}
    strength: hard
    evidence: text
    by: own
    makes: [letter]
    gates: [{kind: age, value: born_on, years: 18, says: 年满十八岁}]
  - id: meet
    title: 开会表决
    source: {ref: X, clause: 第二条}
    strength: hard
    evidence: text
    by: own
    asks: [kind]
    needs: [letter, minutes]
    from: {after: ask, months: 1}
    until: {after: ask, months: 2}
    gates:
      - {kind: vote, quorum: {of: due, over: 1/2}, passes: {of: due, over: 1/2}}
    outcomes:
      lost: {title: 没有通过, to: ask}
  - id: approve
    title: 上级批准
    source: {ref: X, clause: 第三条}
    strength: hard
    evidence: secondary
    by: superior
    of_kind: [committee]
    outcomes:
      refused: {title: 不批准, ends: 没有批准}
"""


def written(text: str, folder: Any) -> list[Issued]:
    """Publish a text as the command does."""
    home = folder / "procedures"
    home.mkdir(exist_ok=True)
    (home / f"{len(list(home.iterdir()))}.yaml").write_text(text, encoding="utf-8")
    return publish(paths=[folder])


def begun(cast: Cast, *, opened: date = TODAY - timedelta(days=60), **told: Any) -> Case:
    given = {"name": "申请人甲", "born_on": date(1995, 5, 5), **told}
    return actions.open_case(
        by=cast.scope("secretary"), organisation=cast.branch, procedure="small", opened=opened, **given
    )


def entry(done: date, **told: Any) -> Entry:
    return Entry(done=done, **told)


VOTES = {"due": 8, "present": 7, "yes": 6, "no": 1, "abstain": 0}
MINUTES = ({"id": "minutes", "title": "会议记录", "number": "会 3 号", "on": "2026-11-01"},)


def met(done: date, **told: Any) -> Entry:
    given: dict[str, Any] = {"values": {"kind": "a"}, "votes": VOTES, "papers": MINUTES, **told}
    return Entry(done=done, **given)


def rows(case: Case) -> list[StepRecord]:
    return list(StepRecord.objects.unscoped("t").filter(case=case).order_by("pk"))


def fresh(case: Case) -> Case:
    return Case.objects.unscoped("t").get(pk=case.pk)
