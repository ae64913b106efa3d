"""How one wants to be paged oneself, by the API: which way first, and what follows."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from teams.api import demand_valid, person
from teams.api_once import once
from teams.domain.roles import Action
from teams.forms import RuleForm
from teams.rules import GRAVE_WAIT, MOST_WAIT, NotificationRule


class PagingRuleSerializer(serializers.ModelSerializer[NotificationRule]):
    grave = serializers.BooleanField(help_text="true: for P0 and P1; false: for P2 and P3")
    minutes = serializers.IntegerField(
        min_value=0, max_value=MOST_WAIT, default=0,
        help_text=f"after so many, if you have not answered; at most {GRAVE_WAIT} for P0 and P1",
    )  # fmt: skip

    class Meta:
        model = NotificationRule
        fields = ["id", "grave", "channel", "minutes"]


class PagingRuleViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[NotificationRule],
):
    """Whoever asks sees and changes their own, whatever their role."""

    serializer_class = PagingRuleSerializer
    queryset = NotificationRule.objects.none()
    lookup_value_converter = "int"
    needs: ClassVar = dict.fromkeys(("create", "destroy"), Action.READ)

    def get_queryset(self) -> QuerySet[NotificationRule]:
        return NotificationRule.objects.filter(user=person(self.request))

    @once
    @extend_schema(request=PagingRuleSerializer, responses={201: PagingRuleSerializer})
    def create(self, request: Request) -> Response:
        """One rule for a channel; the earliest of them goes at once."""
        said = PagingRuleSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        form = RuleForm(said.validated_data, instance=NotificationRule(user=person(request)))
        demand_valid(form)
        return Response(PagingRuleSerializer(form.save()).data, status=status.HTTP_201_CREATED)
