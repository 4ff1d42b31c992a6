"""Check, apply, undo: what goes in, what stays out, what comes back; and nobody reaches beyond their subtree."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from zhibu.web.access.queries import system_scope
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.models import Line
from zhibu.web.conftest import Cast
from zhibu.web.core import announce
from zhibu.web.core.sealed import digests
from zhibu.web.imports import actions, jobs, store
from zhibu.web.imports.models import Batch
from zhibu.web.imports.sample import books
from zhibu.web.imports.tests.helpers import EVENTS, GOOD_ID, MEMBERS, ORGANISATIONS, YUNLING, book
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record

WHY = "a test counts"
HUAISHU, TOWN = "大营镇槐树村党支部", "中共云岭县大营镇委员会"


def _count() -> tuple[int, int, int]:
    return tuple(model.objects.unscoped(WHY).count() for model in (Organisation, Member, Record))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[int]]:
    """What was announced as changed."""
    heard: list[frozenset[int]] = []
    monkeypatch.setattr(announce.on_facts_changed, "heard", [lambda ids, _: heard.append(ids)])
    return heard


def _member(name: str = "新人", number: str = GOOD_ID, branch: str = HUAISHU, **more: str) -> list[str]:
    given = {"kind": "正式党员", "joined": "2005.7.1", "full": "2006.7.1"} | more
    return [name, number, "1980.1.1", given["kind"], branch, given["joined"], given["full"]]


def _members(folder: Path, *rows: list) -> list[Path]:
    return [book(folder / "党员.xlsx", [MEMBERS, *rows])]


@pytest.mark.slow
def test_a_county_goes_in_and_comes_out(db, told) -> None:
    by = system_scope()
    batch = actions.check(by=by, files=YUNLING)
    assert _count() == (0, 0, 0)
    assert [batch.report[kind]["accepted"] for kind in actions.TITLES] == [
        200,
        2326,
        3933,
        *[0] * (len(actions.TITLES) - 3),
    ]
    batch = actions.apply(by=by, batch=batch)
    assert _count() == (200, 2326, 3933)
    with_tree = Organisation.objects.unscoped(WHY).get(name="大营镇大槐村第一党支部")
    assert [one.name for one in tree.ancestors(with_tree)] == ["中共云岭县委员会", TOWN, "大营镇大槐村党总支"]
    assert len(told[-1]) == 200
    actions.undo(by=by, batch=batch)
    assert _count() == (0, 0, 0)


def test_the_tree_is_sound_after_an_import(db, told, tmp_path: Path) -> None:
    made = books(tmp_path, seed=4, organisations=40)
    by = system_scope()
    actions.apply(by=by, batch=actions.check(by=by, files=made.paths))
    assert _count() == tuple(made.expected[kind] for kind in actions.TITLES if kind in made.expected)
    from zhibu.web.core.scoped import lifted

    with lifted("treebeard looks for problems"):
        assert Organisation.objects.find_problems() == ([], [], [], [], [])


def test_importing_the_same_books_again_changes_nothing(db, told, tmp_path: Path) -> None:
    made, by = books(tmp_path, seed=5, organisations=20), system_scope()
    actions.apply(by=by, batch=actions.check(by=by, files=made.paths))
    before = _count()
    again = actions.apply(by=by, batch=actions.check(by=by, files=made.paths))
    assert _count() == before
    assert [again.report[kind]["accepted"] for kind in actions.TITLES] == [*before, *[0] * (len(actions.TITLES) - 3)]
    assert {kind: {k: n for k, n in counts.items() if n} for kind, counts in again.report["entered"].items()} == {
        kind: {"same": n} for kind, n in zip(actions.TITLES, before, strict=False)
    } | {kind: {} for kind in list(actions.TITLES)[3:]}


def test_good_rows_go_in_and_bad_rows_stay_out(cast: Cast, told, tmp_path: Path) -> None:
    by = cast.scope("officer")
    files = _members(tmp_path, _member(), _member("错", "990001198001010018"))
    batch = actions.apply(by=by, batch=actions.check(by=by, files=files))
    member = Member.objects.unscoped(WHY).get(id_digest__in=digests(Member, "id_number", GOOD_ID))
    assert (member.organisation, member.initials, member.sex) == (cast.branch, "xr", "m")
    assert batch.report["members"]["rejected"] == [
        {"row": 3, "reason": "身份证校验码错误（第 18 位对不上），多为抄错一位"}
    ]
    assert told == [frozenset({cast.branch.pk})]


def test_a_row_of_a_known_member_updates_it_and_undo_restores(cast: Cast, told, tmp_path: Path) -> None:
    by = cast.scope("officer")
    files = _members(tmp_path, _member())
    actions.apply(by=by, batch=actions.check(by=by, files=files))
    files = _members(tmp_path, _member("新名", full="2007.1.1"))
    batch = actions.apply(by=by, batch=actions.check(by=by, files=files))
    member = Member.objects.unscoped(WHY).get(id_digest__in=digests(Member, "id_number", GOOD_ID))
    assert (member.name, member.full_on) == ("新名", date(2007, 1, 1))
    assert batch.report["entered"]["members"]["changed"] == 1
    actions.undo(by=by, batch=batch)
    member.refresh_from_db()
    assert (member.name, member.full_on) == ("新人", date(2006, 7, 1))


def test_an_empty_cell_changes_nothing(cast: Cast, told, tmp_path: Path) -> None:
    by = cast.scope("officer")
    row = [cast.branch.name, "党支部", TOWN, "", "", "2030.6.30"]
    batch = actions.check(by=by, files=[book(tmp_path / "o.xlsx", [ORGANISATIONS, row])])
    actions.apply(by=by, batch=batch)
    cast.branch.refresh_from_db()
    assert (cast.branch.sector, cast.branch.founded_on) == ("village", date(2010, 1, 1))
    assert cast.branch.term_ends_on == date(2030, 6, 30)


def test_new_organisations_hang_below_the_old_ones(cast: Cast, told, tmp_path: Path) -> None:
    by = cast.scope("committee_officer")
    rows = [["大营镇新村党总支", "党总支", TOWN], ["大营镇新村第一党支部", "党支部", "大营镇新村党总支"]]
    actions.apply(by=by, batch=actions.check(by=by, files=[book(tmp_path / "o.xlsx", [ORGANISATIONS, *rows])]))
    made = Organisation.objects.within(by).get(name="大营镇新村第一党支部")
    assert made.path.startswith(cast.town.path) and made.code.startswith("D")
    assert [one.name for one in tree.ancestors(made)][-2:] == [TOWN, "大营镇新村党总支"]


@pytest.mark.parametrize(
    ("headings", "row", "says"),
    [
        (MEMBERS, _member(branch="石门镇柳树村党支部"), "支部不存在：“石门镇柳树村党支部”"),
        (EVENTS, ["石门镇柳树村党支部", "2026.3.5", "党课", "", 9, 8, ""], "不存在"),
        (
            ORGANISATIONS,
            ["新村党支部", "党支部", "中共云岭县石门镇委员会"],
            "上级党组织不存在：“中共云岭县石门镇委员会”",
        ),
        (ORGANISATIONS, ["中共别县委员会", "党委", ""], "上级要在自己的范围内"),
    ],
)
def test_nobody_imports_outside_their_subtree(cast: Cast, told, tmp_path: Path, headings, row, says) -> None:
    by = cast.scope("committee_officer")
    batch = actions.check(by=by, files=[book(tmp_path / "x.xlsx", [headings, row])])
    kind = {7: "members", 6: "organisations"}[len(headings)] if headings is not EVENTS else "events"
    assert says in batch.report[kind]["rejected"][0]["reason"]
    with pytest.raises(actions.CannotDo, match="没有可以导入的行"):
        actions.apply(by=by, batch=batch)


def test_a_number_outside_the_subtree_is_refused_without_telling_where(cast: Cast, told, tmp_path: Path) -> None:
    stranger = Member.objects.unscoped(WHY).filter(organisation=cast.neighbour).first()
    stranger.id_number = GOOD_ID
    stranger.save()
    batch = actions.check(by=cast.scope("committee_officer"), files=_members(tmp_path, _member()))
    reason = batch.report["members"]["rejected"][0]["reason"]
    assert "本范围以外" in reason and "柳树" not in reason


@pytest.mark.parametrize("who", ["leader", "member", "auditor"])
def test_who_may_not_import(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.check(by=cast.scope(who), files=YUNLING[:1])


def test_records_keep_both_dates_and_their_numbers(cast: Cast, told, tmp_path: Path) -> None:
    by = cast.scope("officer")
    rows = [
        [HUAISHU, "2026.3.5", "支部党员大会暨主题党日", "学习", 8, 7, "2026.3.20"],
        [HUAISHU, "2025.3.5", "党课", "", 8, 7, ""],
    ]
    actions.apply(by=by, batch=actions.check(by=by, files=[book(tmp_path / "e.xlsx", [EVENTS, *rows])]))
    record = Record.objects.within(by).get(held_on=date(2026, 3, 5))
    assert record.types == ["general_meeting", "theme_day"]
    assert (record.number, record.recorded_on, record.source) == ("2026-000001", date(2026, 3, 20), "import")
    assert record.recorded_at.date() >= date(2026, 11, 1) - timedelta(days=400)
    late = Record.objects.within(by).get(held_on=date(2025, 3, 5))
    assert (late.number, late.recorded_on) == ("2025-000001", date(2026, 11, 21))


def test_every_step_leaves_its_line(cast: Cast, told, tmp_path: Path) -> None:
    by = cast.scope("officer")
    batch = actions.apply(by=by, batch=actions.check(by=by, files=_members(tmp_path, _member())))
    actions.undo(by=by, batch=batch)
    lines = Line.objects.unscoped(WHY).filter(thing="imports.batch").order_by("pk")
    assert [line.sentence for line in lines] == [
        "上传待导入的表：党员.xlsx",
        "校对：1 行里 1 行可以导入，0 行要改",
        "导入党员：新增 1",
        "撤销导入：党员 1",
    ]


def test_undo_waits_for_nobody_after_24_hours(cast: Cast, told, tmp_path: Path) -> None:
    by = cast.scope("officer")
    batch = actions.apply(by=by, batch=actions.check(by=by, files=_members(tmp_path, _member())))
    batch.applied_at -= timedelta(hours=24, minutes=1)
    batch.save()
    with pytest.raises(actions.CannotDo, match="超过 24 小时"):
        actions.undo(by=by, batch=batch)


def test_undo_refuses_when_later_work_rests_on_it(cast: Cast, told, tmp_path: Path) -> None:
    by = cast.scope("officer")
    rows = [["大营镇新村党支部", "党支部", TOWN]]
    batch = actions.apply(by=by, batch=actions.check(by=by, files=[book(tmp_path / "o.xlsx", [ORGANISATIONS, *rows])]))
    branch = Organisation.objects.within(by).get(name="大营镇新村党支部")
    record = Record.objects.create(
        number="2026-000900",
        organisation=branch,
        held_on=date(2026, 11, 1),
        recorded_on=date(2026, 11, 1),
        recorded_at=batch.applied_at,
    )
    with pytest.raises(actions.CannotDo, match="后来登记的活动记录“2026-000900”"):
        actions.undo(by=by, batch=batch)
    assert Organisation.objects.within(by).filter(pk=branch.pk).exists()
    record.delete()
    below = tree.plant(parent=branch, code="T900", name="新村党小组", kind="group")
    with pytest.raises(actions.CannotDo, match="新村党小组"):
        actions.undo(by=by, batch=batch)
    tree.uproot(below)
    actions.undo(by=by, batch=batch)
    assert not Organisation.objects.within(by).filter(pk=branch.pk).exists()


def test_undo_refuses_when_a_later_import_changed_its_rows(cast: Cast, told, tmp_path: Path) -> None:
    by = cast.scope("officer")
    first = actions.apply(by=by, batch=actions.check(by=by, files=_members(tmp_path, _member())))
    second = actions.apply(by=by, batch=actions.check(by=by, files=_members(tmp_path, _member("新名"))))
    with pytest.raises(actions.CannotDo, match="先撤销那一次"):
        actions.undo(by=by, batch=first)
    actions.undo(by=by, batch=second)
    actions.undo(by=by, batch=first)
    assert not Member.objects.unscoped(WHY).filter(id_digest__in=digests(Member, "id_number", GOOD_ID)).exists()


def test_a_batch_goes_in_once(cast: Cast, told, tmp_path: Path) -> None:
    by = cast.scope("officer")
    batch = actions.check(by=by, files=_members(tmp_path, _member()))
    actions.apply(by=by, batch=batch)
    with pytest.raises(actions.CannotDo, match="已导入"):
        actions.apply(by=by, batch=Batch.objects.within(by).get(pk=batch.pk))


def test_an_error_half_way_leaves_nothing(cast: Cast, told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(organisations: object) -> None:
        raise RuntimeError("listener")

    monkeypatch.setattr(actions, "facts_changed", fail)
    by, before = cast.scope("officer"), _count()
    batch = actions.check(by=by, files=_members(tmp_path, _member()))
    with pytest.raises(RuntimeError):
        actions.apply(by=by, batch=batch)
    batch.refresh_from_db()
    assert (_count(), batch.state) == (before, "checked")


def test_files_are_forgotten_with_the_window(cast: Cast, told, tmp_path: Path) -> None:
    batch = actions.check(by=cast.scope("officer"), files=_members(tmp_path, _member()))
    folder = store.path(batch.folder)
    assert jobs.forget_files() == 0 and folder.exists()
    batch.created_at -= timedelta(hours=25)
    batch.save()
    assert jobs.forget_files() == 1 and not folder.exists()
    batch.refresh_from_db()
    with pytest.raises(actions.CannotDo, match="过期删除"):
        actions.apply(by=cast.scope("officer"), batch=batch)


def test_names_of_files_never_become_paths(cast: Cast, tmp_path: Path) -> None:
    class Upload:
        name = "..\\..\\/etc/passwd\x00.xlsx"

        def chunks(self):
            yield b"PK"

    batch = actions.receive(by=cast.scope("officer"), files=[Upload()])
    stored = batch.books.get()
    assert store.path(stored.stored).parent == store.path(batch.folder)
    assert "passwd" not in stored.stored and stored.name.startswith("passwd")
