"""One's own ways to be reached, by the API: added, proved by a code, changed, removed."""

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from notifications import contacts
from teams.api import demand_valid, person
from teams.api_once import once
from teams.domain.roles import Action
from teams.forms import OWN, OwnAddressForm, OwnContactForm
from teams.models import ContactMethod


class ContactSerializer(serializers.ModelSerializer[ContactMethod]):
    class Meta:
        model = ContactMethod
        fields = ["id", "channel", "address", "enabled", "verified_at"]
        read_only_fields = fields


class NewContactSerializer(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(choices=OWN)
    address = serializers.CharField(max_length=300)


class ChangedContactSerializer(serializers.Serializer[Any]):
    address = serializers.CharField(
        max_length=300, required=False, help_text="a new one is to be proved anew"
    )
    enabled = serializers.BooleanField(
        required=False, help_text="false: nothing is sent there until it is switched on again"
    )


class CodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40)


class ContactViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ContactMethod]
):
    """Whoever asks sees and changes their own, whatever their role."""

    serializer_class = ContactSerializer
    queryset = ContactMethod.objects.none()
    lookup_value_converter = "int"
    needs: ClassVar = dict.fromkeys(
        ("create", "partial_update", "destroy", "send_code", "confirm"), Action.READ
    )

    def get_queryset(self) -> QuerySet[ContactMethod]:
        return ContactMethod.objects.filter(user=person(self.request)).order_by("pk")

    @once
    @extend_schema(request=NewContactSerializer, responses={201: ContactSerializer})
    def create(self, request: Request) -> Response:
        """A way by which you are paged from now on; have a code sent, to be sure that it arrives."""
        said = NewContactSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        form = OwnContactForm(said.validated_data, instance=ContactMethod(user=person(request)))
        demand_valid(form)
        made = contacts.keep(form)
        return Response(ContactSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangedContactSerializer, responses=ContactSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """All of it or nothing; the channel stays what it is."""
        said = ChangedContactSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        contact, wanted = self.get_object(), said.validated_data
        with transaction.atomic():
            if "address" in wanted:
                form = OwnAddressForm(wanted, instance=contact)
                demand_valid(form)
                contact = contacts.keep(form)
            if wanted.get("enabled", contact.enabled) != contact.enabled:
                contacts.switch(contact)
        contact.refresh_from_db()
        return Response(ContactSerializer(contact).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Nothing is sent there any more."""
        self.get_object().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={202: None})
    @action(detail=True, methods=["post"], url_path="send-code")
    def send_code(self, request: Request, pk: int) -> Response:
        """A code of six digits goes there; it holds for ten minutes. Three in ten minutes at most."""
        contacts.send_code(self.get_object(), at=clock.now())
        return Response(status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=CodeSerializer, responses={200: ContactSerializer})
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: int) -> Response:
        """The code that arrived. A few wrong ones, and it can no longer be used (409)."""
        said = CodeSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        contact = self.get_object()
        contacts.confirm(contact, said.validated_data["code"], at=clock.now())
        contact.refresh_from_db()
        return Response(ContactSerializer(contact).data)
