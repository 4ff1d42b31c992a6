"""pandas: rule by rule, masks over the events, group-bys and merges. Lists are kept flat, as pandas has none.

python -m peers.pandas_peer FACTS
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from peers.task import AS_OF, DAY, FIRST, STATUSES, UNITS, Duty, Task, days, read
from zhibu.engine.rulebooks.model import All, Any, Condition, Equals, Has, Known, Not, OneOf

SEEN, FAR = pd.Timestamp(AS_OF), (pd.Timestamp("1700-01-01"), pd.Timestamp("2200-01-01"))
DATES = ("founded_on", "dissolved_on", "valid_from", "valid_to", "elected_on", "secretary_on")
PLAIN = ["event_id", "org_id", "person_id", "held_on", "recorded_on", "expected", "present", "days", "hours"]
PLAIN += ["makes_up", "mode", "files"]


class Lists:
    """A list column, flat: for each member the row it is of."""

    def __init__(self, column: pa.ChunkedArray):
        lists = column.combine_chunks()
        self.row = pc.list_parent_indices(lists).to_numpy()
        self.code, self.names = pd.factorize(pd.Series(pc.list_flatten(lists).to_pandas()))
        self.count = len(lists)

    def has(self, wanted: list[str]) -> np.ndarray:
        mask = np.zeros(self.count, bool)
        mask[self.row[np.isin(self.code, np.flatnonzero(np.isin(self.names, wanted)))]] = True
        return mask


class Events:
    """The good rows seen on the day, with the codes of their month, quarter, half and year, or of what they make up."""

    def __init__(self, folder: Path, task: Task, ids: pd.Index):
        table = pq.read_table(folder / "events")
        frame = table.select(PLAIN).to_pandas(date_as_object=False)
        good = (frame.held_on <= frame.recorded_on) & (frame.expected.fillna(0) >= 0)
        keep = good & (frame.recorded_on <= SEEN) & frame.org_id.isin(ids)
        keep &= ~frame.event_id.where(good).duplicated() | frame.event_id.where(good).isna()
        table, frame = table.filter(pa.array(keep.to_numpy())), frame[keep].reset_index(drop=True)
        self.types, self.topics = Lists(table["types"]), Lists(table["topics"])
        frame["org"] = ids.get_indexer(frame.org_id)
        frame["attendance"] = (frame.present / frame.expected).where(frame.expected > 0)
        frame["hours"], frame["days"] = frame.hours.astype(float), frame.days.astype(float)
        codes = pd.DataFrame(
            [(pd.Timestamp(day), *places) for day, places in days(task.labels)], columns=["held_on", *UNITS]
        )
        frame["made"] = frame.makes_up.map({label: code for code, label in enumerate(task.labels)})
        self.frame = frame.drop(columns=["event_id", "org_id"]).merge(codes, on="held_on", how="left")

    def measured(self, duty: Duty) -> pd.DataFrame:
        needs, frame = duty.rule.needs, self.frame
        wanted = self.types.has(list(needs.event))
        if needs.where:
            wanted &= condition(needs.where, frame, self.topics)
        code = frame[duty.unit].where(frame.makes_up.isna(), frame.made)
        deadline = code.map({one.code: pd.Timestamp(one.deadline) for one in duty.spans})
        own = pd.DataFrame({"org": frame.org, "code": code, "value": 1.0})
        own["timely"] = frame.makes_up.isna() & (frame.recorded_on <= deadline)
        wanted &= code.isin([one.code for one in duty.spans]).to_numpy()
        if needs.measure == "topics":
            flat = own.iloc[self.topics.row].assign(value=self.topics.code)[wanted[self.topics.row]]
            return _distinct(flat)
        if needs.measure == "people":
            return _distinct(own.assign(value=frame.person_id)[wanted & frame.person_id.notna().to_numpy()])
        if needs.measure != "count":
            own["value"] = frame[needs.measure].fillna(0)
        own = own[wanted]
        own = own.assign(early=own.value.where(own.timely, 0))
        sums = own.groupby(["org", "code"], sort=False)[["value", "early"]].sum().reset_index()
        return sums.rename(columns={"value": "total", "early": "timely"})


def _distinct(rows: pd.DataFrame) -> pd.DataFrame:
    keys = ["org", "code"]
    total = rows.drop_duplicates([*keys, "value"]).groupby(keys, sort=False).size().rename("total")
    timely = rows[rows.timely].drop_duplicates([*keys, "value"]).groupby(keys, sort=False).size().rename("timely")
    return pd.concat([total, timely], axis=1).reset_index()


def verdicts(duty: Duty, rows: pd.DataFrame, seen: Events, waivers: pd.DataFrame) -> pd.DataFrame:
    spans = pd.DataFrame(
        [(one.code, *map(pd.Timestamp, (one.first, one.last, one.deadline, one.basis))) for one in duty.spans],
        columns=["code", "first", "last", "deadline", "basis"],
    )
    able = rows[condition(duty.rule.where, rows, None)] if duty.rule.where else rows
    cells = able.merge(spans, how="cross")
    born, gone = cells.founded_on.fillna(FAR[0]), cells.dissolved_on.fillna(FAR[1])
    held = (cells.valid_from.fillna(FAR[0]) <= cells.basis) & (cells.basis <= cells.valid_to.fillna(FAR[1]))
    cells = cells[held & (born <= gone) & (born <= cells["last"]) & (gone >= cells["first"])]
    mine = waivers.loc[waivers.rule == duty.rule.name, ["org", "from", "to"]]
    excused = cells[["org", "code", "last"]].merge(mine, on="org")
    excused = excused[(excused["from"] <= excused["last"]) & (excused["last"] <= excused.to)]
    cells = cells.merge(excused[["org", "code"]].drop_duplicates().assign(waived=1.0), on=["org", "code"], how="left")
    if duty.unit:
        cells = cells.merge(seen.measured(duty), on=["org", "code"], how="left")
    found = status(duty, cells)
    points = pd.Series(found).map({name: duty.points(name) for name in ("met", "late", "missed")})
    return pd.DataFrame(
        {"org": cells.org, "duty": duty.number, "status": found, "points": points, "most": duty.points("met")}
    )


def status(duty: Duty, cells: pd.DataFrame) -> np.ndarray:
    exempt = cells.waived.notna()
    if duty.rule.partial == "exempt":
        exempt |= (cells["first"] <= cells.basis) & (
            (cells.founded_on > cells["first"]) | (cells.dissolved_on < cells.basis)
        )
    if duty.stands is not None:
        return np.select([exempt, condition(duty.stands, cells, None)], ["exempt", "met"], "missed")
    need: float | pd.Series = duty.fixed or 0.0
    if duty.basis:
        column, times, over, rounding = duty.basis
        exempt |= cells[column].isna()
        need = (
            cells[column] * times / over
            if rounding is None
            else ((cells[column].fillna(0).astype(int) * times + (over - 1 if rounding == "up" else 0)) // over)
        )
    timely, total = cells.timely.fillna(0) >= need, cells.total.fillna(0) >= need
    late, pending = cells["first"] > SEEN, cells.deadline >= SEEN
    return np.select([exempt, timely, total, late, pending], ["exempt", "met", "late", "upcoming", "open"], "missed")


def scores(task: Task, found: pd.DataFrame, tree: pd.DataFrame, extra: pd.Series) -> pd.DataFrame:
    weights = pd.DataFrame(task.weights(), columns=["duty", "dimension", "weight"])
    done = found[found.status.isin(["met", "late", "missed"])].merge(weights, on="duty")
    parts = done.groupby(["org", "dimension", "weight"], sort=False)[["points", "most"]].sum().reset_index()
    parts = parts[parts.most > 0].assign(score=lambda one: one.weight * one.points / one.most)
    sums = parts.groupby("org")[["score", "weight"]].sum()
    total = (100 * sums.score / sums.weight + extra.reindex(sums.index).fillna(0)).clip(lower=0)
    cents = ((total * 10**9).round().astype(np.int64) + 5_000_000) // 10_000_000
    marks = pd.DataFrame({"cents": cents}).join(tree.set_index("org").peer)
    return marks.assign(rank=marks.groupby("peer", dropna=False).cents.rank("min", ascending=False))


def rollups(found: pd.DataFrame, tree: pd.DataFrame) -> pd.DataFrame:
    keys, parents = ["org", "duty"], tree.loc[tree.parent >= 0, ["org", "parent"]]
    counts = found[keys].assign(**{name: (found.status == name).astype(int) for name in STATUSES})
    layers = [counts.groupby(keys).sum().reset_index()]
    while len(layers[-1]):
        up = layers[-1].merge(parents, on="org").drop(columns="org").rename(columns={"parent": "org"})
        layers.append(up.groupby(keys).sum().reset_index())
    return pd.concat(layers).groupby(keys).sum().reset_index()


def adjusted(folder: Path, task: Task, ids: pd.Index) -> pd.Series:
    own = pd.read_parquet(folder / "adjustments.parquet")
    own = own[pd.to_datetime(own.on).between(pd.Timestamp(FIRST), pd.Timestamp(DAY))]
    points, org = own.points.astype(float), ids.get_indexer(own.subject_id)
    bonus = points.clip(lower=0).groupby(org).sum().clip(upper=float(task.scheme.bonus_cap))
    return bonus - (-points).clip(lower=0).groupby(org).sum().clip(upper=float(task.scheme.deduction_cap))


def run(folder: Path) -> dict[str, int]:
    task = read(folder)
    rows = pd.read_parquet(folder / "organisations.parquet")
    rows = rows.assign(**{name: pd.to_datetime(rows[name]) for name in DATES})
    ids = pd.Index(rows.org_id.unique())
    rows = rows.assign(org=ids.get_indexer(rows.org_id), parent=ids.get_indexer(rows.parent_id)).drop(
        columns=["org_id"]
    )
    day = pd.Timestamp(DAY)
    tree = rows[(rows.valid_from.fillna(FAR[0]) <= day) & (day <= rows.valid_to.fillna(FAR[1]))]
    tree = tree.assign(parent=tree.parent.where(tree.parent.isin(tree.org), -1))
    waivers = pd.read_parquet(folder / "waivers.parquet")
    waivers = waivers.assign(**{name: pd.to_datetime(waivers[name]) for name in ("from", "to")})
    waivers = waivers[(waivers["from"] <= waivers.to) & (waivers.subject == "organisation")]
    waivers = waivers.assign(org=ids.get_indexer(waivers.subject_id))
    seen = Events(folder, task, ids)
    found = pd.concat([verdicts(duty, rows, seen, waivers) for duty in task.duties], ignore_index=True)
    marks, sums = scores(task, found, tree, adjusted(folder, task, ids)), rollups(found, tree)
    counts = {name: int(sums[name].sum()) for name in STATUSES}
    numbers = {"rollups": len(sums), "scores": len(marks), "cents": marks.cents.sum(), "ranks": marks["rank"].sum()}
    return counts | {name: int(value) for name, value in numbers.items()}


def condition(test: Condition, rows: pd.DataFrame, topics: Lists | None) -> np.ndarray:
    """Two-valued: a test on a null is false."""
    match test:
        case All(parts):
            return np.logical_and.reduce(
                [condition(part, rows, topics) for part in parts] or [np.ones(len(rows), bool)]
            )
        case Any(parts):
            return np.logical_or.reduce(
                [condition(part, rows, topics) for part in parts] or [np.zeros(len(rows), bool)]
            )
        case Not(part):
            return ~condition(part, rows, topics)
        case Has(value=value) if topics:
            return topics.has([str(value)])
    cell = rows[test.column]
    match test:
        case Known(known=known):
            return (cell.notna() if known else cell.isna()).to_numpy()
        case Equals(value=value):
            return (cell == value).fillna(False).to_numpy(bool)
        case OneOf(values=values):
            return cell.isin(values).to_numpy()
    signs = ((cell.ge, test.min), (cell.le, test.max), (cell.gt, test.more_than), (cell.lt, test.less_than))
    return np.logical_and.reduce([sign(float(limit)).to_numpy() for sign, limit in signs if limit is not None])


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
