"""The `zhibu` commands that need the web. `cli.py` hands over here, so engine commands never load Django."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import django

Run = Callable[[argparse.Namespace], int]


def main(argv: list[str]) -> int:
    """Run one of the web commands. Returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
    try:
        django.setup()
    except ValueError as error:  # a DATABASE_URL we don't understand
        print(error, file=sys.stderr)
        return 2
    args = parser().parse_args(argv)
    run: Run = args.run
    return run(args)


def parser() -> argparse.ArgumentParser:
    from zhibu.web.access import command as terminals
    from zhibu.web.audit import command as log
    from zhibu.web.config import keys
    from zhibu.web.imports import command as imports
    from zhibu.web.personal import command as personal
    from zhibu.web.reminders import command as reminding

    top = argparse.ArgumentParser(prog="zhibu")
    commands = top.add_subparsers(dest="command", required=True)
    _add(commands, "migrate", migrate, "把数据库（DATABASE_URL）准备到最新")
    imports.add_arguments(_add(commands, "import", imports.run, "导入 Excel 台账"))
    facts = _add(commands, "facts", facts_export, "导出事实表")
    facts.add_argument("what", choices=["export"])
    facts.add_argument("folder", type=Path)
    publish = _add(commands, "publish", publish_packs, "发布规则书和考核方案")
    publish.add_argument("paths", nargs="+", type=Path)
    publish.add_argument("--formalism", type=Path, help="形式主义对照表，默认用自带的")
    publish.add_argument("--minutes", type=Path, help="估时的文件，默认用各文件夹里的 forms/minutes.yaml")
    publish.add_argument("--yes", action="store_true", help="看过负担，确认发布，不再问")
    refresh = _add(commands, "refresh", refresh_years, "重新计算结论、得分和汇总")
    refresh.add_argument("--year", type=int, action="append")
    sample = _add(commands, "sample", make_sample, "没有数据时，造一个示例县")
    sample.add_argument("--seed", type=int, default=1)
    server = _add(commands, "serve", serve, "启动网站和后台计算")
    server.add_argument("--host", default="127.0.0.1")
    server.add_argument("--port", type=int, default=8000)
    server.add_argument("--workers", type=int, default=2)
    _add(commands, "worker", work, "只运行后台计算（serve 已带一个）")
    keys.add_arguments(_add(commands, "keys", keys.run, "密钥：列出、新增、更换、核对"))
    accounts = _add(commands, "account", account, "在服务器上处理一个账号：" + "、".join(ACCOUNT.values()))
    accounts.add_argument("what", choices=list(ACCOUNT))
    accounts.add_argument("username")
    terminals.add_arguments(_add(commands, "terminals", terminals.run, "管理终端：列出、规定、取消网段"))
    personal.add_retention(_add(commands, "retention", personal.run_retention, "清理超过保存期限的资料"))
    personal.add_tombstones(_add(commands, "tombstones", personal.run_tombstones, "删除清单：补写，或再办一遍"))
    personal.add_affected(_add(commands, "affected", personal.run_affected, "账号被冒用时，列出受影响的人"))
    _add(commands, "remind", reminding.run, "提醒快到期、逾期和退回的事；一天里再运行不会重复")
    reminders = _add(commands, "remind-terms", remind_terms, "给这一年届满的党组织发换届提醒，已提醒过的不再发")
    reminders.add_argument("--year", type=int, help="默认今年")
    people = _add(commands, "appoint", appoint, "开通账号并登记任职")
    for name in ("username", "name", "role", "organisation"):
        people.add_argument(name)
    for name in ("since", "until"):
        people.add_argument(f"--{name}", type=date.fromisoformat, help="任职、离任日期，如 2026-03-01")
    people.add_argument("--document", default="", help="任职文件")
    people.add_argument("--point", action="append", default=[], help="联系领导、督查组成员、党建指导员的点，可以写几次")
    log.add_arguments(_add(commands, "audit", audit, "审计记录：校验、检查点、归档"))
    roles = _add(commands, "roles", roles_sql, "打印 PostgreSQL 角色的 SQL")
    roles.add_argument("what", choices=["sql"])
    roles.add_argument("--web", default="zhibu_web", metavar="NAME")
    roles.add_argument("--worker", default="zhibu_worker", metavar="NAME")
    return top


def _add(commands: argparse._SubParsersAction, name: str, run: Run, words: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    command.set_defaults(run=run)
    return command


def migrate(args: argparse.Namespace) -> int:
    from django.conf import settings
    from django.core.management import call_command

    from zhibu.web.config.database import make_room

    make_room(settings.DATABASES["default"])
    call_command("migrate", verbosity=0)
    return _keys_ready()


def _keys_ready() -> int:
    from zhibu.web.core.crypto import KeyRingError
    from zhibu.web.core.crypto.ring import ring

    try:
        ring()
    except KeyRingError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def facts_export(args: argparse.Namespace) -> int:
    import pyarrow.parquet as parquet

    from zhibu.web.pipeline.facts import tables

    args.folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables().items():
        parquet.write_table(table, args.folder / f"{name}.parquet")
        print(f"{name}: {table.num_rows}")
    return 0


def publish_packs(args: argparse.Namespace) -> int:
    from zhibu.engine.errors import EngineError
    from zhibu.web.config.publishing import Stopped, publish
    from zhibu.web.regulations.library import list_of

    try:
        publish(args.paths, list_of(args.formalism), args.minutes, yes=args.yes)
    except (EngineError, Stopped) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def refresh_years(args: argparse.Namespace) -> int:
    from zhibu.web.pipeline.evaluate import refresh

    print(f"写入 {refresh(args.year)} 行")
    return 0


def make_sample(args: argparse.Namespace) -> int:
    from zhibu.web.config.sample import make

    return make(args.seed)


def serve(args: argparse.Namespace) -> int:
    from zhibu.web.config.server import serve as run

    return run(args.host, args.port, args.workers)


def work(args: argparse.Namespace) -> int:
    from zhibu.web.config.server import work as run

    return run()


ACCOUNT = {
    "reset": "重设密码",
    "unlock": "解除登录限制",
    "disable": "停用",
    "enable": "恢复",
    "drop-factors": "清除第二因素",
}


def account(args: argparse.Namespace) -> int:
    """For the accounts that nobody is above: those of the uppermost organisation and of its administrators."""
    from zhibu.web.access.queries import system_scope
    from zhibu.web.accounts import actions
    from zhibu.web.accounts.models import User

    user = User.objects.filter(username=args.username).first()
    if user is None:
        print(f"没有账号 {args.username}", file=sys.stderr)
        return 2
    done = getattr(actions, args.what.replace("-", "_"))(by=system_scope(), account=user.pk)
    print(
        f"{args.username} 的首次密码：{done[1]}" if args.what == "reset" else f"{args.username}：已{ACCOUNT[args.what]}"
    )
    return 0


def remind_terms(args: argparse.Namespace) -> int:
    from zhibu.web.audit.actions import Unfit
    from zhibu.web.offices.jobs import remind_year

    try:
        print(f"发出换届提醒 {remind_year(args.year)} 个")
    except Unfit as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def appoint(args: argparse.Namespace) -> int:
    from django.db import transaction

    from zhibu.web.access.actions import appoint as give
    from zhibu.web.access.models import Role
    from zhibu.web.access.people import known_or_new
    from zhibu.web.access.queries import system_scope
    from zhibu.web.audit.actions import Unfit
    from zhibu.web.organisations.models import Organisation

    places = Organisation.objects.unscoped("an operator's command on the server")
    found = {place.code: place for place in places.filter(code__in=[args.organisation, *args.point])}
    if missing := [code for code in (args.organisation, *args.point) if code not in found]:
        print(f"没有代码为 {missing[0]} 的党组织", file=sys.stderr)
        return 1
    if args.role not in Role.values:
        print(
            f"没有职务 {args.role}。可用的：{'、'.join(f'{word} {name}' for word, name in Role.choices)}",
            file=sys.stderr,
        )
        return 1
    try:
        with transaction.atomic():
            user, password = known_or_new(args.username, args.name)
            give(
                by=system_scope(), user=user, organisation=found[args.organisation], role=args.role,
                starts_on=args.since, ends_on=args.until, document=args.document,
                points=[found[code] for code in args.point],
            )  # fmt: skip
    except Unfit as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{args.username} 的首次密码：{password}" if password else f"{args.username} 已登记任职")
    return 0


def audit(args: argparse.Namespace) -> int:
    from zhibu.web.access.queries import system_scope
    from zhibu.web.audit.command import run

    args.by = system_scope()
    return run(args)


def roles_sql(args: argparse.Namespace) -> int:
    from zhibu.web.audit.roles import sql

    try:
        print(sql({"web": args.web, "worker": args.worker}))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
