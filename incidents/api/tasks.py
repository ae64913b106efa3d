from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.moments import MomentValue
from incidents import services
from incidents.api.nested import OfIncident
from incidents.models import Task
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action
from teams.models import User


class OwnerField(serializers.SlugRelatedField[User]):
    def __init__(self, **said: Any) -> None:
        super().__init__(
            slug_field="username", queryset=User.objects.responders(), allow_null=True, **said
        )


class TaskSerializer(serializers.ModelSerializer[Task]):
    owner: Any = serializers.CharField(source="owner.username", default=None, read_only=True)
    done_by = serializers.CharField(source="done_by.username", default=None, read_only=True)

    class Meta:
        model = Task
        fields = ["id", "text", "owner", "due_at", "created_at", "done_at", "done_by"]
        read_only_fields = fields


class NewTaskSerializer(serializers.Serializer[Task]):
    text = serializers.CharField(max_length=500)
    owner = OwnerField(required=False, default=None)
    due_at = MomentValue(required=False, default=None, allow_null=True)


class ChangedTaskSerializer(serializers.Serializer[Task]):
    text = serializers.CharField(max_length=500, required=False)
    owner = OwnerField(required=True)
    due_at = MomentValue(required=True, allow_null=True)


class TaskViewSet(OfIncident, mixins.ListModelMixin, viewsets.GenericViewSet[Task]):
    """The tasks of one incident."""

    serializer_class = TaskSerializer
    queryset = Task.objects.select_related("owner", "done_by")
    lookup_value_converter = "int"
    needs = {"create": Action.RESPOND, "update": Action.RESPOND, "done": Action.RESPOND}

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(incident=self.kwargs.get("number"))

    @once
    @extend_schema(request=NewTaskSerializer, responses={201: TaskSerializer})
    def create(self, request: Request, number: int) -> Response:
        form = NewTaskSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        task = services.add_task(
            self.incident, by=person(request), at=clock.now(), **form.validated_data
        )
        return Response(TaskSerializer(task).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangedTaskSerializer, responses=TaskSerializer)
    def update(self, request: Request, number: int, pk: int) -> Response:
        """Who does it and by when; what it is, if `text` is sent."""
        form = ChangedTaskSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        task = self.get_object()
        services.change_task(
            task.incident, task.pk, by=person(request), at=clock.now(), **form.validated_data
        )
        return Response(TaskSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=TaskSerializer, methods=["PUT", "DELETE"])
    @action(detail=True, methods=["put", "delete"])
    def done(self, request: Request, number: int, pk: int) -> Response:
        """It is done; or, deleted, it was not done after all."""
        task = self.get_object()
        move = services.finish_task if request.method == "PUT" else services.undo_task
        move(task.incident, task.pk, by=person(request), at=clock.now())
        return Response(TaskSerializer(self.get_object()).data)
