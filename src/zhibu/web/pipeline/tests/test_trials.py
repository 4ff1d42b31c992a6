"""P19 试算: the form, its mistakes by line, the result within the reach, the list taken out."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client

from zhibu.engine import holidays
from zhibu.engine.evaluate import evaluate
from zhibu.engine.facts.load import from_tables
from zhibu.web.assessment import jobs, trials
from zhibu.web.assessment.models import Score, Trial
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.core import clock
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline import facts, whatif
from zhibu.web.pipeline.days import window
from zhibu.web.regulations.actions import publish
from zhibu.web.regulations.drafts import Draft, sides
from zhibu.web.regulations.models import Rulebook, Scheme
from zhibu.web.regulations.queries import books_in_force, scheme_for, schemes_in_force

pytestmark = pytest.mark.django_db

ONE = "id: x\ndimensions:\n  - {id: a, weight: 1, rules: [branch-life/*]}\n"


@pytest.fixture(autouse=True)
def _cold(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path
    whatif._warm.clear()


def current() -> Scheme:
    return schemes_in_force().filter(year=2026)[0]


def heavier() -> str:
    """The scheme in force with more weight on 组织生活, in which the branch is weakest."""
    return current().text.replace("weight: 45", "weight: 90")


def filled(**changes: object) -> dict[str, object]:
    row = current()
    return {
        "year": 2026,
        "against": row.pk,
        "on": "",
        "scheme_text": heavier(),
        "replaces": "",
        "book_text": "",
    } | changes


def asked(client: Client, **changes: object) -> Trial:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda call, **_: call())
        response = client.post("/assessment/trials/new/", filled(**changes))
    assert response.status_code == 302, response.context["form"].errors
    return Trial.objects.unscoped("test").latest("pk")


# --- the form -------------------------------------------------------------------------------------------------------


def test_only_the_department_tries(year: Cast) -> None:
    for role in ("committee_officer", "secretary", "leader", "member", "auditor"):
        assert year.client(role).get("/assessment/trials/").status_code == 403
        assert year.client(role).post("/assessment/trials/new/", filled()).status_code == 403
    assert not Trial.objects.unscoped("test").exists()
    assert "试算" in year.client("officer").get("/board/").content.decode()


def test_the_form_holds_the_version_in_force(year: Cast) -> None:
    page = year.client("officer").get("/assessment/trials/new/").content.decode()
    assert current().text.splitlines()[5] in page
    assert "现行）" in page and "规则书草案" not in page


def test_another_version_or_a_rulebook_is_taken_without_losing_what_is_typed(year: Cast) -> None:
    client = year.client("officer")
    older = Scheme.objects.get(year=2025)
    taken = client.post("/assessment/trials/new/", filled(against=older.pk, take="scheme"))
    assert taken.status_code == 200 and taken.context["form"]["scheme_text"].value() == older.text
    book = Rulebook.objects.get(rulebook="branch-life", withdrawn_at=None)
    taken = client.post("/assessment/trials/new/", filled(replaces=book.pk, take="book"))
    assert taken.context["form"]["book_text"].value() == book.text
    assert taken.context["form"]["scheme_text"].value() == heavier()
    assert "规则书草案" in taken.content.decode() and not Trial.objects.unscoped("test").exists()


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("scheme_text", "id: x\ndimensions: [\n", "第 3 行"),
        (
            "scheme_text",
            "id: x\ndimensions:\n  - {id: a, weight: 重, rules: [branch-life/*]}\n",
            "weight 应是数字",
        ),
        (
            "scheme_text",
            "id: x\ndimensions:\n  - {id: a, weight: 1, rules: [branch-lief/*]}\n",
            "没有规则“branch-lief/*”",
        ),
        ("scheme_text", "", "草案是空的"),
        ("book_text", "id: branch-life\nrules: 三会一课\n", "规则集缺少“effective”"),
        ("book_text", "", "规则书草案是空的"),
    ],
)
def test_mistakes_are_told_by_line_and_the_draft_stays(year: Cast, field: str, text: str, said: str) -> None:
    book = Rulebook.objects.get(rulebook="branch-life", withdrawn_at=None)
    changes: dict[str, object] = {field: text}
    if field == "book_text":
        changes["replaces"] = book.pk
    response = year.client("officer").post("/assessment/trials/new/", filled(**changes))
    assert response.status_code == 422
    form = response.context["form"]
    assert said in "".join(form.errors[field]), form.errors
    assert form[field].value() == text and text.strip() in response.content.decode().replace("&quot;", '"')
    assert not Trial.objects.unscoped("test").exists()


def test_line_ends_of_browsers_do_not_move_lines(year: Cast) -> None:
    text = ONE.replace("1", "重").replace("\n", "\r\n")
    response = year.client("officer").post("/assessment/trials/new/", filled(scheme_text=text))
    assert "第 3 行" in response.context["form"].errors["scheme_text"][0]


def test_two_versions_in_force_at_once_are_refused(year: Cast) -> None:
    book = Rulebook.objects.get(rulebook="branch-life", withdrawn_at=None)
    response = year.client("officer").post("/assessment/trials/new/", filled(book_text=book.text))
    assert "两个版本有效期重叠" in response.context["form"].errors["book_text"][0]


# --- the result -----------------------------------------------------------------------------------------------------


def test_the_result_is_that_of_two_evaluations(year: Cast) -> None:
    trial = asked(year.client("officer"))
    assert trial.state == "done", trial.mistakes
    tables = from_tables(facts.tables(people=False))
    before, after = sides(Draft(trial.scheme_text, trial.against))
    totals = [
        evaluate(
            side.rulebooks, tables, window(2026), clock.today(), scheme=side.scheme, backend="memory",
            holidays=holidays.official(),
        ).scores
        for side in (before, after)
    ]  # fmt: skip
    assert (before.rulebooks, before.scheme) == (books_in_force(), scheme_for(2026))
    one, other = ({row["org_id"]: row for row in table.to_pylist()} for table in totals)
    falls = {code for code in one if other[code]["total"] < one[code]["total"]}
    graded = [code for code in one if one[code]["grade"] != other[code]["grade"]]
    assert falls and trial.result["fall"] == len(falls) and trial.result["regraded"] == len(graded)
    for row in trials.Losers(trial).rows():
        assert row["before"]["total"] == f"{one[row['code']]['total']:.2f}"
        assert row["after"]["rank"] == other[row["code"]]["rank"]
        cents = sum(round(float(why["points"].replace("−", "-")) * 100) for why in row["reasons"])
        assert cents == round((other[row["code"]]["total"] - one[row["code"]]["total"]) * 100)


def test_published_scores_stay(year: Cast) -> None:
    rows = list(Score.objects.unscoped("test").order_by("pk").values())
    asked(year.client("officer"))
    assert list(Score.objects.unscoped("test").order_by("pk").values()) == rows


def test_the_page_tells_it_in_words(year: Cast) -> None:
    client = year.client("officer")
    trial = asked(client)
    page = client.get(f"/assessment/trials/{trial.pk}/").content.decode()
    for words in (
        "维度“组织生活”的权重",
        "45",
        "20",
        "变差的",
        "维度“组织生活”权重 45→90",
        "只列管理范围内的组织",
        "分数分布",
    ):
        assert words in page
    again = client.get(f"/assessment/trials/new/?from={trial.pk}")
    assert again.context["form"]["scheme_text"].value() == trial.scheme_text
    assert f"/assessment/trials/{trial.pk}/" in client.get("/assessment/trials/").content.decode()
    assert Line.objects.unscoped("test").filter(action="trials.make").count() == 1


def test_a_rulebook_draft_counts_its_draft_rules(year: Cast) -> None:
    book = Rulebook.objects.get(rulebook="branch-life", withdrawn_at=None)
    text = book.text.replace("- id: theme-day\n", "- id: theme-day\n    status: draft\n", 1)
    trial = asked(year.client("officer"), scheme_text=current().text, replaces=book.pk, book_text=text)
    assert trial.state == "done", trial.mistakes
    assert trial.result["tried"] == ["branch-life/theme-day"]
    assert trial.result["changes"] == [] and trial.result["fall"] == trial.result["rise"] == 0


def test_a_stricter_rule_is_the_reason(year: Cast) -> None:
    book = Rulebook.objects.get(rulebook="branch-life", withdrawn_at=None)
    text = re.sub(r"(event: \[theme_day\].*)at_least: 1", r"\1at_least: 3", book.text)
    assert text != book.text
    trial = asked(year.client("officer"), scheme_text=current().text, replaces=book.pk, book_text=text)
    assert trial.state == "done", trial.mistakes
    (rule,) = [line for line in trial.result["rules"] if line["rule"] == "theme-day"]
    assert rule["how"] == "修改" and rule["lose"] == trial.result["fall"] > 0
    row = next(trials.Losers(trial).rows())
    assert any("主题党日：" in why["text"] and "未完成" in why["text"] for why in row["reasons"])


def test_what_does_not_fit_the_facts_is_told(year: Cast) -> None:
    text = heavier().replace("peer_group: sector", "peer_group: sektor")
    trial = asked(year.client("officer"), scheme_text=text)
    assert trial.state == "failed" and trial.mistakes[0]["text"] == "scheme" and trial.mistakes[0]["line"] > 0
    page = year.client("officer").get(f"/assessment/trials/{trial.pk}/").content.decode()
    assert "sektor" in page and "考核方案草案第" in page


def test_what_may_not_be_published_is_told(year: Cast) -> None:
    text = current().text.replace("rules:", "rules:\n      - dues/member-dues", 1)
    trial = asked(year.client("officer"), scheme_text=text)
    assert any("发布时会退回" in one for one in trial.result["hints"])


# --- versions -------------------------------------------------------------------------------------------------------


def test_an_earlier_version_stays_to_compare_with(year: Cast, tmp_path) -> None:  # type: ignore[no-untyped-def]
    old = current()
    file = tmp_path / "scheme.yaml"
    file.write_text(heavier(), encoding="utf-8")
    publish(paths=[file])
    new = current()
    assert new.pk != old.pk and new.text == heavier()
    assert scheme_for(2026).dimensions[0].weight == 90
    client = year.client("officer")
    trial = asked(client, against=new.pk)
    assert trial.result["fall"] == trial.result["rise"] == 0
    trial = asked(client, against=old.pk)
    assert trial.result["fall"] > 0
    assert "已被替换" in client.get("/assessment/trials/new/").content.decode()
    publish(paths=[file])
    assert Scheme.objects.filter(scheme=old.scheme).count() == 2


def test_rulebooks_of_a_day(year: Cast) -> None:
    """Published on the real day, so before that there was none."""
    day = clock.now().date() - timedelta(days=400)
    response = year.client("officer").post("/assessment/trials/new/", filled(on=day.isoformat()))
    assert response.status_code == 422
    assert "没有规则“branch-life/" in "".join(response.context["form"].errors["scheme_text"])
    trial = asked(year.client("officer"), on=date(2100, 1, 1).isoformat())
    assert trial.state == "done"


# --- whose ----------------------------------------------------------------------------------------------------------


def test_nothing_outside_the_reach_is_counted_or_named(year: Cast) -> None:
    """An officer of the town: the neighbour is compared and ranked, but neither named nor summed."""
    from zhibu.web.access.actions import appoint
    from zhibu.web.access.queries import system_scope

    whole = asked(year.client("officer"))
    post = appoint(by=system_scope(), user=year.posts["committee_officer"].user, organisation=year.town, role="officer")
    client = year.client("committee_officer")
    session = client.session
    session["post"] = post.pk
    session.save()
    trial = asked(client)
    assert trial.organisation == year.town
    inside = set(Organisation.objects.within(year.scope("committee_officer")).values_list("code", flat=True))
    named = {row["code"] for row in trials.Losers(trial).rows()} | {row["code"] for row in trial.result["rising"]}
    assert named and named <= inside
    assert trial.result["organisations"] < whole.result["organisations"]
    page = client.get(f"/assessment/trials/{trial.pk}/").content.decode()
    assert year.neighbour.name not in page and "柳树村" not in page
    assert client.get(f"/assessment/trials/{whole.pk}/").status_code == 404
    assert client.get(f"/assessment/trials/{whole.pk}/losers.xlsx").status_code == 404
    assert (
        client.get(f"/assessment/trials/new/?from={whole.pk}").context["form"]["scheme_text"].value() == current().text
    )


def test_a_post_that_ended_gets_nothing(year: Cast) -> None:
    trial = asked(year.client("officer"))
    year.posts["officer"].ends_on = date(2026, 1, 1)
    year.posts["officer"].save()
    Trial.objects.unscoped("test").filter(pk=trial.pk).update(state="working", result={})
    trial.refresh_from_db()
    whatif.run(trial, lambda percent: None)
    trial.refresh_from_db()
    assert trial.state == "failed" and trial.result == {} and "不在这个岗位上" in trial.mistakes[0]["said"]


# --- work -----------------------------------------------------------------------------------------------------------


def test_the_next_draft_counts_nothing_anew_until_facts_change(year: Cast) -> None:
    client = year.client("officer")
    asked(client)
    counted = whatif._warm[0][1]
    rules = len(counted.counted)
    asked(client, scheme_text=heavier().replace("weight: 90", "weight: 95"))
    assert whatif._warm[0][1] is counted and len(counted.counted) == rules
    from zhibu.web.pipeline.tests.year import record

    record(year.branch, ["theme_day"], date(2026, 11, 3))
    from zhibu.web.core.announce import facts_changed

    facts_changed({year.branch.pk})
    asked(client)
    assert whatif._warm[0][1] is not counted


def test_a_large_county_is_computed_by_another_process(year: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(whatif, "MANY", 0)
    monkeypatch.setattr(whatif.subprocess, "Popen", lambda command, **_: started.append(command))
    client = year.client("officer")
    trial = asked(client)
    assert trial.state == "working" and started[0][-2:] == ["zhibu.web.pipeline.whatif", str(trial.pk)]
    page = client.get(f"/assessment/trials/{trial.pk}/").content.decode()
    assert "可以离开这一页" in page and "hx-get" in page
    monkeypatch.setattr(whatif, "EVERY", 0)
    told: list[int] = []
    keep = whatif._keep
    monkeypatch.setattr(whatif, "_keep", lambda trial, **values: (told.append(values["done"]), keep(trial, **values)))
    assert whatif._main(trial.pk) == 0
    assert told == sorted(told) and len(told) > 2 and told[-1] == 100
    trial.refresh_from_db()
    assert trial.state == "done"
    Trial.objects.unscoped("test").filter(pk=trial.pk).update(state="working", told_at=clock.now() - timedelta(hours=1))
    assert "试算中断了" in client.get(f"/assessment/trials/{trial.pk}/").content.decode()


def test_the_list_is_taken_out_and_goes_after_two_months(year: Cast) -> None:
    client = year.client("officer")
    trial = asked(client)
    response = client.get(f"/assessment/trials/{trial.pk}/losers.xlsx")
    assert response.status_code == 200 and response.content[:2] == b"PK"
    assert Line.objects.unscoped("test").filter(action="trials.export").count() == 1
    assert jobs.forget_trials() == 0
    Trial.objects.unscoped("test").update(created_at=clock.now() - timedelta(days=61))
    assert jobs.forget_trials() == 1
    assert not list((settings.MEDIA_ROOT / "trials").iterdir())


def test_queries(year: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = year.client("officer")
    trial = asked(client)
    client.get(f"/assessment/trials/{trial.pk}/")
    with django_assert_num_queries(11):  # four of them: what the draft costs a branch
        client.get(f"/assessment/trials/{trial.pk}/")
