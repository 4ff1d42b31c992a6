"""Short sentences that set the scene."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from zhibu.web.conftest import TODAY, Cast
from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Verdict
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import actions
from zhibu.web.records.models import Draft, Record
from zhibu.web.regulations.models import Rule, Rulebook

WHY = "the test looks at everything"


def members(branch: Organisation) -> list[Member]:
    return list(Member.objects.unscoped(WHY).filter(organisation=branch).order_by("pk"))


def all_records() -> list[Record]:
    return list(Record.objects.unscoped(WHY).order_by("pk"))


def all_drafts() -> list[Draft]:
    return list(Draft.objects.unscoped(WHY).order_by("pk"))


def fields(**changes: Any) -> dict[str, Any]:
    """What a careful secretary would have typed."""
    return {
        "types": ["theme_day"],
        "held_on": TODAY,
        "place": "村党群服务中心二楼",
        "host": "李文秀",
        "content": "议题：冬季用电安全\n决定事项：周五前逐户排查。",
        "recorder": "李文秀",
    } | changes


def everybody(branch: Organisation, state: str = "present") -> dict[int, str]:
    return {member.pk: state for member in members(branch)}


def record(cast: Cast, *, key: str = "form-1", who: str = "secretary", **changes: Any) -> Record:
    """A submitted record of the branch of `who`."""
    branch = cast.posts[who].organisation
    return actions.submit(
        by=cast.scope(who),
        organisation=branch,
        fields=fields(**changes),
        attendance=changes.pop("attendance", None) or everybody(branch),
        key=key,
    )


def typed(**changes: Any) -> dict[str, Any]:
    """The same as a posted form, everybody else present."""
    posted = {
        "key": "form-1",
        "types": ["theme_day"],
        "held_on": TODAY.isoformat(),
        "starts_at": "19:00",
        "ends_at": "20:30",
        "place": "村党群服务中心二楼",
        "host": "李文秀",
        "content": "议题：冬季用电安全",
        "rest": "present",
        "do": "check",
    }
    return posted | changes


def sent(client: Client, **changes: Any) -> Record:
    """Form, check answers, submit: all three steps."""
    answer = client.post("/records/new/", typed(**changes))
    assert answer.status_code == 302, errors(answer.content.decode())
    answer = client.post(answer.headers["Location"])
    assert answer.status_code == 302
    number = answer.headers["Location"].split("/")[2]
    return Record.objects.unscoped(WHY).get(number=number)


def errors(html: str) -> list[str]:
    """The lines of the error summary."""
    found = re.search(r'class="error-summary".*?</div>', html, re.DOTALL)
    return re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", found.group()) if found else []


def rule(name: str = "theme-day", title: str = "主题党日", types: tuple[str, ...] = ("theme_day",)) -> Rule:
    """A published rule, without its YAML."""
    book, _ = Rulebook.objects.get_or_create(
        digest="test",
        defaults={"rulebook": "branch-life", "title": "组织生活", "level": "central", "since": date(2020, 1, 1),
                  "text": "", "file": "", "published_at": timezone.now()},
    )  # fmt: skip
    return Rule.objects.create(
        book=book, position=1, rule=name, title=title, sentence="", source="", strength="hard", evidence="text",
        status="active", subject="organisation", every="month", types=list(types),
    )  # fmt: skip


def verdict(branch: Organisation, period: str, first: date, last: date, status: str = "open", **more: Any) -> Verdict:
    """A kept verdict; ten days of grace."""
    values = {
        "rulebook": "branch-life",
        "rule": "theme-day",
        "strength": "hard",
        "year": last.year,
        "deadline": date.fromordinal(last.toordinal() + 10),
        "max_points": 1,
    }
    return Verdict.objects.create(
        organisation=branch, period=period, starts_on=first, ends_on=last, status=status, **(values | more)
    )


def november(branch: Organisation, status: str = "open", **more: Any) -> Verdict:
    return verdict(branch, "2026-11", date(2026, 11, 1), date(2026, 11, 30), status, **more)


def october(branch: Organisation, status: str = "missed", **more: Any) -> Verdict:
    return verdict(branch, "2026-10", date(2026, 10, 1), date(2026, 10, 31), status, **more)


def scope(cast: Cast, who: str = "secretary") -> Scope:
    return cast.scope(who)
