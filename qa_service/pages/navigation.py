"""The frame around a signed-in person's pages: their places in the service, by role."""

from qa_service.auth.roles import Role
from qa_service.auth.service import CurrentUser
from qa_service.pages.render import Link, Shell

# In the order of the navigation: (who sees it, text, address).
PLACES: tuple[tuple[frozenset[Role], str, str], ...] = (
    (frozenset({Role.REVIEWER}), "My reviews", "/reviews"),
    (frozenset({Role.MODERATOR}), "Moderation", "/moderation"),
    (
        frozenset({Role.QUALITY_LEAD, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD}),
        "Rounds",
        "/rounds",
    ),
    (frozenset({Role.QUALITY_LEAD}), "Holds", "/holds"),
    (frozenset({Role.QUALITY_LEAD}), "Further offences", "/further-offences"),
    (frozenset({Role.QUALITY_LEAD}), "Upload", "/upload"),
    (frozenset({Role.QUALITY_LEAD, Role.NATIONAL_LEAD}), "Classifier", "/classifier"),
    (frozenset({Role.OFFICER}), "My feedback", "/my-feedback"),
    (frozenset({Role.OFFICER}), "My workload", "/my-workload"),
    (
        frozenset(
            {Role.QUALITY_LEAD, Role.SPO, Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD}
        ),
        "My duties",
        "/duties",
    ),
    (
        frozenset({Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD, Role.ANALYST}),
        "Rates",
        "/rates",
    ),
    (frozenset({Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD, Role.ANALYST}), "Exports", "/exports"),
    (
        frozenset({Role.SPO, Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD}),
        "Failing checks",
        "/failing-checks",
    ),
    (
        frozenset({Role.SPO, Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD}),
        "Caseload cuts",
        "/cuts",
    ),
    (
        frozenset({Role.SPO, Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD}),
        "Escalations",
        "/escalations",
    ),
    (frozenset({Role.SPO}), "Moves", "/moves"),
    (frozenset({Role.SPO}), "Flagged cases", "/flagged-cases"),
    (frozenset({Role.SPO, Role.HEAD_OF_PDU}), "Can I allocate?", "/gate"),
    (frozenset({Role.ADMINISTRATOR}), "Accounts", "/accounts"),
)


def places_of(user: CurrentUser) -> tuple[Link, ...]:
    """Return the places that somebody's roles open to them."""
    return tuple(Link(text, href) for roles, text, href in PLACES if user.has(*roles))


def shell_of(user: CurrentUser) -> Shell:
    """Return the frame of somebody's pages."""
    return Shell(user_name=user.display_name, navigation=places_of(user), csrf_token=user.csrf_token)
