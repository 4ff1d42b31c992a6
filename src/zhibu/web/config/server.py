"""`zhibu serve`: granian with the site, and beside it one worker that keeps the verdicts up to date."""

from __future__ import annotations

import logging
import subprocess
import sys
import time

from django.conf import settings

from zhibu.web.core import clock

EVERY = 60  # seconds between two looks at the clock
log = logging.getLogger(__name__)


def serve(host: str, port: int, workers: int) -> int:
    """Serve until interrupted. 1 when the front end has not been built."""
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        print("还没有生成页面所需的静态文件，请先运行 make static", file=sys.stderr)
        return 1
    from granian import Granian
    from granian.constants import Interfaces

    worker = subprocess.Popen([sys.executable, "-m", "zhibu.cli", "worker"])
    try:
        print(f"网站已启动：http://{host}:{port}/ （按 Ctrl+C 停止）", flush=True)
        Granian(
            "zhibu.web.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_access=False,
            log_level="warning",
        ).serve()
    finally:
        worker.terminate()
        worker.wait()
    return 0


def work() -> int:
    """Evaluate at the start of every day, and whenever a large change has left an evaluation stale.

    Beside it, in a thread of its own, the audit log is sealed.
    """
    from zhibu.web.audit import jobs

    jobs.start()
    while True:
        try:
            turn()
        except Exception:
            log.exception("后台计算没有完成，一分钟后再试")
        time.sleep(EVERY)


def turn() -> bool:
    """One look: forgets what is over; evaluates and returns True when today has not been computed yet, or not with
    all facts. Otherwise reminds whom the hours have come for."""
    from zhibu.web.access.unused import disable as disable_unused
    from zhibu.web.accounts.jobs import forget as forget_sessions
    from zhibu.web.assessment.jobs import forget_trials
    from zhibu.web.duties.models import Evaluation
    from zhibu.web.files.jobs import sweep
    from zhibu.web.hints.finding import look_through
    from zhibu.web.imports.jobs import forget_files
    from zhibu.web.personal import retention
    from zhibu.web.pipeline.evaluate import refresh, years
    from zhibu.web.procedures.jobs import turn as follow_cases
    from zhibu.web.reminders.jobs import turn as remind

    forget_sessions()
    forget_files()
    forget_trials()
    retention.turn()
    follow_cases()
    today = clock.today()
    done = set(Evaluation.objects.filter(as_of=today, stale=False).values_list("year", flat=True))
    if done >= set(years(today)):
        remind()  # of today's verdicts, never of yesterday's
        return False
    disable_unused()
    sweep()
    refresh()
    look_through()
    return True
