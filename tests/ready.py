"""The product, loaded once for all processes that tests fork: imported there, since it changes the environment."""

import os

import django

NOBODY = "127.0.0.1:9"  # where nothing listens

os.environ |= {"CELERY_BROKER_URL": "memory://", "EMAIL_URL": f"smtp://{NOBODY}"}
django.setup()

import config.urls  # noqa: E402, F401 - takes as long as the rest
