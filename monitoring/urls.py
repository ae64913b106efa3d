from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from monitoring.compat import alertmanager, opsgenie, pagerduty
from monitoring.registry import sources
from monitoring.views import (
    agents,
    anomalies,
    checking,
    heartbeats,
    ingesting,
    logging_in,
    logs,
    pinging,
    pushing,
    routes,
    rules,
    seeing,
    silences,
    windows,
)
from monitoring.views.alerts import alerts

app_name = "monitoring"

Door = Callable[..., HttpResponse]


def shared(get: Door) -> Door:
    """One address at which senders both post and ask."""

    @csrf_exempt
    def door(request: HttpRequest, **parts: str) -> HttpResponse:
        return (get if request.method == "GET" else ingesting.ingest)(request, **parts)

    return door


SHARED = {
    "ingest/prometheus/<token>/api/v2/alerts": shared(alertmanager.alerts),
    "v2/alerts": shared(opsgenie.several),
    "v2/alerts/<path:rest>": shared(opsgenie.one),
}

# Below the addresses of both, so that amtool finds what it looks for; it posts no alerts to the second.
ALERTMANAGER_API: dict[str, Door] = {
    "api/v2/status": alertmanager.status,
    "api/v2/receivers": alertmanager.receivers,
    "api/v2/alerts/groups": alertmanager.groups,
    "api/v2/silences": alertmanager.silences,
    "api/v2/silence/<uuid:pk>": alertmanager.one_silence,
    "-/healthy": alertmanager.healthy,
    "-/ready": alertmanager.healthy,
}

PING: list[tuple[str, dict[str, str]]] = [
    ("", {}),
    *((f"/{kind}", {"kind": kind}) for kind in ("start", "fail", "log")),
    ("/<int:exit_code>", {}),
]

# Machines first: a storm need not be compared with the address of every page.
urlpatterns = [
    *(path(f"ping/<uuid:key>{place}", pinging.ping, said) for place, said in PING),
    path("v2/change/enqueue", pagerduty.change),
    path("v2/alerts/requests/<str:request_id>", opsgenie.request_status, {"source": "opsgenie"}),
    *(
        path(
            place.replace("<token>", "<str:token>"),
            SHARED.get(place, ingesting.ingest),
            {"source": name},
        )
        for name in sources
        for place in (sources[name].path, *sources[name].more_paths)
    ),
    *(
        path(f"ingest/{name}/<str:token>/{place}", door, {"source": name})
        for name in ("alertmanager", "prometheus")
        for place, door in ALERTMANAGER_API.items()
    ),
    path(
        "ingest/alertmanager/<str:token>/api/v2/alerts",
        alertmanager.alerts,
        {"source": "alertmanager"},
    ),
    path("ingest/metrics/<str:token>/", pushing.push),
    path("ingest/metrics/<str:token>/metrics/job/<path:job>", pushing.push),
    path("ingest/metrics/<str:token>/api/v1/write", pushing.hand_on),
    path("ingest/logs/<str:token>/", logging_in.take),
    path("alerts/", alerts, name="alerts"),
    path("monitoring/", seeing.overview, name="overview"),
    path("monitoring/metrics/", seeing.metrics, name="metrics"),
    path("monitoring/checks/", checking.checks, name="checks"),
    path("monitoring/checks/new/", checking.new, name="new_check"),
    path("monitoring/checks/<int:pk>/", checking.check, name="check"),
    path("monitoring/checks/<int:pk>/change/", checking.change, name="change_check"),
    path("monitoring/checks/<int:pk>/pause/", checking.pause, name="pause_check"),
    path("monitoring/checks/<int:pk>/remove/", checking.remove, name="remove_check"),
    path("monitoring/metrics/<int:pk>/", seeing.metric, name="metric"),
    path("monitoring/explore/", seeing.explore, name="explore"),
    path("monitoring/agent/", agents.new_host, name="new_host"),
    path("monitoring/agent/bongsu-agent.pyz", agents.file, name="agent_file"),
    path("monitoring/hosts/", seeing.hosts, name="hosts"),
    path("monitoring/hosts/<path:host>/", seeing.host, name="host"),
    path("monitoring/heartbeats/", heartbeats.heartbeats, name="heartbeats"),
    path("monitoring/heartbeats/new/", heartbeats.new, name="new_heartbeat"),
    path("monitoring/heartbeats/<int:pk>/", heartbeats.heartbeat, name="heartbeat"),
    path("monitoring/heartbeats/<int:pk>/change/", heartbeats.change, name="change_heartbeat"),
    path("monitoring/heartbeats/<int:pk>/pause/", heartbeats.pause, name="pause_heartbeat"),
    path("monitoring/heartbeats/<int:pk>/remove/", heartbeats.remove, name="remove_heartbeat"),
    path("monitoring/anomalies/", anomalies.anomalies, name="anomalies"),
    path("monitoring/anomalies/<int:pk>/say/", anomalies.say, name="say_of_anomaly"),
    path("monitoring/metrics/<int:pk>/judge/", anomalies.judge, name="judge_metric"),
    path("monitoring/rules/", rules.rules, name="rules"),
    path("monitoring/rules/new/", rules.new, name="new_rule"),
    path("monitoring/rules/<int:pk>/change/", rules.change, name="change_rule"),
    path("monitoring/rules/<int:pk>/", rules.rule, name="rule"),
    path("monitoring/rules/<int:pk>/runbook/", rules.runbook, name="runbook"),
    path("monitoring/rules/<int:pk>/enable/", rules.enable, name="enable_rule"),
    path("monitoring/rules/<int:pk>/reset/", rules.reset, name="reset_rule"),
    path("monitoring/rules/<int:pk>/remove/", rules.remove, name="remove_rule"),
    path("alerts/silences/", silences.silences, name="silences"),
    path("alerts/silences/new/", silences.new_silence, name="new_silence"),
    path("alerts/silences/<uuid:pk>/expire/", silences.expire_silence, name="expire_silence"),
    path("alerts/silences/<uuid:pk>/restore/", silences.restore_silence, name="restore_silence"),
    path("alerts/routes/", routes.routes, name="routes"),
    path("alerts/maintenance/", windows.windows, name="windows"),
    path("alerts/maintenance/new/", windows.new_window, name="new_window"),
    path("alerts/maintenance/<int:pk>/end/", windows.end_window, name="end_window"),
    path("alerts/maintenance/<int:pk>/resume/", windows.take_window_back, name="take_window_back"),
    path("monitoring/logs/", logs.overview, name="logs"),
    path("monitoring/logs/new/", logs.new_source, name="new_log_source"),
    path("monitoring/logs/<int:pk>/", logs.source, name="log_source"),
    path("monitoring/logs/<int:pk>/change/", logs.change_source, name="change_log_source"),
    path("monitoring/logs/<int:pk>/remove/", logs.remove_source, name="remove_log_source"),
    path("monitoring/logs/patterns/new/", logs.new_pattern, name="new_log_pattern"),
    path("monitoring/logs/patterns/<int:pk>/", logs.pattern, name="log_pattern"),
    path(
        "monitoring/logs/patterns/<int:pk>/remove/", logs.remove_pattern, name="remove_log_pattern"
    ),
    path("monitoring/logs/findings/<int:pk>/", logs.finding, name="log_finding"),
    path("monitoring/logs/kinds/<int:pk>/known/", logs.know, name="know_log_template"),
]
