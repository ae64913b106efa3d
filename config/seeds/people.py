"""The manual's response teams; addresses lead to the sandbox until real people take their places."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Someone:
    username: str
    name: str
    title: str
    role: str
    phone: str
    slack: str
    language: str = "ko"


PEOPLE = [
    Someone("ceo", "한지원", "CEO", "manager", "+821000000001", "U0000001"),
    Someone("cto", "정유진", "CTO", "manager", "+821000000002", "U0000002"),
    Someone("senior-dev", "김하늘", "Senior developer", "commander", "+821000000003", "U0000003"),
    Someone("devops-lead", "이서준", "DevOps lead", "commander", "+821000000004", "U0000004"),
    Someone("security-lead", "박도윤", "Security lead", "commander", "+821000000005", "U0000005"),
    Someone("tech-lead", "최민재", "Tech lead", "commander", "+821000000006", "U0000006"),
    Someone("dev1", "윤서아", "Developer", "responder", "+821000000007", "U0000007"),
    Someone("dev2", "Daniel Reyes", "Developer", "responder", "+821000000008", "U0000008", "en"),
    Someone("devops", "강시우", "DevOps engineer", "responder", "+821000000009", "U0000009"),
]


@dataclass(frozen=True)
class SomeTeam:
    slug: str
    ko: str
    en: str
    lead: str
    members: tuple[str, ...]
    escalation: str


TEAMS = [
    SomeTeam(
        "p0", "P0 대응팀", "P0 response team", "cto",
        ("senior-dev", "devops-lead", "security-lead"), "ceo",
    ),
    SomeTeam("p1", "P1 대응팀", "P1 response team", "tech-lead", ("dev1", "dev2", "devops"), "cto"),
    SomeTeam("p2", "P2 대응팀", "P2 response team", "tech-lead", (), "tech-lead"),
    SomeTeam("p3", "P3 대응팀", "P3 response team", "dev1", (), "tech-lead"),
]  # fmt: skip


@dataclass(frozen=True)
class SomeRotation:
    """A turn lasts a week, and changes hands on Monday at nine in the morning in Seoul."""

    slug: str
    ko: str
    en: str
    team: str
    people: tuple[str, ...]


ROTATIONS = [
    SomeRotation("first", "1차 당직", "First on call", "p1", ("dev1", "dev2", "devops")),
    SomeRotation("second", "2차 당직", "Second on call", "p0", ("senior-dev", "devops-lead", "security-lead")),
]  # fmt: skip

SERVICES = [
    ("withdrawals", "출금", "Withdrawals", "p0"),
    ("deposits", "입금", "Deposits", "p1"),
    ("wallet", "지갑", "Wallet", "p0"),
    ("api", "API", "API", "p1"),
    ("web", "웹", "Web", "p1"),
    ("database", "데이터베이스", "Database", "p0"),
    ("network", "네트워크", "Network", "p1"),
    ("energy", "에너지", "Energy", "p1"),
    ("tronlink", "TronLink 연동", "TronLink", "p1"),
    ("admin", "관리 콘솔", "Admin console", "p2"),
]
CUSTOMER_FACING = {"withdrawals", "deposits", "wallet", "api", "web", "tronlink"}
DEPENDS_ON = {
    "withdrawals": ["database"],
    "deposits": ["database"],
    "wallet": ["database"],
    "api": ["database"],
    "admin": ["database"],
    "web": ["api"],
}
