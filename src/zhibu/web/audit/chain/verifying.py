"""Is the log as it was written? Seals, checkpoints of our own, those the superior organisation holds, archives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from zhibu.web.audit import archives, guard
from zhibu.web.audit.chain import checkpoints, keys, notes, rows
from zhibu.web.audit.chain.checkpoints import Statement
from zhibu.web.audit.chain.sealing import waiting
from zhibu.web.audit.chain.walk import Finding, Walk
from zhibu.web.audit.models import Archive, Checkpoint, Seal

LATE = timedelta(minutes=30)  # longer than any transaction: an older line without a seal came by another way
EVERY = 20_000  # rows between two words of progress
Tell = Callable[[int, int], None]


@dataclass
class Report:
    """What a verification found. `findings[0]` is the first bad row."""

    sealed: int = 0
    bad: int = 0
    compared: int = 0  # checkpoints
    held: int = 0  # … of them from the superior organisation
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.bad

    @property
    def words(self) -> list[str]:
        """The result in sentences, the first one the answer."""
        if self.good:
            head = f"完好：{self.sealed} 条封存的记录没有一条被改动、删除、插入、调换或截断"
        else:
            head = f"有问题，共 {self.bad} 处。第一处：{self.findings[0].words}"
        others = [one.words for one in self.findings[1:]]
        held = f"，其中上级收存的 {self.held} 个" if self.held else "（没有和上级收存的比对）"
        return [head, *others, f"比对检查点 {self.compared} 个{held}", *self.notes]


def verify(
    *, held: Sequence[Statement] = (), files: Iterable[Path] = (), tell: Tell = lambda done, total: None
) -> Report:
    """Look at every sealed line. `held`: checkpoints kept elsewhere; `files`: archives kept elsewhere."""
    known = list(Archive.objects.all())
    report = _verify(known, held, {file.name: file for file in files}, tell)
    if not report.good and list(Archive.objects.all()) != known:
        return verify(held=held, files=files, tell=tell)  # lines went into an archive while we looked
    return report


def _verify(known: list[Archive], held: Sequence[Statement], files: dict[str, Path], tell: Tell) -> Report:
    report, own = Report(held=len(held)), _own()
    said = [one for _, one in own if one] + list(held)
    walk = Walk(wanted={one.count for one in said})
    for count, statement in own:
        if statement is None:
            walk.find(None, None, f"本库第 {count} 条的检查点被改过：签名不对")
    for archive in known:
        _archive(archive, files, walk, report)
    total = Seal.objects.count() + walk.last
    for row in rows.stored(after=walk.last):
        walk.step(row)
        if not row.number % EVERY:
            tell(row.number, total)
    report.sealed = walk.last
    _compare(walk, said, report, known[-1].last if known else 0)
    _unsealed(walk, report)
    missing = guard.missing()
    if missing:
        report.notes.append(f"数据库里防改的触发器少了：{'、'.join(missing)}。运行 zhibu migrate 补上")
    report.bad, report.findings = walk.bad, _ordered(walk.findings)
    return report


def _own() -> list[tuple[int, Statement | None]]:
    """Our own checkpoints; None for one whose signature is not ours."""
    found, by = [], keys.public()
    for count, head, text in Checkpoint.objects.values_list("count", "head", "text"):
        try:
            said = checkpoints.read(text, by)
        except notes.Unsigned:
            said = None
        found.append((count, said if said and (said.count, said.head) == (count, head) else None))
    return found


def _archive(archive: Archive, files: dict[str, Path], walk: Walk, report: Report) -> None:
    """Go through the file where we have it; else go on behind it and say so."""
    fault = archives.fault(archive, walk.last, walk.before)
    if fault:
        walk.find(archive.first, None, fault)
    file = files.get(archive.file) or archives.folder() / archive.file
    if file.exists():
        wrong = archives.damage(archive, file)
        if wrong:
            walk.find(archive.first, None, wrong)
        else:
            for row in rows.archived(file):
                walk.step(row)
    else:
        which = f"第 {archive.first} 至 {archive.last} 号在档案 {archive.file} 里"
        report.notes.append(f"{which}，文件不在这里，没有看（可用 --archive 给出）")
    walk.last, walk.before = archive.last, archive.head


def _compare(walk: Walk, said: list[Statement], report: Report, archived: int) -> None:
    """Every checkpoint must be found on the way, with the same digest."""
    fits = archived
    for one in sorted(said, key=lambda one: one.count):
        here = walk.heads.get(one.count)
        if one.count > walk.last:
            words = f"第 {walk.last + 1} 至 {one.count} 号没有了：{_moment(one)} 的检查点说当时有 {one.count} 条"
            walk.find(walk.last + 1, None, words)
        elif here is None and one.count <= archived:
            continue  # in an archive we don't have
        elif here != one.head and _found(walk, fits, one.count):
            pass  # already named, and more exactly
        elif here != one.head:
            words = f"第 {fits + 1} 至 {one.count} 号之间有改动，并且重新封存过：跟 {_moment(one)} 的检查点不符"
            walk.find(fits + 1, None, words)
        else:
            fits = one.count
        report.compared += 1


def _found(walk: Walk, after: int, until: int) -> bool:
    return any(after < (one.number or 0) <= until for one in walk.findings)


def _moment(one: Statement) -> str:
    return f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}"


def _unsealed(walk: Walk, report: Report) -> None:
    """Young lines wait for the sealer. One older than what is sealed already came in behind its back."""
    lines = list(waiting().values_list("pk", "at")[:1000])
    newest = datetime.fromisoformat(walk.newest) if walk.newest else None
    late = [(pk, at) for pk, at in lines if newest and at < newest - LATE]
    for pk, at in late:
        moment = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
        walk.find(None, pk, f"编号 {pk} 的记录（写着 {moment}）没有封条，是后来插进来的")
    if len(lines) > len(late):
        report.notes.append(f"还有 {len(lines) - len(late)} 条刚写入，等着封存")


def _ordered(findings: list[Finding]) -> list[Finding]:
    """By place in the chain; lines without a place come last."""
    return sorted(findings, key=lambda one: (one.number is None, one.number or 0))
