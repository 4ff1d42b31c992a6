"""`zhibu terminals list | set | clear`: the way out when a list of 管理终端 has shut everybody out."""

from __future__ import annotations

import argparse
import sys


def add_arguments(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(dest="what", required=True)
    what.add_parser("list", help="列出规定过的网段")
    give = what.add_parser("set", help="规定一个单位的网段")
    give.add_argument("organisation", help="党组织代码")
    give.add_argument("networks", nargs="+", metavar="NETWORK", help="如 10.2.3.0/24")
    clear = what.add_parser("clear", help="取消一个单位的限制")
    clear.add_argument("organisation", help="党组织代码")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 done, 1 refused, with one sentence."""
    from zhibu.web.access import terminals
    from zhibu.web.access.queries import system_scope
    from zhibu.web.audit.actions import Unfit
    from zhibu.web.organisations.models import Organisation

    by = system_scope()
    if args.what == "list":
        for row in terminals.lists(by):
            print(row.organisation.code, row.organisation.name, *row.networks.split())
        return 0
    place = Organisation.objects.within(by).filter(code=args.organisation).first()
    if place is None:
        print(f"没有代码为 {args.organisation} 的党组织", file=sys.stderr)
        return 1
    text = " ".join(args.networks) if args.what == "set" else ""
    try:
        terminals.keep(by=by, organisation=place, text=text, reason="在服务器上办理")
    except Unfit as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{place.name}：{'已规定管理终端' if text else '不再限制管理终端'}")
    return 0
