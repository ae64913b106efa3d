from statuspage.models.interval import Interval, Source
from statuspage.models.ledger import Correction, Entry
from statuspage.models.mailing import Batch, Deferred, Foretold, Mailing
from statuspage.models.measure import Measure
from statuspage.models.notice import (
    Affected,
    ImpactName,
    KindName,
    Notice,
    PhaseName,
    Update,
)
from statuspage.models.page import Component, Group, Page, StateName
from statuspage.models.prepared import Prepared
from statuspage.models.publication import Change
from statuspage.models.rating import Rating
from statuspage.models.subscriber import (
    Asking,
    Least,
    LetterName,
    Shape,
    Standing,
    Subscriber,
    SubscriberQuerySet,
    Touched,
    Way,
)

__all__ = [
    "Affected",
    "Asking",
    "Batch",
    "Change",
    "Component",
    "Correction",
    "Deferred",
    "Entry",
    "Foretold",
    "Group",
    "ImpactName",
    "Interval",
    "KindName",
    "Least",
    "LetterName",
    "Mailing",
    "Measure",
    "Notice",
    "Page",
    "PhaseName",
    "Prepared",
    "Rating",
    "Shape",
    "Source",
    "Standing",
    "StateName",
    "Subscriber",
    "SubscriberQuerySet",
    "Touched",
    "Update",
    "Way",
]
