"""100,000 members through `zhibu import`: seconds and memory of judging and of applying.

    .venv/bin/python benchmarks/import_members.py [--members 100000] [--apply]

Writes two synthetic books into a temporary folder (1 county, 40 towns, 2,000 branches), then runs the command in a
process of its own on an empty database and prints wall time, CPU time and the peak of its memory.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import xlsxwriter

from zhibu.web.imports.sample import people

BRANCHES, TOWNS = 2_000, 40
ORGANISATION = ["党组织名称", "党组织类别", "上级党组织", "建立日期", "届满日期"]
MEMBER = [
    "序号",
    "姓名",
    "性别",
    "民族",
    "公民身份号码",
    "出生日期",
    "学历",
    "人员类别",
    "所在党支部",
    "加入党组织日期",
]
MEMBER += ["转为正式党员日期", "工作岗位", "手机号码", "是否流动党员", "备注"]


def write(folder: Path, members: int) -> list[Path]:
    branches = [f"第{town}镇{number}村党支部" for number in range(BRANCHES // TOWNS) for town in range(TOWNS)]
    rows = [["中共海川县委员会", "党委", "", "1990.1.1", "2028.1.1"]]
    rows += [
        [f"中共海川县第{town}镇委员会", "党委", "中共海川县委员会", "1990.1.1", "2028.1.1"] for town in range(TOWNS)
    ]
    rows += [[name, "党支部", f"中共海川县{name.split('镇')[0]}镇委员会", "1995.5.5", "2027.1.1"] for name in branches]
    organisations, people_book = folder / "党组织信息表.xlsx", folder / "党员信息表.xlsx"
    _book(organisations, ORGANISATION, iter(rows))
    _book(people_book, MEMBER, _members(branches, members))
    return [organisations, people_book]


def _members(branches: list[str], members: int):
    dice = random.Random(1)
    seen: set[str] = set()
    number = 0
    while number < members:
        one = people.person(dice, branches[number % len(branches)], date(2020, 1, 1), retired=False)
        if one.id_number in seen:
            continue
        seen.add(one.id_number)
        number += 1
        full = one.full_on.isoformat() if one.full_on else ""
        kind = "正式党员" if one.full_on else "预备党员"
        yield [number, one.name, one.sex, "汉族", one.id_number, f"{one.born_on:%Y.%m.%d}", one.education, kind,
               one.branch, f"{one.joined_on:%Y/%m/%d}", full, one.job, one.phone, one.floating, ""]  # fmt: skip


def _book(path: Path, titles: list[str], rows) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, titles)
        for place, row in enumerate(rows, 1):
            sheet.write_row(place, 0, row)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--members", type=int, default=100_000)
    options.add_argument("--apply", action="store_true")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        books = write(Path(folder), args.members)
        print(f"{args.members:,} members, {books[1].stat().st_size / 1e6:.1f} MB", flush=True)
        environment = os.environ | {"ZHIBU_HOME": f"{folder}/home"}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "zhibu.cli", "import", *map(str, books), "--json"]
        subprocess.run([sys.executable, "-m", "zhibu.cli", "migrate"], env=environment, check=True)
        started = time.monotonic()
        command += ["--apply"] if args.apply else []
        done = subprocess.run(command, env=environment, check=True, capture_output=True)
        wall = time.monotonic() - started
    counts = json.loads(done.stdout)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"accepted {counts['members']['accepted']:,}, rejected {len(counts['members']['rejected'])}")
    print(f"{'check + apply' if args.apply else 'check'}: {wall:.1f} s wall, {used.ru_utime + used.ru_stime:.1f} s CPU")
    print(f"peak memory {used.ru_maxrss / 1024:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
