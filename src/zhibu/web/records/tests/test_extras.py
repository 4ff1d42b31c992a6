"""What some kinds of activity ask, texts to begin from, dictated words, a form that changed under a draft."""

from __future__ import annotations

from datetime import date

import pytest

from zhibu.web.conftest import TODAY, Cast
from zhibu.web.organisations.models import Organisation, Sector
from zhibu.web.records import actions, cleaning, compare, prefill
from zhibu.web.records.models import Record
from zhibu.web.records.tests import given
from zhibu.web.regulations import voting

NEW = "/records/new/"
pytestmark = pytest.mark.django_db
VOTE = {"ask_vote_matter": "同意设立两个党小组", "ask_vote_yes": "6", "ask_vote_no": "1", "ask_vote_abstain": "1"}


def told(cast: Cast, **changes: object) -> list[str]:
    answer = cast.client("secretary").post(NEW, given.typed(**changes))
    assert answer.status_code == 422
    return given.errors(answer.content.decode())


def becomes(cast: Cast, sector: Sector) -> None:
    Organisation.objects.unscoped("t").filter(pk=cast.branch.pk).update(sector=sector)


def test_a_vote_is_counted_against_the_roster(cast: Cast) -> None:
    """Due and present come from the full members of the sheet above; more than half of the due pass it."""
    client = cast.client("secretary")
    answer = client.post(NEW, given.typed(types=["general_meeting"], **VOTE))
    check = client.get(answer.headers["Location"]).content.decode()
    assert "有表决权的应到：8 人；有表决权的实到：8 人；赞成：6 票" in check
    assert "通过：赞成 6 票，超过应到会人数的 1/2（8 人）" in check
    client.post(answer.headers["Location"])
    [record] = given.all_records()
    assert record.extra["vote_due"] == 8 and record.extra["vote_matter"] == "同意设立两个党小组"
    assert "通过：赞成 6 票" in client.get(f"/records/{record.number}/").content.decode()


@pytest.mark.parametrize(
    ("heads", "passed"),
    [((8, 8, 5, 3, 0), True), ((8, 8, 4, 4, 0), False), ((9, 5, 5, 0, 0), True), ((9, 5, 4, 0, 1), False),
     ((8, 4, 4, 0, 0), False), ((0, 0, 0, 0, 0), False), ((1, 1, 1, 0, 0), True)],
)  # fmt: skip
def test_more_than_half_of_those_with_the_right_to_vote(heads: tuple[int, ...], passed: bool) -> None:
    names = ("due", "present", "yes", "no", "abstain")
    assert voting.outcome(dict(zip(names, heads, strict=True))).passed is passed


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ask_vote_matter": ""}, "写明表决什么"),
        ({"ask_vote_yes": ""}, "填写赞成票数，没有人赞成就填 0"),
        ({"ask_vote_yes": "9"}, "赞成、反对、弃权合计 11 票，多于实到 8 人，请核对"),
        ({"ask_vote_yes": "许多"}, "赞成写成数字"),
        ({"ask_vote_no": "-1"}, "反对不能小于 0"),
    ],
)
def test_what_no_vote_can_be(cast: Cast, changes: dict[str, str], error: str) -> None:
    assert error in told(cast, types=["general_meeting"], **(VOTE | changes))


def test_only_the_kinds_ticked_ask(cast: Cast) -> None:
    """What was typed for a kind that was then unticked is not stored; an ordinary meeting stores nothing."""
    assert given.sent(cast.client("secretary"), **VOTE, ask_help_helped="3").extra == {}


@pytest.mark.mechanism("M301")
def test_help_is_counted_and_names_nobody(cast: Cast) -> None:
    assert told(cast, types=["help_activity"]) == ["填写帮助了"]
    record = given.sent(cast.client("secretary"), types=["help_activity"], ask_help_helpers="12", ask_help_helped="30")
    assert record.extra == {"help_helpers": 12, "help_helped": 30}
    page = cast.client("officer").get(f"/records/{record.number}/").content.decode()
    assert "参加帮扶的：12 人；帮助了：30 人" in page
    form = cast.client("secretary").get(NEW).content.decode()
    assert "只记人数，不写被帮助的人是谁" in form and "姓名" not in form


@pytest.mark.mechanism("M327")
def test_clean_conduct_education_in_one_of_four_forms(cast: Cast) -> None:
    """Owed each month in organs by the rule `clean-education` of packs/county-example."""
    assert told(cast, types=["clean_education"], ask_clean_form="唱歌") == ["形式里没有“唱歌”，从列出的里选"]
    record = given.sent(cast.client("secretary"), types=["clean_education"], ask_clean_form="讲廉洁故事")
    assert record.extra == {"clean_form": "讲廉洁故事"}
    assert "形式：讲廉洁故事" in cast.client("officer").get(f"/records/{record.number}/").content.decode()
    assert given.sent(cast.client("secretary"), types=["clean_education"], key="none").extra == {}


@pytest.mark.mechanism("M315")
def test_a_project_with_its_beneficiaries(cast: Cast) -> None:
    typed = {"types": ["collective_service"], "ask_project_name": "修通机耕路"}
    assert told(cast, **typed) == ["填写受益"]
    record = given.sent(
        cast.client("secretary"), **typed, ask_project_beneficiaries="１２０", ask_project_income="3500.5"
    )
    assert record.extra == {"project_name": "修通机耕路", "project_beneficiaries": 120, "project_income": "3500.5"}
    page = cast.client("officer").get(f"/records/{record.number}/").content.decode()
    assert "修通机耕路" in page and "120 人" in page and "3500.5 元" in page


def test_a_sector_is_offered_its_own_kinds(cast: Cast) -> None:
    assert "集体经济服务居民" in cast.client("secretary").get(NEW).content.decode()
    becomes(cast, Sector.NPE)
    page = cast.client("secretary").get(NEW).content.decode()
    assert "集体经济服务居民" not in page and "围绕生产经营的活动" in page
    assert told(cast, types=["enterprise_activity"]) == ["填写效果"]


def test_a_program_can_not_leave_out_what_is_asked(cast: Cast) -> None:
    with pytest.raises(actions.Refused, match="填写帮助了"):
        given.record(cast, types=["help_activity"])
    odd = {"vote_yes": 9, "vote_due": 8, "vote_present": 8}
    with pytest.raises(actions.Refused, match="多于实到"):
        given.record(cast, types=["general_meeting"], extra=odd)


def test_an_edit_shows_and_keeps_the_answers(cast: Cast) -> None:
    client = cast.client("secretary")
    record = given.sent(client, types=["general_meeting"], **VOTE)
    page = client.get(f"/records/{record.number}/edit/").content.decode()
    assert 'value="同意设立两个党小组"' in page
    client.post(f"/records/{record.number}/edit/", given.typed(types=["general_meeting"], version="1", **VOTE,
                                                               ask_vote_due="8", ask_vote_present="8"))  # fmt: skip
    assert given.all_records()[0].version == 1  # nothing changed, nothing written
    changed = VOTE | {"ask_vote_yes": "7", "ask_vote_no": "0"}
    client.post(f"/records/{record.number}/edit/", given.typed(types=["general_meeting"], version="1", **changed))
    stored = given.all_records()[0]
    assert (stored.extra["vote_yes"], stored.version) == (7, 2)
    late = client.post(f"/records/{record.number}/edit/", given.typed(types=["general_meeting"], version="1", **VOTE))
    assert late.status_code == 409 and "赞成" in late.content.decode()
    assert compare.Line("x", "y", "z").label == "x"


@pytest.mark.parametrize(
    ("sector", "frame", "first"),
    [
        (Sector.VILLAGE, "village", "村里的事："),
        (Sector.ORGAN, "organ", "学习内容："),
        (Sector.NPE, "enterprise", "生产经营目标："),
    ],
)
def test_a_text_of_the_own_sector(cast: Cast, sector: Sector, frame: str, first: str) -> None:
    becomes(cast, sector)
    client = cast.client("secretary")
    given.rule()
    given.november(cast.branch)
    page = client.get(NEW + "?rule=branch-life/theme-day&period=2026-11").content.decode()
    assert f'value="frame:{frame}"' in page
    begun = client.post(NEW, given.typed(content="写了一点", do=f"frame:{frame}")).content.decode()
    assert f"写了一点\n\n{first}" in begun
    assert "写了一点" in client.post(NEW, given.typed(content="写了一点", do="frame:nonsense")).content.decode()


def test_what_was_filled_in_is_told(cast: Cast) -> None:
    given.rule()
    given.november(cast.branch)
    given.record(cast, held_on=date(2026, 10, 20), key="october")
    page = cast.client("secretary").get(NEW + "?rule=branch-life/theme-day&period=2026-11").content.decode()
    assert "地点、主持已按 10 月 20 日那次填好" in page


def test_a_plan_goes_before_last_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given.rule()
    given.november(cast.branch)
    given.record(cast, held_on=date(2026, 10, 20), key="october")
    monkeypatch.setattr(prefill, "sources", [lambda *_: {}, lambda *_: {"from": "按 11 月计划", "place": "老祠堂"}])
    page = cast.client("secretary").get(NEW + "?rule=branch-life/theme-day&period=2026-11").content.decode()
    assert "地点已按 11 月计划填好" in page and 'value="老祠堂"' in page
    assert "主持已按 10 月 20 日那次填好" in page


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("今天 学习 文件逗号到会２６人句号另起一行决定周五办", "今天学习文件，到会26人。\n决定周五办"),
        ("第一项 另起一行 第二项", "第一项\n第二项"),
        ("学习ＡＢ卷句号", "学习AB卷。"),
        ("到会 26 人 句号", "到会26人。"),
        ("讲了逗号的用法，很细", "讲了逗号的用法，很细"),
        (
            "李 明讲课，清理河道句号决定冒号二组负责逗号周五完成",
            "李 明讲课，清理河道。决定：二组负责，周五完成",
        ),
        ("李 明 参加", "李 明 参加"),
    ],
)
def test_dictated_text(said: str, plain: str) -> None:
    assert cleaning.plain(said) == plain
    assert cleaning.plain(plain) == plain


@pytest.mark.mechanism("M297")
def test_a_changed_form_loses_nothing(cast: Cast) -> None:
    """A draft of an older form: a field that is gone is shown, a field that is new is empty, the rest stands."""
    old = {"key": ["form-9"], "content": ["写好的内容"], "place": ["老会议室"], "speaker": ["王老师主讲"],
           "ask_gone_words": ["旧的效果"], "held_on": [TODAY.isoformat()], "types": ["theme_day"]}  # fmt: skip
    actions.save_draft(by=cast.scope("secretary"), key="form-9", fields=old)
    client = cast.client("secretary")
    page = client.get(f"{NEW}?key=form-9").content.decode()
    assert "这张表改过" in page and "王老师主讲" in page and "旧的效果" in page
    assert "写好的内容" in page and 'value="老会议室"' in page
    again = given.typed(key="form-9", content="写好的内容", left=["王老师主讲", "旧的效果"], do="save")
    client.post(NEW, again)
    assert given.all_drafts()[0].fields["left"] == ["王老师主讲", "旧的效果"]
    # A page opened before the change posts what the new form does not know.
    client.post(NEW, given.typed(key="form-8", speaker="李老师", do="save"))
    assert next(one for one in given.all_drafts() if one.key == "form-8").fields["left"] == ["李老师"]
    assert Record.objects.unscoped("t").count() == 0
