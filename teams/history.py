"""Who was on call stays as it was: whatever is changed of a layer holds from then on."""

from datetime import datetime

from django.db import transaction

from teams.models import User
from teams.rotations import Layer, LayerMember, LayerWindow


def keep_past(layer: Layer, *, at: datetime, time_zone: str = "") -> None:
    """A copy says what held until now, and the layer itself is about to say what holds from now on.

    `time_zone` is the rotation's, where that is what changes.
    """
    with transaction.atomic():
        past = Layer.objects.select_for_update().get(pk=layer.pk)
        members = list(past.members.select_related("user"))
        windows = list(past.windows.all())
        past.pk, past.until, past.time_zone = None, max(at, past.since or at), time_zone
        past.save(force_insert=True)
        LayerMember.objects.bulk_create(
            LayerMember(layer=past, place=each.place, user=each.user, left=not each.user.is_active)
            for each in members
        )
        LayerWindow.objects.bulk_create(
            LayerWindow(layer=past, weekday=each.weekday, start=each.start, end=each.end)
            for each in windows
        )
        layer.since = past.until
        Layer.objects.filter(pk=layer.pk).update(since=layer.since)


def before_leaving(user: User, *, at: datetime) -> None:
    """They leave, or come back: their turns until now stay as they were."""
    for layer in Layer.objects.current().filter(members__user=user).distinct():
        keep_past(layer, at=at)


def end(layer: Layer, *, at: datetime) -> None:
    """It holds no longer; that it did stays known."""
    Layer.objects.filter(pk=layer.pk, until=None).update(until=max(at, layer.since or at))
