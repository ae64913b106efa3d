"""What runbooks reach, and whether it is reached: nobody finds that out in the middle of an incident."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg2 import ProgrammingError
from psycopg2.extensions import parse_dsn
from unfold.admin import ModelAdmin

from integrations import ssh
from integrations.postgresql import Fault, session
from runbooks.domain.writing import Wrong
from runbooks.inventory import dsn, target_of
from runbooks.models import Database, Host, Pool, Way

WITHIN: Final = 10.0  # seconds
MOST: Final = 50  # at once
TRY_IT: Final = gettext_lazy("Try whether it is reached")


def say(request: HttpRequest, faults: Iterable[tuple[str, str]]) -> None:
    """One line for each; an empty fault is none."""
    for name, fault in faults:
        if fault:
            messages.error(
                request, _("%(name)s: not reached. %(fault)s") % {"name": name, "fault": fault}
            )
        else:
            messages.success(request, _("%(name)s: reached.") % {"name": name})


class HostForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Host
        fields = ("name", "way", "address", "port", "user", "host_key", "sudo", "enabled")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("way") == Way.SSH and not (found.get("host_key") or "").strip():
            words = _("Without its key nobody could tell the host from an impostor.")
            self.add_error("host_key", words)
        return found


@admin.register(Host)
class HostAdmin(ModelAdmin):
    form = HostForm
    list_display = ["name", "way", "address", "port", "user", "sudo", "enabled"]
    list_filter = ["way", "enabled"]
    search_fields = ["name", "address"]
    actions = ["try_it"]

    @admin.action(description=TRY_IT, permissions=["change"])
    def try_it(self, request: HttpRequest, chosen: QuerySet[Host]) -> None:
        """`true` on each, all at once."""
        said = ssh.run([target_of(host) for host in chosen[:MOST]], ["true"], seconds=WITHIN)
        say(request, [(one.host, _fault(one)) for one in said])


def _fault(said: ssh.Said) -> str:
    return "" if said.code == 0 else str(said.fault) or f"exit {said.code} {said.err.strip()[:200]}"


class DatabaseForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Database
        fields = ("name", "address", "services")

    def clean_address(self) -> str:
        """It is shown to whoever may see this page, and kept in every backup."""
        address = str(self.cleaned_data["address"]).strip()
        if address and not address.startswith("env:"):
            try:
                parts = parse_dsn(address)
            except ProgrammingError as error:
                raise ValidationError(str(error).strip()) from error
            if "password" in parts:
                raise ValidationError(
                    _("A password belongs into the environment: write env:NAME here.")
                )
        return address


@admin.register(Database)
class DatabaseAdmin(ModelAdmin):
    form = DatabaseForm
    list_display = ["name", "address"]
    search_fields = ["name"]
    autocomplete_fields = ["services"]
    actions = ["try_it"]

    @admin.action(description=TRY_IT, permissions=["change"])
    def try_it(self, request: HttpRequest, chosen: QuerySet[Database]) -> None:
        say(request, [(one.name, _asked(one.name)) for one in chosen[:MOST]])


def _asked(name: str) -> str:
    try:
        with session(dsn(name), seconds=WITHIN) as database:
            database.row("SELECT 1")
    except (Wrong, Fault, TimeoutError) as error:
        return str(error) or type(error).__name__
    return ""


@admin.register(Pool)
class PoolAdmin(ModelAdmin):
    list_display = ["name", "balancer", "address", "backend", "floor"]
    list_filter = ["balancer"]
    search_fields = ["name"]
    autocomplete_fields = ["hosts", "services"]
