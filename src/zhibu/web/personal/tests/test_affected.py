"""The drill: an account was stolen; who is affected, by what."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from zhibu.web.access.queries import system_scope
from zhibu.web.audit.models import Line
from zhibu.web.config.commands import main
from zhibu.web.conftest import Cast
from zhibu.web.core import clock
from zhibu.web.members.actions import transfer
from zhibu.web.members.looking import find, unmask
from zhibu.web.members.models import Member
from zhibu.web.personal import affected, standings
from zhibu.web.personal.tests.conftest import NAME, NUMBER, PHONE, scope

pytestmark = pytest.mark.django_db


def window() -> tuple[datetime, datetime]:
    return clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)


def ask(cast: Cast, who: str) -> affected.Answer:
    since, until = window()
    return affected.find(scope=system_scope(), user=cast.posts[who].user, since=since, until=until)


def of(cast: Cast, place: object) -> set[int]:
    return set(Member.objects.everything("t").filter(organisation=place).values_list("pk", flat=True))


def test_what_was_opened_is_certain_the_rest_of_the_reach_possible(cast: Cast, lan: Member) -> None:
    unmask(by=cast.scope("secretary"), member=lan, what="phone", reason="核对")
    answer = ask(cast, "secretary")
    assert set(answer.certain) == {lan.pk}
    assert answer.certain[lan.pk].what == {"members.member.name", "members.member.phone_sealed"}
    assert set(answer.possible.values_list("pk", flat=True)) == of(cast, cast.branch) - {lan.pk}


def test_an_export_affects_everybody_in_it(cast: Cast, lan: Member) -> None:
    cast.client("secretary").get("/members/export/")
    answer = ask(cast, "secretary")
    assert set(answer.certain) == of(cast, cast.branch)
    assert answer.possible.count() == 0


def test_numbers_exported_with_a_reason(cast: Cast, lan: Member) -> None:
    from zhibu.web.members.number_export import export_numbers
    from zhibu.web.members.queries import Asked

    export_numbers(by=cast.scope("secretary"), asked=Asked(q=NAME), unit="槐树村", reason="核对")
    answer = ask(cast, "secretary")
    assert set(answer.certain) == {lan.pk}
    assert "members.member.id_sealed" in answer.certain[lan.pk].what


def test_found_by_number_and_changed(cast: Cast, lan: Member) -> None:
    officer = cast.scope("officer")
    find(by=officer, number=PHONE)
    other = Member.objects.unscoped("t").filter(organisation=cast.sister)[0]
    transfer(by=officer, member=other, to=cast.branch, on=clock.today())
    answer = ask(cast, "officer")
    assert set(answer.certain) == {lan.pk, other.pk}
    assert answer.certain[other.pk].what == {"members.member.organisation"}


def test_outside_the_window_nothing(cast: Cast, lan: Member) -> None:
    unmask(by=cast.scope("secretary"), member=lan, what="phone", reason="核对")
    long_ago = timezone.make_aware(datetime(2019, 1, 1))  # before the post began
    answer = affected.find(
        scope=system_scope(), user=cast.posts["secretary"].user, since=long_ago, until=long_ago + timedelta(days=3)
    )
    assert (answer.lines, answer.people) == (0, 0)


def test_a_leader_could_see_nobody_s_roster(cast: Cast) -> None:
    assert ask(cast, "leader").people == 0


def test_the_page_of_the_security_administrator(cast: Cast, lan: Member) -> None:
    scope(cast, "security_admin")
    unmask(by=cast.scope("secretary"), member=lan, what="phone", reason="核对")
    today = timezone.localdate().isoformat()
    given = {"account": "secretary", "since": today, "until": today}
    client = cast.client("security_admin")
    page = client.post("/personal/affected/", given).content.decode()
    assert NAME in page
    assert "确知" in page
    assert NUMBER not in page
    assert PHONE not in page
    assert not Line.objects.unscoped("t").filter(action="affected.find").exists()
    book = client.post("/personal/affected/", given | {"take": "1"})
    assert book.content[:2] == b"PK"
    line = Line.objects.unscoped("t").get(action="affected.find")
    assert line.new["people"] == 9
    assert line.new["certain"] == 1
    for who in ("officer", "secretary", "auditor"):
        assert cast.client(who).get("/personal/affected/").status_code == 403


def test_members_of_others_are_counted_not_named(cast: Cast, lan: Member) -> None:
    here = scope(cast, "security_admin", cast.other_town)
    unmask(by=cast.scope("officer"), member=lan, what="phone", reason="核对")
    since, until = window()
    answer = affected.find(scope=here.doing("affected.find"), user=cast.posts["officer"].user, since=since, until=until)
    text = str(list(affected.rows(answer)))
    assert NAME not in text
    assert f"党员{cast.neighbour.pk}0" in text
    assert str(lan.pk) in text


def test_a_restricted_person_is_told_by_number(cast: Cast, lan: Member) -> None:
    standings.restrict(by=cast.scope("officer"), member=lan)
    answer = ask(cast, "secretary")
    assert lan.pk in set(answer.possible.values_list("pk", flat=True))
    assert NAME not in str(list(affected.rows(answer)))


def test_an_account_elsewhere_reads_like_none(cast: Cast) -> None:
    scope(cast, "security_admin", cast.other_town)
    given = {"since": "2026-11-01", "until": "2026-11-21"}
    pages = [
        cast.client("security_admin").post("/personal/affected/", given | {"account": account})
        for account in ("secretary", "nobody-at-all")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    assert all("没有这个账号" in page.content.decode() for page in pages)


def test_the_command(cast: Cast, lan: Member, capsys: pytest.CaptureFixture[str]) -> None:
    unmask(by=cast.scope("secretary"), member=lan, what="id_number", reason="核对")
    today = timezone.localdate().isoformat()
    assert main(["affected", "--account", "secretary", "--since", today, "--until", today]) == 0
    out, err = capsys.readouterr()
    rows = list(csv.reader(io.StringIO(out)))
    assert rows[0] == list(affected.HEADINGS)
    assert len(rows) == 10
    assert rows[1][1] == NAME
    assert rows[1][5] == "确知"
    assert "确知受影响 1 人，可能受影响 8 人" in err
    assert Line.objects.unscoped("t").get(action="affected.find").new["people"] == 9
    assert main(["affected", "--account", "x", "--since", today, "--until", today]) == 2
    assert main(["affected", "--account", "secretary", "--since", "昨天", "--until", today]) == 2
