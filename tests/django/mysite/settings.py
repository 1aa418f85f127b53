"""Settings of the site that is being replaced; DJANGO_DATABASE says where its data is.

    sqlite:////absolute/path.sqlite3
    postgres://user:password@host:port/database
    mysql://user:password@host:port/database
"""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "mysql": "django.db.backends.mysql",
}


def database(url):
    """One entry of DATABASES from a URL; what follows a "?" becomes OPTIONS."""
    parts = urlsplit(url)
    if parts.scheme not in ENGINES:
        raise ImproperlyConfigured(
            f"DJANGO_DATABASE must start with one of {', '.join(ENGINES)}"
        )
    path = unquote(parts.path)
    if parts.scheme == "sqlite":
        # Three or four slashes, the path is absolute either way.
        return {"ENGINE": ENGINES["sqlite"], "NAME": "/" + path.lstrip("/")}
    return {
        "ENGINE": ENGINES[parts.scheme],
        "NAME": path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


DATABASES = {"default": database(os.environ.get("DJANGO_DATABASE", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A new key for every process: nothing signed has to outlive a test.
SECRET_KEY = get_random_secret_key()
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "mysite.urls"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "polls",
    "bookmark",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

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

LANGUAGE_CODE = "en-us"
USE_TZ = True
TIME_ZONE = "Asia/Seoul"
STATIC_URL = "static/"
