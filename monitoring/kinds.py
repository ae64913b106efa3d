"""Apart from the models, for the agent of another host has none."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    SYSTEM = "system", _("system")
    APPLICATION = "application", _("application")
    BUSINESS = "business", _("business")
    SECURITY = "security", _("security")
