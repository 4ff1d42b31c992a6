"""A small world on disk: one rulebook, two branches, a handful of events."""

from __future__ import annotations

from pathlib import Path

import pytest

RULES = """\
id: branch-life
title: 党支部组织生活
level: central
effective: {from: 2018-10-28}
sources:
  ZB: {title: 支部工作条例, issuer: 中共中央, issued: 2018-10-28}
rules:
  - id: general-meeting
    title: 支部党员大会
    source: {ref: ZB, clause: 第十一条}
    strength: soft
    applies_to: {subject: organisation, where: {kind: [branch, joint_branch]}}
    every: quarter
    needs: {event: [general_meeting], where: {attendance: {min: 0.5}}}
    grace: {days: 10}
    points: {met: 2, late: 1, missed: 0}
"""
SCHEME = """\
id: county-2025
title: 2025 年度考核办法
dimensions:
  - {id: life, title: 组织生活, weight: 40, rules: [branch-life/*]}
escalation: {rules: [branch-life/*], steps: {1: 提醒}}
"""
ORGANISATIONS = """\
org_id,parent_id,kind,founded_on,dissolved_on,valid_from,valid_to
w,,committee,,,,
a,w,branch,2010-01-01,,,
b,w,branch,2010-01-01,,,
"""
EVENTS = """\
event_id,types,org_id,person_id,unit_id,held_on,recorded_on,expected,present,days,hours,topics,makes_up
e1,general_meeting|lecture,a,,,2025-02-10,2025-02-11,10,8,,,,
e2,general_meeting,a,,,2025-05-10,2025-08-11,10,8,,,,
e3,general_meeting,a,,,2025-08-10,2025-08-11,10,3,,,,
e4,general_meeting,a,,,2025-09-10,2025-09-11,10,9,,,,2025Q2
"""


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A folder with rules.yaml, scheme.yaml and facts/ in CSV."""
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts/organisations.csv").write_text(ORGANISATIONS, encoding="utf-8")
    (tmp_path / "facts/events.csv").write_text(EVENTS, encoding="utf-8")
    return tmp_path
