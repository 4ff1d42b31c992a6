"""Settings. Everything an operator may change comes from the environment; `docs/manual/operate.md` lists it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from zhibu.web.accounts.unused import days
from zhibu.web.audit.retention import months
from zhibu.web.config.database import database
from zhibu.web.core.secret_files import make_once
from zhibu.web.design.templatetags import TAGS

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
    if not path.exists():
        make_once(path, secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret()

# What seals identity numbers, phones and second factors (core/crypto): aes, sm4, or a class by its dotted path.
CRYPTO = os.environ.get("ZHIBU_CRYPTO", "aes")
KEYS_FILE = Path(os.environ.get("ZHIBU_KEYS_FILE", HOME / "keys.json"))
KEYS = os.environ.get("ZHIBU_KEYS", "")  # the whole key ring as text, in place of the file

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "treebeard",
    "zhibu.web.core",
    "zhibu.web.design",
    "zhibu.web.accounts",
    "zhibu.web.audit",
    "zhibu.web.organisations",
    "zhibu.web.approvals",
    "zhibu.web.access",
    "zhibu.web.files",
    "zhibu.web.regulations",
    "zhibu.web.members",
    "zhibu.web.bodies",
    "zhibu.web.feedback",
    "zhibu.web.library",
    "zhibu.web.records",
    "zhibu.web.burden",
    "zhibu.web.campaigns",
    "zhibu.web.review",
    "zhibu.web.programmes",
    "zhibu.web.liaison",
    "zhibu.web.concerns",
    "zhibu.web.service",
    "zhibu.web.guides",
    "zhibu.web.publicity",
    "zhibu.web.parties",
    "zhibu.web.dues",
    "zhibu.web.funds",
    "zhibu.web.plans",
    "zhibu.web.duties",
    "zhibu.web.reminders",
    "zhibu.web.appraisal",
    "zhibu.web.assessment",
    "zhibu.web.offices",
    "zhibu.web.signin",
    "zhibu.web.coverage",
    "zhibu.web.pipeline",
    "zhibu.web.procedures",
    "zhibu.web.tasks",
    "zhibu.web.responsibilities",
    "zhibu.web.letters",
    "zhibu.web.learning",
    "zhibu.web.quizzes",
    "zhibu.web.hints",
    "zhibu.web.agendas",
    "zhibu.web.reports",
    "zhibu.web.imports",
    "zhibu.web.personal",
    "zhibu.web.dashboards",
]

MIDDLEWARE = [
    "zhibu.web.core.middleware.TrustedProxy",
    # Then those that mark every answer, also one that a later part refuses to make (a wrong host, an error).
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "zhibu.web.core.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhibu.web.accounts.middleware.LastingCookie",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhibu.web.core.middleware.PrivatePages",  # around all that may answer a signed-in person
    "zhibu.web.audit.middleware.AuditMiddleware",
    "zhibu.web.access.middleware.ScopeMiddleware",
    "zhibu.web.access.middleware.TerminalGate",
    "zhibu.web.accounts.middleware.Gates",
    "django.contrib.messages.middleware.MessageMiddleware",
    "zhibu.web.accounts.held.HeldForms",
    "zhibu.web.core.middleware.SealedTrouble",
    "zhibu.web.design.middleware.HtmxRedirect",
]

ROOT_URLCONF = "zhibu.web.config.urls"
WSGI_APPLICATION = "zhibu.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": list(TAGS),
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
PASSWORD_HASHERS = ["zhibu.web.accounts.hashing.Argon2id"]
HASHES_AT_ONCE = int(os.environ.get("ZHIBU_HASHES", "2"))  # in one process; each takes 32 MiB and a core
HASH_PATIENCE = 3  # seconds that a sign-in waits for its place
PASSWORD_PROFILE = os.environ.get("ZHIBU_PASSWORD_PROFILE", "dengbao3")  # or asvs
PASSWORD_WORDS = [word for word in os.environ.get("ZHIBU_PASSWORD_WORDS", "").split(",") if word]
UNUSED_DAYS = days(os.environ.get("ZHIBU_UNUSED_DAYS", ""))  # without a sign-in, then an account is disabled; 0: never
FIRST_PASSWORD_HOURS = int(os.environ.get("ZHIBU_FIRST_PASSWORD_HOURS", "72"))
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "name")}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "zhibu.web.accounts.passwords.Kept"},
]  # fmt: skip
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
# Who must show a second factor: the three administrators, and the roles named in the environment.
SECOND_FACTOR_ROLES = {"system_admin", "security_admin", "audit_admin"} | set(
    filter(None, os.environ.get("ZHIBU_SECOND_FACTOR", "").split(","))
)
FRESH_FOR = 600  # seconds a password or second factor lasts for a step-up (accounts/fresh.py)
# name → times/window, before any password is looked at; docs/manual/accounts.md is the table.
LIMITS = {
    "pair": "5/30m",  # one account from one address
    "device": "10/30m",  # one account from a device it knows
    "account": "30/30m",  # one account from devices it does not know, all addresses together
    "coded": "5/30m",  # password and code at once, one account from one address
    "network": "100/30m",  # one network: /24 or /64
    "everywhere": "3000/30m",
    "second": "5/30m",  # the second factor, one account from one device or address
    "second_account": "30/1d",
    "passkey": "30/10m",  # sign-ins by passkey that failed, from one network
    "again": "5/30m",  # step-up, one account
    "sms_gap": "1/1m",  # codes by SMS: one account
    "sms_account": "10/1d",
    "sms_network": "50/1h",
    "sms_everywhere": "3000/1h",
    "signin_network": "200/1h",  # codes for signing in to a meeting: a hall behind one address
    "signin_meeting": "300/1h",  # … one meeting
    "told": "1/10m",  # lines in the log about one of these limits
} | dict(pair.split("=", 1) for pair in os.environ.get("ZHIBU_LIMITS", "").split(",") if pair)

# Codes by SMS: the dotted path of a gateway (accounts/sms/gateways.py), empty for none.
SMS_GATEWAY = os.environ.get("ZHIBU_SMS_GATEWAY", "")
SMS_URL = os.environ.get("ZHIBU_SMS_URL", "")
SMS_KEY = os.environ.get("ZHIBU_SMS_KEY", "")
SMS_FILE = HOME / "sms.log"

# Reminders by mail: no host, no mail. The address of the installation stands in messages.
MAIL_HOST = os.environ.get("ZHIBU_MAIL_HOST", "")
_MAIL_PORT = int(os.environ.get("ZHIBU_MAIL_PORT", "465"))
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_HOST, "port": _MAIL_PORT, "username": os.environ.get("ZHIBU_MAIL_USER", ""),
            "password": os.environ.get("ZHIBU_MAIL_PASSWORD", ""), "use_ssl": _MAIL_PORT == 465,
            "use_tls": _MAIL_PORT == 587, "timeout": 10,
        },
    }
}  # fmt: skip
DEFAULT_FROM_EMAIL = os.environ.get("ZHIBU_MAIL_FROM", os.environ.get("ZHIBU_MAIL_USER", ""))
SITE = os.environ.get("ZHIBU_SITE", next(iter(CSRF_TRUSTED_ORIGINS), "")).rstrip("/")

# The unit's own sign-in (OpenID Connect); no issuer, no button.
OIDC_ISSUER = os.environ.get("ZHIBU_OIDC_ISSUER", "").rstrip("/")
OIDC_CLIENT_ID = os.environ.get("ZHIBU_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("ZHIBU_OIDC_CLIENT_SECRET", "")
OIDC_NAME = os.environ.get("ZHIBU_OIDC_NAME", "统一身份认证")

# Addresses of our own reverse proxies; only from them is X-Forwarded-For believed.
PROXIES = [address for address in os.environ.get("ZHIBU_PROXIES", "").split(",") if address]

SESSION_ENGINE = "zhibu.web.accounts.sessions"
# __Host-: the browser takes it over HTTPS only, for this host alone, so a neighbour's subdomain can't plant one.
SESSION_COOKIE_NAME = "__Host-sid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrftoken"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # the limits below are kept by the server
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * int(os.environ.get("ZHIBU_SESSION_IDLE_MINUTES", "30"))  # seconds
SESSION_LONGEST = 3600 * int(os.environ.get("ZHIBU_SESSION_LONGEST_HOURS", "12"))  # seconds
CSRF_COOKIE_HTTPONLY = True  # forms carry the token, no script reads it
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # HTTPS ends at the operator's proxy, which must set this header itself (docs/manual/operate.md).
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # HSTS preload is for the owner of the whole domain to ask for; no way back
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

# Whole numbers one person may come near in 24 hours (members/limits.py; 100 exported alone is the most there is).
NUMBERS = {
    "opened": int(os.environ.get("ZHIBU_NUMBERS_OPENED", "50")),
    "found": int(os.environ.get("ZHIBU_NUMBERS_FOUND", "100")),
    "exported_alone": int(os.environ.get("ZHIBU_NUMBERS_EXPORTED_ALONE", "100")),
}

# Days without a visit after which a person sent to a unit is listed (coverage/visiting.py); empty: no number is set.
COVERAGE_VISIT_DAYS = int(os.environ.get("ZHIBU_VISIT_DAYS") or 0) or None

# What this installation sets otherwise than `personal/settings.yaml`: terms, answering time, texts of refusals. And the
# list of deletions that is replayed over a restored backup: keep it beside the backups, not in them.
PERSONAL = Path(os.environ.get("ZHIBU_PERSONAL", HOME / "personal.yaml"))
TOMBSTONES = Path(os.environ.get("ZHIBU_TOMBSTONES", HOME / "tombstones.jsonl"))

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

# --- audit --------------------------------------------------------------------------------------------------
AUDIT_HASH = os.environ.get("ZHIBU_AUDIT_HASH", "sha256")  # or sm3
AUDIT_ORIGIN = os.environ.get("ZHIBU_ORIGIN", "")  # the name in checkpoints; empty: one made from the key
AUDIT_MONTHS = months(os.environ.get("ZHIBU_AUDIT_MONTHS", ""))
SYSLOG = os.environ.get("ZHIBU_SYSLOG", "")  # host:port of a machine that keeps checkpoints too

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "zhibu.web.core.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ZHIBU_LOG", "WARNING")},
    "loggers": {
        "zhibu.audit": {"level": "INFO"},
        # Django's own handlers for these would print a second, unmasked line.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
if SYSLOG:
    host, _, port = SYSLOG.rpartition(":")
    LOGGING["handlers"]["syslog"] = {"class": "logging.handlers.SysLogHandler", "address": (host, int(port))}
    LOGGING["loggers"]["zhibu.audit"]["handlers"] = ["syslog"]
