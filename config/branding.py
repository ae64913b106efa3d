"""How the console looks: our name, our ink, and the way an administrator thinks of the product."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _


def _address(name: str) -> str:
    from django.urls import reverse  # noqa: PLC0415 - 13 MB that the signer, which reads this, is spared

    return reverse(name)


def _served(path: str) -> Callable[[object], str]:
    def address_of(_request: object) -> str:
        from django.templatetags.static import static  # noqa: PLC0415 - likewise

        return static(path)

    return address_of


address = lazy(_address, str)


def _item(title: Any, icon: str, model: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": address(f"admin:{model}_changelist")}


def _section(title: Any, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(items)}


INK = {
    "50": "oklch(98% .003 260)",
    "100": "oklch(95% .005 260)",
    "200": "oklch(90% .008 260)",
    "300": "oklch(82% .01 260)",
    "400": "oklch(66% .014 260)",
    "500": "oklch(48% .016 260)",
    "600": "oklch(32% .016 260)",
    "700": "oklch(27% .015 260)",
    "800": "oklch(24% .015 260)",
    "900": "oklch(22% .015 260)",
    "950": "oklch(17% .012 260)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Bongsu response console"),
    "SITE_HEADER": _("Bongsu"),
    "SITE_SUBHEADER": _("Response console"),
    "SITE_SYMBOL": "local_fire_department",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _served("icon.svg")}],
    "STYLES": [_served("css/console.css")],
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"primary": INK},
    "DASHBOARD_CALLBACK": "config.dashboard.overview",
    "SIDEBAR": {
        "show_search": True,
        "navigation": [
            _section(
                _("Response"),
                _item(_("Incidents"), "local_fire_department", "incidents_incident"),
                _item(_("Alerts"), "notifications_active", "monitoring_alert"),
                _item(_("Actions"), "shield", "runbooks_action"),
                _item(_("Halts"), "front_hand", "runbooks_halt"),
                _item(_("Deliveries"), "send", "notifications_delivery"),
                _item(_("Postmortems"), "history_edu", "postmortems_postmortem"),
                _item(_("Versions of postmortems"), "difference", "postmortems_version"),
                _item(_("Action items"), "checklist", "postmortems_actionitem"),
                _item(_("Improvement reports"), "trending_up", "postmortems_improvementreport"),
            ),
            _section(
                _("Policy"),
                _item(_("Severities"), "signal_cellular_alt", "incidents_severitypolicy"),
                _item(_("Escalation policies"), "stairs", "incidents_escalationpolicy"),
                _item(_("Limits of actions"), "speed", "runbooks_limits"),
                _item(_("Looser limits"), "group", "runbooks_loosening"),
                _item(_("Suggestion rules"), "lightbulb", "incidents_suggestionrule"),
                _item(_("Teams"), "groups", "teams_team"),
                _item(_("People"), "person", "teams_user"),
                _item(_("Services"), "hub", "teams_service"),
                _item(_("Sign-ins and access"), "login", "teams_accessevent"),
            ),
            _section(
                _("Runbooks"),
                _item(_("Runbooks"), "menu_book", "runbooks_runbook"),
                _item(_("Runs"), "play_circle", "runbooks_run"),
                _item(_("Steps of runs"), "checklist", "runbooks_runstep"),
                _item(_("Hosts"), "dns", "runbooks_host"),
                _item(_("Pools"), "lan", "runbooks_pool"),
                _item(_("Databases"), "database", "runbooks_database"),
            ),
            _section(
                _("On call"),
                _item(_("Rotations"), "event_repeat", "teams_rotation"),
                _item(_("Layers"), "layers", "teams_layer"),
                _item(_("Overrides"), "swap_horiz", "teams_override"),
            ),
            _section(
                _("Stakeholders"),
                _item(_("Groups"), "campaign", "teams_stakeholdergroup"),
                _item(_("Rules"), "rule", "incidents_stakeholderrule"),
                _item(_("Message templates"), "drafts", "incidents_messagetemplate"),
                _item(_("Messages"), "outgoing_mail", "incidents_stakeholdermessage"),
            ),
            _section(
                _("Status page"),
                _item(_("Status page"), "public", "statuspage_page"),
                _item(_("Groups of components"), "folder", "statuspage_group"),
                _item(_("Components"), "widgets", "statuspage_component"),
                _item(_("Prepared words"), "edit_note", "statuspage_prepared"),
                _item(_("Public charts"), "show_chart", "statuspage_measure"),
                _item(_("Notices"), "newspaper", "statuspage_notice"),
                _item(_("States over time"), "timeline", "statuspage_interval"),
                _item(_("Ratings"), "thumbs_up_down", "statuspage_rating"),
                _item(_("Ledger of months"), "menu_book", "statuspage_entry"),
            ),
            _section(
                _("Energy"),
                _item(_("Wallets"), "account_balance_wallet", "energy_wallet"),
                _item(_("Energy policies"), "tune", "energy_energypolicy"),
                _item(_("Responses"), "bolt", "energy_response"),
                _item(_("Purchases"), "shopping_cart", "energy_purchase"),
                _item(_("Markets set aside"), "block", "energy_market"),
                _item(_("Transactions"), "receipt", "energy_chaintransaction"),
                _item(_("Readings"), "monitoring", "energy_reading"),
            ),
            _section(
                _("Care"),
                _item(_("Routine work"), "event_repeat", "maintenance_routine"),
                _item(_("Checklists"), "checklist", "maintenance_checklist"),
                _item(_("Capacities"), "inventory", "maintenance_capacity"),
                _item(_("Prices"), "sell", "maintenance_price"),
            ),
            _section(
                _("Disaster recovery"),
                _item(_("Sites"), "location_city", "maintenance_site"),
                _item(_("Data that must survive"), "database", "maintenance_keptdata"),
                _item(_("Loads of services"), "weight", "maintenance_serviceload"),
                _item(_("Targets of recovery"), "target", "maintenance_continuitytargets"),
                _item(_("Failovers"), "swap_calls", "maintenance_failover"),
                _item(_("Drills"), "sports_martial_arts", "maintenance_drill"),
                _item(_("Looks at copies"), "visibility", "maintenance_copysample"),
            ),
            _section(
                _("Backups"),
                _item(_("Backup plans"), "backup", "maintenance_backupplan"),
                _item(_("Backups"), "inventory_2", "maintenance_backup"),
                _item(_("Restore tests"), "settings_backup_restore", "maintenance_restoretest"),
            ),
            _section(
                _("Monitoring"),
                _item(_("Checks"), "fact_check", "monitoring_check"),
                _item(_("Alert rules"), "gavel", "monitoring_rule"),
                _item(_("Metrics"), "query_stats", "monitoring_metric"),
                _item(_("Anomalies"), "troubleshoot", "monitoring_anomaly"),
                _item(_("Followed logs"), "article", "monitoring_logsource"),
                _item(_("Log patterns"), "pattern", "monitoring_logpattern"),
                _item(_("Log findings"), "find_in_page", "monitoring_logfinding"),
                _item(_("Kinds of errors"), "bug_report", "monitoring_logtemplate"),
                _item(_("Changes"), "difference", "monitoring_change"),
            ),
            _section(
                _("Connections"),
                _item(_("Integrations"), "input", "monitoring_integration"),
                _item(_("Routes"), "alt_route", "monitoring_route"),
                _item(_("Received payloads"), "receipt_long", "monitoring_payload"),
                _item(_("API tokens"), "key", "teams_apitoken"),
                _item(_("Periodic tasks"), "schedule", "django_celery_beat_periodictask"),
            ),
        ],
    },
}
