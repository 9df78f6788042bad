"""Django's settings. Values come from `environment`, so that the environment is read in one place."""

from __future__ import annotations

import secrets
from pathlib import Path

from chekhov.config.environment import database_settings, environment_read, secret_key_stored
from chekhov.db.cluster import embedded_database

ENVIRONMENT = environment_read()
HOME: Path = ENVIRONMENT.home
SANDBOX: bool = ENVIRONMENT.sandbox

# A process that serves people calls `secret_key_ensure` before this module is loaded. Any other (a check, a
# test, a one-off command) signs nothing that outlives it, and a random key leaves no file behind.
SECRET_KEY = ENVIRONMENT.secret_key or secret_key_stored(HOME) or secrets.token_urlsafe(48)
DEBUG = False

OPERATOR_NAME: str = ENVIRONMENT.operator_name
OPERATOR_INN: str = ENVIRONMENT.operator_inn
OPERATOR_BRAND_COLOR: str = ENVIRONMENT.brand_color
OFD_ADDRESS = (ENVIRONMENT.ofd.host, ENVIRONMENT.ofd.port)
# What people enter into registers; OFD_ADDRESS is what the gateway listens on.
OFD_PUBLIC = (ENVIRONMENT.ofd_public.host, ENVIRONMENT.ofd_public.port)
GATEWAY = dict(ENVIRONMENT.gateway)
# Asked in this order when somebody types an ИНН: invented companies, the vendor, the list that was imported.
DADATA_KEY: str = ENVIRONMENT.dadata_key
COMPANY_DIRECTORIES = (
    *(("local",) if SANDBOX else ()),
    *(("dadata",) if DADATA_KEY else ()),
    "imported",
)

# Links in letters lead here; the paths belong to doors, which rooms below do not know.
PUBLIC_URL: str = ENVIRONMENT.public_url
PUBLIC_PATHS = {
    "log_in": "/login/",
    "recovery": "/entry/recovery/",
    "registration": "/entry/confirm/{token}/",
    "invitation": "/entry/invitation/{token}/",
    "recovery_link": "/entry/recovery/{token}/",
    "password_set": "/entry/password/{token}/",
    "kkts": "/cabinet/kkt/",
    "attention": "/cabinet/attention/",
    "digest": "/cabinet/attention/letter/",
}
# Where a person who must change the password is sent, whatever he asks for.
PASSWORD_CHANGE_URL = "/password/"  # noqa: S105
PASSWORD_CHANGE_SPARED = {"/logout/", "/healthz", "/brand.css"}
PROXIES = ENVIRONMENT.proxies
MAIL_FROM: str = ENVIRONMENT.mail_from
# None: letters become files under HOME/mail.
SMTP = None if ENVIRONMENT.smtp is None else dict(ENVIRONMENT.smtp)

ALLOWED_HOSTS = sorted(
    {*ENVIRONMENT.hosts, "localhost", "127.0.0.1", "[::1]"}
    | ({"*"} if SANDBOX and ENVIRONMENT.http.host in {"0.0.0.0", "::"} else {ENVIRONMENT.http.host}),  # noqa: S104
)

INSTALLED_APPS = [
    "chekhov.db",
    "chekhov.face",
    "chekhov.audit",
    "chekhov.notify",
    "chekhov.accounts",
    "chekhov.orgs",
    "chekhov.contracts",
    "chekhov.kkt",
    "chekhov.fiscal",
    "chekhov.backoffice",
    "chekhov.cabinet",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "chekhov.config.middleware.RequestNumber",
    "chekhov.config.middleware.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chekhov.config.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chekhov.config.middleware.SessionSeen",
    "chekhov.config.middleware.PasswordChangeDemanded",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "chekhov.config.urls"
WSGI_APPLICATION = "chekhov.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **(
            database_settings(ENVIRONMENT.database_url)
            if ENVIRONMENT.database_url
            else embedded_database(HOME)
        ),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,  # the database may have been restarted between two requests
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["chekhov.config.entrance.GuardedBackend"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "ru"
TIME_ZONE = ENVIRONMENT.time_zone
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# Assets are hashed by Vite and stand inside the package, so nothing has to be collected before a start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/.+-[0-9A-Za-z_-]{8}\.[a-z0-9]+$"  # Vite's names

SESSION_ENGINE = "chekhov.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENVIRONMENT.tls
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "chekhov.face.errors.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = ENVIRONMENT.tls
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ENVIRONMENT.hosts] if ENVIRONMENT.tls else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.tls else 0
SECURE_SSL_REDIRECT = False  # the balancer in front ends TLS and redirects
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.tls else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"event": {"()": "chekhov.config.logs.EventFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.server": {"level": "WARNING"},
    },
}
