"""Prepares the database that DATABASE_URL names for the kill test: the small cast, the rules, signed-in sessions.

Run as a program (`python -m tests.faults.county`): the server under test must not share our process. Prints one session
key per client.
"""

from __future__ import annotations

import os
import sys

import django


def main(clients: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command

    from zhibu.web.accounts.sessions import SessionStore
    from zhibu.web.conftest import plant_cast
    from zhibu.web.pipeline.evaluate import refresh
    from zhibu.web.regulations.actions import publish

    call_command("migrate", verbosity=0)
    user = plant_cast().posts["secretary"].user
    publish(paths=[settings.PACKS / "central", settings.PACKS / "county-example"])
    refresh()
    for _ in range(clients):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        print(session.session_key)


if __name__ == "__main__":
    main(int(sys.argv[1]))
