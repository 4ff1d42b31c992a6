"""Finding what was typed: the order of meanings, near ones, and that nothing out of reach is ever named."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from zhibu.web.conftest import Cast
from zhibu.web.organisations import finding, tree
from zhibu.web.organisations.fields import AnywhereField, PlaceField, PlacesField
from zhibu.web.organisations.models import Organisation

ASK = {"for": "organisations.move"}


def offered(cast: Cast, who: str, q: str, **more: str) -> list[dict[str, str]]:
    answer = cast.client(who).get("/pick/", {**ASK, "q": q, **more})
    assert answer.status_code == 200
    return json.loads(answer.content)["found"]


def rows(cast: Cast, who: str = "officer"):
    return finding.reached(cast.scope(who))


@pytest.mark.parametrize("typed", ["T004", "大营镇槐树村党支部", "槐树"])
def test_by_code_name_and_short_name(cast: Cast, typed: str) -> None:
    Organisation.objects.unscoped("test").filter(pk=cast.branch.pk).update(short_name="槐树")
    assert finding.named(rows(cast), typed) == cast.branch


def test_a_whole_name_goes_before_a_short_name(cast: Cast) -> None:
    Organisation.objects.unscoped("test").filter(pk=cast.sister.pk).update(short_name=cast.branch.name)
    assert finding.named(rows(cast), cast.branch.name) == cast.branch


def test_of_two_with_one_name_the_code_is_asked_and_given(cast: Cast) -> None:
    Organisation.objects.unscoped("test").filter(pk=cast.sister.pk).update(name=cast.branch.name)
    with pytest.raises(finding.NotFound, match=f"不止一个，写代码.*{cast.branch.code}.*{cast.sister.code}"):
        finding.named(rows(cast), cast.branch.name)
    assert [one["words"] for one in offered(cast, "officer", "槐树")] == [cast.branch.code, cast.sister.code]


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("龙泉", "大营镇龙泉村党支部（T005）"),
        ("大营镇龙泉村支部", "大营镇龙泉村党支部（T005）"),
        ("dyzlq", "（T005）"),
        ("T00", "（T001）"),
    ],
)
def test_an_error_names_what_comes_near(cast: Cast, typed: str, near: str) -> None:
    with pytest.raises(finding.NotFound) as refusal:
        finding.named(rows(cast), typed)
    assert near in str(refusal.value) and str(refusal.value).count("（T") <= finding.NEAR


def test_nothing_near(cast: Cast) -> None:
    with pytest.raises(finding.NotFound, match="没有叫“云海”的党组织。名称和代码在“组织”一页可以查到"):
        finding.named(rows(cast), "云海")


def test_pinyin_and_the_way_up(cast: Cast) -> None:
    (one,) = offered(cast, "officer", "lqc")
    assert one["words"] == one["name"] == cast.sister.name
    assert one["note"] == f"T005 · {cast.county.name} › {cast.town.name}"


def test_nothing_out_of_reach_is_ever_suggested_or_named(cast: Cast) -> None:
    """Every part of every name, code and spelling of the county, asked by one who reaches a town only."""
    inside = {cast.town.name, cast.branch.name, cast.sister.name}
    everything = Organisation.objects.unscoped("test")
    asked = {
        word[a:b]
        for one in everything
        for word in (one.name, one.code, one.initials)
        for a, b in combinations(range(0, len(word) + 1, 3), 2)
    }
    scope = cast.scope("committee_officer").doing("organisations.move")
    for text in asked:
        assert {one.organisation.name for one in finding.suggested(scope, text)} <= inside
        assert {one.name for one in finding.near(finding.reached(scope), text)} <= inside
    assert cast.neighbour.name not in finding.refusal(finding.reached(scope), "柳树")
    assert offered(cast, "committee_officer", "柳树") == [] != offered(cast, "officer", "柳树")


def test_the_list_follows_the_act_asked_for(cast: Cast) -> None:
    assert offered(cast, "secretary", "槐树") == []  # may move none
    assert len(offered(cast, "secretary", "槐树", **{"for": "branch.view"})) == 1
    for needs in ("", "no.such.act", "x\x00y", "'; DROP TABLE"):
        assert offered(cast, "officer", "槐树", **{"for": needs}) == []


def test_only_below_one(cast: Cast) -> None:
    assert len(offered(cast, "officer", "党支部")) == 3
    assert len(offered(cast, "officer", "党支部", below=cast.town.code)) == 2
    assert offered(cast, "committee_officer", "党支部", below=cast.other_town.code) == []
    assert offered(cast, "officer", "党支部", below="T999") == []


@pytest.mark.parametrize(
    "typed",
    ["", " ", "%", "_", "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin1"), "x" * 5000, "’ OR 1=1"],
)
def test_hostile_words(cast: Cast, typed: str) -> None:
    assert offered(cast, "officer", typed) == []


def test_those_that_ended_are_not_there(cast: Cast) -> None:
    Organisation.objects.unscoped("test").filter(pk=cast.sister.pk).update(dissolved_on="2026-01-01")
    assert offered(cast, "officer", "龙泉") == []
    with pytest.raises(finding.NotFound):
        finding.named(rows(cast), cast.sister.code)


def test_a_list_of_many(cast: Cast) -> None:
    tree.plant(parent=cast.town, code="T 9", name="大营镇机关、直属党支部", kind="branch")
    field = PlacesField("单位", most=4)
    field.at(cast.scope("officer"))
    told = field.clean(f"T004，{cast.sister.name}\r\n 大营镇机关、直属党支部 \nT004")
    assert [one.code for one in told] == ["T004", "T005", "T 9"]
    assert field.clean("") == []
    for typed, said in (
        ("柳木", "没有叫“柳木”"),
        ("T1 T2", "没有这些：T1、T2"),
        ("a b c d e", "最多 4 个单位，现在是 5 个"),
    ):
        with pytest.raises(Exception, match=said):
            field.clean(typed)


def test_who_is_sent_to_is_found_anywhere_but_suggested_within_reach(cast: Cast) -> None:
    field = AnywhereField("接收支部")
    field.at(cast.scope("secretary").doing("branch.view"))
    assert field.clean(cast.neighbour.code) == field.clean(cast.neighbour.name) == cast.neighbour
    assert field.clean("") is None
    with pytest.raises(Exception, match="没有叫“石门镇柳树”") as refusal:
        field.clean("石门镇柳树")
    assert cast.neighbour.name not in str(refusal.value)


def test_a_field_nobody_gave_a_reach_reads_nothing() -> None:
    with pytest.raises(AttributeError):
        PlaceField("党组织").clean("T001")


def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_max_num_queries) -> None:
    scope = cast.scope("officer")
    with django_assert_max_num_queries(3):
        assert len(finding.suggested(scope, "镇")) == 5
