from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from maintenance.models import BackupPlan
from maintenance.places import Misplaced, place_of
from maintenance.services.backup_plans import mixed_up_with


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
        if "place" in found:
            self._judge_place(found)
        return found

    def _judge_place(self, found: dict[str, Any]) -> None:
        asked = BackupPlan(
            pk=self.instance.pk, name=found.get("name", ""), database=found.get("database"),
            place=found["place"],
        )  # fmt: skip
        try:
            place_of(asked)
        except Misplaced as why:
            self.add_error("place", str(why))
        if other := mixed_up_with(asked):
            self.add_error("place", _(
                "%(plan)s keeps backups of a database of the same name there, and nobody could tell which file is whose: give one of them a folder of its own."
            ) % {"plan": other})  # fmt: skip
