"""What belongs to one incident: where there is no such incident, nothing of it is found either."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.helpers import forced_singular_serializer
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from incidents.models import Incident


class OfIncident(APIView):
    incident: Incident

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After who may: whoever may not learns nothing of what is there."""
        super().initial(request, *args, **kwargs)
        self.incident = get_object_or_404(Incident, pk=kwargs["number"])


def one(shape: type[BaseSerializer[Any]]) -> Any:
    """In the description: what stands where a list would, and is none."""
    return forced_singular_serializer(shape)  # type: ignore[no-untyped-call]
