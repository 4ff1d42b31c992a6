"""Settings of the tests: quick hashing, no manifest, files in a temporary folder."""

import json
import tempfile
from pathlib import Path

from zhibu.web.config.settings import *  # noqa: F403
from zhibu.web.config.settings import MIDDLEWARE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MEDIA_ROOT = Path(tempfile.gettempdir()) / "zhibu-test-files"
PERSONAL = Path(tempfile.gettempdir()) / "zhibu-test-personal.yaml"  # is not there
TOMBSTONES = Path(tempfile.gettempdir()) / "zhibu-test-tombstones.jsonl"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# One key for all tests, so that none touches the key ring of the checkout.
_MATERIAL = {"seal": "A" * 43 + "=", "digest": "B" * 43 + "="}
_KEY = {"id": "ktest", "provider": "aes", "made": "2026-11-21", "material": _MATERIAL}
KEYS = json.dumps({"current": "ktest", "keys": [_KEY]})
MIDDLEWARE = ["zhibu.web.audit.testing.EveryWriteHasItsLine", *MIDDLEWARE]
