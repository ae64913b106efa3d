from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name})


def zone_choices() -> list[tuple[str, str]]:
    """Places, not the abbreviations and aliases beside them."""
    places = sorted(name for name in available_timezones() if "/" in name and name[:4] != "Etc/")
    return [(name, name) for name in ["UTC", *places]]
