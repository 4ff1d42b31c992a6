"""Long work outside the request: `python -m zhibu.web.imports.background check|apply ID`, started by the pages.

A process of its own, not a thread: a restart of the site doesn't stop it, and its memory goes when it ends. Killed at
any moment it leaves nothing half-done, for all rows go in with one transaction.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys

log = logging.getLogger(__name__)


def start(what: str, batch_id: int) -> None:
    command = [sys.executable, "-m", "zhibu.web.imports.background", what, str(batch_id)]
    subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603


def run(what: str, batch_id: int) -> int:
    """Do it as the post that asked for it, if that post still stands."""
    from zhibu.web.access.queries import posts_on, scope_of, system_scope
    from zhibu.web.audit.actions import NotAllowed
    from zhibu.web.core import clock
    from zhibu.web.imports import actions, store
    from zhibu.web.imports.models import Batch

    rows = Batch.objects.unscoped("background work of a batch")
    batch = rows.get(pk=batch_id)
    today = clock.today()
    posts = posts_on(batch.by_id, today) if batch.by_id else []
    by = next((scope_of(post, today) for post in posts if post.pk == batch.post_id), None)
    by = by or (system_scope() if batch.by_id is None else None)
    former = Batch.State.FAILED if what == "check" else Batch.State.CHECKED
    try:
        if by is None:
            raise actions.CannotDo("上传的人已经不在这个岗位上")
        work = actions.judge if what == "check" else actions.apply
        work(by=by, batch=batch, tell=lambda done: store.tell_progress(batch.folder, done))
    except (actions.CannotDo, NotAllowed) as error:
        rows.filter(pk=batch_id).update(state=former, error=str(error)[:300])
        return 1
    except Exception:
        log.exception("import batch %s", batch_id)
        rows.filter(pk=batch_id).update(state=former, error="系统出了问题，没有写入任何一行。可以再试一次")
        return 1
    return 0


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
    django.setup()
    sys.exit(run(sys.argv[1], int(sys.argv[2])))
