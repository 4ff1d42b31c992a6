"""The breach drill on a province's roster: how long until the list of affected persons is there (PIPL 57).

    python benchmarks/affected_drill.py --members 100000 --lines 5000

Makes a database of its own in a temporary folder: one county officer, its members, lines of numbers opened; then runs
`zhibu affected` as an operator would.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=5_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhibu-drill-") as home:
        os.environ |= {"ZHIBU_HOME": home, "DATABASE_URL": f"sqlite:///{home}/drill.sqlite3"}
        zhibu = [sys.executable, "-m", "zhibu.cli"]
        subprocess.run([*zhibu, "migrate"], check=True)
        people = fill(args.members, args.lines)
        today = date.today().isoformat()
        command = [*zhibu, "affected", "--account", "stolen", "--since", today, "--until", today]
        started = time.monotonic()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds = time.monotonic() - started
        print(
            f"{people:,} members, {args.lines:,} lines: {len(done.stdout.splitlines()) - 1:,} rows in {seconds:.1f} s"
        )
        print(done.stderr.strip())
    return 0


def fill(members: int, lines: int) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
    django.setup()
    from zhibu.web.access.actions import appoint
    from zhibu.web.access.queries import posts_on, scope_of, system_scope
    from zhibu.web.accounts.actions import register
    from zhibu.web.audit.actions import write
    from zhibu.web.members.models import Member
    from zhibu.web.organisations import tree

    county = tree.plant(parent=None, code="D1", name="某县委", kind="committee", sector="organ")
    branches = [
        tree.plant(parent=county, code=f"D{number + 2}", name=f"第{number}支部", kind="branch", sector="village")
        for number in range(max(1, members // 1000))
    ]
    made = [
        Member(
            organisation=branches[number % len(branches)], name=f"党员{number}", id_number=f"99000119{number:010d}",
            born_on=date(1980, 1, 1), kind="full", joined_on=date(2005, 7, 1),
        )
        for number in range(members)
    ]  # fmt: skip
    stored = Member.objects.unscoped("drill").bulk_create(made, batch_size=2000)
    user, _ = register(username="stolen", name="被盗用")
    appoint(by=system_scope(), user=user, organisation=county, role="officer", starts_on=date(2020, 1, 1))
    scope = scope_of(posts_on(user.pk, datetime.now().date())[0], date.today())
    for number in range(lines):
        one = stored[number * 7 % members]
        write(
            by=scope, action="members.unmask", sentence="查看手机号码：核对", thing=one, organisation=one.organisation,
            new={"what": "phone", "reason": "核对", "shown": True},
        )  # fmt: skip
    return members


if __name__ == "__main__":
    sys.exit(main())
