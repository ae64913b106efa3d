"""Who does what in an incident."""

from enum import StrEnum


class Role(StrEnum):
    COMMANDER = "commander"
    DEPUTY = "deputy"
    SCRIBE = "scribe"
    COMMUNICATIONS = "communications"
    EXPERT = "expert"
