"""Who may knock where: the expectation for every address. One that is missing here fails a test."""

from typing import Any, Final, NamedTuple

ANYONE: Final = {"anonymous", "viewer", "responder", "commander", "manager", "administrator"}
SIGNED_IN: Final = ANYONE - {"anonymous"}
RESPONDERS: Final = SIGNED_IN - {"viewer"}
COMMANDERS: Final = RESPONDERS - {"responder"}
ADMINISTRATORS: Final = {"administrator"}


class Knock(NamedTuple):
    method: str
    may: set[str]
    body: dict[str, Any] = {}


def get(may: set[str]) -> Knock:
    return Knock("get", may)


def post(may: set[str], **body: Any) -> Knock:
    return Knock("post", may, body)


PORTAL: Final = {
    "": [get(SIGNED_IN)],
    "alerts/": [get(SIGNED_IN)],
    "monitoring/": [get(SIGNED_IN)],
    "monitoring/metrics/": [get(SIGNED_IN)],
    "monitoring/explore/": [get(SIGNED_IN)],
    "energy/": [get(SIGNED_IN)],
    "energy/<int:pk>/": [get(SIGNED_IN)],
    "energy/<int:pk>/dry-run/": [get(COMMANDERS), post(COMMANDERS, level="3")],
    "energy/responses/<int:pk>/lift/": [post(COMMANDERS)],
    "energy/purchases/<int:pk>/clear/": [post(COMMANDERS, note="They paid it back.")],
    "actions/": [get(SIGNED_IN)],
    "actions/halt/": [get(RESPONDERS), post(RESPONDERS, reason="이상한 주문")],
    "actions/lift/": [get(COMMANDERS), post(COMMANDERS)],
    "actions/<int:pk>/": [get(SIGNED_IN)],
    "actions/<int:pk>/approve/": [get(COMMANDERS), post(COMMANDERS)],
    "actions/<int:pk>/refuse/": [get(RESPONDERS), post(RESPONDERS, reason="필요 없음")],
    "monitoring/agent/": [get(SIGNED_IN)],
    "monitoring/agent/bongsu-agent.pyz": [get(ANYONE)],
    "monitoring/hosts/": [get(SIGNED_IN)],
    "monitoring/hosts/<path:host>/": [get(SIGNED_IN)],
    "monitoring/tv/": [get(SIGNED_IN)],
    "monitoring/metrics/<int:pk>/": [get(SIGNED_IN)],
    "monitoring/metrics/<int:pk>/judge/": [post(COMMANDERS, on="1")],
    "monitoring/anomalies/": [get(SIGNED_IN)],
    "monitoring/anomalies/<int:pk>/say/": [post(RESPONDERS, said="noise")],
    "monitoring/heartbeats/": [get(SIGNED_IN)],
    "monitoring/heartbeats/new/": [get(COMMANDERS), post(COMMANDERS, name="n")],
    "monitoring/heartbeats/<int:pk>/": [get(SIGNED_IN)],
    "monitoring/heartbeats/<int:pk>/change/": [get(COMMANDERS), post(COMMANDERS, name="n")],
    "monitoring/heartbeats/<int:pk>/pause/": [post(COMMANDERS, on="1")],
    "monitoring/heartbeats/<int:pk>/remove/": [post(COMMANDERS)],
    "alerts/maintenance/": [get(SIGNED_IN)],
    "alerts/maintenance/new/": [get(COMMANDERS), post(COMMANDERS, name="n")],
    "alerts/maintenance/<int:pk>/end/": [post(COMMANDERS)],
    "alerts/maintenance/<int:pk>/resume/": [post(COMMANDERS)],
    "alerts/noise/": [get(SIGNED_IN)],
    "alerts/routes/": [get(SIGNED_IN)],
    "alerts/silences/": [get(SIGNED_IN)],
    "alerts/silences/new/": [get(RESPONDERS), post(RESPONDERS, matchers="a=b", lasts="1")],
    "alerts/silences/<uuid:pk>/expire/": [post(RESPONDERS)],
    "alerts/silences/<uuid:pk>/restore/": [post(RESPONDERS)],
    "monitoring/rules/": [get(SIGNED_IN)],
    "monitoring/rules/new/": [get(COMMANDERS), post(COMMANDERS)],
    "monitoring/rules/<int:pk>/": [get(SIGNED_IN)],
    "monitoring/rules/<int:pk>/runbook/": [get(SIGNED_IN)],
    "monitoring/rules/<int:pk>/change/": [get(COMMANDERS), post(COMMANDERS)],
    "monitoring/rules/<int:pk>/enable/": [post(COMMANDERS, on="1")],
    "monitoring/rules/<int:pk>/remove/": [post(COMMANDERS)],
    "monitoring/rules/<int:pk>/reset/": [post(COMMANDERS)],
    "monitoring/checks/": [get(SIGNED_IN)],
    "monitoring/checks/new/": [get(ADMINISTRATORS), post(ADMINISTRATORS)],
    "monitoring/checks/<int:pk>/": [get(SIGNED_IN)],
    "monitoring/checks/<int:pk>/change/": [get(ADMINISTRATORS), post(ADMINISTRATORS, name="n")],
    "monitoring/checks/<int:pk>/pause/": [post(ADMINISTRATORS, on="1")],
    "monitoring/checks/<int:pk>/remove/": [post(ADMINISTRATORS)],
    "monitoring/logs/": [get(SIGNED_IN)],
    "monitoring/logs/new/": [get(ADMINISTRATORS), post(ADMINISTRATORS, name="n")],
    "monitoring/logs/<int:pk>/": [get(SIGNED_IN)],
    "monitoring/logs/<int:pk>/change/": [get(ADMINISTRATORS), post(ADMINISTRATORS, name="n")],
    "monitoring/logs/<int:pk>/remove/": [post(ADMINISTRATORS)],
    "monitoring/logs/patterns/new/": [get(COMMANDERS), post(COMMANDERS, name="n")],
    "monitoring/logs/patterns/<int:pk>/": [get(COMMANDERS), post(COMMANDERS, name="n")],
    "monitoring/logs/patterns/<int:pk>/remove/": [post(COMMANDERS)],
    "monitoring/logs/findings/<int:pk>/": [get(SIGNED_IN)],
    "monitoring/logs/kinds/<int:pk>/known/": [post(RESPONDERS)],
    "incidents/": [get(SIGNED_IN)],
    "incidents/declare/": [get(RESPONDERS), post(RESPONDERS, title="t", severity="P3")],
    "incidents/suggestion/": [post(RESPONDERS, title="출금 중단")],
    "incidents/<int:number>/": [get(SIGNED_IN)],
    "incidents/<int:number>/live/": [get(SIGNED_IN)],
    "incidents/<int:number>/older/": [get(SIGNED_IN)],
    "incidents/<int:number>/acknowledge/": [post(RESPONDERS)],
    "incidents/<int:number>/mitigate/": [post(RESPONDERS)],
    "incidents/<int:number>/resolve/": [post(COMMANDERS)],
    "incidents/<int:number>/reopen/": [post(COMMANDERS)],
    "incidents/<int:number>/severity/": [post(COMMANDERS, severity="P2")],
    "incidents/<int:number>/severity/keep/": [post(COMMANDERS, severity="P1")],
    "incidents/<int:number>/assemble/": [post(COMMANDERS)],
    "incidents/<int:number>/call/": [get(RESPONDERS), post(RESPONDERS)],
    "incidents/<int:number>/call/next/": [post(RESPONDERS)],
    "incidents/<int:number>/decline/": [post(RESPONDERS)],
    "incidents/<int:number>/join/": [post(RESPONDERS)],
    "incidents/<int:number>/roles/<str:role>/": [get(RESPONDERS), post(RESPONDERS)],
    "incidents/<int:number>/roles/<str:role>/leave/": [post(RESPONDERS)],
    "incidents/<int:number>/correct/": [get(RESPONDERS), post(RESPONDERS, title="출금 중단")],
    "incidents/<int:number>/note/": [post(RESPONDERS, text="확인 중")],
    "incidents/<int:number>/handover/": [get(SIGNED_IN)],
    "incidents/<int:number>/presence/": [post(SIGNED_IN)],
    "incidents/<int:number>/similar/": [get(SIGNED_IN)],
    "incidents/<int:number>/merge/": [get(COMMANDERS), post(COMMANDERS, into=1)],
    "incidents/<int:number>/unmerge/": [get(COMMANDERS), post(COMMANDERS)],
    "incidents/<int:number>/alerts/<int:alert>/move/": [get(COMMANDERS), post(COMMANDERS)],
    "incidents/<int:number>/link/": [get(RESPONDERS), post(RESPONDERS, to="1", relation="related")],
    "incidents/<int:number>/unlink/<int:other>/": [post(RESPONDERS)],
    "incidents/<int:number>/pin/": [post(RESPONDERS, seq=1)],
    "incidents/<int:number>/unpin/": [post(RESPONDERS, seq=1)],
    "incidents/<int:number>/evidence/add/": [get(RESPONDERS), post(RESPONDERS)],
    "incidents/<int:number>/evidence/<int:evidence>/": [get(SIGNED_IN)],
    "incidents/<int:number>/evidence/<int:evidence>/remove/": [get(COMMANDERS), post(COMMANDERS)],
    "incidents/<int:number>/tasks/add/": [get(RESPONDERS), post(RESPONDERS, text="로그 보관")],
    "incidents/<int:number>/tasks/<int:task>/": [get(RESPONDERS), post(RESPONDERS)],
    "incidents/<int:number>/tasks/<int:task>/finish/": [post(RESPONDERS)],
    "incidents/<int:number>/tasks/<int:task>/undo/": [post(RESPONDERS)],
    "incidents/<int:number>/impact/": [post(RESPONDERS, felt="yes")],
    "incidents/<int:number>/messages/": [get(SIGNED_IN)],
    "incidents/<int:number>/messages/write/": [get(RESPONDERS), post(RESPONDERS)],
    "incidents/<int:number>/messages/<uuid:message>/save/": [post(RESPONDERS)],
    "incidents/<int:number>/messages/<uuid:message>/approve/": [post(COMMANDERS)],
    "incidents/<int:number>/messages/<uuid:message>/withdraw/": [post(COMMANDERS)],
    "incidents/<int:number>/postmortem/": [get(COMMANDERS), post(COMMANDERS)],
    "incidents/<int:number>/postmortem.pdf": [get(SIGNED_IN)],
    "postmortems/": [get(SIGNED_IN)],
    "notices/": [get(SIGNED_IN)],
    "notices/maintenance/": [get(COMMANDERS), post(COMMANDERS)],
    "notices/subscribers/": [get(COMMANDERS), post(COMMANDERS, q="kim@example.com")],
    "notices/subscribers/<int:pk>/forget/": [post(COMMANDERS)],
    "notices/subscribers/<int:pk>/again/": [post(COMMANDERS)],
    "notices/subscribers/<int:pk>/export/": [post(COMMANDERS)],
    "notices/<slug:public_id>/": [get(COMMANDERS), post(COMMANDERS)],
    "notices/<slug:public_id>/plan/": [get(COMMANDERS), post(COMMANDERS)],
    "incidents/<int:number>/notice/": [post(COMMANDERS)],
    "on-call/": [get(SIGNED_IN)],
    "on-call/holes/": [get(SIGNED_IN)],
    "on-call/what-if/": [get(SIGNED_IN)],
    "on-call/override/": [get(RESPONDERS), post(RESPONDERS)],
    "on-call/overrides/<int:pk>/end/": [post(RESPONDERS)],
    "on-call/swap/": [post(RESPONDERS)],
    "on-call/swaps/<int:pk>/take/": [post(RESPONDERS)],
    "on-call/swaps/<int:pk>/withdraw/": [post(RESPONDERS)],
    "on-call/calendar/new/": [post(SIGNED_IN)],
    "on-call/calendar/<str:token>.ics": [get(ANYONE)],
    "me/contacts/": [get(SIGNED_IN), post(SIGNED_IN, channel="sms", address="+821055556666")],
    "me/contacts/<int:pk>/": [get(SIGNED_IN), post(SIGNED_IN, address="+821055556666")],
    "me/contacts/<int:pk>/remove/": [post(SIGNED_IN)],
    "me/contacts/<int:pk>/switch/": [post(SIGNED_IN)],
    "me/contacts/<int:pk>/code/": [post(SIGNED_IN)],
    "me/contacts/<int:pk>/confirm/": [post(SIGNED_IN, code="123456")],
    "me/paging/": [get(SIGNED_IN), post(SIGNED_IN, grave="True", channel="sms", minutes=1)],
    "me/paging/quiet/": [
        post(SIGNED_IN, quiet_from="22:00", quiet_to="08:00", language="ko", time_zone="UTC")
    ],
    "me/paging/<int:pk>/remove/": [post(SIGNED_IN)],
    "p/<str:token>/": [get(ANYONE), post(ANYONE)],
    "i18n/setlang/": [post(ANYONE, language="en")],
}
# A sender's own token is asked for by the view itself.
MACHINES = {
    "ingest/alertmanager/<str:token>/": [post(set())],
    "ingest/alertmanager/<str:token>/api/v2/alerts": [get(set())],
    "ingest/generic/<str:token>/": [post(set())],
    "ingest/grafana/<str:token>/": [post(set())],
    "ingest/logs/<str:token>/": [post(set())],
    "ingest/metrics/<str:token>/": [post(set())],
    "ingest/metrics/<str:token>/api/v1/write": [post(set())],
    "ingest/metrics/<str:token>/metrics/job/<path:job>": [post(set())],
    "ingest/prometheus/<str:token>/api/v2/alerts": [get(set()), post(set())],
    "ingest/sns/<str:token>/": [post(set())],
    "v2/alerts": [get(set()), post(set(), message="m")],
    "v2/alerts/<path:rest>": [get(set()), post(set())],
    "v2/alerts/requests/<str:request_id>": [get(set())],
    "v2/change/enqueue": [post(set(), routing_key="0" * 32, payload={"summary": "s"})],
    "v2/enqueue": [post(set(), routing_key="0" * 32, event_action="resolve", dedup_key="k")],
    "hooks/slack/": [post(set(), command="/bongsu")],
    "hooks/mail/": [post(set(), event="bounced")],
    "hooks/twilio/sms/": [post(set(), Body="1")],
    "status/subscribe/": [post(ANYONE, address="kim@example.com", incidents="on")],
    "status/code/": [post(ANYONE, phone="+821012345678", code="000000")],
    "status/confirm/<str:token>/": [get(ANYONE), post(ANYONE)],
    "status/manage/<str:token>/": [get(ANYONE), post(ANYONE)],
    "status/unsubscribe/<str:token>/": [get(ANYONE), post(ANYONE)],
    "hooks/twilio/texted/<str:token>/": [post(set(), MessageStatus="undelivered")],
    "hooks/twilio/status/<str:token>/": [post(set(), MessageStatus="delivered")],
    "hooks/twilio/voice/<str:token>/": [post(set(), Digits="1")],
    **{
        f"ping/<uuid:key>{place}": [get(ANYONE), post(ANYONE)]
        for place in ("", "/start", "/fail", "/log", "/<int:exit_code>")
    },
    "metrics": [get(ANYONE)],  # of this machine, while no token is set
    "healthz": [get(ANYONE)],
    "readyz": [get(ANYONE)],
}
MACHINES |= {
    f"ingest/{source}/<str:token>/{path}": [get(set())]
    for source in ("alertmanager", "prometheus")
    for path in (
        "api/v2/status",
        "api/v2/receivers",
        "api/v2/alerts/groups",
        "-/healthy",
        "-/ready",
    )
} | {
    f"ingest/{source}/<str:token>/api/v2/{path}": [get(set()), write]
    for source in ("alertmanager", "prometheus")
    for path, write in (("silences", post(set())), ("silence/<uuid:pk>", Knock("delete", set())))
}
API: Final = {
    "api/v1/actions/": [get(SIGNED_IN)],
    "api/v1/actions/<int:pk>/": [get(SIGNED_IN)],
    "api/v1/actions/<int:pk>/approve/": [post(COMMANDERS)],
    "api/v1/actions/<int:pk>/refuse/": [post(RESPONDERS, reason="필요 없음")],
    "api/v1/actions/halts/": [get(SIGNED_IN), post(RESPONDERS, reason="이상한 주문")],
    "api/v1/actions/halts/lift/": [post(COMMANDERS)],
    "api/v1/actions/limits/": [get(SIGNED_IN)],
    "api/v1/^anomalies/$": [get(SIGNED_IN)],
    "api/v1/^anomalies/(?P<pk>[^/.]+)/$": [get(SIGNED_IN)],
    "api/v1/^anomalies/(?P<pk>[^/.]+)/feedback/$": [post(RESPONDERS, said="noise")],
    "api/v1/incidents/": [get(SIGNED_IN), post(RESPONDERS, title="t", severity="P3")],
    "api/v1/incidents/<int:number>/": [get(SIGNED_IN)],
    "api/v1/incidents/<int:number>/acknowledge/": [post(RESPONDERS)],
    "api/v1/incidents/<int:number>/mitigate/": [post(RESPONDERS)],
    "api/v1/incidents/<int:number>/resolve/": [post(COMMANDERS)],
    "api/v1/incidents/<int:number>/reopen/": [post(COMMANDERS)],
    "api/v1/incidents/<int:number>/severity/": [post(COMMANDERS, severity="P2")],
    "api/v1/incidents/<int:number>/notes/": [post(RESPONDERS, text="확인 중")],
    "api/v1/incidents/<int:number>/similar/": [get(SIGNED_IN)],
    "api/v1/incidents/<int:number>/merge/": [post(COMMANDERS, into=1)],
    "api/v1/incidents/<int:number>/unmerge/": [post(COMMANDERS)],
    "api/v1/incidents/<int:number>/alerts/<int:alert>/move/": [post(COMMANDERS, to=None)],
    "api/v1/incidents/<int:number>/related/": [
        get(SIGNED_IN),
        post(RESPONDERS, to=1, relation="related"),
    ],
    "api/v1/incidents/<int:number>/related/<int:other>/": [Knock("delete", RESPONDERS)],
    "api/v1/incidents/<int:number>/timeline/": [get(SIGNED_IN)],
    "api/v1/incidents/<int:number>/evidence/": [get(SIGNED_IN), post(RESPONDERS)],
    "api/v1/incidents/<int:number>/evidence/<int:pk>/content/": [get(SIGNED_IN)],
    "api/v1/incidents/<int:number>/tasks/": [get(SIGNED_IN), post(RESPONDERS, text="로그 보관")],
    "api/v1/incidents/<int:number>/tasks/<int:pk>/": [Knock("put", RESPONDERS)],
    "api/v1/incidents/<int:number>/tasks/<int:pk>/done/": [
        Knock("put", RESPONDERS),
        Knock("delete", RESPONDERS),
    ],
    "api/v1/incidents/<int:number>/pins/<int:seq>/": [
        Knock("put", RESPONDERS),
        Knock("delete", RESPONDERS),
    ],
    "api/v1/incidents/<int:number>/team/": [get(SIGNED_IN), post(COMMANDERS)],
    "api/v1/incidents/<int:number>/calls/": [
        get(SIGNED_IN),
        post(RESPONDERS, team="security"),
    ],
    "api/v1/incidents/<int:number>/decline/": [post(RESPONDERS)],
    "api/v1/incidents/<int:number>/calls/next-step/": [post(RESPONDERS, page_round=0)],
    "api/v1/incidents/<int:number>/roles/": [get(SIGNED_IN), post(RESPONDERS, role="scribe")],
    "api/v1/incidents/<int:number>/roles/<str:role>/": [Knock("delete", RESPONDERS)],
    "api/v1/incidents/<int:number>/team/join/": [post(RESPONDERS)],
    "api/v1/incidents/<int:number>/presence/": [get(SIGNED_IN), post(SIGNED_IN)],
    "api/v1/incidents/<int:number>/impact/": [post(RESPONDERS, customer_impact=True)],
    "api/v1/incidents/<int:number>/suggestion/": [get(SIGNED_IN)],
    "api/v1/incidents/<int:number>/suggestion/keep/": [post(COMMANDERS, severity="P1")],
    "api/v1/incidents/<int:number>/evidence/<int:pk>/": [
        get(SIGNED_IN),
        Knock("delete", COMMANDERS),
    ],
    "api/v1/incidents/<int:number>/handover/": [get(SIGNED_IN)],
    "api/v1/incidents/<int:number>/pages/": [get(SIGNED_IN)],
    "api/v1/incidents/<int:number>/changes/": [get(SIGNED_IN)],
    "api/v1/incidents/<int:number>/stakeholders/": [get(SIGNED_IN)],
    "api/v1/incidents/<int:number>/messages/begin/": [get(SIGNED_IN)],
    "api/v1/incidents/<int:number>/messages/<uuid:pk>/missed/": [get(SIGNED_IN)],
    "api/v1/severities/": [get(SIGNED_IN)],
    "api/v1/severities/<str:severity>/": [get(SIGNED_IN)],
    "api/v1/stakeholder-groups/": [get(SIGNED_IN)],
    "api/v1/message-templates/": [get(SIGNED_IN)],
    "api/v1/people/": [get(SIGNED_IN)],
    "api/v1/services/": [get(SIGNED_IN)],
    "api/v1/services/<str:slug>/": [get(SIGNED_IN)],
    "api/v1/alerts/noise/": [get(SIGNED_IN)],
    "api/v1/on-call/holes/": [get(SIGNED_IN)],
    "api/v1/on-call/what-if/": [get(SIGNED_IN)],
    "api/v1/suggestions/": [post(RESPONDERS, title="출금 중단")],
    "api/v1/incidents/<int:number>/messages/": [get(SIGNED_IN), post(RESPONDERS)],
    "api/v1/incidents/<int:number>/messages/<uuid:pk>/": [get(SIGNED_IN), Knock("put", RESPONDERS)],
    "api/v1/incidents/<int:number>/messages/<uuid:pk>/approve/": [post(COMMANDERS)],
    "api/v1/incidents/<int:number>/messages/<uuid:pk>/withdraw/": [post(COMMANDERS)],
    "api/v1/^alerts/$": [get(SIGNED_IN)],
    "api/v1/^alerts/(?P<pk>[^/.]+)/$": [get(SIGNED_IN)],
    "api/v1/heartbeats/": [get(SIGNED_IN), post(COMMANDERS)],
    "api/v1/heartbeats/<int:pk>/": [
        get(SIGNED_IN),
        Knock("patch", COMMANDERS),
        Knock("delete", COMMANDERS),
    ],
    "api/v1/heartbeats/<int:pk>/pause/": [post(COMMANDERS)],
    "api/v1/heartbeats/<int:pk>/resume/": [post(COMMANDERS)],
    "api/v1/heartbeats/<int:pk>/pings/": [get(SIGNED_IN)],
    "api/v1/silences/": [get(SIGNED_IN), post(RESPONDERS)],
    "api/v1/silences/preview/": [post(RESPONDERS)],
    "api/v1/silences/<uuid:pk>/": [get(SIGNED_IN)],
    "api/v1/silences/<uuid:pk>/end/": [post(RESPONDERS)],
    "api/v1/silences/<uuid:pk>/restore/": [post(RESPONDERS)],
    "api/v1/maintenance-windows/": [get(SIGNED_IN), post(COMMANDERS)],
    "api/v1/maintenance-windows/<int:pk>/": [get(SIGNED_IN)],
    "api/v1/maintenance-windows/<int:pk>/end/": [post(COMMANDERS)],
    "api/v1/maintenance-windows/<int:pk>/restore/": [post(COMMANDERS)],
    "api/v1/routes/": [get(SIGNED_IN)],
    "api/v1/routes/<int:pk>/": [get(SIGNED_IN)],
    "api/v1/routes/try/": [post(SIGNED_IN)],
    "api/v1/^rules/$": [get(SIGNED_IN), post(COMMANDERS)],
    "api/v1/^rules/preview/$": [post(COMMANDERS)],
    "api/v1/^rules/(?P<pk>[^/.]+)/$": [
        get(SIGNED_IN),
        Knock("patch", COMMANDERS),
        Knock("delete", COMMANDERS),
    ],
    "api/v1/^rules/(?P<pk>[^/.]+)/preview/$": [get(SIGNED_IN)],
    **{
        f"api/v1/^{name}/{one}$": [get(SIGNED_IN)]
        for name in ("logs", "log-patterns", "log-findings", "log-templates")
        for one in ("", "(?P<pk>[^/.]+)/")
    },
    "api/v1/^checks/$": [get(SIGNED_IN), post(ADMINISTRATORS, name="n")],
    "api/v1/^checks/(?P<pk>[^/.]+)/$": [
        get(SIGNED_IN),
        Knock("patch", ADMINISTRATORS),
        Knock("delete", ADMINISTRATORS),
    ],
    "api/v1/^energy/wallets/$": [get(SIGNED_IN)],
    "api/v1/^energy/wallets/(?P<pk>[^/.]+)/$": [get(SIGNED_IN)],
    "api/v1/^energy/wallets/(?P<pk>[^/.]+)/dry-run/$": [post(COMMANDERS, level="CRITICAL")],
    "api/v1/^energy/readings/$": [get(SIGNED_IN)],
    "api/v1/^energy/responses/$": [get(SIGNED_IN)],
    "api/v1/^energy/responses/(?P<pk>[^/.]+)/$": [get(SIGNED_IN)],
    "api/v1/^energy/readings/(?P<pk>[^/.]+)/$": [get(SIGNED_IN)],
    "api/v1/^metrics/$": [get(SIGNED_IN)],
    "api/v1/^metrics/(?P<pk>[^/.]+)/$": [get(SIGNED_IN)],
    "api/v1/^metrics/(?P<pk>[^/.]+)/samples/$": [get(SIGNED_IN)],
    "api/v1/^metrics/(?P<pk>[^/.]+)/spread/$": [get(SIGNED_IN)],
    "api/v1/on-call/": [get(SIGNED_IN)],
    "api/v1/on-call/overrides/": [get(SIGNED_IN), post(RESPONDERS)],
    "api/v1/on-call/overrides/<int:pk>/": [get(SIGNED_IN)],
    "api/v1/on-call/overrides/<int:pk>/end/": [post(RESPONDERS)],
    "api/v1/on-call/swaps/": [get(SIGNED_IN), post(RESPONDERS)],
    "api/v1/on-call/swaps/<int:pk>/": [get(SIGNED_IN)],
    "api/v1/on-call/swaps/<int:pk>/take/": [post(RESPONDERS)],
    "api/v1/on-call/swaps/<int:pk>/withdraw/": [post(RESPONDERS)],
    "api/v1/me/contacts/": [get(SIGNED_IN), post(SIGNED_IN)],
    "api/v1/me/contacts/<int:pk>/": [
        get(SIGNED_IN),
        Knock("patch", SIGNED_IN, {"enabled": True}),
        Knock("delete", SIGNED_IN),
    ],
    "api/v1/me/preferences/": [get(SIGNED_IN), Knock("patch", SIGNED_IN, {"language": "ko"})],
    "api/v1/me/contacts/<int:pk>/send-code/": [post(SIGNED_IN)],
    "api/v1/me/contacts/<int:pk>/confirm/": [post(SIGNED_IN)],
    "api/v1/me/paging-rules/": [get(SIGNED_IN), post(SIGNED_IN)],
    "api/v1/me/paging-rules/<int:pk>/": [get(SIGNED_IN), Knock("delete", SIGNED_IN)],
    "api/v1/postmortems/": [get(SIGNED_IN), post(COMMANDERS)],
    "api/v1/postmortems/<int:incident>/": [get(SIGNED_IN), Knock("patch", COMMANDERS)],
    "api/v1/status/components/": [get(SIGNED_IN)],
    "api/v1/status/components/<slug:public_id>/": [get(SIGNED_IN)],
    "api/v1/status/notices/": [get(SIGNED_IN), post(COMMANDERS)],
    "api/v1/status/notices/<slug:public_id>/": [get(SIGNED_IN), Knock("patch", COMMANDERS)],
    "api/v1/status/notices/<slug:public_id>/updates/": [post(COMMANDERS)],
    "api/v1/status/maintenances/": [get(SIGNED_IN), post(COMMANDERS)],
    "api/v1/status/maintenances/<slug:public_id>/": [get(SIGNED_IN), Knock("patch", COMMANDERS)],
    "api/v1/status/maintenances/<slug:public_id>/updates/": [post(COMMANDERS)],
    "api/v1/status/maintenances/<slug:public_id>/extend/": [post(COMMANDERS)],
    "api/v1/status/maintenances/<slug:public_id>/cancel/": [post(COMMANDERS)],
    "api/schema/": [get(ANYONE)],
    "api/docs/": [get(ANYONE)],
}
ACCOUNTS: Final = {
    "accounts/login/": [get(ANYONE)],
    "accounts/logout/": [get(ANYONE), post(ANYONE)],
    "accounts/signup/": [get(ANYONE), post(ANYONE)],
    "accounts/inactive/": [get(ANYONE)],
    "accounts/confirm-email/": [get(ANYONE)],
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": [get(ANYONE)],
    "accounts/password/reset/": [get(ANYONE)],
    "accounts/password/reset/done/": [get(ANYONE)],
    "accounts/password/reset/key/done/": [get(ANYONE)],
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": [get(ANYONE)],
} | {
    f"accounts/{path}": [get(SIGNED_IN)]
    for path in (
        "email/", "reauthenticate/", "password/change/", "password/set/", "login/code/confirm/",
        "2fa/", "2fa/authenticate/", "2fa/reauthenticate/", "2fa/totp/activate/",
        "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/",
        "2fa/recovery-codes/download/", "2fa/webauthn/", "2fa/webauthn/add/",
        "2fa/webauthn/reauthenticate/", "2fa/webauthn/keys/<int:pk>/remove/",
        "2fa/webauthn/keys/<int:pk>/edit/",
    )
}  # fmt: skip
CONSOLE: Final = {
    "runbooks/action", "runbooks/limits", "runbooks/halt",
    "statuspage/entry", "statuspage/page", "statuspage/group", "statuspage/component", "statuspage/notice", "statuspage/interval", "statuspage/measure", "statuspage/prepared",
    "energy/purchase", "energy/response", "energy/energypolicy",
    "energy/wallet", "energy/reading", "energy/chaintransaction", "postmortems/postmortem", "incidents/incident", "incidents/severitypolicy",
    "incidents/escalationpolicy",
    "incidents/messagetemplate", "incidents/stakeholdermessage", "incidents/stakeholderrule",
    "incidents/suggestionrule",
    "monitoring/integration", "monitoring/metric", "monitoring/alert", "monitoring/anomaly", "monitoring/payload", "monitoring/change", "monitoring/check", "monitoring/rule", "monitoring/route", "notifications/delivery",
    "auth/group", "teams/user", "teams/team", "teams/service", "teams/apitoken", "teams/accessevent",
    "monitoring/logfinding", "monitoring/logpattern", "monitoring/logsource", "monitoring/logtemplate", "teams/stakeholdergroup",
    "teams/rotation", "teams/layer", "teams/override",
    "account/emailaddress", "mfa/authenticator", "django_celery_beat/periodictask",
    "django_celery_beat/clockedschedule", "django_celery_beat/crontabschedule",
    "django_celery_beat/solarschedule", "django_celery_beat/intervalschedule",
}  # fmt: skip
CONSOLE_PAGES: Final = {
    "", "search/", "password_change/", "password_change/done/", "autocomplete/",
    "jsi18n/", "r/<path:content_type_id>/<path:object_id>/", "(?P<url>.*)$",
}  # fmt: skip

TABLE: Final = (
    PORTAL
    | MACHINES
    | API
    | ACCOUNTS
    | {
        "console/login/": [get(SIGNED_IN)],
        "console/logout/": [post(SIGNED_IN)],
    }
)


def expected(route: str) -> list[Knock]:
    """What the table says of a route; KeyError when it says nothing."""
    if not route.startswith("console/") or route in TABLE:
        return TABLE[route]
    rest = route.removeprefix("console/")
    known = rest in CONSOLE_PAGES or rest.startswith("^(?P<app_label>")
    if not known and "/".join(rest.split("/")[:2]) not in CONSOLE:
        raise KeyError(route)
    return [get(ADMINISTRATORS), post(ADMINISTRATORS)]
