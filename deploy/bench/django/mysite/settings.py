"""Django's own production settings, tuned: everything here that differs from `startproject` makes it faster.

BENCH_DATABASE is the path of an SQLite file or a libpq connection string.
"""

import os

DATABASE = os.environ["BENCH_DATABASE"]
if DATABASE.startswith("/"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATABASE,
            "OPTIONS": {
                # As durable as the program it is measured against: a vote is on disk before its answer.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000",
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
            },
        }
    }
else:
    OPTIONS = dict(part.split("=", 1) for part in DATABASE.split())
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": OPTIONS.pop("dbname"),
            "OPTIONS": OPTIONS,
        }
    }
# Connections are kept for ever, and nothing is asked before they are used again.
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = "only-for-the-benchmark-and-for-nothing-else-0123456789"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "mysite.urls"
WSGI_APPLICATION = "mysite.wsgi.application"

# The site has no admin here, but the tables and middleware that the admin and logins need, as every
# Django site does and as the program it is measured against has.
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "home",
    "polls",
    "bookmark",
]

# What `startproject` writes.
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
        "DIRS": [os.path.join(os.path.dirname(os.path.dirname(__file__)), "templates")],
        "OPTIONS": {
            # Compiled once; no template here needs the user or messages.
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
            "context_processors": [],
        },
    },
]

# One language only, while the program it is measured against chooses between two.
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
# Nothing is logged for a request.
LOGGING_CONFIG = None
