"""`zhibu retention`, `zhibu tombstones`, `zhibu affected`."""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import datetime, time

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone


def add_retention(command: argparse.ArgumentParser) -> None:
    command.add_argument("--dry-run", action="store_true", help="只说哪些会清理，不动数据")


def run_retention(args: argparse.Namespace) -> int:
    from zhibu.web.personal import configuration, retention

    try:
        terms = {term.key: term for term in configuration.terms()}
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return 2
    if args.dry_run:
        for one in retention.due():
            oldest = f"，最早 {one.oldest}" if one.oldest else ""
            print(f"{one.term.what}：{one.before} 以前的 {one.count} 条会{_does(one.term.does)}{oldest}")
        return 0
    run = retention.clear()
    for key, count in run.done.items():
        print(f"{terms[key].what}：{count} 条已{_does(terms[key].does)}")
    return 0


def _does(word: str) -> str:
    return {"delete": "删除", "blank": "清空"}[word]


def add_tombstones(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", choices=["keep", "replay"], help="keep 补写清单；replay 恢复备份以后照清单再办一遍")


def run_tombstones(args: argparse.Namespace) -> int:
    from zhibu.web.personal import tombstones

    try:
        if args.what == "keep":
            print(f"清单补写 {tombstones.keep()} 行")
            return 0
        done = tombstones.replay()
    except (tombstones.Unreadable, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"再限制 {done['restricted']} 人，再删除 {done['erased']} 人")
    return 0


def add_affected(command: argparse.ArgumentParser) -> None:
    command.add_argument("--account", required=True, help="被冒用的账号")
    command.add_argument("--since", required=True, help="从什么时候，如 2026-11-01 或 2026-11-01T09:00")
    command.add_argument("--until", required=True, help="到什么时候")


def run_affected(args: argparse.Namespace) -> int:
    """CSV to the standard output, the summary to the other one."""
    from zhibu.web.access.queries import system_scope
    from zhibu.web.accounts.models import User
    from zhibu.web.personal import affected

    user = User.objects.filter(username=args.account).first()
    try:
        since, until = _moment(args.since, time.min), _moment(args.until, time.max)
    except ValueError:
        print("时间写成 2026-11-01 或 2026-11-01T09:00 这样", file=sys.stderr)
        return 2
    if user is None or since > until:
        print("没有这个账号，核对后再填" if user is None else "--until 早于 --since", file=sys.stderr)
        return 2
    answer = affected.take(by=system_scope(), user=user, since=since, until=until)
    writer = csv.writer(sys.stdout)
    writer.writerow(affected.HEADINGS)
    writer.writerows(affected.rows(answer))
    print(
        f"{answer.lines} 条记录；确知受影响 {len(answer.certain)} 人，可能受影响 {answer.possible.count()} 人",
        file=sys.stderr,
    )
    return 0


def _moment(text: str, at: time) -> datetime:
    """A day means all of it."""
    if len(text) == 10:
        return timezone.make_aware(datetime.combine(datetime.fromisoformat(text), at))
    found = datetime.fromisoformat(text)
    return found if timezone.is_aware(found) else timezone.make_aware(found)
