"""What a sign-in costs, and whether a refusal tells by its time why: `python benchmarks/sign_in.py` (a minute).

Real settings, real Argon2id, a fresh SQLite database in a temporary folder; the limits are raised so that every try
is looked at. Times are those of this machine at this moment.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

SAMPLES = 200
PASSWORD = "槐树村-long-enough"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ZHIBU_HOME": folder, "DJANGO_SETTINGS_MODULE": "zhibu.web.config.settings"}
        os.environ["ZHIBU_LIMITS"] = ",".join(
            f"{name}=9999999/1d" for name in ("pair", "device", "account", "network", "everywhere")
        )
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        call_command("migrate", verbosity=0)
        _people()
        print(f"Argon2id t=2 p=1 32 MiB: {_median(_hash, 20):.0f} ms")
        for kind in ("nobody", "known", "disabled", "expired"):
            _try(kind)
        taken = {kind: [] for kind in ("nobody", "known", "disabled", "expired")}
        for _ in range(SAMPLES):
            for kind, times in taken.items():
                times.append(_timed(lambda kind=kind: _try(kind)))
        for kind, times in taken.items():
            print(f"refused, {kind}: median of {SAMPLES} {statistics.median(times):.1f} ms")
        _rate()


def _people() -> None:
    from zhibu.web.accounts.actions import register
    from zhibu.web.accounts.models import User
    from zhibu.web.core import clock

    for name in ("known", "disabled", "expired"):
        register(username=name, name=name, password=PASSWORD)
    User.objects.filter(username="disabled").update(is_active=False)
    User.objects.filter(username="expired").update(first_until=clock.now())


def _try(kind: str) -> int:
    from django.test import Client

    password = "wrong" if kind in ("nobody", "known") else PASSWORD
    return Client().post("/login/", {"username": kind, "password": password}).status_code


def _hash() -> None:
    from django.contrib.auth.hashers import make_password

    make_password(PASSWORD)


def _rate() -> None:
    """Sign-ins a second by four at once, as the four threads of one process would."""
    from django.db import connection
    from django.test import Client

    def enter(_number: int) -> int:
        try:
            return Client().post("/login/", {"username": "known", "password": PASSWORD}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as four:
        begun = time.perf_counter()
        codes = list(four.map(enter, range(60)))
    print(f"sign-ins, four at once: {60 / (time.perf_counter() - begun):.1f} a second, {codes.count(302)} of 60 let in")


def _timed(act: object) -> float:
    begun = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - begun)


def _median(act: object, times: int) -> float:
    return statistics.median(_timed(act) for _ in range(times))


if __name__ == "__main__":
    main()
