"""Settings of the tests: quick hashing, no manifest, files in a temporary folder."""

import tempfile
from pathlib import Path

from zhibu.web.config.settings import *  # noqa: F403
from zhibu.web.config.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MEDIA_ROOT = Path(tempfile.gettempdir()) / "zhibu-test-files"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
