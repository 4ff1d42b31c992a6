"""`zhibu audit verify | seal | checkpoint | key | take | held | retire` and `zhibu roles sql`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

GOOD, BAD, UNABLE = 0, 1, 2


def add_arguments(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(dest="what", required=True)
    check = what.add_parser("verify", help="校验审计记录：0 完好，1 有问题，2 没有校验成")
    check.add_argument("--checkpoints", type=Path, action="append", default=[], metavar="FILE", help="上级收存的检查点")
    check.add_argument("--archive", type=Path, action="append", default=[], metavar="FILE", help="移走了的档案文件")
    check.add_argument("--key", default="", help="签检查点的公钥，默认本机的")
    what.add_parser("seal", help="把还没有封存的记录封存")
    point = what.add_parser("checkpoint", help="打印检查点，送上级收存")
    point.add_argument("--all", action="store_true", help="全部检查点，默认只有最新的")
    what.add_parser("key", help="打印本机的公钥")
    take = what.add_parser("take", help="收存下级的检查点")
    take.add_argument("file", type=Path)
    take.add_argument("--key", default="", help="第一次收存时，对方的公钥")
    held = what.add_parser("held", help="打印收存的检查点，供下级比对")
    held.add_argument("origin")
    what.add_parser("retire", help="把过了留存期的记录移到档案文件")


def run(args: argparse.Namespace) -> int:
    """Returns the exit status; what is wrong with the input is said in one sentence."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from zhibu.web.audit.archives import Spoilt
    from zhibu.web.audit.chain.holding import Fork
    from zhibu.web.audit.chain.notes import Unsigned

    try:
        return COMMANDS[args.what](args)
    except (Fork, Spoilt) as error:
        print(error, file=sys.stderr)
        return BAD
    except (Unsigned, ImproperlyConfigured, OSError, UnicodeDecodeError, DatabaseError) as error:
        print(f"zhibu audit {args.what}: {error}", file=sys.stderr)
        return UNABLE


def _verify(args: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import Progress

    from zhibu.web.audit.chain import checkpoints, keys
    from zhibu.web.audit.chain.holding import split
    from zhibu.web.audit.chain.notes import Unsigned, Verifier
    from zhibu.web.audit.chain.verifying import verify

    by = Verifier.read(args.key) if args.key else keys.public()
    texts = [file.read_text("utf-8") for file in args.checkpoints]
    held = [checkpoints.read(note, by) for text in texts for note in split(text)]
    if args.checkpoints and not held:
        raise Unsigned("文件里没有检查点")
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("校验审计记录", total=None)
        report = verify(
            held=held, files=args.archive, tell=lambda done, total: progress.update(task, completed=done, total=total)
        )
    print("\n".join(report.words))
    return GOOD if report.good else BAD


def _seal(args: argparse.Namespace) -> int:
    from zhibu.web.audit.chain.sealing import seal_all

    print(f"封存了 {seal_all(everything=True)} 条")
    return GOOD


def _checkpoint(args: argparse.Namespace) -> int:
    """Signs the head as it is now, and prints."""
    from zhibu.web.audit.chain import checkpoints
    from zhibu.web.audit.models import Checkpoint

    checkpoints.make()
    found = Checkpoint.objects.order_by("-count")
    for point in found.order_by("count") if args.all else found[:1]:
        print(point.text)
    return GOOD


def _key(args: argparse.Namespace) -> int:
    from zhibu.web.audit.chain import keys

    print(keys.public())
    return GOOD


def _take(args: argparse.Namespace) -> int:
    from zhibu.web.audit.chain.holding import take

    kept = take(by=args.by, text=args.file.read_text("utf-8"), key=args.key)
    print(f"收存了 {len(kept)} 个检查点")
    return GOOD


def _held(args: argparse.Namespace) -> int:
    from zhibu.web.audit.models import Held

    for one in Held.objects.filter(origin=args.origin).order_by("count"):
        print(one.text)
    return GOOD


def _retire(args: argparse.Namespace) -> int:
    from zhibu.web.audit.archives import retire

    made = retire()
    print(f"第 {made.first} 至 {made.last} 号移到了 {made.file}" if made else "没有过了留存期的记录")
    return GOOD


COMMANDS = {
    "verify": _verify, "seal": _seal, "checkpoint": _checkpoint, "key": _key, "take": _take, "held": _held,
    "retire": _retire,
}  # fmt: skip
