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
    "zhibu.web.files",
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
    # First those that mark every answer, also one that a later part refuses to make (a wrong host, an error).
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "zhibu.web.core.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhibu.web.access.middleware.ScopeMiddleware",
    "zhibu.web.accounts.middleware.ChangeFirstPassword",
    "django.contrib.messages.middleware.MessageMiddleware",
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
                "django.template.context_processors.csp",
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
CSRF_COOKIE_HTTPONLY = True  # forms carry the token, no script reads it
CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    # __Host-: the browser takes it over HTTPS only, for this host alone, so a neighbour's subdomain can't plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sid", "__Host-csrf"
    # HTTPS ends at the operator's proxy, which must set this header itself (docs/manual/operate.md).
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.NONCE],  # not 'self': a file that somebody uploaded is never a script of ours
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# Origins that the server may call, comma-separated (core/outbound.py): https://idp.example.cn,http://10.2.0.9=10.2.0.0/16
OUTBOUND = os.environ.get("ZHIBU_OUTBOUND", "")

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
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "zhibu.web.core.gate.Gate",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
ANTIVIRUS = os.environ.get("ZHIBU_ANTIVIRUS", "")  # a scanner's command or function, see core/antivirus.py
DATA_UPLOAD_MAX_NUMBER_FILES = 20

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "zhibu.web.core.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ZHIBU_LOG", "WARNING")},
    # Django's own handlers for these would print a second, unmasked line.
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.server": {"handlers": [], "propagate": True}},
}
