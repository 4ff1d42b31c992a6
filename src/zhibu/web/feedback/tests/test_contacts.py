"""A sender's contact: sealed at rest, masked on the page, whole with a reason, within limits, with a line."""

from __future__ import annotations

import pytest
from django.db import connection

from zhibu.web.audit.models import Line
from zhibu.web.conftest import ROLES, Cast
from zhibu.web.core import crypto, reseal
from zhibu.web.core.crypto import ring as rings
from zhibu.web.feedback.actions import send
from zhibu.web.feedback.models import Feedback
from zhibu.web.members.models import Look, Member, Seen
from zhibu.web.personal import affected

pytestmark = pytest.mark.django_db
CONTACT = "13999990000"
WHY = {"reason": "回电告知办理结果"}


@pytest.fixture
def letter(cast: Cast) -> Feedback:
    """To the town, from the secretary of the branch, who is on the roster."""
    Member.objects.unscoped("t").filter(organisation=cast.branch, name__endswith="0").update(
        user=cast.posts["secretary"].user
    )
    send(by=cast.scope("secretary"), text="表太多", name="李书记", contact=CONTACT)
    return Feedback.objects.unscoped("t").get()


def opened(cast: Cast, letter: Feedback, who: str = "committee_officer", **given: str):
    return cast.client(who).post(f"/feedback/{letter.pk}/contact/", WHY | given)


def lines() -> list[Line]:
    return list(Line.objects.unscoped("t").filter(action="feedback.unmask", outcome="done").order_by("pk"))


@pytest.mark.parametrize("who", ROLES)
def test_who_opens_it(cast: Cast, letter: Feedback, who: str) -> None:
    handles = who in ("officer", "committee_officer")
    answer = opened(cast, letter, who)
    assert answer.status_code == (200 if handles else 403)
    assert (CONTACT in answer.content.decode()) == handles
    assert len(lines()) == Look.objects.count() == (1 if handles else 0)


def test_masked_until_it_is_asked_for_with_a_reason(cast: Cast, letter: Feedback) -> None:
    client = cast.client("committee_officer")
    for address in (f"/feedback/{letter.pk}/", f"/feedback/{letter.pk}/contact/"):
        page = client.get(address).content.decode()
        assert "139****0000" in page and CONTACT not in page
    for reason in ("", "看看", " " * 20, "长" * 201):
        answer = opened(cast, letter, reason=reason)
        assert answer.status_code == 422 and CONTACT not in answer.content.decode()
    assert not lines()
    answer = opened(cast, letter)
    assert "no-store" in answer["Cache-Control"]
    (line,) = lines()
    assert line.sentence == "查看意见里留的联系方式：回电告知办理结果"
    assert (line.thing, line.thing_id, line.organisation_name) == ("feedback.feedback", str(letter.pk), cast.town.name)
    assert CONTACT not in str(line.new)


def test_another_committee_a_nameless_letter_and_an_answered_one_are_not_there(cast: Cast, letter: Feedback) -> None:
    send(by=cast.scope("neighbour"), text="金丝雀", name="王某", contact="13999991111")
    send(by=cast.scope("secretary"), text="不留姓名", contact="13999992222")
    _, other, nameless = Feedback.objects.unscoped("t").order_by("pk")
    assert nameless.contact_sealed == ""
    assert opened(cast, other).status_code == opened(cast, nameless).status_code == 404
    assert opened(cast, Feedback(pk=999_999)).status_code == 404
    cast.client("committee_officer").post(f"/feedback/{letter.pk}/", {"subject": "题", "answer": "答"})
    assert opened(cast, letter).status_code == 404
    assert not lines()


def test_it_counts_among_the_numbers_opened_in_a_day(cast: Cast, letter: Feedback, settings) -> None:
    settings.NUMBERS = settings.NUMBERS | {"opened": 1}
    first, second = opened(cast, letter), opened(cast, letter)
    assert (first.status_code, second.status_code) == (200, 429)
    assert CONTACT not in second.content.decode() and "24 小时内的次数用完了" in second.content.decode()
    assert [line.new["shown"] for line in lines()] == [True, False]


def test_the_sender_sees_who_looked_and_is_affected_by_a_breach(cast: Cast, letter: Feedback) -> None:
    opened(cast, letter)
    assert Seen.objects.get().member.user == cast.posts["secretary"].user
    page = cast.client("secretary").get("/me/").content.decode()
    assert "意见里留的联系方式" in page and "回电告知办理结果" in page
    (line,) = lines()
    assert list(affected._told(line)) == [
        (Seen.objects.get().member_id, {"feedback.feedback.name", "feedback.feedback.contact_sealed"})
    ]


@pytest.mark.parametrize("damage", ["13999990000", "v1|aes256gcm|ktest|AAAA|AAAA", "cut"])
def test_damage_is_told_and_breaks_no_page(cast: Cast, letter: Feedback, damage: str) -> None:
    kept = letter.contact_sealed[:30] if damage == "cut" else damage
    Feedback.objects.unscoped("t").update(contact_sealed=kept)
    page = cast.client("committee_officer").get(f"/feedback/{letter.pk}/").content.decode()
    assert "无法显示" in page and CONTACT not in page
    answer = opened(cast, letter)
    assert answer.status_code == 409 and "联系方式没能显示" in answer.content.decode()
    assert not Look.objects.exists()


def test_a_key_change_covers_it_and_it_stays_in_its_row(cast: Cast, letter: Feedback, settings, tmp_path) -> None:
    only, fresh = rings.ring().current, rings.new_key("sm4")
    settings.KEYS = rings.Ring(fresh, (only, fresh)).as_text()
    done = reseal.reseal()
    after = Feedback.objects.unscoped("t").get()
    assert not done.trouble and not reseal.check()
    assert (after.contact, after.contact_sealed.split("|")[2]) == (CONTACT, fresh.id)
    other = Feedback.objects.create(text="x", sent_on="2026-11-20", name="乙", contact_sealed=after.contact_sealed)
    with pytest.raises(crypto.Broken):
        _ = other.contact


def test_no_table_holds_it(cast: Cast, letter: Feedback) -> None:
    opened(cast, letter)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert CONTACT not in str(cursor.fetchall()), table
