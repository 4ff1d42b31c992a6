"""Made-up facts of a county, city, province or country, for benchmarks. The same seed gives the same bytes.

    python benchmarks/generate.py SCALE OUTDIR [--seed N] [--shuffled]

OUTDIR receives organisations, waivers and adjustments .parquet, events/NNN.parquet (by organisation, then day; with
--shuffled in the order of recording), and the rules and the scheme that go with them. No person, no organisation and
no rule is real. What is in the facts: benchmarks/synthetic/.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from synthetic import extras, files, organisations
from synthetic.scales import SCALES
from synthetic.tree import grow

HERE = Path(__file__).parent
RULES, SCHEME = HERE / "rules", HERE / "scheme.yaml"
YEAR, AS_OF = "2025", "2026-01-10"


def generate(scale: str, folder: Path, seed: int = 2025, shuffled: bool = False) -> int:
    """Writes the facts of a scale into a new folder; returns the number of events."""
    folder.mkdir(parents=True)
    dice = np.random.default_rng([seed, 1])
    those = organisations.settle(grow(SCALES[scale], dice), dice)
    _write(organisations.table(those, dice), folder / "organisations.parquet")
    _write(extras.waivers(those, dice), folder / "waivers.parquet")
    _write(extras.adjustments(those, dice), folder / "adjustments.parquet")
    (files.write_shuffled if shuffled else files.write_events)(those, folder / "events", seed)
    shutil.copytree(RULES, folder / "rules")
    shutil.copy(SCHEME, folder / "scheme.yaml")
    return sum(pq.read_metadata(part).num_rows for part in (folder / "events").iterdir())


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, row_group_size=2**18, compression="snappy", store_schema=False)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("scale", choices=SCALES)
    options.add_argument("outdir", type=Path)
    options.add_argument("--seed", type=int, default=2025)
    options.add_argument("--shuffled", action="store_true", help="in the order of recording, county to province")
    args = options.parse_args()
    if args.shuffled and args.scale == "country":
        options.error("--shuffled is for county to province: the country's events do not fit in memory at once")
    if args.outdir.exists():
        options.error(f"{args.outdir} is there already")
    started = time.monotonic()
    count = generate(args.scale, args.outdir, args.seed, args.shuffled)
    size = sum(path.stat().st_size for path in args.outdir.rglob("*.parquet"))
    print(f"{args.scale}: {count:,} events, {size / 1e6:,.1f} MB, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
