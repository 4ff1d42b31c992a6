"""A comparison as a page for a terminal or a printer. Serves the reader."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from zhibu.engine.phrases import Words, plain
from zhibu.engine.sentences import STATUS_WORDS
from zhibu.engine.whatif.comparison import Comparison
from zhibu.engine.whatif.movers import Listed, Mover, Standing, falling, rising
from zhibu.engine.whatif.summary import GroupLine, RuleLine, Summary, summary
from zhibu.engine.whatif.words import HOW, OTHERS, Change, because, changes, signed

GROUPS = 12  # peer groups shown; all are in run.json
NONE = "——"


def page(found: Comparison, top: int, words: Words) -> str:
    told = summary(found)
    parts = [
        *_head(found, told),
        *_part("改了什么", _changes(changes(found, words))),
        *_part("档次（行是现在，列是试算）", _matrix(found, told)),
        *_part("同类", _groups(found, told, words)),
        *_part("维度", _dimensions(told)),
        *_part("规则", _rules(told)),
        *_part("加减分和下限", (f"{OTHERS[kind]}：平均 {signed(points)} 分" for kind, points in told.others)),
        *_part("督办建议", _steps(told)),
        *_part("分数分布", _bins(told)),
        *_part(f"变差的（共 {told.losers} 个）", _movers(found, falling(found), top)),
        *_part(f"变好的（共 {len(rising(found))} 个）", _movers(found, rising(found), top)),
    ]
    return "\n".join(parts) + "\n"


def _part(title: str, lines: Iterator[str] | Sequence[str]) -> list[str]:
    found = [f"  {line}" for line in lines]
    return ["", title, *found] if found else []


def _head(found: Comparison, told: Summary) -> list[str]:
    before, after = found.sides
    plan = found.plans[0]
    first, last = plan.window
    lines = [
        f"试算：{after.scheme.title}（草案）比 {before.scheme.title}（已发布）",
        f"{first} 至 {last}，按 {plan.as_of} 所知；有得分的组织 {told.organisations} 个",
    ]
    if after.tried:
        lines.append(f"草案里 status: draft 的规则在试算中当作启用：{'、'.join(after.tried)}")
    lines += [
        f"平均分  {_score(told.mean.before)} → {_score(told.mean.after)}",
        f"得分    升 {told.rise}　降 {told.fall}　不变 {told.stay}　新有得分 {told.appear}　不再有得分 {told.vanish}",
        f"档次    变化 {told.regraded} 个（{told.regraded_share:.1%}）　升 {told.up}　降 {told.down}"
        + (f"　等次名称不同，不好比 {told.other}" if told.other else ""),
        f"名次    升 {told.higher}　降 {told.lower}",
    ]
    return lines


def _changes(found: list[Change]) -> Iterator[str]:
    for one in found:
        if len(one.before) + len(one.after) < 40:
            yield f"{one.what}：{one.before or '（没有）'} → {one.after or '（没有）'}"
            continue
        yield one.what
        yield f"  原：{one.before or '（没有）'}"
        yield f"  现：{one.after or '（没有）'}"


# --- tables ----------------------------------------------------------------------------------------------------------


def _matrix(found: Comparison, told: Summary) -> list[str]:
    before, after = ([step.grade for step in side.scheme.grades] for side in found.sides)
    rows, columns = [*dict.fromkeys(before), None], [*dict.fromkeys(after), None]
    counts = {(one, other): count for one, other, count in told.grades}
    rows = [row for row in rows if any((row, column) in counts for column in columns)]
    columns = [column for column in columns if any((row, column) in counts for row in rows)]
    body = [[row or "没有", *(str(counts.get((row, column), 0)) for column in columns)] for row in rows]
    head = ["", *(column or "没有" for column in columns)]
    return aligned([head, *body]) if body and (before or after) else []


def _groups(found: Comparison, told: Summary, words: Words) -> list[str]:
    head = ["", "组织", "平均分", "试算", "变化", "得分升", "得分降", "档次升", "档次降"]
    divided = any(side.scheme.peer_group for side in found.sides)
    nameless = "没有分类" if divided else "全部"
    lines = aligned([head, *(_group(line, nameless, words) for line in told.groups[:GROUPS])])
    left = len(told.groups) - GROUPS
    return lines + [f"另有 {left} 类，见 run.json（--out）"] if left > 0 else lines


def _group(line: GroupLine, nameless: str, words: Words) -> list[str]:
    name = nameless if line.group is None else plain(line.group, words)
    numbers = [line.rise, line.fall, line.up, line.down]
    means = [_score(line.mean.before), _score(line.mean.after), signed(line.change)]
    return [name, str(max(line.scored.before, line.scored.after)), *means, *map(str, numbers)]


def _dimensions(told: Summary) -> list[str]:
    head = ["", "权重", "试算", "有得分", "试算", "平均得分", "试算", "权重使总分"]
    rows = [
        [
            line.title,
            *(NONE if one is None else f"{one:g}" for one in (line.weight.before, line.weight.after)),
            *map(str, (line.scored.before, line.scored.after)),
            *map(_score, (line.mean.before, line.mean.after)),
            signed(line.points),
        ]
        for line in told.dimensions
    ]
    return aligned([head, *rows])


def _rules(told: Summary) -> Iterator[str]:
    if told.rules:
        head = ["", "", "结论有变的组织", "加分的", "减分的", "平均使总分"]
        rows = [[line.title, HOW[line.how], *_numbers(line)] for line in told.rules]
        yield from aligned([head, *rows])
    for line in told.rules:
        differing = [
            f"{STATUS_WORDS[status]} {before}→{line.statuses.after[status]}"
            for status, before in line.statuses.before.items()
            if before != line.statuses.after[status]
        ]
        if differing:
            yield f"{line.title}的结论：{'，'.join(differing)}"


def _numbers(line: RuleLine) -> list[str]:
    return [*map(str, (line.organisations, line.gain, line.lose)), signed(line.points)]


def _steps(told: Summary) -> list[str]:
    """All of them, once one is proposed more or less often."""
    moving = any(before != after for _, before, after in told.steps)
    return [f"{step}：{before} → {after}" for step, before, after in told.steps] if moving else []


def _bins(told: Summary) -> list[str]:
    last = told.bins[-1][0]
    rows = [
        [f"{low} 分以上" if low == last else f"{low}–{low + 9} 分", str(before), str(after)]
        for low, before, after in told.bins
        if before or after
    ]
    return aligned([["", "现在", "试算"], *rows])


def _movers(found: Comparison, listed: Listed, top: int) -> Iterator[str]:
    for one in listed.page(0, top):
        yield f"{one.org_id}　{_moved(one)}"
        yield from (f"    {signed(reason.points):>6}  {because(found, reason)}" for reason in one.reasons)


def _moved(one: Mover) -> str:
    if one.before is None or one.after is None:
        return f"新有得分 {_standing(one.after)}" if one.after else f"不再有得分，原 {_standing(one.before)}"
    grade = [one.before.grade, one.after.grade]
    grades = "" if grade[0] == grade[1] else f"，{grade[0] or '没有等次'} → {grade[1] or '没有等次'}"
    return (
        f"{one.before.total:.2f} → {one.after.total:.2f}（{signed(one.difference)}）"
        f"，同类第 {one.before.rank} → {one.after.rank} 名（{one.after.size} 个）{grades}"
    )


def _standing(one: Standing | None) -> str:
    return f"{one.total:.2f}，同类第 {one.rank} 名（{one.size} 个）" if one else NONE


def _score(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side, the first to the left, the others to the right; a Chinese character takes two places."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_cell(*one) for one in zip(range(len(row)), row, widths, strict=True)).rstrip() for row in rows]


def _cell(place: int, text: str, width: int) -> str:
    blank = " " * (width - _width(text))
    return blank + text if place else text + blank


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
