"""Settings of a OneDoor site. What differs by city comes from the environment (docs/settings.md)."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from onedoor.kernel.secrets import derive, master_secret


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _words(name: str, default: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


ROOT = Path(__file__).resolve().parent.parent
ONEDOOR_HOME = Path(os.environ.get("ONEDOOR_HOME", "var")).resolve()
(ONEDOOR_HOME / "static").mkdir(parents=True, exist_ok=True)

# Secrets: one master, everything else derived from it.
SECRET_KEY = master_secret(ONEDOOR_HOME, os.environ.get("ONEDOOR_SECRET_KEY"))
FIELD_KEY = derive(SECRET_KEY, "field encryption")  # contact data of parties
QUERY_CODE_KEY = derive(SECRET_KEY, "query code")  # number -> query code

# Packs of the city's own, beside the shipped ones: folders of folders.
ONEDOOR_PACKS = _words("ONEDOOR_PACKS", "")

# Who may reach it, and how.
DEBUG = _flag("ONEDOOR_DEBUG")
HTTPS = _flag("ONEDOOR_HTTPS")
ALLOWED_HOSTS = _words("ONEDOOR_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = (
    [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*"] if HTTPS else []
)

INSTALLED_APPS = [
    "onedoor.portal",
    "onedoor.desk",
    "onedoor.board",
    "onedoor.api",
    "onedoor.simulation",
    "onedoor.appraisal",
    "onedoor.intake",
    "onedoor.meetings",
    "onedoor.registers",
    "onedoor.surveys",
    "onedoor.documents",
    "onedoor.notices",
    "onedoor.matters",
    "onedoor.city",
    "onedoor.kernel",
    "django_htmx",
    "js_lib_leaflet",
    "ninja",  # the description of the API, with its own scripts
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "onedoor.kernel.security.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "onedoor.kernel.edge.ProblemMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "onedoor.city.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "onedoor.kernel.shell.VaryOnHtmx",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "onedoor.kernel.shell.context",
            ],
        },
    },
]

# Databases: SQLite in ONEDOOR_HOME, or the PostgreSQL that ONEDOOR_DATABASE_URL names.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_SQLITE = {
    "ENGINE": "onedoor.kernel.sqlite",
    "NAME": ONEDOOR_HOME / "onedoor.sqlite3",
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",  # a writer waits at its beginning instead of failing at its end
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
        "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA wal_autocheckpoint=8000;",
    },
    "TEST": {"NAME": ONEDOOR_HOME / "test.sqlite3"},  # a file, so that tests meet WAL and its locks
}
_DATABASE_URL = os.environ.get("ONEDOOR_DATABASE_URL", "")
DATABASES = {
    "default": dj_database_url.parse(_DATABASE_URL, conn_max_age=600, conn_health_checks=True)
    if _DATABASE_URL
    else _SQLITE
}

# People who sign in.
AUTH_USER_MODEL = "city.Account"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "desk:login"

# Language and time.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese (simplified)")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "onedoor" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Static files and uploads.
STATIC_URL = "static/"
STATIC_ROOT = ONEDOOR_HOME / "static"
WHITENOISE_USE_FINDERS = True  # nothing to collect on one machine; `collectstatic` serves a proxy
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = ONEDOOR_HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 12
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# What carries notices to residents (`onedoor.notices.senders`).
NOTICE_SENDER = os.environ.get("ONEDOOR_NOTICE_SENDER", "onedoor.notices.senders.to_outbox")

# Safety in the browser.
CONTENT_SECURITY = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "onedoor", "onedoor_csrf", "onedoor_language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ONEDOOR_LOG_LEVEL", "WARNING").upper()},
}
