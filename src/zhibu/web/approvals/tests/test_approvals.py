"""Four eyes: two persons, whatever posts they hold; each state once, whoever races."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta

import pytest
from django.db import connection

from zhibu.web.access.actions import appoint
from zhibu.web.access.queries import scope_of, system_scope
from zhibu.web.approvals import actions, kinds, queries
from zhibu.web.approvals.models import Approval, State
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.models import Line
from zhibu.web.conftest import ROLES, TODAY, Cast, plant_cast
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope

pytestmark = pytest.mark.django_db
ACT = "members.export_numbers"


def ask(cast: Cast, who: str = "secretary", place: str = "branch") -> Approval:
    return actions.ask(
        by=cast.scope(who), action=ACT, sentence="导出 槐树村 153 人", reason="核对名册",
        organisation=getattr(cast, place), payload={"members": [1, 2]},
    )  # fmt: skip


def decide(cast: Cast, asked: Approval, who: str = "committee_officer", *, approve: bool = True) -> Approval:
    return actions.decide(by=cast.scope(who), approval=asked, approve=approve, answer="同意" if approve else "不需要")


def state() -> str:
    return Approval.objects.unscoped("t").get().state


def test_asked_approved_taken_once(cast: Cast) -> None:
    asked = ask(cast)
    assert [one.pk for one in queries.waiting(cast.scope("committee_officer"))] == [asked.pk]
    decide(cast, asked)
    assert actions.take(by=cast.scope("secretary"), approval=asked, action=ACT) == {"members": [1, 2]}
    with pytest.raises(NotAllowed, match="已经使用过一次"):
        actions.take(by=cast.scope("secretary"), approval=asked, action=ACT)
    lines = Line.objects.unscoped("t").filter(thing="approvals.approval").order_by("pk")
    assert [line.action for line in lines] == ["approvals.ask", "approvals.decide", "approvals.take"]
    assert {line.organisation_name for line in lines} == {cast.branch.name}


def test_refused_is_refused(cast: Cast) -> None:
    asked = ask(cast)
    decide(cast, asked, approve=False)
    with pytest.raises(NotAllowed, match="没有批准"):
        actions.take(by=cast.scope("secretary"), approval=asked, action=ACT)
    with pytest.raises(NotAllowed, match="已经有人"):
        decide(cast, asked, "officer")


def test_nobody_decides_on_their_own_by_another_post(cast: Cast) -> None:
    """W25: the secretary is also the committee's officer."""
    asked, person = ask(cast), cast.posts["secretary"].user
    second = appoint(by=system_scope(), user=person, organisation=cast.town, role="committee_officer", starts_on=TODAY)
    by = scope_of(second, TODAY)
    assert by.may_at("approvals.decide", cast.branch.path)
    assert not queries.waiting(by)
    with pytest.raises(NotAllowed, match="另一个人"):
        actions.decide(by=by, approval=asked, approve=True)
    assert state() == State.ASKED


def test_nobody_decides_by_the_post_that_asked(cast: Cast) -> None:
    """Who stands in for the asker (代办) holds the asker's post, under another name."""
    asked = ask(cast, "committee_officer")
    standing_in = dataclasses.replace(cast.scope("committee_officer"), user_id=cast.posts["officer"].user_id)
    with pytest.raises(NotAllowed, match="另一个人"):
        actions.decide(by=standing_in, approval=asked, approve=True)


@pytest.mark.parametrize("who", ROLES)
def test_who_decides(cast: Cast, who: str) -> None:
    """Own secretary asks; committee and department above may decide, nobody else."""
    asked, allowed = ask(cast), who in ("officer", "committee_officer")
    if allowed:
        decide(cast, asked, who)
    else:
        with pytest.raises(NotAllowed):
            decide(cast, asked, who)
    assert state() == (State.APPROVED if allowed else State.ASKED)


def test_not_in_reach(cast: Cast) -> None:
    asked = ask(cast, "neighbour", "neighbour")
    with pytest.raises(NotAllowed, match="范围"):
        decide(cast, asked)
    assert queries.visible(cast.scope("committee_officer"), asked.pk) is None
    assert cast.client("committee_officer").get(f"/approvals/{asked.pk}/").status_code == 404
    with pytest.raises(NotAllowed, match="在那里不能申请"):
        ask(cast, "secretary", "neighbour")


def test_who_may_not_do_it_may_not_ask_for_it(cast: Cast) -> None:
    for who in ("leader", "member", "auditor"):
        with pytest.raises(NotAllowed):
            ask(cast, who)


def test_only_the_asker_by_the_same_post_takes(cast: Cast) -> None:
    asked = ask(cast)
    decide(cast, asked)
    by = cast.scope("secretary")
    without = tuple(dataclasses.replace(one, actions=one.actions - {ACT}) for one in by.grants)
    for other in (
        cast.scope("officer"), dataclasses.replace(by, post_id=by.post_id + 1000),
        dataclasses.replace(by, grants=cast.scope("neighbour").grants), dataclasses.replace(by, grants=without),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            actions.take(by=other, approval=asked, action=ACT)
    with pytest.raises(NotAllowed):
        actions.take(by=by, approval=asked, action="posts.appoint")  # approved for something else
    assert state() == State.APPROVED


def test_time_runs_out(cast: Cast) -> None:
    asked = ask(cast)
    Approval.objects.unscoped("t").update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(NotAllowed, match="过期"):
        decide(cast, asked)
    assert not queries.waiting(cast.scope("committee_officer"))
    Approval.objects.unscoped("t").update(expires_at=clock.now() + timedelta(days=1))
    decide(cast, asked)
    Approval.objects.unscoped("t").update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(NotAllowed, match="过期"):
        actions.take(by=cast.scope("secretary"), approval=asked, action=ACT)
    assert "已过期" in cast.client("secretary").get(f"/approvals/{asked.pk}/").content.decode()


def test_a_kind_is_registered_with_one_meaning() -> None:
    kind = kinds.kind_of(ACT)
    assert kinds.register(kind) is kind
    with pytest.raises(ValueError, match="another meaning"):
        kinds.register(dataclasses.replace(kind, decided_by="me.view"))
    with pytest.raises(KeyError):
        kinds.kind_of("no.such")


def test_pages(cast: Cast) -> None:
    asked = ask(cast)
    assert "导出 槐树村 153 人" in cast.client("secretary").get("/approvals/").content.decode()
    client = cast.client("committee_officer")
    page = client.get("/approvals/").content.decode()
    assert "等我批准" in page and "导出 槐树村 153 人" in page
    url = f"/approvals/{asked.pk}/"
    assert 'value="approve"' in client.get(url).content.decode()
    assert 'value="approve"' not in cast.client("secretary").get(url).content.decode()
    assert client.post(url, {"do": "refuse"}).status_code == 422  # no reason given
    assert client.post(url, {"do": "nonsense"}).status_code == 422
    assert client.post(url, {"do": "approve"}).status_code == 302
    assert "下载一次" in cast.client("secretary").get(url).content.decode()
    assert "下载一次" not in client.get(url).content.decode()


def race(cast: Cast, work: list) -> list[str]:
    """Run the callables at once, each on its own connection; their outcomes."""
    start, said = threading.Barrier(len(work)), []

    def run(one) -> None:
        try:
            start.wait()
            one()
            said.append("done")
        except NotAllowed as error:
            said.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return said


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["decide", "take"])
def test_a_race_has_one_winner(step: str) -> None:
    from django.db import transaction

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("one shared in-memory database has no two writers; `make test-postgres` runs it")
    cast = plant_cast()
    asked = ask(cast)
    scopes: list[Scope] = [cast.scope(who) for who in ("officer", "committee_officer")] * 8

    def take_it() -> None:
        with transaction.atomic():
            actions.take(by=cast.scope("secretary"), approval=asked, action=ACT)

    if step == "take":
        decide(cast, asked)
        work = [take_it] * 16
    else:
        work = [lambda by=by: actions.decide(by=by, approval=asked, approve=by.role == "officer") for by in scopes]
    assert race(cast, work).count("done") == 1
    steps = Line.objects.unscoped("t").filter(action=f"approvals.{step}")
    assert steps.count() == 1
