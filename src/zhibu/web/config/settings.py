"""Settings. Everything an operator may change comes from the environment; `docs/manual/operate.md` lists it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.utils.csp import CSP

from zhibu.web.config.database import database

SOURCE = Path(__file__).resolve().parents[4]
CHECKOUT = SOURCE if (SOURCE / "pyproject.toml").exists() else Path.cwd()
HOME = Path(os.environ.get("ZHIBU_HOME", CHECKOUT / "var"))
HOME.mkdir(parents=True, exist_ok=True)
PACKS = Path(os.environ.get("ZHIBU_PACKS", CHECKOUT / "packs"))

DEBUG = os.environ.get("ZHIBU_DEBUG") == "1"
HTTPS = os.environ.get("ZHIBU_HTTPS") == "1"
ALLOWED_HOSTS = os.environ.get("ZHIBU_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ZHIBU_ORIGINS", "").split(",") if origin]


def _secret() -> str:
    """The signing key: from the environment, else made once and kept in the home folder, readable by its owner."""
    if key := os.environ.get("ZHIBU_SECRET_KEY"):
        return key
    path = HOME / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = _secret()

# What seals identity numbers, phones and second factors (core/crypto): aes, sm4, or a class by its dotted path.
CRYPTO = os.environ.get("ZHIBU_CRYPTO", "aes")
KEYS_FILE = Path(os.environ.get("ZHIBU_KEYS_FILE", HOME / "keys.json"))
KEYS = os.environ.get("ZHIBU_KEYS", "")  # the whole key ring as text, in place of the file

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "treebeard",
    "zhibu.web.core",
    "zhibu.web.design",
    "zhibu.web.accounts",
    "zhibu.web.audit",
    "zhibu.web.organisations",
    "zhibu.web.access",
    "zhibu.web.regulations",
    "zhibu.web.members",
    "zhibu.web.feedback",
    "zhibu.web.records",
    "zhibu.web.duties",
    "zhibu.web.assessment",
    "zhibu.web.pipeline",
    "zhibu.web.imports",
    "zhibu.web.dashboards",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhibu.web.access.middleware.ScopeMiddleware",
    "zhibu.web.accounts.middleware.ChangeFirstPassword",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "zhibu.web.core.middleware.PrivatePages",
    "zhibu.web.design.middleware.HtmxRedirect",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "zhibu.web.config.urls"
WSGI_APPLICATION = "zhibu.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["zhibu.web.design.templatetags.zhibu"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "zhibu.web.config.navigation.frame",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL"), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- sign-in ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
# By account and address together, so that nobody can lock a colleague out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "zhibu.web.accounts.views.locked_out"
AXES_VERBOSE = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # seconds
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# --- language and time --------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"  # never served by the web server: downloads go through a view that checks the scope
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # an attendance sheet of 1,000 people
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ZHIBU_LOG", "WARNING")},
}
