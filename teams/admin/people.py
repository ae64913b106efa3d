import allauth.mfa.admin  # noqa: F401 - registers its page first, so that ours takes its place
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from core import clock
from teams import history
from teams.forms import ContactForm, ServiceForm
from teams.models import ApiToken, ContactMethod, Service, Team, User
from teams.rules import NotificationRule
from teams.stakeholders import StakeholderContact, StakeholderGroup


class ContactInline(TabularInline):
    model, form = ContactMethod, ContactForm
    readonly_fields = ["verified_at"]
    extra = 1


class NotificationRuleInline(TabularInline):
    model = NotificationRule
    extra = 0


@admin.register(User)
class PersonAdmin(UserAdmin, ModelAdmin):  # type: ignore[type-arg]
    form, add_form = UserChangeForm, UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "called", "title", "role", "language", "is_active"]
    list_filter = ["role", "language", "is_active"]
    search_fields = ["username", "display_name", "email"]
    ordering = ["username"]
    inlines = [ContactInline, NotificationRuleInline]
    filter_horizontal = []

    @admin.display(description=_("name"), ordering="display_name")
    def called(self, user: User) -> str:
        return user.name

    def save_model(
        self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool
    ) -> None:
        if change and "is_active" in form.changed_data:
            history.before_leaving(obj, at=clock.now())
        super().save_model(request, obj, form, change)

    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["display_name", "title", "email", "language", "time_zone"]}),
        (_("Quiet hours"), {"fields": ["quiet_from", "quiet_to"]}),
        (_("Access"), {"fields": ["role", "is_active"]}),
    ]


@admin.register(Team)
class TeamAdmin(ModelAdmin):
    list_display = ["slug", "name_ko", "name_en", "lead", "escalation"]
    list_select_related = ["lead", "escalation"]
    autocomplete_fields = ["lead", "members", "escalation"]
    search_fields = ["slug", "name_ko", "name_en"]


@admin.register(Service)
class ServiceAdmin(ModelAdmin):
    form = ServiceForm
    list_display = [
        "slug",
        "name_ko",
        "name_en",
        "owner",
        "customer_facing",
        "availability_target",
        "discovered",
    ]
    list_filter = ["discovered", "customer_facing", "owner"]
    list_select_related = ["owner"]
    search_fields = ["slug", "name_ko", "name_en"]
    autocomplete_fields = ["depends_on"]


class StakeholderContactInline(TabularInline):
    model = StakeholderContact
    extra = 1
    per_page = 50  # customers may be many thousands


@admin.register(StakeholderGroup)
class StakeholderGroupAdmin(ModelAdmin):
    list_display = ["slug", "name_ko", "name_en", "kind"]
    list_filter = ["kind"]
    search_fields = ["slug", "name_ko", "name_en"]
    autocomplete_fields = ["people"]
    inlines = [StakeholderContactInline]


@admin.register(ApiToken)
class ApiTokenAdmin(ModelAdmin):
    list_display = ["prefix", "user", "name", "scope", "last_used_at", "expires_at"]
    list_select_related = ["user"]
    readonly_fields = ["prefix", "user", "created_at", "last_used_at"]

    def has_add_permission(self, request: object) -> bool:
        return False  # a token is shown once, by `manage.py api-token`


admin.site.unregister(Authenticator)
admin.site.unregister(Group)  # Django's: what somebody may do is their role here


@admin.register(Authenticator)
class SecondFactorAdmin(ModelAdmin):
    """A lost second factor can be taken away; its secret is shown to nobody."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
