from typing import Any

from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import Refused


class Conflict(APIException):
    status_code = 409


def explained(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal of the domain is an answer (409), not a failure."""
    if isinstance(error, Refused):
        error = Conflict(str(error))
    return exception_handler(error, context)
