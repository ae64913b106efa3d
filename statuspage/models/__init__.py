from statuspage.models.notice import (
    Affected,
    ImpactName,
    Interval,
    IntervalQuerySet,
    KindName,
    Notice,
    NoticeQuerySet,
    PhaseName,
    Source,
    Update,
)
from statuspage.models.page import Component, Group, Page, StateName
from statuspage.models.publication import Change

__all__ = [
    "Affected",
    "Change",
    "Component",
    "Group",
    "ImpactName",
    "Interval",
    "IntervalQuerySet",
    "KindName",
    "Notice",
    "NoticeQuerySet",
    "Page",
    "PhaseName",
    "Source",
    "StateName",
    "Update",
]
