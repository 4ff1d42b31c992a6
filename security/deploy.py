"""Django's own deployment checks find nothing under the production profile, and something when a setting is taken out.

    python security/deploy.py

The profile is what docs/manual/operate.md tells an operator to set. Exit status 0 when 0 warnings are found, and at
least one for every setting spoiled.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from typing import Any

PROFILE = {
    "ZHIBU_HTTPS": "1",
    "ZHIBU_HOSTS": "zhibu.example.cn",
    "ZHIBU_ORIGINS": "https://zhibu.example.cn",
    "DJANGO_SETTINGS_MODULE": "zhibu.web.config.settings",
}
ELSEWHERE = ("ZHIBU_DEBUG", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE")  # of the caller; not of the profile
SILENCED = {"security.W021"}  # HSTS preload; the reason stands in settings.py
SPOILED: dict[str, Any] = {
    "DEBUG": True,
    "ALLOWED_HOSTS": [],
    "SECRET_KEY": 8 * "s",
    "SECURE_HSTS_SECONDS": 0,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
    "SECURE_SSL_REDIRECT": False,
    "SECURE_CONTENT_TYPE_NOSNIFF": False,
    "SECURE_REFERRER_POLICY": None,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_COOKIE_HTTPONLY": False,
    "CSRF_COOKIE_SECURE": False,
    "X_FRAME_OPTIONS": "SAMEORIGIN",
}


def warnings(**spoiled: Any) -> list[str]:
    """What the checks say that is a warning or worse, with some settings otherwise than they are."""
    from django.conf import settings
    from django.core.checks import WARNING, run_checks
    from django.test import override_settings

    with override_settings(**spoiled):
        silent = set(settings.SILENCED_SYSTEM_CHECKS)
        found = [one for one in run_checks(include_deployment_checks=True) if not one.is_silenced()]
    told = [f"{one.id}: {one.msg}" for one in found if one.level >= WARNING]
    return told + [f"{one} is silenced" for one in silent - SILENCED]


def without(middleware: str) -> dict[str, Any]:
    from django.conf import settings

    return {"MIDDLEWARE": [one for one in settings.MIDDLEWARE if not one.endswith(middleware)]}


def main() -> int:
    import django

    django.setup()
    found = warnings()
    trials = {name: {name: value} for name, value in SPOILED.items()}
    trials |= {name: without(name) for name in ("SecurityMiddleware", "CsrfViewMiddleware", "XFrameOptionsMiddleware")}
    blind = [name for name, spoiled in trials.items() if len(warnings(**spoiled)) <= len(found)]
    print(*found, *(f"{name} spoiled, and no warning" for name in blind), sep="\n", end="\n" if found or blind else "")
    print(f"{len(found)} warnings under the production profile (silenced: {', '.join(SILENCED)});", end=" ")
    print(f"{len(trials) - len(blind)} of {len(trials)} spoiled seen")
    return 1 if found or blind else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        for name in ELSEWHERE:
            os.environ.pop(name, None)
        os.environ.update(PROFILE, ZHIBU_HOME=home, ZHIBU_SECRET_KEY=secrets.token_urlsafe(50))
        sys.exit(main())
