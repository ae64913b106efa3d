from django.db.models import QuerySet

from monitoring.models import Alert


def unread_alerts(limit: int) -> QuerySet[Alert]:
    """Alerts with news, oldest first, locked for the reader; two readers never get the same one."""
    return (
        Alert.objects.filter(unread=True)
        .select_related("integration__default_service")
        .order_by("id")
        .select_for_update(skip_locked=True, of=("self",))[:limit]
    )


def mark_read(alerts: list[Alert]) -> None:
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(unread=False)
