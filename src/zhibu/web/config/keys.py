"""`zhibu keys list|new|rotate|check`: the key ring seen from the server's command line."""

from __future__ import annotations

import argparse
import sys

from django.conf import settings
from django.db import transaction

from zhibu.web.audit.actions import write
from zhibu.web.core import reseal
from zhibu.web.core.crypto import KeyRingError, Unavailable
from zhibu.web.core.crypto import ring as rings
from zhibu.web.core.crypto.ring_file import add

WORDS = {
    "list": "列出密钥和每把密钥下有多少条密文",
    "new": "生成一把新密钥，以后的密文都用它",
    "rotate": "换密钥：旧密钥下的密文和摘要逐批改用现用密钥，可中断后接着做",
    "check": "逐条核对密文和摘要，不改动",
}


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", choices=WORDS, help="；".join(f"{name} {word}" for name, word in WORDS.items()))


def run(args: argparse.Namespace) -> int:
    """0 good; 1 some values are in trouble and are named; 2 nothing was done."""
    try:
        return {"list": show, "new": new, "rotate": rotate, "check": check}[args.what]()
    except (KeyRingError, Unavailable) as error:
        print(error, file=sys.stderr)
        return 2


def show() -> int:
    ring, counts = rings.ring(), reseal.counts()
    for key in ring.keys:
        said = "，".join(f"{column} {count}" for column, count in sorted(counts.pop(key.id, {}).items()))
        now = "  现用" if key.id == ring.current.id else ""
        print(f"{key.id}  {key.path}  {key.made} 生成  {said or '没有密文'}{now}")
    for key_id, missing in counts.items():
        print(f"{key_id}  不在密钥环里，有 {missing.total()} 条密文打不开", file=sys.stderr)
    if ring.current.path != settings.CRYPTO:
        print(
            f"现用密钥是 {ring.current.path}，设置是 {settings.CRYPTO}：运行 zhibu keys rotate 换过去", file=sys.stderr
        )
    if rings.exposed():
        print(f"别人也能读 {settings.KEYS_FILE}：运行 chmod 600 {settings.KEYS_FILE}", file=sys.stderr)
    return 1 if counts else 0


def new() -> int:
    with transaction.atomic():
        key = rings.new_key()
        _line("keys.new", f"生成密钥 {key.id} 并改为现用")
        add(key)
    print(f"{key.id} 已生成并改为现用（{key.path}）。把 {settings.KEYS_FILE} 备份好，和数据库的备份分开放")
    return 0


def rotate() -> int:
    """A new key unless an earlier change is unfinished; then every value under it."""
    counts, current = reseal.counts(), rings.ring().current
    unfinished = bool(counts.keys() - {current.id})
    if unfinished:
        print(f"接着把旧密钥下的密文换到 {current.id}")
    elif not settings.KEYS:
        new()
    done = reseal.reseal(lambda column, changed: print(f"\r{column} 已换 {changed}", end="", file=sys.stderr))
    _line("keys.rotate", f"密文换到密钥 {rings.ring().current.id}，{done.changed} 条")
    print(f"\n换好 {done.changed} 条。旧密钥还留在密钥环里：打开旧备份要用", file=sys.stderr)
    return _told(done.trouble)


def check() -> int:
    trouble = reseal.check()
    print(f"核对了 {sum(count.total() for count in reseal.counts().values())} 条密文，{len(trouble)} 条有问题")
    return _told(trouble)


def _line(name: str, sentence: str) -> None:
    write(by=None, action=name, sentence=sentence, thing=None, organisation=None)


def _told(trouble: list[str]) -> int:
    for said in trouble[:200]:
        print(said, file=sys.stderr)
    if len(trouble) > 200:
        print(f"还有 {len(trouble) - 200} 条没有列出", file=sys.stderr)
    return 1 if trouble else 0
