"""dbt with DuckDB: the SQL of sql.py as models, a table each; dbt puts them in order and runs them.

python -m peers.dbt_peer FACTS FOLDER (of the project, made anew)
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

from peers.sql import CHECK, DUCKDB, steps
from peers.task import read

PROJECT = """\
name: peer
version: '1.0.0'
config-version: 2
profile: peer
model-paths: [models]
flags: {send_anonymous_usage_stats: false}
models: {+materialized: table}
"""
PROFILE = "peer: {{target: it, outputs: {{it: {{type: duckdb, path: '{path}', threads: 1}}}}}}\n"
GOOD = "held_on IS NOT NULL AND held_on <= recorded_on AND coalesce(expected, 0) >= 0"
BASE = {
    "organisations": "SELECT * FROM '{facts}/organisations.parquet'",
    "adjustments": "SELECT * FROM '{facts}/adjustments.parquet'",
    "waivers": """SELECT * FROM '{facts}/waivers.parquet' WHERE "from" <= "to" AND subject = 'organisation'""",
    "events": f"""SELECT event_id AS event, * FROM '{{facts}}/events/*.parquet' WHERE {GOOD}
        QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY filename, file_row_number) = 1""",
    "event_types": "SELECT event, unnest(types) AS type FROM {events}",
    "event_topics": "SELECT event, unnest(topics) AS topic FROM {events}",
}


def project(facts: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (folder / "profiles.yml").write_text(PROFILE.format(path=folder / "peer.duckdb"), encoding="utf-8")
    refs = {name: f"{{{{ ref('{name}') }}}}" for name in BASE}
    models = {name: text.format(facts=facts, **refs) for name, text in BASE.items()}
    first = "".join(f"-- depends_on: {ref}\n" for ref in refs.values())
    for name, select in [*steps(read(facts), DUCKDB), ("answer", CHECK)]:
        models[name] = first + select.format(**refs)
        refs[name] = f"{{{{ ref('{name}') }}}}"
    for name, text in models.items():
        (folder / "models" / f"{name}.sql").write_text(text, encoding="utf-8")


def run(facts: Path, folder: Path) -> dict[str, int]:
    project(facts.resolve(), folder.resolve())
    command = [str(Path(sys.executable).parent / "dbt"), "--quiet", "run", "--project-dir", str(folder)]
    subprocess.run([*command, "--profiles-dir", str(folder)], check=True, stdout=sys.stderr)
    found = duckdb.connect(str(folder / "peer.duckdb"), read_only=True).execute("SELECT * FROM answer")
    names = [column[0] for column in found.description]
    return dict(zip(names, map(int, found.fetchone()), strict=True))


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), Path(sys.argv[2]))))
