"""The demo's invented people who can sign in, each with a sentence about what they see."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.auth import service as auth
from qa_service.auth.roles import Role
from qa_service.auth.service import Grant, NewAccount
from qa_service.demo import setting

BY = "cli"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody a visitor can sign in as."""

    user_name: str
    name: str
    description: str


def add_account(
    session: Session,
    user_name: str,
    name: str,
    grants: tuple[Grant, ...],
    *,
    at: datetime,
    person_id: int | None = None,
) -> int:
    """Make an account nobody knows the password of, or return the one that is there."""
    existing = auth.find_user(session, user_name)
    if existing is not None:
        return existing.id
    account = NewAccount(user_name, secrets.token_urlsafe(24), name, person_id=person_id)
    user = auth.create_user(session, account, at=at, by=BY)
    for grant in grants:
        auth.grant_role(session, user.id, grant, at=at, by=BY)
    return user.id


def add_quality_team(session: Session, *, at: datetime) -> tuple[dict[str, int], dict[str, int]]:
    """Make the lead, the readers of both regions and the moderators; return the last two by name."""
    here = setting.REGION_CODE
    add_account(session, "lead", "Maya Okafor", (Grant(Role.QUALITY_LEAD, region_code=here),), at=at)
    readers = {
        f"reader{number}.{region.lower()}": add_account(
            session,
            f"reader{number}.{region.lower()}",
            f"Reader {number}, {region}",
            (Grant(Role.REVIEWER, region_code=region),),
            at=at,
        )
        for region, n in setting.N_READERS.items()
        for number in range(1, n + 1)
    }
    moderators = {
        f"moderator{number}": add_account(
            session,
            f"moderator{number}",
            f"Moderator {number}",
            (Grant(Role.MODERATOR, region_code=setting.OTHER_REGION_CODE),),
            at=at,
        )
        for number in range(1, setting.N_MODERATORS + 1)
    }
    # A moderator who also reads: the expert who reads a random few finals again.
    both = tuple(
        Grant(role, region_code=setting.OTHER_REGION_CODE) for role in (Role.REVIEWER, Role.MODERATOR)
    )
    readers["expert"] = add_account(session, "expert", "Expert reader", both, at=at)
    # One reader for a visitor to try; the simulated ones leave a read for them.
    add_account(session, "reviewer", "Priya Nair", (Grant(Role.REVIEWER, region_code=here),), at=at)
    return readers, moderators
