from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.bilingual import Named
from monitoring.models import Metric
from statuspage.models.public import Public


class Measure(Named, Public):
    """A metric that somebody chose to show; of no other one does the public learn anything."""

    metric = models.OneToOneField(
        Metric, models.CASCADE, related_name="+", verbose_name=_("metric"),
        help_text=_("Customers see its course and its values, under the name given here."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(pgettext_lazy("in a list", "position"), default=0)

    class Meta:
        verbose_name = _("public chart")
        verbose_name_plural = _("public charts")
        ordering = ["position", "pk"]
