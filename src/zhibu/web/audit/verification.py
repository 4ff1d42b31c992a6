"""Verifications asked for from the page, at night or by the command: begun, computed, kept with their result."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import timedelta

from django.db import transaction

from zhibu.web.audit.actions import action, write
from zhibu.web.audit.chain.sealing import head
from zhibu.web.audit.chain.verifying import verify
from zhibu.web.audit.models import Outcome, Run, Seal
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope

QUICK = 20_000  # sealed lines that a reader waits for
SILENT = timedelta(minutes=5)  # without a word for so long: it was killed
KEPT = 400  # a year of nights
log = logging.getLogger(__name__)


@action("audit.verify")
def ask(*, by: Scope) -> Run:
    """Begin a verification; one that is at work already is the answer too."""
    working = going()
    run = working or _new(by.user_id or None)
    write(by=by, action="audit.verify", sentence="要求校验审计记录", thing=run, organisation=None)
    if not working:
        transaction.on_commit(lambda: _start(run))
    return run


def begin(user_id: int | None) -> Run:
    """The nightly one."""
    Run.objects.filter(pk__lt=max(Run.objects.values_list("pk", flat=True)[KEPT : KEPT + 1], default=0)).delete()
    run = _new(user_id)
    _start(run)
    return run


def going() -> Run | None:
    return Run.objects.filter(state=Run.State.WORKING, told_at__gt=clock.now() - SILENT).first()


def _new(user_id: int | None) -> Run:
    now = clock.now()
    return Run.objects.create(asked_by_id=user_id, asked_at=now, told_at=now, total=head().count)


def _start(run: Run) -> None:
    """A small log at once, a large one in a process of its own, which a restart of the site doesn't stop."""
    if Seal.objects.count() <= QUICK:
        compute(run)
        return
    command = [sys.executable, "-m", "zhibu.web.audit.verification", str(run.pk)]
    subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603


def compute(run: Run) -> Run:
    """Verify and keep what came out. A log that isn't whole is a line of the log, and of the operator's."""
    try:
        report = verify(tell=lambda done, total: _keep(run, done=done, total=total))
    except Exception:
        log.exception("verification %s", run.pk)
        _keep(run, state=Run.State.FAILED, finished_at=clock.now(), words=["系统出了问题，没有校验成。可以再试一次"])
        return run
    state = Run.State.GOOD if report.good else Run.State.BAD
    first = report.findings[0].number if report.findings else None
    _keep(
        run,
        state=state,
        finished_at=clock.now(),
        done=report.sealed,
        total=report.sealed,
        bad=first,
        words=report.words,
    )
    if not report.good:
        log.error("audit log: %s", report.words[0])
        _tell(report.words[0])
    return run


@transaction.atomic
def _tell(words: str) -> None:
    write(
        by=None, action="audit.verify", outcome=Outcome.FAILED, sentence=f"校验：{words}", thing=None, organisation=None
    )


def _keep(run: Run, **values: object) -> None:
    for name, value in (values | {"told_at": clock.now()}).items():
        setattr(run, name, value)
    run.save()


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
    django.setup()
    compute(Run.objects.get(pk=int(sys.argv[1])))
