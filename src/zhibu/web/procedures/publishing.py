"""Versions of procedures are issued and withdrawn: those of the packs by the command, an office's own by its action."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.procedures.model import Procedure
from zhibu.engine.procedures.read import Supplement
from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.procedures import keeping, library
from zhibu.web.procedures.models import Case, Issued
from zhibu.web.procedures.worked import Walked, walk

LEVELS = ("county", "unit")  # an office below the centre issues for itself; which one it is stands in the tree


@transaction.atomic
def publish(*, paths: Iterable[Path], by: Scope | None = None) -> list[Issued]:
    """Publish every procedure under `procedures/` below the paths; texts already published are left as they are.

    Raises EngineError with every fault, and then nothing is published.
    """
    files = sorted({file for path in map(Path, paths) for file in path.rglob("*.yaml") if _is_procedure(path, file)})
    texts = [(file, file.read_text("utf-8-sig")) for file in files]
    fresh = [(file, text) for file, text in texts if not Issued.objects.filter(digest=_digest(text), withdrawn_at=None)]
    if not fresh:
        return []
    documents = [library.document((str(file), text)) for file, text in fresh]
    if faults := [fault for one in documents for fault in one.faults]:
        raise EngineError(faults)
    rows = [_row(head_of(text, str(file)), text, "/".join(file.parts[-3:]), by, None) for file, text in fresh]
    for row in rows:
        old = Issued.objects.filter(key=row.key, version=row.version, supplement=row.supplement, owner=None)
        old.filter(withdrawn_at=None).update(withdrawn_at=clock.now(), withdrawn_reason="由同一版本的新文本代替")
    for row in rows:
        row.save()
    books = library.shelf()
    for path in sorted({"", *(owner for _, owner, _ in books.rows)}):
        books.at(path)  # they read together, beside what offices have issued, or nothing is published
    for row in rows:
        write(
            by=by, action="procedures.publish", sentence=f"发布程序《{row.title}》{row.version}", thing=row,
            organisation=None, new={"digest": row.digest}, happened_on=row.since,
        )  # fmt: skip
    keeping.refresh()
    return rows


@action("procedures.issue")
def issue(*, by: Scope, organisation: Organisation, text: str, cases: str = "", proof: str = "") -> Issued:
    """An office issues a procedure of its own, or a supplement to one, for itself and those below.

    A worked case has to pass, or `proof` says why there is none. Raises EngineError with every fault of the text and
    the cases, Unfit, NotAllowed.
    """
    here = reached(Organisation.objects.within(by), organisation.pk)
    if by.role != "system" and (here.pk != by.organisation_id or here.kind in BRANCH_KINDS):
        raise NotAllowed("程序由党委（党工委、党总支）为本级和下级发布")
    if Issued.objects.filter(digest=_digest(text), owner=here, withdrawn_at=None).exists():
        raise Unfit("text", "这份原文已经发布过了")
    head = checked(here, text)
    if not cases.strip() and not proof.strip():
        raise Unfit("cases", "写一个走通的实例，或者写明为什么没有")
    if cases.strip():
        passed(here, text, cases)
    row = _row(head, text, f"{here.name}：{head.title}", by, here)
    row.proof = proof.strip()[:300] or "实例走通"
    row.save()
    write(
        by=by, action="procedures.issue", sentence=f"{here.name}发布程序《{row.title}》{row.version}", thing=row,
        organisation=here, new={"digest": row.digest, "reason": row.proof}, happened_on=row.since,
    )  # fmt: skip
    keeping.refresh(here.path)
    return row


@action("procedures.issue")
def withdraw(*, by: Scope, issued: Issued, reason: str) -> Issued:
    """It binds nobody any more. Raises Unfit where cases under way have no other version, NotAllowed."""
    row = Issued.objects.filter(pk=issued.pk, withdrawn_at=None).select_related("owner").first()
    if row is None or row.owner is None:
        raise NotAllowed("只能停用本级自己发布的程序")
    here = reached(Organisation.objects.within(by), row.owner_id)
    if by.role != "system" and here.pk != by.organisation_id:
        raise NotAllowed("由发布的党组织停用")
    row.withdrawn_at, row.withdrawn_reason = clock.now(), reason.strip()[:200]
    with transaction.atomic():
        row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        if left := _left_without(row, here):
            raise Unfit("reason", f"还有 {left} 件正在按它办，又没有别的版本可用。先办结、撤回，或者先发布新的版本")
    write(
        by=by, action="procedures.retire", sentence=f"{here.name}停用程序《{row.title}》{row.version}", thing=row,
        organisation=here, new={"reason": row.withdrawn_reason},
    )  # fmt: skip
    keeping.refresh(here.path)
    return row


def checked(here: Organisation, text: str) -> Procedure | Supplement:
    """What a text says of itself, read beside what binds the organisation. Raises EngineError with every fault."""
    head = head_of(text, library.DRAFT)
    if head.level not in LEVELS:
        raise EngineError(
            [Fault(Place(library.DRAFT, 1), f"这里发布的程序，level 不能是 {head.level}", "请写 county 或 unit")]
        )
    books = library.shelf()
    for path in sorted({here.path, *(owner for _, owner, _ in books.rows if owner.startswith(here.path))}):
        library.tried(text, books.beside(path))  # also beside what offices below have issued
    return head


def tried(here: Organisation, text: str) -> tuple[Procedure, ...]:
    """The versions of the text's procedure, the text among them, for the sandbox. Raises EngineError."""
    head = head_of(text, library.DRAFT)
    return library.tried(text, library.shelf().beside(here.path)).get(head.id, ())


def passed(here: Organisation, text: str, cases: str) -> list[Walked]:
    """The worked cases, each walked. Raises EngineError with what is wrong with them or does not come out."""
    return walk(tried(here, text), cases)


def head_of(text: str, file: str) -> Procedure | Supplement:
    """What a text is, read alone. Raises EngineError with every fault of its own."""
    found = library.document((file, text))
    if found.faults or found.made is None:
        raise EngineError(found.faults)
    return found.made


def _left_without(row: Issued, here: Organisation) -> int:
    """Open cases below that no version binds now."""
    if row.supplement:
        return 0
    books = library.shelf()
    rows = Case.objects.unscoped("cases bound by a version that goes").filter(procedure=row.key, ended_on=None)
    paths = rows.filter(organisation__path__startswith=here.path).values_list("organisation__path", flat=True)
    return sum(not books.at(path).get(row.key) for path in paths)


def _is_procedure(path: Path, file: Path) -> bool:
    below = (path.name, *file.relative_to(path).parts)
    return "procedures" in below and "cases" not in below


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _row(head: Procedure | Supplement, text: str, file: str, by: Scope | None, owner: Organisation | None) -> Issued:
    return Issued(
        key=head.id, version=head.version, title=head.title[:120], level=head.level,
        supplement=isinstance(head, Supplement), owner=owner,
        since=head.since, until=head.until, text=text, file=file[:200], digest=_digest(text),
        issued_at=clock.now(), issued_by_id=(by.user_id or None) if by else None,
    )  # fmt: skip
