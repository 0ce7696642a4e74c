"""The roles of RULES 8, and the area that each kind of role is held in."""

from enum import StrEnum


class Role(StrEnum):
    """What a signed-in person may do (RULES 8)."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    MODERATOR = "moderator"
    QUALITY_LEAD = "quality_lead"
    SPO = "spo"
    HEAD_OF_PDU = "head_of_pdu"
    REGIONAL_DIRECTOR = "regional_director"
    NATIONAL_LEAD = "national_lead"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.OFFICER: "Officer",
    Role.REVIEWER: "Reviewer",
    Role.MODERATOR: "Moderator",
    Role.QUALITY_LEAD: "Quality lead",
    Role.SPO: "Senior probation officer",
    Role.HEAD_OF_PDU: "Head of PDU",
    Role.REGIONAL_DIRECTOR: "Regional director",
    Role.NATIONAL_LEAD: "National lead",
    Role.ANALYST: "Analyst",
    Role.ADMINISTRATOR: "Administrator",
}
