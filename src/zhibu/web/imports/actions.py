"""The import as sentences: check, apply, undo. Each is one transaction with its audit lines inside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from django.db import IntegrityError, models

from zhibu.web.audit.actions import NotAllowed, action, write
from zhibu.web.core import antivirus, clock
from zhibu.web.core.announce import facts_changed, units_changed
from zhibu.web.core.scope import Scope
from zhibu.web.coverage.models import Unit
from zhibu.web.dues.models import Base, Payment
from zhibu.web.imports import checking, entering, limits, store
from zhibu.web.imports.books.check import OpenBook
from zhibu.web.imports.books.columns import (
    BASES,
    CASES,
    EVENTS,
    HOURS,
    MEMBERS,
    ORGANISATIONS,
    PAYMENTS,
    TENURES,
    UNITS,
)
from zhibu.web.imports.books.refuse import Refused
from zhibu.web.imports.models import Batch, Book
from zhibu.web.imports.undoing import LaterWork, Undoing
from zhibu.web.learning.models import OutsideHours
from zhibu.web.members.models import Member
from zhibu.web.offices.models import Tenure
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures.models import StepRecord
from zhibu.web.records.models import Record

TITLES = {
    ORGANISATIONS: "党组织", MEMBERS: "党员", EVENTS: "活动记录", UNITS: "单位", TENURES: "任职记录",
    BASES: "党费基数", PAYMENTS: "党费交纳", CASES: "办理步骤", HOURS: "校外学时",
}  # fmt: skip
MADE: dict[str, type[models.Model]] = {
    EVENTS: Record, MEMBERS: Member, ORGANISATIONS: Organisation, UNITS: Unit, TENURES: Tenure, BASES: Base,
    PAYMENTS: Payment, CASES: StepRecord, HOURS: OutsideHours,
}  # fmt: skip
WHY = "the batch in hand"
_MOVED = "校对时名册有了变化，没有写入。再导入一次"


class CannotDo(ValueError):
    """The batch is not in the state for it; `str()` is the sentence for the reader."""


class Upload(Protocol):
    """A file of a form (`django.core.files`)."""

    name: str

    def chunks(self) -> Iterable[bytes]: ...


def check(*, by: Scope, files: Sequence[Path | Upload], tell: checking.Tell | None = None) -> Batch:
    """Keep the files and judge them together. Nothing but the batch itself is written."""
    return judge(by=by, batch=receive(by=by, files=files), tell=tell)


def receive(*, by: Scope, files: Sequence[Path | Upload]) -> Batch:
    """Keep the files; the judging comes next, at once or in the background. Raises CannotDo."""
    if not by.may("imports.check"):
        raise NotAllowed(f"“{by.title}”不能做这件事")
    if not files:
        raise CannotDo("还没有选文件")
    if len(files) > limits.BOOKS:
        raise CannotDo(f"一次最多 {limits.BOOKS} 个文件")
    folder = store.new_folder()
    try:
        return _receive(by=by, folder=folder, kept=[(_name(file), _kept(folder, file)) for file in files])
    except BaseException:
        store.drop(folder)
        raise


receive.action_name = "imports.check"  # type: ignore[attr-defined]


def _kept(folder: str, file: Path | Upload) -> str:
    """The stored name of a file that the operator's scanner, if there is one, calls clean."""
    stored = store.keep(folder, _chunks(file))
    try:
        antivirus.check(store.path(stored))
    except antivirus.Infected as error:
        raise CannotDo(f"{_name(file)}：{error}") from error
    return stored


def _name(file: Path | Upload) -> str:
    return Path(file.name.replace("\\", "/").replace("\0", "")).name[:200]


@action("imports.check")
def _receive(*, by: Scope, folder: str, kept: Sequence[tuple[str, str]]) -> Batch:
    batch = Batch.objects.create(
        organisation_id=by.organisation_id or None,
        by_id=by.user_id or None,
        post_id=by.post_id or None,
        created_at=clock.now(),
        state=Batch.State.CHECKING,
        folder=folder,
    )
    for name, stored in kept:
        Book.objects.create(batch=batch, name=name, stored=stored)
    _line(by, "imports.check", f"上传待导入的表：{'、'.join(name for name, _ in kept)}", batch)
    return batch


def judge(*, by: Scope, batch: Batch, tell: checking.Tell | None = None) -> Batch:
    """Judge the files of a batch and keep the report. The walk is outside the transaction: it may take a minute, and a
    transaction keeps other writers waiting. Raises CannotDo when a file turns out damaged half-way."""
    books = checking.open_batch(batch)
    try:
        report = checking.walk(checking.begin(books, by), batch.folder, tell=tell)
    except Refused as refused:
        raise CannotDo(str(refused)) from refused
    return _keep_report(by=by, batch=batch, books=books, report=report)


@action("imports.check")
def _keep_report(*, by: Scope, batch: Batch, books: list[OpenBook], report: checking.Report) -> Batch:
    for book, opened in zip(batch.books.order_by("pk"), books, strict=True):
        book.kind = ",".join(opened.kinds)
        book.save(update_fields=["kind"])
    batch.report, batch.due, batch.done = report.as_json(), report.rows, 0
    batch.state, batch.error = Batch.State.CHECKED, ""
    batch.save()
    _line(by, "imports.check", f"校对：{_counts(report)}", batch)
    return batch


def failed(batch: Batch, words: str) -> None:
    """The batch could not be judged; its page says why."""
    Batch.objects.unscoped(WHY).filter(pk=batch.pk).update(state=Batch.State.FAILED, error=words[:300])


def apply(*, by: Scope, batch: Batch, tell: checking.Tell | None = None) -> Batch:
    """Put the good rows in; bad rows stay out. Judged anew, for the database may have moved since the preview.

    Judging comes before the transaction, writing is the transaction. All or nothing: an error or a killed process
    leaves no row behind. Raises CannotDo.
    """
    if not by.may("imports.apply"):
        raise NotAllowed(f"“{by.title}”不能做这件事")
    _applicable(batch)
    _all_there(batch)
    books = checking.open_batch(batch)
    stamp = entering.stamp()
    with entering.Spool() as spool:
        report = checking.walk(checking.begin(books, by), batch.folder, use=spool.put, tell=tell)
        if not sum(report.accepted.values()):
            raise CannotDo("没有可以导入的行，改好标红的行再传")
        try:
            return _enter(by=by, batch=batch, report=report, spool=spool, stamp=stamp)
        except IntegrityError as error:
            raise CannotDo(_MOVED) from error


@action("imports.apply")
def _enter(*, by: Scope, batch: Batch, report: checking.Report, spool: entering.Spool, stamp: object) -> Batch:
    batch = _lock(batch)
    _applicable(batch)
    if entering.stamp() != stamp:
        raise CannotDo(_MOVED)
    work = entering.Entering(batch, by)
    for kind, rows in spool.parts():
        work.take(kind, rows)
    _finish(batch, report, work)
    batch.walked = report  # every rejected row, for the command line; the stored report keeps the first ones
    for kind, title in TITLES.items():
        if sum(work.counts[kind].values()):
            _line(by, "imports.apply", f"导入{title}：{_entered(work.counts[kind])}", batch, work.counts[kind])
    facts_changed(work.touched)
    units_changed(work.units)
    return batch


def _applicable(batch: Batch) -> None:
    if batch.state not in (Batch.State.CHECKED, Batch.State.APPLYING):
        raise CannotDo(f"这一批{batch.get_state_display()}，不能再导入")


def _finish(batch: Batch, report: checking.Report, work: entering.Entering) -> None:
    batch.report = report.as_json() | {"entered": work.counts}
    batch.done = batch.due = report.rows
    batch.state, batch.applied_at, batch.error = Batch.State.APPLIED, clock.now(), ""
    if batch.organisation_id is None and work.planted:
        batch.organisation = min(work.planted, key=lambda node: node.path)
    batch.save()


@action("imports.undo")
def undo(*, by: Scope, batch: Batch) -> Batch:
    """Take a batch back within 24 hours. Raises CannotDo, naming the later work that stands in the way."""
    batch = _lock(batch)
    if batch.state != Batch.State.APPLIED:
        raise CannotDo(f"这一批{batch.get_state_display()}，没有可撤销的")
    if clock.now() > undo_until(batch):
        raise CannotDo(f"超过 {limits.UNDO_HOURS} 小时，不能整批撤销；请逐条改正")
    undoing = Undoing(batch)
    try:
        undoing.run()
    except LaterWork as error:
        raise CannotDo(str(error)) from error
    batch.refresh_from_db(fields=["organisation"])
    batch.state, batch.undone_at = Batch.State.UNDONE, clock.now()
    if stayed := undoing.told():
        batch.report = batch.report | {"kept": stayed}
    batch.save(update_fields=["state", "undone_at", "report"])
    made = {TITLES[kind]: n for kind, n in _made(undoing).items()}
    left = f"，留下 {len(stayed)} 条后来用到的" if stayed else ""
    _line(by, "imports.undo", f"撤销导入：{'、'.join(f'{title} {n}' for title, n in made.items())}{left}", batch, made)
    facts_changed(undoing.touched)
    units_changed(undoing.units)
    return batch


def _made(undoing: Undoing) -> dict[str, int]:
    gone = {kind: len(undoing.going(model)) for kind, model in MADE.items()}
    return {kind: n for kind, n in gone.items() if n}


def undo_until(batch: Batch):
    """The moment until which a batch can be undone."""
    return batch.applied_at + timedelta(hours=limits.UNDO_HOURS)


def _lock(batch: Batch) -> Batch:
    """The batch as it is now, locked: two clicks apply it once."""
    return Batch.objects.unscoped(WHY).select_for_update(of=("self",)).get(pk=batch.pk)


def _all_there(batch: Batch) -> None:
    if any(not store.path(book.stored).exists() for book in batch.books.all()):
        raise CannotDo("上传的文件已过期删除，重新上传再导入")


def _chunks(file: Path | Upload) -> Iterable[bytes]:
    if isinstance(file, Path):
        with file.open("rb") as opened:
            while chunk := opened.read(1 << 20):
                yield chunk
    else:
        yield from file.chunks()


def _counts(report: checking.Report) -> str:
    bad = sum(len(rows) for rows in report.rejected.values())
    return f"{report.rows} 行里 {report.rows - bad} 行可以导入，{bad} 行要改"


def _entered(counts: dict[str, int]) -> str:
    words = {"new": "新增", "changed": "更新", "same": "相同"}
    return "，".join(f"{word} {counts[key]}" for key, word in words.items() if counts.get(key))


def _line(by: Scope, name: str, sentence: str, batch: Batch, new: dict[str, int] | None = None) -> None:
    places: models.QuerySet = Organisation.objects.unscoped(WHY)
    place = places.filter(pk=batch.organisation_id).first() if batch.organisation_id else None
    write(by=by, action=name, sentence=sentence, thing=batch, organisation=place, new=dict(new) if new else None)
