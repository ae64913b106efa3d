from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from maintenance.models import BackupPlan
from maintenance.places import Misplaced, place_of


class BackupPlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """What would fail tonight is said now: what the environment lacks, too."""

    class Meta:
        model = BackupPlan
        fields = [
            "name", "enabled", "database", "place", "sealed", "every_hours", "hour", "keep_days",
            "rpo_minutes", "rto_minutes", "tables", "least", "check_sql",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("sealed") and not settings.BACKUP_KEY:
            self.add_error("sealed", _(
                "BONGSU_BACKUP_KEY is not set: write a key into the environment (openssl rand -base64 32), and start Bongsu again."
            ))  # fmt: skip
        place = found.get("place") or ""
        if place.startswith("env:"):
            try:
                place_of(BackupPlan(name=found.get("name", ""), place=place))
            except Misplaced as why:
                self.add_error("place", str(why))
        return found
