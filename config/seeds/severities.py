"""The manual's four severities (M1.1), its escalation matrix (M3.2), and what else follows from them.

The status page shows DOWN from P1 on, DEGRADED below (M8.2).
"""

from datetime import timedelta
from typing import Any

SEVERITIES: dict[str, dict[str, Any]] = {
    "P0": {
        "name_ko": "치명적",
        "name_en": "Critical",
        "meaning_ko": "전체 서비스 중단, 데이터 손실, 보안 침해",
        "meaning_en": "Whole service down, data loss, security breach",
        "examples_ko": "전체 시스템 다운\n대량 자금 손실\n데이터베이스 손상\n보안 침해 사고",
        "examples_en": "Full outage\nMass loss of funds\nDatabase corruption\nSecurity breach",
        "respond_within": timedelta(minutes=15),
        "resolve_within": timedelta(hours=2),
        "channels": ["voice", "sms", "slack", "email"],
        "assembles": True,
        "required_roles": ["commander", "deputy", "scribe", "communications"],
        "update_every": timedelta(minutes=30),
        "public_impact": "major_outage",
        "postmortem_due": timedelta(days=3),
    },
    "P1": {
        "name_ko": "높음",
        "name_en": "High",
        "meaning_ko": "핵심 기능 장애, 다수 사용자 영향",
        "meaning_en": "Core function failing, many users",
        "examples_ko": "출금 기능 중단\nAPI 응답 시간 지연\n에너지 풀 고갈\nTronLink 연동 실패",
        "examples_en": (
            "Withdrawals stopped\nAPI latency\nEnergy pool exhausted\nTronLink integration failing"
        ),
        "respond_within": timedelta(minutes=30),
        "resolve_within": timedelta(hours=4),
        "channels": ["sms", "slack", "email"],
        "assembles": True,
        "required_roles": ["commander", "communications"],
        "update_every": timedelta(hours=1),
        "public_impact": "major_outage",
        "postmortem_due": timedelta(days=5),
    },
    "P2": {
        "name_ko": "보통",
        "name_en": "Moderate",
        "meaning_ko": "부분적 기능 저하, 일부 사용자 영향",
        "meaning_en": "Part degraded, some users",
        "respond_within": timedelta(hours=2),
        "resolve_within": timedelta(hours=24),
        "channels": ["slack", "email"],
        "required_roles": ["commander"],
        "tells_leaders": True,
        "update_every": timedelta(hours=4),
        "public_impact": "degraded_performance",
        "postmortem_due": timedelta(days=10),
    },
    "P3": {
        "name_ko": "낮음",
        "name_en": "Low",
        "meaning_ko": "성능 저하, 사소한 기능 이상",
        "meaning_en": "Slow or minor fault",
        "respond_within": timedelta(hours=24),
        "resolve_within": timedelta(hours=72),
        "channels": ["email"],
        "public_impact": "degraded_performance",
    },
}
