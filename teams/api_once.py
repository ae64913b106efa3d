"""`Idempotency-Key`: what was sent twice, because the first answer got lost, is done once."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from teams.answers import LONGEST_KEY, KeptAnswer
from teams.api import person

View = TypeVar("View", bound=Callable[..., Response])

HEADER: Final = "Idempotency-Key"
AGAIN: Final = "Idempotency-Replayed"
KEY: Final = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description=(
        "Yours, new for each thing to do. Sent again within a day with the same body it is answered"
        f" as it was, with `{AGAIN}: true`, and nothing is done a second time; with another body or"
        " address it is refused (422). What was refused is not remembered."
    ),
)


class OtherRequest(APIException):
    status_code = 422
    default_detail = (
        "This Idempotency-Key was used for another request within the last day."
        " Send a new key with it, or the same request as then."
    )


def once(view: View) -> View:
    """For a method of a view that creates something: a request that carries a key acts once."""

    @extend_schema(parameters=[KEY])
    @wraps(view)
    def answer(views: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        if HEADER not in request.headers:
            return view(views, request, *args, **kwargs)
        with transaction.atomic():
            kept, is_new = KeptAnswer.objects.get_or_create(
                user=person(request), key=_key(request),
                defaults={"digest": _digest(request), "made_at": clock.now()},
            )  # fmt: skip
            if not is_new:
                return _again(kept, request)
            given = view(views, request, *args, **kwargs)
            kept.status, kept.body = given.status_code, JSONRenderer().render(given.data).decode()
            kept.save(update_fields=["status", "body"])
        return given

    return cast("View", answer)


def _key(request: Request) -> str:
    key = request.headers[HEADER]
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise ValidationError({HEADER: [f"From 1 to {LONGEST_KEY} printable ASCII characters."]})
    return key


def _again(kept: KeptAnswer, request: Request) -> Response:
    if kept.digest != _digest(request):
        raise OtherRequest
    said = json.loads(kept.body) if kept.body else None
    return Response(said, status=kept.status, headers={AGAIN: "true"})


def _digest(request: Request) -> str:
    """Of the address and of what the body means: a program may order its fields anew."""
    said: Any = request.data
    if isinstance(said, QueryDict):
        said = {name: said.getlist(name) for name in said}
    whole = [request.method, request.path, said]
    text = json.dumps(whole, sort_keys=True, default=_content)
    return hashlib.sha256(text.encode()).hexdigest()


def _content(file: "UploadedFile[Any]") -> list[str | None]:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return [file.name, digest.hexdigest()]
