"""反映事项: from taken in to rated, its day to reply by, and a contact that is gone when it is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.models import Line
from zhibu.web.concerns import actions, kinds, queries
from zhibu.web.concerns.models import Concern, ConcernKind
from zhibu.web.conftest import ROLES, TODAY, Cast
from zhibu.web.members.models import Look
from zhibu.web.personal import retention

pytestmark = pytest.mark.django_db
CONTACT = "13988880000"
TOLD = {"source": "public", "what": "三组停水两天", "taken_on": TODAY.isoformat(), "contact": CONTACT}


def taken(cast: Cast, who: str = "secretary", **more: Any) -> Concern:
    told = {"source": "public", "what": "三组停水两天", "kind": None, "taken_on": TODAY,
            "due_on": TODAY + timedelta(days=7), "contact": CONTACT} | more  # fmt: skip
    return actions.take_in(by=cast.scope(who), **told)


def now(one: Concern) -> Concern:
    return Concern.objects.unscoped("t").get(pk=one.pk)


def stored() -> str:
    """Every text of the tables of this app, as it lies in the database."""
    with connection.cursor() as cursor:
        found = ""
        for table in ("concerns_concern", "concerns_concernstep", "audit_line"):
            cursor.execute(f"SELECT * FROM {table}")
            found += repr(cursor.fetchall())
    return found


@pytest.mark.mechanism("M303")
def test_a_residents_matter_goes_its_way_and_the_contact_is_erased(cast: Cast) -> None:
    kinds.set_(by=cast.scope("committee_officer"), name="供水", days=7, document="")
    kind = ConcernKind.objects.unscoped("t").get()
    client = cast.client("secretary")
    empty = client.post("/concerns/new/", {}).content.decode()
    assert "写哪天以前答复" in empty and "一句话写明反映什么事" in empty  # all that is missing at once
    answer = client.post("/concerns/new/", TOLD | {"kind": str(kind.pk)})
    one = Concern.objects.unscoped("t").get()
    assert answer.headers["Location"] == f"/concerns/{one.pk}/"  # where the next step is written
    assert one.due_on == TODAY + timedelta(days=7) and one.contact == CONTACT
    assert CONTACT not in stored() and "三组停水" in client.get("/duties/month/").content.decode()
    address = f"/concerns/{one.pk}/"
    assert "139****0000" in client.get(address).content.decode()
    for step, told in (
        ("assign", {"to": cast.branch.code, "person": "王委员", "text": "尽快"}),
        ("handle", {"outcome": "solved", "text": "换了水泵", "on": TODAY.isoformat()}),
        ("reply", {"text": "已告知恢复供水", "on": TODAY.isoformat()}),
    ):
        assert client.post(f"{address}{step}/", told).status_code == 302, step
    assert now(one).contact == CONTACT and now(one).days == 0
    assert client.post(f"{address}rate/", {"rating": "satisfied"}).status_code == 302
    closed = now(one)
    assert (closed.state, closed.rating, closed.contact_sealed) == ("closed", "satisfied", "")
    page = client.get(address).content.decode()
    assert "已删除" in page and "换了水泵" in page and client.get(f"{address}contact/").status_code == 404
    assert CONTACT not in stored()
    names = {one.name for one in Concern._meta.concrete_fields}
    assert not names & {"name", "resident", "address", "phone", "user", "member"}


def test_a_closed_one_can_have_no_contact(cast: Cast) -> None:
    one = taken(cast)
    actions.withdraw(by=cast.scope("secretary"), concern=one, text="重复登记")
    assert now(one).contact_sealed == "" and now(one).state == "withdrawn"
    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.unscoped("t").filter(pk=one.pk).update(contact_sealed="v1|x")


def test_a_contact_goes_by_its_term_even_when_nobody_closes(cast: Cast) -> None:
    one = taken(cast)
    Concern.objects.unscoped("t").filter(pk=one.pk).update(taken_on=TODAY - timedelta(days=400))
    retention.clear()
    assert now(one).contact_sealed == "" and now(one).state == "taken"


@pytest.mark.mechanism("M310")
@pytest.mark.mechanism("M313")
def test_a_base_organisations_problem_goes_up_and_to_a_department_and_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = taken(cast, source="base", what="村级路灯没有管护经费", contact="")
    branch, town, county = (cast.client(who) for who in ("secretary", "committee_officer", "officer"))
    address = f"/concerns/{one.pk}/"
    assert branch.post(f"{address}assign/", {"to": cast.town.name, "text": "请镇里解决"}).status_code == 302
    assert now(one).handler == cast.town
    assert "村级路灯没有管护经费" in town.get("/review/").content.decode()  # a committee has no 本月任务
    assert "村级路灯没有管护经费" not in county.get("/review/").content.decode()
    assert (
        branch.post(f"{address}handle/", {"outcome": "solved", "text": "x", "on": TODAY.isoformat()}).status_code == 422
    )
    assert town.post(f"{address}assign/", {"to": cast.county.code}).status_code == 302
    assert county.post(f"{address}assign/", {"to": cast.other_town.code, "person": "李科长"}).status_code == 302
    with pytest.raises(NotAllowed):
        actions.handle(by=cast.scope("neighbour"), concern=one, on=TODAY, outcome="solved", text="x")
    monkeypatch.setenv("ZHIBU_TODAY", (TODAY + timedelta(days=5)).isoformat())
    Concern.objects.unscoped("t").filter(pk=one.pk).update(handler=cast.county)
    when = (TODAY + timedelta(days=5)).isoformat()
    county.post(f"{address}handle/", {"outcome": "explained", "text": "列入明年预算", "on": when})
    county.post(f"{address}reply/", {"text": "明年一季度拨付", "on": when})
    assert now(one).days == 5
    page = branch.get("/concerns/").content.decode()
    assert "今年答复 1 件，期限内答复 1 件" in page and "用 5 天" in page
    assert branch.post(f"{address}redo/", {"text": "先解决三盏", "due_on": "2026-12-10"}).status_code == 302
    assert now(one).state == "assigned" and now(one).days is None
    county.post(f"{address}handle/", {"outcome": "solved", "text": "先修三盏", "on": when})
    county.post(f"{address}reply/", {"text": "已修好", "on": when})
    assert branch.post(f"{address}rate/", {"rating": "fair"}).status_code == 302
    assert [step.what for step in queries.steps(one)][-1] == "rated"
    assert "评价满意 0、基本满意 1、不满意 0" in branch.get("/concerns/").content.decode()


def test_late_ones_stand_first_and_are_counted(cast: Cast) -> None:
    late = taken(cast, due_on=TODAY - timedelta(days=1), taken_on=TODAY - timedelta(days=9), contact="")
    taken(cast, contact="")
    page = cast.client("secretary").get("/concerns/").content.decode()
    assert "2 件等答复，1 件过了期限" in page
    assert next(iter(queries.concerns(cast.scope("secretary").doing("concerns.view")))) == late
    assert "没有符合条件" in cast.client("secretary").get("/concerns/?state=closed").content.decode()


@pytest.mark.parametrize("who", ROLES)
def test_who_may(cast: Cast, who: str) -> None:
    one = taken(cast)
    client = cast.client(who)
    sees = who in ("officer", "committee_officer", "secretary")
    assert client.get("/concerns/").status_code == (200 if sees or who == "leader" else 403)
    assert client.get(f"/concerns/{one.pk}/").status_code == (200 if sees or who == "leader" else 403)
    answer = client.post(f"/concerns/{one.pk}/contact/", {"reason": "回电告知结果"})
    assert answer.status_code == (200 if who == "secretary" else 404 if sees else 403)
    assert (CONTACT in answer.content.decode()) == (who == "secretary")
    assert Look.objects.count() == Line.objects.unscoped("t").filter(action="concerns.unmask", outcome="done").count()


def test_the_neighbour_reads_it_only_as_its_handler(cast: Cast) -> None:
    one = taken(cast)
    assert cast.client("neighbour").get(f"/concerns/{one.pk}/").status_code == 404
    with pytest.raises(Unfit, match="管理范围"):
        actions.assign(by=cast.scope("secretary"), concern=one, to=cast.neighbour)
    Concern.objects.unscoped("t").filter(pk=one.pk).update(handler=cast.neighbour, state="assigned")
    assert cast.client("neighbour").get(f"/concerns/{one.pk}/").status_code == 200
    assert cast.client("neighbour").post(f"/concerns/{one.pk}/withdraw/", {"text": "x"}).status_code == 422


@pytest.mark.parametrize("told", [
    {"what": "张三家停水，电话 13988880000"}, {"what": "身份证 990001198001010013"}, {"what": ""}, {"what": "长" * 201},
    {"source": "visit"}, {"taken_on": "2026-12-01"}, {"due_on": ""}, {"due_on": "2026-11-01"}, {"contact": "9" * 61},
])  # fmt: skip
def test_what_cannot_be_taken_in(cast: Cast, told: dict[str, str]) -> None:
    right = TOLD | {"due_on": "2026-11-30"}
    assert cast.client("secretary").post("/concerns/new/", right | told).status_code == 422
    assert not Concern.objects.unscoped("t").exists()
    assert cast.client("secretary").post("/concerns/new/", right).status_code == 302


def test_a_step_out_of_turn_is_refused_in_words(cast: Cast) -> None:
    one = taken(cast)
    client = cast.client("secretary")
    answer = client.post(f"/concerns/{one.pk}/rate/", {"rating": "fair"})
    assert answer.status_code == 422 and "没有交办" in answer.content.decode()
    for on in ("2026-11-01", "2026-12-01"):
        told = {"outcome": "solved", "text": "办了", "on": on}
        assert client.post(f"/concerns/{one.pk}/handle/", told).status_code == 422


def test_kinds_of_a_superior_hold_below_it_and_end(cast: Cast) -> None:
    kind = kinds.set_(by=cast.scope("officer"), name="供水", days=7, document="")
    with pytest.raises(Unfit, match="已有"):
        kinds.set_(by=cast.scope("officer"), name="供水", days=9, document="")
    assert list(queries.kinds(cast.branch)) == [kind]
    assert cast.client("committee_officer").post(f"/concerns/kinds/{kind.pk}/end/").status_code == 404
    assert cast.client("officer").post(f"/concerns/kinds/{kind.pk}/end/").status_code == 302
    assert not queries.kinds(cast.branch)


def test_a_merger_takes_the_open_ones_along(cast: Cast) -> None:
    from zhibu.web.concerns import merging

    one = taken(cast)
    assert merging.remains(cast.branch.pk, TODAY) == ["没有办结的反映事项 1 件"]
    assert merging.take(cast.branch.pk, cast.sister.pk, TODAY) == {"concerns": 1}
    assert now(one).organisation == now(one).handler == cast.sister


def test_queries_do_not_grow_and_the_export_has_no_contact(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = cast.client("officer")
    for number in range(12):
        taken(cast, what=f"事项{number}")
    with django_assert_max_num_queries(24):
        client.get("/concerns/")
    answer = client.get("/concerns/export/")
    assert answer.status_code == 200 and Line.objects.unscoped("t").filter(action="concerns.export").count() == 1
