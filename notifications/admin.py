from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from core import clock
from core.console import OnlyRead
from notifications import services
from notifications.models import Attempt, Delivery

COLOURS = {
    "pending": "info", "leased": "info", "sent": "success", "failed": "danger",
    "cancelled": "warning",
}  # fmt: skip


class AttemptInline(TabularInline):
    model = Attempt
    extra = 0
    can_delete = False
    fields = readonly_fields = [
        "number", "started_at", "ended_at", "outcome", "provider", "provider_id", "error",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(OnlyRead, ModelAdmin):
    list_display = [
        "created_at",
        "topic",
        "recipient_name",
        "channel",
        "shown_state",
        "attempts",
        "sent_at",
        "delivered_at",
        "error",
    ]
    list_filter = ["state", "channel", "lane"]
    search_fields = ["topic", "recipient_name", "address", "provider_id"]
    ordering = ["-created_at"]
    inlines = [AttemptInline]
    actions = ["send_again"]

    @display(description=gettext_lazy("state"), label=COLOURS)
    def shown_state(self, delivery: Delivery) -> tuple[str, Any]:
        return delivery.state, delivery.get_state_display()

    @admin.action(description=gettext_lazy("Send the failed ones again"))
    def send_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        count = sum(services.try_again(delivery, at=clock.now()) for delivery in chosen)
        messages.success(
            request, _("%(count)s deliveries are on their way again.") % {"count": count}
        )
