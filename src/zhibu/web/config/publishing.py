"""`zhibu publish`: what it costs is shown, and asked about, before rulebooks are in force."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from zhibu.engine.formalism import Catalogue
from zhibu.web.access.queries import system_scope
from zhibu.web.burden import actions, book
from zhibu.web.burden.estimates import minutes, rule_key, spoken
from zhibu.web.burden.loads import asks
from zhibu.web.burden.schemes import by_scheme
from zhibu.web.core import clock
from zhibu.web.pipeline.weigh import Counts, weigh
from zhibu.web.procedures import publishing as procedures
from zhibu.web.regulations.actions import publish as publish_rules
from zhibu.web.regulations.models import Rule, Rulebook, Scheme

SHOWN = 10  # rules named


class Stopped(Exception):
    """Nothing is published; `str()` says why."""


def publish(paths: list[Path], catalogue: Catalogue, file: Path | None, *, yes: bool) -> None:
    """Publish all of it, or, when the issuer does not agree to what it costs, nothing. Raises Stopped, EngineError."""
    with transaction.atomic():
        done = publish_rules(paths=paths, catalogue=catalogue)
        steps = procedures.publish(paths=paths)
        for warning in done.warnings:
            print(f"提醒：{warning}", file=sys.stderr)
        for one in [file] if file else book.found(paths):
            _take(one)
        _agreed(done.rulebooks, done.schemes, yes)
    print(f"发布了 {len(done.rulebooks)} 部规则书，{len(steps)} 个程序")


def _take(file: Path) -> None:
    try:
        actions.take(by=system_scope(), told=book.read(file))
    except book.Unreadable as error:
        raise Stopped(str(error)) from error


def _agreed(books: list[Rulebook], schemes: list[Scheme], yes: bool) -> None:
    rows = Rule.objects.filter(book__in=books, status="active").select_related("book")
    rules = [rule for rule in rows if asks(rule)]
    told = {key: one.minutes for key, one in minutes({_key(rule) for rule in rules}).items()}
    if missing := [rule for rule in rules if rule.book.level != "central" and _key(rule) not in told]:
        names = "、".join(f"{rule.book.rulebook}/{rule.rule}" for rule in missing[:SHOWN])
        raise Stopped(
            f"{len(missing)} 条规则没有估时，什么都没有发布：{names}。"
            f"请在 {book.NAME} 里写上每次大约几分钟，或用 --minutes 给出文件"
        )
    counts = weigh([one.digest for one in books], clock.today().year)
    shown = [_shown(rules, told, counts), *map(_told, schemes)]
    if any(shown) and not (yes or _asked()):
        raise Stopped("没有确认，什么都没有发布。看过负担、确要发布的，加 --yes")


def _shown(rules: Iterable[Rule], told: dict[str, int], counts: Counts) -> int:
    """Print the sum and its largest parts; gives the minutes of a year."""
    weighed = [rule for rule in rules if _known(rule, told, counts)]
    lines = [(told[_key(rule)], *counts[rule.book.rulebook, rule.rule], rule) for rule in weighed]
    total = sum(each * times for each, _, times, _ in lines)
    if not total:
        return 0
    month = sum(each * times / units for each, units, times, _ in lines) / 12
    print(f"一年约 {spoken(total)}；哪条都适用的组织，每月约 {spoken(round(month))}。其中：")
    for each, units, times, rule in sorted(lines, key=lambda line: -line[0] * line[2])[:SHOWN]:
        print(f"  {rule.title}：{units:,} 个组织，共 {times:,} 次 × {each} 分钟 = {spoken(each * times)}")
    return total


def _told(scheme: Scheme) -> int:
    """Print what the duties that a scheme counts take a branch, as last evaluated; gives the minutes of a month."""
    month, words = by_scheme(scheme.text)
    if month:
        print(f"《{scheme.title}》计入的事项，{words}")
    return month


def _known(rule: Rule, told: dict[str, int], counts: Counts) -> bool:
    return _key(rule) in told and (rule.book.rulebook, rule.rule) in counts


def _key(rule: Rule) -> str:
    return rule_key(rule.book.rulebook, rule.rule)


def _asked() -> bool:
    if not sys.stdin.isatty():
        return False
    return input("确要发布，写“是”：").strip() in ("是", "y", "yes")
