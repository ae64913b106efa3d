import time
from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from integrations.names import addresses_of
from monitoring.asking import in_words
from monitoring.collector import CollectError, Collector, CollectorForm, Reading, Settings
from monitoring.registry import collectors


class DnsForm(CollectorForm):
    name = forms.CharField(label=_("host name"), max_length=253)
    expected = forms.CharField(
        label=_("expected addresses"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"class": "mono", "rows": 3, "spellcheck": "false"}),
        help_text=_("One a line, or networks such as 203.0.113.0/24. Any other is a fault."),
    )  # fmt: skip

    def clean_expected(self) -> str:
        lines = self.cleaned_data["expected"].split()
        try:
            return "\n".join(str(ip_network(line, strict=False)) for line in lines)
        except ValueError as error:
            raise forms.ValidationError(_("Addresses or networks only.")) from error


@collectors.register("dns")
class Dns(Collector):
    title = _("Name (DNS)")
    purpose = _("Does a name lead somewhere, how fast is it found, and is it where it should?")
    form = DnsForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        began = time.monotonic()
        try:
            found = addresses_of(settings["name"], seconds=timeout)
        except (OSError, UnicodeError) as error:
            said = "not known" if isinstance(error, UnicodeError) else str(error)
            raise CollectError(in_words(said, timeout)) from error
        yield Reading("dns_seconds", time.monotonic() - began, unit="s")
        yield Reading("dns_addresses", len(found))
        if strangers := strange(found, settings["expected"].split()):
            raise CollectError(
                _now("It leads to %(addresses)s.") % {"addresses": ", ".join(strangers)}
            )


def strange(found: Iterable[str], expected: Iterable[str]) -> list[str]:
    """Those that are in none of these networks; no networks: anything will do."""
    networks = [ip_network(line) for line in expected]
    addresses = {text: ip_address(text.partition("%")[0]) for text in found} if networks else {}
    return [
        text
        for text, address in addresses.items()
        if not any(address in network for network in networks)
    ]
