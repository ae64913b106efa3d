"""What runbooks reach: hosts, and the pools of a load balancer that they stand in. Secrets stay in the environment."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.models import Service

NAME = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", _("Letters, digits, dots, dashes."))


class Way(models.TextChoices):
    SSH = "ssh", _("SSH")
    LOCAL = "local", _("this machine")


class Host(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True, validators=[NAME])
    way = models.CharField(_("reached by"), max_length=5, choices=Way, default=Way.SSH)
    address = models.CharField(
        _("address"), max_length=200, blank=True, default="", help_text=_("Empty: its name.")
    )
    port = models.PositiveIntegerField(
        _("port"), default=22, validators=[MinValueValidator(1), MaxValueValidator(65_535)]
    )
    user = models.CharField(_("user"), max_length=64, blank=True, default="")
    host_key = models.TextField(
        _("host key"), blank=True, default="",
        help_text=_("As ssh-keyscan prints it, without the name: ssh-ed25519 AAAA…. Another key is refused."),
    )  # fmt: skip
    sudo = models.BooleanField(
        _("root by sudo"), default=False, db_default=False,
        help_text=_("What changes something is done as root, by sudo -n, which asks for no password."),
    )  # fmt: skip
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Database(models.Model):
    """A PostgreSQL. What its address may not say stands in the environment, or in a password file."""

    name = models.CharField(_("name"), max_length=80, unique=True, validators=[NAME])
    address = models.CharField(
        _("address"), max_length=300, blank=True, default="",
        help_text=_("As postgresql://user@host:5432/name, without a password; or env:NAME for all of it. Empty: Bongsu's own."),
    )  # fmt: skip

    services = models.ManyToManyField(
        Service, related_name="+", verbose_name=_("services"), blank=True,
        help_text=_("Services whose data it holds: a diagnosis that starts by itself for their incidents looks here."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("database")
        verbose_name_plural = _("databases")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Balancer(models.TextChoices):
    HAPROXY = "haproxy", _("HAProxy's runtime API")
    HTTP = "http", _("HTTP")


class Pool(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True, validators=[NAME])
    balancer = models.CharField(_("load balancer"), max_length=10, choices=Balancer)
    address = models.CharField(
        _("address"), max_length=300,
        help_text=_("Of HAProxy's socket: /run/haproxy/admin.sock or 10.0.0.5:9999; else a web address."),
    )  # fmt: skip
    backend = models.CharField(_("backend"), max_length=80)
    hosts = models.ManyToManyField(Host, related_name="pools", verbose_name=_("hosts"), blank=True)
    services = models.ManyToManyField(
        Service, related_name="+", verbose_name=_("services"), blank=True,
        help_text=_("Services that it serves: a diagnosis that starts by itself for their incidents looks here."),
    )  # fmt: skip
    floor = models.PositiveIntegerField(
        _("serving at least"), default=1,
        help_text=_("So many members serve at any moment: a runbook that would go below stops."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("pool")
        verbose_name_plural = _("pools")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
