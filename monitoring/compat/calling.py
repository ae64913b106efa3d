"""A sender's own tool asks us something: who is it, and may it?"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from core import clock
from monitoring.door import integration_for, respond
from monitoring.models import Integration
from monitoring.registry import sources
from monitoring.source import Answer, Call

log = logging.getLogger(__name__)

Question = Callable[Concatenate[HttpRequest, Integration, ...], Answer]
Door = Callable[..., HttpResponse]


def asked(*methods: str) -> Callable[[Question], Door]:
    """The question is answered for the integration of the token, about nothing but its own."""

    def guard(question: Question) -> Door:
        @csrf_exempt
        @login_not_required
        @wraps(question)
        def door(request: HttpRequest, source: str, token: str = "", **parts: str) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            kind = sources[source]
            try:
                call = Call(b"", None, clock.now(), headers=request.headers)
                integration = integration_for(source, token or kind.token_in(call))
                if integration is None:
                    return respond(kind.refused(401, ["unknown token"]))
                return respond(question(request, integration, **parts))
            except DatabaseError:
                log.exception("a sender's question could not be answered")
                return respond(kind.refused(503, ["cannot look now, try again"]), retry_after=5)

        return door

    return guard
