"""The ceiling: Django views that insert one row by the ORM, or read one, and do nothing else.

Served by granian with the product's own options, in the product's database: what they take less,
the product takes for being a product.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import ClassVar

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from config import postgres


def configure() -> None:
    found = postgres.connection(Path(os.environ["BONGSU_HOME"]))
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="of no use here",  # noqa: S106 - nothing is signed
        USE_TZ=True,
        INSTALLED_APPS=[],
        MIDDLEWARE=[],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "HOST": found.host,
                "PORT": found.port,
                "USER": found.user,
                "PASSWORD": found.password,
                "NAME": found.name,
                "CONN_MAX_AGE": None,
            }
        },
    )
    django.setup()


if not settings.configured:
    configure()


class Row(models.Model):  # noqa: DJ008 - nobody reads it
    received_at = models.DateTimeField()
    body = models.JSONField()

    objects: ClassVar[models.Manager[Row]] = models.Manager()

    class Meta:
        app_label = "bench"
        db_table = "bench_bare"
        managed = False


def insert(request: HttpRequest) -> HttpResponse:
    Row.objects.create(received_at=timezone.now(), body=json.loads(request.body))
    return HttpResponse()


def unchanged(request: HttpRequest) -> HttpResponse:
    """What a poll of a room costs at least: one small query, and nothing to say."""
    Row.objects.only("received_at").filter(pk=1).first()
    return HttpResponse(status=204)


@cache
def _held(name: str) -> bytes:
    return (Path(os.environ["BONGSU_HOME"]) / "public" / "current" / name).read_bytes()


def held(request: HttpRequest, name: str) -> HttpResponse:
    """What a file costs at least that Django serves: its bytes, which it has."""
    return HttpResponse(_held(name))


urlpatterns = [
    path("insert/", insert),
    path("unchanged/", unchanged),
    path("held/<path:name>", held),
]
application = WSGIHandler()
