"""In which language, zone and hours one is paged, by the API."""

from typing import Any, ClassVar

from django.forms import model_to_dict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from teams.api import demand_valid, person
from teams.domain.roles import Action
from teams.forms import RestForm
from teams.models import User


class PreferencesSerializer(serializers.ModelSerializer[User]):
    time_zone = serializers.CharField(max_length=60)

    class Meta:
        model = User
        fields: ClassVar = [*RestForm.Meta.fields]


class PreferencesView(APIView):
    """Whoever asks reads and changes their own, whatever their role."""

    needs: ClassVar = {"patch": Action.READ}

    @extend_schema(responses=PreferencesSerializer)
    def get(self, request: Request) -> Response:
        return Response(PreferencesSerializer(person(request)).data)

    @extend_schema(request=PreferencesSerializer, responses=PreferencesSerializer)
    def patch(self, request: Request) -> Response:
        """Quiet hours hold P2 and P3 until they end; null for both, and there are none."""
        said = PreferencesSerializer(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        user = User.objects.get(pk=person(request).pk)
        known: dict[str, Any] = model_to_dict(user, fields=RestForm.Meta.fields)
        form = RestForm(known | said.validated_data, instance=user)
        demand_valid(form)
        return Response(PreferencesSerializer(form.save()).data)
