"""OpenFisca: one monthly rule (theme-day) as variables of an entity, statuses and a year's points.

python -m peers.openfisca_peer FACTS

OpenFisca knows no events, records, grace, history, waivers or trees: what it is given is already counted by month
(polars_peer.py does that, inside the time). Its own part is the formula: status of a month, points of a year.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from openfisca_core.entities import Entity
from openfisca_core.periods import MONTH, YEAR
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from peers import polars_peer
from peers.task import STATUSES, read

RULE = "bench-life/theme-day"
ORGANISATION = Entity("organisation", "organisations", "", "")
CODES = {name: code for code, name in enumerate(("none", *STATUSES))}


class owed(Variable):  # noqa: N801
    value_type, entity, definition_period = bool, ORGANISATION, MONTH


class excused(Variable):  # noqa: N801
    value_type, entity, definition_period = bool, ORGANISATION, MONTH


class pending(Variable):  # noqa: N801
    value_type, entity, definition_period = bool, ORGANISATION, MONTH


class timely(Variable):  # noqa: N801
    value_type, entity, definition_period = float, ORGANISATION, MONTH


class total(Variable):  # noqa: N801
    value_type, entity, definition_period = float, ORGANISATION, MONTH


class theme_day(Variable):  # noqa: N801
    value_type, entity, definition_period = int, ORGANISATION, MONTH

    def formula(organisation, period, parameters):  # noqa: N805
        tests = [~organisation("owed", period), organisation("excused", period), organisation("timely", period) >= 1]
        tests += [organisation("total", period) >= 1, organisation("pending", period)]
        return np.select(tests, [CODES[name] for name in ("none", "exempt", "met", "late", "open")], CODES["missed"])


class theme_day_points(Variable):  # noqa: N801
    value_type, entity, definition_period = float, ORGANISATION, YEAR

    def formula(organisation, period, parameters):  # noqa: N805
        months = [organisation("theme_day", month) for month in period.get_subperiods(MONTH)]
        return sum((one == CODES["met"]) + 0.5 * (one == CODES["late"]) for one in months)


VARIABLES = (owed, excused, pending, timely, total, theme_day, theme_day_points)


def run(folder: Path) -> dict[str, int]:
    task = read(folder)
    task = replace(task, duties=tuple(duty for duty in task.duties if duty.rule.name == RULE))
    duty, (cells, count) = task.duties[0], _counted(folder, task)
    system = TaxBenefitSystem([ORGANISATION])
    system.add_variables(*VARIABLES)
    simulation = SimulationBuilder().build_default_simulation(system, count=count)
    for span in duty.spans:
        _give(simulation, span.label, cells.filter(pl.col("code") == span.code), count)
    states = np.concatenate([simulation.calculate("theme_day", span.label) for span in duty.spans])
    points = simulation.calculate("theme_day_points", "2025")
    return {name: int((states == CODES[name]).sum()) for name in STATUSES} | {"points": round(float(points.sum()) * 2)}


def _counted(folder: Path, task: object) -> tuple[pl.DataFrame, int]:
    rows = pl.read_parquet(folder / "organisations.parquet")
    ids = rows.select(pl.col("org_id").unique(maintain_order=True)).with_row_index("org")
    seen = polars_peer.events(folder, task, ids)
    waivers = polars_peer.waivers(folder, ids)
    return polars_peer.cells(task.duties[0], rows.join(ids, on="org_id"), seen, waivers).collect(), len(ids)


def _give(simulation: object, month: str, cells: pl.DataFrame, count: int) -> None:
    for name in ("owed", "excused", "pending", "timely", "total"):
        values = np.zeros(count, float if name in ("timely", "total") else bool)
        values[cells["org"].to_numpy()] = cells[name].to_numpy()
        simulation.set_input(name, month, values)


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
