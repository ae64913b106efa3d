"""Markets that are set aside, and what they have offered since: nothing is bought from them meanwhile."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Market(models.Model):
    """Written by whoever asks for prices; a market that was never set aside has no row."""

    name = models.CharField(_("market"), max_length=40, unique=True)
    since = models.DateTimeField(_("set aside since"))  # the quotes are counted from then
    good_quotes = models.PositiveIntegerField(_("good prices in a row"), default=0)
    quoted_at = models.DateTimeField(_("last price at"), null=True)

    class Meta:
        verbose_name = _("market set aside")
        verbose_name_plural = _("markets set aside")
        ordering = ["name"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name
