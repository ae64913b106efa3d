"""What stakeholders are told, and by which rules (M8.1). External texts name no internal detail."""

from typing import Any

from core.models import Planted
from incidents.models.stakeholders import MessageTemplate, StakeholderRule
from teams.models import Service
from teams.stakeholders import StakeholderGroup

TEMPLATES: list[dict[str, str]] = [
    {
        "slug": "incident_management_alert",
        "name_ko": "경영진 장애 보고",
        "name_en": "Incident alert for management",
        "subject_ko": "[{severity} {severity_name}] 장애 #{number} {title}",
        "body_ko": (
            "영향 서비스: {services}\n발생 시각: {since}\n현재 상태: {status}\n\n"
            "대응팀이 호출되어 대응하고 있습니다. 다음 보고: {next_update}\n\n진행 상황: {link}"
        ),
        "subject_en": "[{severity} {severity_name}] Incident #{number} {title}",
        "body_en": (
            "Services affected: {services}\nSince: {since}\nState: {status}\n\n"
            "The response team has been paged. Next report: {next_update}\n\nFollow it: {link}"
        ),
    },
    {
        "slug": "incident_update",
        "name_ko": "장애 진행 보고",
        "name_en": "Incident update",
        "subject_ko": "[{severity}] 장애 #{number} 진행 보고: {status}",
        "body_ko": (
            "{title}\n\n영향 서비스: {services}\n발생 시각: {since}\n현재 상태: {status}\n\n"
            "다음 보고: {next_update}\n진행 상황: {link}"
        ),
        "subject_en": "[{severity}] Incident #{number} update: {status}",
        "body_en": (
            "{title}\n\nServices affected: {services}\nSince: {since}\nState: {status}\n\n"
            "Next report: {next_update}\nFollow it: {link}"
        ),
    },
    {
        "slug": "incident_resolved",
        "name_ko": "장애 해결 보고",
        "name_en": "Incident resolved",
        "subject_ko": "[해결] 장애 #{number} {title}",
        "body_ko": (
            "장애가 해결되어 {services} 서비스가 정상 운영되고 있습니다.\n\n발생 시각: {since}\n\n"
            "원인과 재발 방지 대책은 사후 분석으로 공유하겠습니다.\n기록: {link}"
        ),
        "subject_en": "[Resolved] Incident #{number} {title}",
        "body_en": (
            "The incident is over and these services work as usual: {services}.\n\n"
            "It began: {since}\n\nCause and prevention will follow in the postmortem.\nRecord: {link}"
        ),
    },
    {
        "slug": "support_briefing",
        "name_ko": "고객 응대 안내",
        "name_en": "Briefing for support",
        "subject_ko": "[고객 응대] {services} 장애 #{number}",
        "body_ko": (
            "{since}부터 {services} 이용에 불편이 있습니다.\n\n고객 문의에는 “현재 원인을 확인하며 "
            "복구하고 있고, 확인되는 대로 공지하겠습니다”라고 안내해 주세요. 복구 예상 시각은 확정 전까지 "
            "약속하지 말아 주세요.\n\n다음 안내: {next_update}\n진행 상황: {link}"
        ),
        "subject_en": "[For support] {services}, incident #{number}",
        "body_en": (
            "Since {since} customers have trouble with: {services}.\n\nPlease answer: “We are "
            "restoring the service and will post news as soon as we have it.” Promise no time of "
            "recovery before it is confirmed.\n\nNext word: {next_update}\nFollow it: {link}"
        ),
    },
    {
        "slug": "customer_service_alert",
        "name_ko": "고객 서비스 장애 안내",
        "name_en": "Service alert for customers",
        "subject_ko": "[안내] {services} 서비스 이용에 불편이 있습니다",
        "body_ko": (
            "안녕하세요.\n\n{since}부터 {services} 서비스 이용이 원활하지 않습니다. "
            "현재 원인을 확인하며 복구하고 있습니다.\n\n다음 안내: {next_update}\n\n"
            "이용에 불편을 드려 죄송합니다."
        ),
        "subject_en": "[Notice] Trouble with {services}",
        "body_en": (
            "Hello,\n\nSince {since} you may have trouble using: {services}. "
            "We are looking into the cause and restoring the service.\n\n"
            "Next update: {next_update}\n\nWe are sorry for the inconvenience."
        ),
    },
    {
        "slug": "customer_service_update",
        "name_ko": "고객 서비스 경과 안내",
        "name_en": "Service update for customers",
        "subject_ko": "[경과] {services} 서비스 복구 진행 상황을 안내드립니다",
        "body_ko": (
            "안녕하세요.\n\n{since}부터 이용이 원활하지 않은 {services} 서비스를 계속 복구하고 있습니다.\n\n"
            "다음 안내: {next_update}\n\n불편을 드려 거듭 죄송합니다."
        ),
        "subject_en": "[Update] {services}: we are still restoring the service",
        "body_en": (
            "Hello,\n\nWe are still restoring: {services}, affected since {since}.\n\n"
            "Next update: {next_update}\n\nThank you for your patience."
        ),
    },
    {
        "slug": "customer_service_resolved",
        "name_ko": "고객 서비스 정상화 안내",
        "name_en": "Service restored, for customers",
        "subject_ko": "[정상화] {services} 서비스를 정상적으로 이용하실 수 있습니다",
        "body_ko": (
            "안녕하세요.\n\n{since}에 시작된 {services} 서비스의 불편이 모두 해소되어 지금은 정상적으로 "
            "이용하실 수 있습니다.\n\n기다려 주셔서 감사합니다."
        ),
        "subject_en": "[Restored] {services} works as usual",
        "body_en": (
            "Hello,\n\nThe trouble that began at {since} is over. You can use as usual: {services}."
            "\n\nThank you for your patience."
        ),
    },
    {
        "slug": "vendor_request",
        "name_ko": "공급사 확인 요청",
        "name_en": "Request to vendors",
        "subject_ko": "[확인 요청] {services} 장애 관련 공급사 측 상태 확인",
        "body_ko": (
            "안녕하세요.\n\n{since}부터 {services}에 장애가 있어 연락드립니다. 귀사 서비스에 장애나 작업이 "
            "있었는지 확인하여 회신해 주시기 바랍니다.\n\n참조 번호: {number}"
        ),
        "subject_en": "[Request] Please check your side: {services}",
        "body_en": (
            "Hello,\n\nSince {since} we see a failure of: {services}. Please tell us whether there "
            "was an incident or a maintenance on your side.\n\nOur reference: {number}"
        ),
    },
]  # fmt: skip


FELT = {"customer_impact": True}
INSIDE = {"automatic": True}
BEGINS = ("opened", "impact")

RULES: list[tuple[str, tuple[str, ...], str, str, dict[str, Any]]] = [
    ("management", ("opened", "severity"), "immediate", "incident_management_alert",
     INSIDE | {"at_least": "P1"}),
    ("management", ("update_due",), "high", "incident_update", {"at_least": "P1"}),
    ("management", ("resolved",), "high", "incident_resolved", INSIDE),
    ("support", BEGINS, "high", "support_briefing", INSIDE | FELT),
    ("support", ("resolved",), "high", "incident_resolved", INSIDE),
    ("engineering", ("opened",), "normal", "incident_update", INSIDE | {"at_least": "P2"}),
    ("engineering", ("resolved",), "normal", "incident_resolved", INSIDE),
    ("operations", ("opened",), "normal", "incident_update", INSIDE),
    ("operations", ("resolved",), "low", "incident_resolved", INSIDE),
    ("customers", BEGINS, "high", "customer_service_alert", FELT),
    ("customers", ("update_due",), "high", "customer_service_update", {}),
    ("customers", ("resolved",), "high", "customer_service_resolved", {}),
    ("partners", BEGINS, "high", "customer_service_alert",
     FELT | {"at_least": "P1", "second_person": True}),
    ("partners", ("resolved",), "high", "customer_service_resolved", {"second_person": True}),
    ("vendors", ("opened",), "high", "vendor_request", {"at_least": "P1"}),
]  # fmt: skip

SERVICES = {
    "partners": ("api", "withdrawals", "deposits"),
    "vendors": ("network", "database", "tronlink", "energy"),
}


def messages() -> None:
    """Beside the groups they are for; an administrator's changes stay."""
    if not Planted.objects.first_time("messages") or MessageTemplate.objects.exists():
        return
    MessageTemplate.objects.bulk_create(MessageTemplate(**fields) for fields in TEMPLATES)
    templates = MessageTemplate.objects.in_bulk(field_name="slug")
    groups = StakeholderGroup.objects.in_bulk(field_name="slug")
    for group, events, urgency, template, more in RULES:
        if group in groups:
            rule = StakeholderRule.objects.create(
                group=groups[group], events=list(events), urgency=urgency,
                template=templates[template], **more,
            )  # fmt: skip
            rule.services.set(Service.objects.filter(slug__in=SERVICES.get(group, ())))
