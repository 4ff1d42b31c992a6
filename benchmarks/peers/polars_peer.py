"""polars: rule by rule, a lazy query over the events; scores, ranks and roll-ups with group-bys.

python -m peers.polars_peer FACTS
"""

from __future__ import annotations

import json
import sys
from functools import reduce
from operator import and_, or_
from pathlib import Path

import polars as pl

from peers.task import AS_OF, DAY, FIRST, STATUSES, UNITS, Duty, Task, days, read
from zhibu.engine.rulebooks.model import All, Any, Condition, Equals, Has, Known, Not, OneOf

c = pl.col
OPEN = pl.date(1, 1, 1), pl.date(9999, 12, 31)


def events(folder: Path, task: Task, ids: pl.DataFrame) -> pl.DataFrame:
    """The good rows seen on the day, with the codes of their month, quarter, half, year or of what they make up."""
    good = (c.held_on <= c.recorded_on) & c.expected.fill_null(0).ge(0)
    codes = pl.DataFrame([(day, *places) for day, places in days(task.labels)], ("held_on", *UNITS), orient="row")
    made = pl.DataFrame({"makes_up": task.labels, "made": range(len(task.labels))})
    return (
        pl.scan_parquet(folder / "events" / "*.parquet")
        .filter(good)
        .unique("event_id", keep="first", maintain_order=True)
        .filter(c.recorded_on <= AS_OF)
        .join(ids.lazy(), on="org_id")
        .join(codes.lazy(), on="held_on")
        .join(made.lazy(), on="makes_up", how="left")
        .with_columns(attendance=pl.when(c.expected > 0).then(c.present / c.expected))
        .drop("org_id", "event_id", "unit_id", "held_on", "expected", "present")
        .with_columns(c.days.cast(pl.Float64), c.hours.cast(pl.Float64))
        .collect()
    )


def measured(duty: Duty, seen: pl.DataFrame, spans: pl.DataFrame) -> pl.LazyFrame:
    needs = duty.rule.needs
    wanted = reduce(or_, [c.types.list.contains(name) for name in needs.event])
    wanted &= condition(needs.where) if needs.where else True
    code = pl.when(c.makes_up.is_null()).then(pl.col(duty.unit)).otherwise(c.made)
    own = seen.lazy().filter(wanted).with_columns(code=code).join(spans.lazy(), on="code")
    timely = c.makes_up.is_null() & (c.recorded_on <= c.deadline)
    if needs.measure == "topics":
        own = own.explode("topics").rename({"topics": "value"})
    elif needs.measure == "people":
        own = own.rename({"person_id": "value"})
    if needs.measure in ("topics", "people"):
        value = c.value.drop_nulls().n_unique(), c.value.filter(timely).drop_nulls().n_unique()
    else:
        one = pl.lit(1) if needs.measure == "count" else pl.col(needs.measure)
        value = one.sum() if needs.measure != "count" else pl.len(), pl.when(timely).then(one).sum()
    return own.group_by("org", "code").agg(total=value[0].cast(pl.Float64), timely=value[1].cast(pl.Float64))


def cells(duty: Duty, rows: pl.DataFrame, seen: pl.DataFrame, waivers: pl.DataFrame) -> pl.LazyFrame:
    """Who owes which period, excused or not, with what was done in it."""
    spans = pl.DataFrame(
        [(one.code, one.first, one.last, one.deadline, one.basis) for one in duty.spans],
        ("code", "first", "last", "deadline", "basis"),
        orient="row",
    )
    held = c.basis.is_between(c.valid_from.fill_null(OPEN[0]), c.valid_to.fill_null(OPEN[1]))
    lives = (c.born <= c.gone) & (c.born <= c("last")) & (c.gone >= c("first"))
    found = rows.lazy().filter(condition(duty.rule.where) if duty.rule.where else pl.lit(True))
    found = found.with_columns(born=c.founded_on.fill_null(OPEN[0]), gone=c.dissolved_on.fill_null(OPEN[1]))
    found = found.join(spans.lazy(), how="cross").filter(held & lives)
    mine = waivers.lazy().filter(c.rule == duty.rule.name).select("org", "from", "to")
    excused = found.select("org", "code", "last").join(mine, on="org").filter(c("last").is_between(c("from"), c("to")))
    found = found.join(excused.select("org", "code", waived=True).unique(), on=["org", "code"], how="left")
    if duty.unit:
        found = found.join(measured(duty, seen, spans.select("code", "deadline")), on=["org", "code"], how="left")
        found = found.with_columns(c.timely.fill_null(0), c.total.fill_null(0))
    exempt = c.waived.fill_null(False)
    if duty.rule.partial == "exempt":
        exempt |= (c("first") <= c.basis) & ((c.born > c("first")) | (c.gone < c.basis))
    return found.with_columns(excused=exempt, pending=c.deadline >= AS_OF, owed=True)


def verdicts(duty: Duty, rows: pl.DataFrame, seen: pl.DataFrame, waivers: pl.DataFrame) -> pl.DataFrame:
    points = c.status.replace_strict(
        {name: duty.points(name) for name in ("met", "late", "missed")}, default=None, return_dtype=pl.Float64
    )
    found = cells(duty, rows, seen, waivers).select("org", duty=pl.lit(duty.number, pl.Int8), status=status(duty))
    return found.with_columns(points=points, most=pl.lit(duty.points("met"))).collect()


def status(duty: Duty) -> pl.Expr:
    if duty.stands is not None:
        met = pl.when(condition(duty.stands)).then(pl.lit("met")).otherwise(pl.lit("missed"))
        return pl.when(c.excused).then(pl.lit("exempt")).otherwise(met)
    exempt, need = c.excused, pl.lit(duty.fixed)
    if duty.basis:
        column, times, over, rounding = duty.basis
        cell = pl.col(column).cast(pl.Int64) * times
        exempt |= pl.col(column).is_null()
        need = cell / over if rounding is None else (cell + (over - 1 if rounding == "up" else 0)) // over
    return (
        pl.when(exempt).then(pl.lit("exempt"))
        .when(c.timely >= need).then(pl.lit("met"))
        .when(c.total >= need).then(pl.lit("late"))
        .when(c("first") > AS_OF).then(pl.lit("upcoming"))
        .when(c.pending).then(pl.lit("open"))
        .otherwise(pl.lit("missed"))
    )  # fmt: skip


def scores(task: Task, found: pl.DataFrame, tree: pl.DataFrame, extra: pl.DataFrame) -> pl.DataFrame:
    weights = pl.DataFrame(task.weights(), ("duty", "dimension", "weight"), orient="row")
    weights = weights.with_columns(c.duty.cast(pl.Int8))
    done = found.filter(c.status.is_in(["met", "late", "missed"])).join(weights, on="duty")
    parts = done.group_by("org", "dimension", "weight").agg(c.points.sum(), c.most.sum()).filter(c.most > 0)
    total = 100 * (c.weight * c.points / c.most).sum() / c.weight.sum()
    totals = parts.group_by("org").agg(total=total).join(extra, on="org", how="left")
    whole = (c.total + c.extra.fill_null(0)).clip(lower_bound=0)
    cents = ((whole * 10**9).round().cast(pl.Int64) + 5_000_000) // 10_000_000
    ranked = totals.with_columns(cents=cents).join(tree.select("org", "peer"), on="org", how="left")
    return ranked.with_columns(rank=c.cents.rank("min", descending=True).over("peer"))


def rollups(found: pl.DataFrame, tree: pl.DataFrame) -> pl.DataFrame:
    counts = [(c.status == name).sum().cast(pl.Int64).alias(name) for name in STATUSES]
    layers = [found.group_by("org", "duty").agg(counts)]
    parents = tree.select("org", "parent").drop_nulls()
    sums = [pl.col(name).sum() for name in STATUSES]
    while len(layers[-1]):
        up = layers[-1].join(parents, on="org").select(c.parent.alias("org"), "duty", *STATUSES)
        layers.append(up.group_by("org", "duty").agg(sums))
    return pl.concat(layers).group_by("org", "duty").agg(sums)


def adjusted(folder: Path, task: Task, ids: pl.DataFrame) -> pl.DataFrame:
    own = pl.read_parquet(folder / "adjustments.parquet").filter(c.on.is_between(FIRST, DAY))
    points, (most, least) = c.points.cast(pl.Float64), (task.scheme.bonus_cap, task.scheme.deduction_cap)
    bonus = points.filter(points > 0).sum().clip(upper_bound=float(most))
    deduction = (-points.filter(points < 0).sum()).clip(upper_bound=float(least))
    sums = own.group_by(org_id="subject_id").agg(extra=bonus - deduction)
    return sums.join(ids, on="org_id").select("org", "extra")


def waivers(folder: Path, ids: pl.DataFrame) -> pl.DataFrame:
    good = pl.read_parquet(folder / "waivers.parquet").filter((c("from") <= c.to) & (c.subject == "organisation"))
    return good.join(ids.rename({"org_id": "subject_id"}), on="subject_id")


def run(folder: Path) -> dict[str, int]:
    task = read(folder)
    rows = pl.read_parquet(folder / "organisations.parquet")
    ids = rows.select(c.org_id.unique(maintain_order=True)).with_row_index("org")
    rows = rows.join(ids, on="org_id").join(
        ids.rename({"org": "parent", "org_id": "parent_id"}), on="parent_id", how="left"
    )
    tree = rows.filter(pl.lit(DAY).is_between(c.valid_from.fill_null(OPEN[0]), c.valid_to.fill_null(OPEN[1])))
    tree = tree.with_columns(parent=pl.when(c.parent.is_in(tree["org"].implode())).then(c.parent))
    seen, waived = events(folder, task, ids), waivers(folder, ids)
    found = pl.concat([verdicts(duty, rows, seen, waived) for duty in task.duties])
    marks, sums = scores(task, found, tree, adjusted(folder, task, ids)), rollups(found, tree)
    counts = {name: int(sums[name].sum()) for name in STATUSES}
    numbers = {"rollups": len(sums), "scores": len(marks), "cents": marks["cents"].sum(), "ranks": marks["rank"].sum()}
    return counts | {name: int(value) for name, value in numbers.items()}


def condition(test: Condition) -> pl.Expr:
    """Two-valued: a test on a null is false."""
    match test:
        case All(parts):
            return reduce(and_, map(condition, parts), pl.lit(True))
        case Any(parts):
            return reduce(or_, map(condition, parts), pl.lit(False))
        case Not(part):
            return ~condition(part)
    cell = pl.col(test.column)
    match test:
        case Has(value=value):
            return cell.list.contains(value).fill_null(False)
        case Known(known=known):
            return cell.is_not_null() if known else cell.is_null()
        case Equals(value=value):
            return (cell == value).fill_null(False)
        case OneOf(values=values):
            return cell.is_in(list(values)).fill_null(False)
    signs = ((cell.ge, test.min), (cell.le, test.max), (cell.gt, test.more_than), (cell.lt, test.less_than))
    return reduce(and_, [sign(float(limit)) for sign, limit in signs if limit is not None]).fill_null(False)


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
