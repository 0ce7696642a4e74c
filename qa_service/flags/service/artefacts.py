"""Artefacts: look at them, set a candidate beside the one in force, approve one by name (RULES 8)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.auth import service as auth
from qa_service.auth.roles import Role
from qa_service.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qa_service.core.ids import ReferenceSource
from qa_service.flags.store import artefacts as store
from qa_service.flags.tables import ArtefactStatus, FlagArtefact, ScorePurpose
from qa_service.progress import service as progress

REFRESH = "refresh_flags"
_SHORTEST_DIGEST = 6


@dataclass(frozen=True)
class Comparison:
    """An artefact beside the approved one: of the assessments both scored, how many flags would change."""

    artefact: FlagArtefact
    approved: FlagArtefact | None
    n_both: int
    n_new_flags: int
    n_lost_flags: int


def list_artefacts(session: Session) -> list[FlagArtefact]:
    """Return all artefacts, the latest trained first."""
    return store.list_artefacts(session)


def approved_artefact(session: Session, purpose: ScorePurpose = ScorePurpose.FLAG) -> FlagArtefact | None:
    """Return the artefact in force: that of the flags, unless another purpose is asked about."""
    return store.find_approved(session, purpose)


def find_artefact(session: Session, digest: str | None = None) -> FlagArtefact:
    """Return an artefact by the beginning of its digest; without one, the latest trained for flags."""
    if digest is None:
        found = [row for row in store.list_artefacts(session) if row.purpose is ScorePurpose.FLAG][:1]
    elif len(digest) < _SHORTEST_DIGEST:
        raise Invalid(
            f"{digest!r} is too short for a digest.",
            next_step=f"Give at least {_SHORTEST_DIGEST} characters.",
        )
    else:
        found = store.find_artefacts(session, digest.lower())
    if len(found) != 1:
        raise NotFound(
            "There is no such artefact." if not found else f"More than one artefact begins with {digest}.",
            next_step="Train one with `qa-service flags train`." if not found else "Give more characters.",
        )
    return found[0]


def keep_candidate(session: Session, row: FlagArtefact, *, at: datetime) -> None:
    """Keep what a training made, once; it waits for its approval. Records `flags:artefact:trained`."""
    if store.find_artefacts(session, row.digest):
        return
    store.insert_artefact(session, row)
    payload = {"digest": row.digest, "purpose": row.purpose.value, **row.provenance}
    record(session, "flags:artefact:trained", by=row.trained_by, at=at, subjects={}, payload=payload)


def compare_with_approved(session: Session, digest: str | None = None) -> Comparison:
    """Set an artefact (the latest trained) beside the approved one."""
    artefact = find_artefact(session, digest)
    approved = store.find_approved(session, artefact.purpose)
    if approved is None or approved.digest == artefact.digest:
        return Comparison(artefact, approved, 0, 0, 0)
    return Comparison(artefact, approved, *store.count_changes(session, approved.digest, artefact.digest))


def count_flags(session: Session, digest: str) -> tuple[int, int]:
    """Count what an artefact has scored, and how many of these it flags."""
    return store.count_flags(session, digest)


def newest_load(session: Session) -> int | None:
    """Return the key of the last load that changed something: what came with it may want scores."""
    return store.newest_load(session)


def approve(
    session: Session, digest: str, *, user_id: int, reason: str, at: datetime, references: ReferenceSource
) -> FlagArtefact:
    """Put an artefact in force in the name of a national lead; the one of its purpose before is retired.

    An earlier one may be approved again, when its successor disappoints. Flags that are missing are scored by
    the worker. Records `flags:artefact:approved`.
    """
    store.lock_artefacts(session)
    artefact = find_artefact(session, digest)
    before = store.find_approved(session, artefact.purpose)
    lead = next((one for one in auth.accounts(session, at=at) if one.id == user_id), None)
    if lead is None or not lead.is_active or Role.NATIONAL_LEAD not in {grant.role for grant in lead.grants}:
        raise NotAllowed(
            "Only a national lead approves a classifier.", next_step="Ask the national lead to look at it."
        )
    if not reason.strip():
        raise Invalid("An approval needs its reason.", next_step="Say in a sentence why this one.")
    if before is not None and before.digest == artefact.digest:
        raise Conflict("This classifier is in force already.", next_step="There is nothing to do.")
    if before is not None:
        before.status, before.retired_at = ArtefactStatus.RETIRED, at
        session.flush()
    artefact.status, artefact.retired_at = ArtefactStatus.APPROVED, None
    artefact.approved_by_id, artefact.approved_at, artefact.approval_reason = user_id, at, reason.strip()
    session.flush()
    by = f"user:{user_id}"
    record(
        session,
        "flags:artefact:approved",
        by=by,
        at=at,
        subjects={"user": user_id},
        payload={
            "digest": artefact.digest,
            "before": before.digest if before else None,
            "reason": reason.strip(),
        },
    )
    progress.ask(session, REFRESH, by=by, at=at, references=references)
    return artefact
