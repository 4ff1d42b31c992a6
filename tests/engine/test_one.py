"""One subject's facts by predicate: typed as a full load types them, whatever the files look like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhibu.engine.errors import EngineError
from zhibu.engine.facts import Facts, lookup
from zhibu.engine.facts.groups import Groups
from zhibu.engine.facts.load import read
from zhibu.engine.facts.one import read_one
from zhibu.engine.facts.shape import SHAPES
from zhibu.engine.rulebooks.load import load
from zhibu.engine.trace import Explanation, NoVerdictError, explain, inquire
from zhibu.engine.uses import of_rule

WINDOW = (date(2025, 1, 1), date(2025, 12, 31))
AS_OF = date(2026, 6, 30)
RULES = """\
id: b
title: 示例
level: unit
effective: {from: 2000-01-01}
sources: {S: {title: 示例}}
rules:
  - id: r
    title: 会
    source: {ref: S, clause: 一}
    applies_to: {subject: organisation}
    every: quarter
    needs: {event: [meeting], where: WHERE}
"""
MIDNIGHT, NIGHT = datetime(2025, 2, 1), datetime(2025, 2, 1, 9, 30)


def event(identity: str, org: str = "a", **more: object) -> dict[str, object]:
    day = more.pop("on", date(2025, 2, 1))
    return {"event_id": identity, "types": ["meeting"], "org_id": org, "held_on": day, "recorded_on": day} | more


def write(folder: Path, events: pa.Table | list[dict], where: str = "{held_on: {known: true}}", rows: int = 2) -> Path:
    """A folder with rules.yaml and facts of many organisations in small row groups."""
    (folder / "rules.yaml").write_text(RULES.replace("WHERE", where), encoding="utf-8")
    organisations = [{"org_id": name, "parent_id": "top", "kind": "branch"} for name in ("a", "b", "c")]
    table(folder, "organisations", [{"org_id": "top", "parent_id": None, "kind": "committee"}, *organisations], rows)
    table(folder, "events", events, rows)
    return folder


def table(folder: Path, name: str, rows: pa.Table | list[dict], size: int) -> None:
    found = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows)
    for column in SHAPES[name].columns:
        if column.name not in found.column_names:
            found = found.append_column(column.name, pa.nulls(len(found), column.type))
    pq.write_table(found, folder / f"{name}.parquet", row_group_size=size)


def both(folder: Path, identity: str = "a") -> tuple[Explanation | str, Explanation | str]:
    """What all facts say, and what this subject's alone say."""
    uses = [use for book in load([folder / "rules.yaml"]) for rule in book.rules for use in of_rule(rule)]
    whole = told(folder, partial(read, folder), identity)
    return whole, told(folder, partial(read_one, folder, "organisation", identity, uses), identity)


def told(folder: Path, facts: Callable[[], Facts], identity: str) -> Explanation | str:
    try:
        inquiry = inquire(load([folder / "rules.yaml"]), facts(), WINDOW, AS_OF)
        return explain(inquiry, "b/r", identity, "2025Q1")
    except (EngineError, NoVerdictError) as error:
        return str(error)


def same(folder: Path, identity: str = "a") -> Explanation:
    whole, alone = both(folder, identity)
    assert whole == alone and isinstance(alone, Explanation)
    return alone


def test_only_the_rows_of_the_subject_are_read(tmp_path: Path) -> None:
    write(tmp_path, [event(f"e{n}", org) for n, org in enumerate("bbbaabbccc")])
    facts = read_one(tmp_path, "organisation", "a", ())
    assert facts["events"]["event_id"].to_pylist() == ["e3", "e4"]
    assert facts["events"]["#row"].to_pylist() == [4, 5]
    assert sorted(facts["organisations"]["org_id"].to_pylist()) == ["a", "top"]
    assert same(tmp_path).verdict.evidence == ("e3", "e4")


def test_an_id_that_somebody_else_had_first(tmp_path: Path) -> None:
    write(tmp_path, [event("e1", "b"), event("x", "b"), event("y", "c"), event("e1"), event("e2")])
    found = same(tmp_path)
    assert found.verdict.evidence == ("e2",)
    assert found.near[0].why == ("第 4 行有误，没有计入：event_id 重复，前面已有这一条（第 1 行）",)


def test_an_id_that_a_bad_row_had_first_is_free(tmp_path: Path) -> None:
    write(tmp_path, [event("e1", "b", recorded_on=date(2024, 1, 1)), event("x", "b"), event("e1")])
    assert same(tmp_path).verdict.evidence == ("e1",)


def test_text_is_a_date_because_of_somebody_elses_row(tmp_path: Path) -> None:
    rows = [event("e1", "b", due="2025-02-03"), event("e2", "b", due="x"), event("e3", due="下周"), event("e4")]
    found = same(write(tmp_path, rows, "{due: {max: 2025-03-01}}"))
    assert found.verdict.evidence == () and "due" in found.near[-1].why[0]


def test_no_row_reads_as_a_date_and_both_refuse(tmp_path: Path) -> None:
    rows = [event("e1", "b", due="昨天"), event("e3", due="下周")]
    whole, alone = both(write(tmp_path, rows, "{due: {max: 2025-03-01}}"))
    assert whole == alone and "是文字" in str(whole)


@pytest.mark.parametrize("own", [NIGHT, MIDNIGHT])
@pytest.mark.parametrize("other", [NIGHT, MIDNIGHT])
def test_timestamps_are_text_because_of_one_time_of_day(tmp_path: Path, own: datetime, other: datetime) -> None:
    rows = [event(f"e{n}", "b", at=MIDNIGHT) for n in range(5)] + [event("e8", "c", at=other), event("e9", at=own)]
    found = same(write(tmp_path, rows, "{at: {max: 2025-03-01}}"))
    assert found.verdict.evidence == (("e9",) if own == MIDNIGHT else ())


def test_where_all_have_a_time_of_day_both_refuse(tmp_path: Path) -> None:
    rows = [event("e1", "b", at=NIGHT), event("e2", at=NIGHT)]
    whole, alone = both(write(tmp_path, rows, "{at: {max: 2025-03-01}}"))
    assert whole == alone and "是文字" in str(whole)


def test_a_column_that_only_others_fill(tmp_path: Path) -> None:
    rows = [event(f"e{n}", "b", place=None) for n in range(5)] + [event("e8", "c", place="x"), event("e9", place=None)]
    found = same(write(tmp_path, rows, "{place: hall}"))
    assert found.near[0].why == ("place未填，要求place为hall",)


def test_a_witness_must_be_a_good_row(tmp_path: Path) -> None:
    """Twenty bad rows come before the good one that says what the column holds."""
    rows = [event(f"e{n}", "b", due="2025-02-03", recorded_on=date(2024, 1, 1)) for n in range(40)]
    rows += [event("good", "c", due="2025-02-04"), event("e99", due="下周")]
    assert same(write(tmp_path, rows, "{due: {max: 2025-03-01}}", rows=100)).verdict.evidence == ()


def test_whole_numbers_as_ids(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(RULES.replace("WHERE", "{held_on: {known: true}}"), encoding="utf-8")
    table(tmp_path, "organisations", [{"org_id": n, "parent_id": None, "kind": "branch"} for n in range(9)], 2)
    table(tmp_path, "events", [event("e1", 3), event("e2", 4), event("e3", 3)], 1)  # type: ignore[arg-type]
    assert same(tmp_path, "3").verdict.evidence == ("e1", "e3")


def test_ids_as_dictionaries(tmp_path: Path) -> None:
    coded = pa.Table.from_pylist([event("e3", "b"), event("e1"), event("e2", "c"), event("e4")])
    for name in ("org_id", "event_id"):
        coded = coded.set_column(coded.column_names.index(name), name, coded[name].dictionary_encode())
    assert same(write(tmp_path, coded)).verdict.evidence == ("e1", "e4")


def test_parts_of_different_shape(tmp_path: Path) -> None:
    write(tmp_path, [event("e1")])
    (tmp_path / "events.parquet").unlink()
    (tmp_path / "events").mkdir()
    for name, rows in (("0", [event("e1", "b"), event("e2")]), ("1", [event("e3", extra=1), event("e1", extra=2)])):
        table(tmp_path / "events", "events", rows, 1)
        (tmp_path / "events/events.parquet").rename(tmp_path / f"events/{name}.parquet")
    assert same(tmp_path).verdict.evidence == ("e2", "e3")


@pytest.mark.parametrize("name", ["事实 [1]*?", "ordinary"])
def test_names_that_look_like_patterns(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert same(write(tmp_path / name, [event("e1", "b"), event("e2")])).verdict.evidence == ("e2",)


def test_columns_that_differ_by_case_only(tmp_path: Path) -> None:
    rows = [{"ORG_ID": "a", "Event_Id": "e2", **event("e1", "b")}, {"ORG_ID": "b", "Event_Id": "e1", **event("e2")}]
    assert same(write(tmp_path, rows)).verdict.evidence == ("e2",)


def test_both_ways_of_looking_up_find_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, [event(f"e{n}", org) for n, org in enumerate("bcbaabbcca")])
    groups = Groups(tmp_path / "events.parquet")
    fast = groups.where("org_id", {"a", "c"})
    monkeypatch.setattr(lookup, "numbers", lambda *_: None)
    assert fast.equals(groups.where("org_id", {"a", "c"})) and len(fast) == 6


@pytest.mark.parametrize(
    "columns",
    [
        {"org_id": pa.array([1.5])},
        {"held_on": pa.array([True])},
        {"types": pa.array([1])},
        {"event_id": pa.array([None], pa.null())},
    ],
)
def test_columns_of_an_impossible_type_are_refused_alike(tmp_path: Path, columns: dict[str, pa.Array]) -> None:
    rows = pa.Table.from_pylist([event("e1")])
    for name, values in columns.items():
        rows = rows.set_column(rows.column_names.index(name), name, values)
    whole, alone = both(write(tmp_path, rows))
    assert whole == alone or (isinstance(whole, Explanation) and isinstance(alone, Explanation) and not alone.counted)


@pytest.mark.parametrize("spoil", ["cut", "empty", "text", "missing", "twice"])
def test_broken_files_are_refused_alike(tmp_path: Path, spoil: str) -> None:
    path = write(tmp_path, [event("e1"), event("e2", "b")]) / "events.parquet"
    content = path.read_bytes()
    path.write_bytes({"cut": content[: len(content) // 2], "empty": b"", "text": "不是".encode()}.get(spoil, content))
    if spoil == "missing":
        path.unlink()
    if spoil == "twice":
        (tmp_path / "events.csv").write_text("event_id\n", encoding="utf-8")
    whole, alone = both(tmp_path)
    assert isinstance(whole, str) and whole == alone


def test_a_csv_is_read_whole(tmp_path: Path) -> None:
    write(tmp_path, [event("e1")])
    (tmp_path / "organisations.parquet").unlink()
    heads = "org_id,parent_id,kind,founded_on,dissolved_on,valid_from,valid_to"
    (tmp_path / "organisations.csv").write_text(f"{heads}\na,,branch,,,,\nb,,branch,,,,\n", encoding="utf-8")
    assert read_one(tmp_path, "organisation", "a", ())["organisations"]["org_id"].to_pylist() == ["a", "b"]
