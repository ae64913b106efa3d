"""What a game day breaks, for whoever is about to press the button; and what a tabletop of it goes by."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maintenance.models import Scenario


@dataclass(frozen=True)
class About:
    happens: Promise  # what a tabletop imagines
    breaks: Promise  # what the sandbox does
    minutes: int  # about so long
    runbooks: tuple[str, ...] = ()


ABOUT: Final[dict[str, About]] = {
    Scenario.SYSTEM_DOWN: About(
        _("A server of the application does not answer, and the cache has stopped."),
        _("nginx and the application on app2, and redis on db1, are stopped, then found and recovered by runbooks."),
        1, ("system-down-diagnose", "system-down-recover"),
    ),
    Scenario.DATABASE: About(
        _("Requests hang: sessions of the database wait for one that holds a table."),
        _("In a database made for it, one session holds a table while three wait, and another leaves its transaction open. Runbooks find and end them."),
        1, ("database-diagnose", "database-end-blockers", "database-end-idle"),
    ),
    Scenario.NETWORK: About(
        _("The TRON API cannot be reached from our servers."),
        _("app1 gets wrong names from DNS, app2 loses its route, and the firewall of app3 closes port 443. A runbook names each."),
        1, ("network-diagnose",),
    ),
    Scenario.ENERGY: About(
        _("The hot wallet runs out of energy in the middle of the day."),
        _("The hot wallet on the sandbox's chain is drained to 12, 3 and 0.4 %. What responds to a shortage is switched on meanwhile: withdrawals are paused and let go again, and energy is rented with play money."),
        6,
    ),
    Scenario.DATA: About(
        _("A table of wallets was emptied by mistake an hour ago, and every replica followed."),
        _("A database made for it loses all rows of a table, and is restored from its backup."),
        2, ("data-recovery", "database-discard"),
    ),
    Scenario.ROLLING: About(
        _("All servers have to be restarted today, and nobody may notice."),
        _("The three servers of the application are taken out, restarted and put back one by one, while requests go on."),
        4, ("rolling-recovery",),
    ),
    Scenario.SITE: About(
        _("The site that serves is gone: no server and no database there answers."),
        _("Two PostgreSQL servers are started for it, one following the other. The first is killed under writes, and a runbook fails over to the second."),
        1, ("site-failover", "site-failback"),
    ),
    Scenario.STORM: About(
        _("A thousand alerts come in within a minute, and somewhere among them is another cause."),
        _("A thousand alerts of one cause are sent to our own door, and one of another: two incidents open, and each person is called once for each."),
        1,
    ),
    Scenario.PAGING: About(
        _("The provider of calls and texts is down, and an incident opens."),
        _("Both providers of calls and texts refuse everything for about half a minute, also for real incidents of this sandbox. People have to be reached by other ways."),
        1,
    ),
}  # fmt: skip
