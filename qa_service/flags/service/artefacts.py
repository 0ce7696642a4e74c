"""Artefacts: look at them, set one beside that in force, approve or withdraw one by name (RULES 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.auth import service as auth
from qa_service.auth.roles import Role
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qa_service.core.ids import ReferenceSource
from qa_service.flags.store import artefacts as store
from qa_service.flags.store import scores
from qa_service.flags.tables import STANDING, ArtefactStatus, FlagArtefact, ScorePurpose
from qa_service.progress import service as progress
from qa_service.progress.tables import JobRun

REFRESH = "refresh_flags"
SCORE_NEW = "score_new_assessments"
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


def waiting_artefacts(session: Session) -> list[FlagArtefact]:
    """Return what a lead approved and is not in force yet, because some assessments lack its score."""
    return store.list_waiting(session)


def count_missing(session: Session, artefact: FlagArtefact, *, at: datetime) -> int:
    """Count the assessments in use, of the artefact's levels, that lack its score as things are now.

    Limited-access cases count too, whoever asks: what comes into force is used for them as well.
    """
    with seeing_everything(session):
        levels = artefact.provenance.get("levels")
        return scores.count_wanting(session, artefact.digest, levels=levels, at=at)


def count_unscored(session: Session, artefact: FlagArtefact, assessment_ids: Sequence[int]) -> int:
    """Count those of some assessments, of the artefact's levels, that have no score of it."""
    levels = artefact.provenance.get("levels")
    return scores.count_without(session, artefact.digest, assessment_ids, levels=levels)


def expect_approvable(artefact: FlagArtefact) -> None:
    """Refuse what a lead has approved and nobody has put out of force."""
    if artefact.status is ArtefactStatus.APPROVED:
        raise Conflict("This classifier is in force already.", next_step="There is nothing to do.")
    if artefact.status is ArtefactStatus.WAITING:
        raise Conflict(
            "This classifier is approved already.",
            next_step="It comes into force when the worker has scored what it has not.",
        )


def approve(
    session: Session, digest: str, *, user_id: int, reason: str, at: datetime, references: ReferenceSource
) -> FlagArtefact:
    """Approve an artefact in the name of a national lead; an earlier one too, when its successor disappoints.

    It comes into force when nothing in use lacks its score: at once, or when the worker has scored the rest.
    Until then the one before is used, so that no list misses a case. Records `flags:artefact:approved`.
    """
    artefact = _locked(session, digest)
    _expect_reason_of_lead(session, user_id, reason, at=at)
    expect_approvable(artefact)
    for other in store.list_waiting(session):
        if other.purpose is artefact.purpose:
            other.status, other.retired_at = ArtefactStatus.RETIRED, at
    artefact.status, artefact.retired_at = ArtefactStatus.WAITING, None
    artefact.approved_by_id, artefact.approved_at, artefact.approval_reason = user_id, at, reason.strip()
    session.flush()
    before = store.find_approved(session, artefact.purpose)
    told = {"digest": artefact.digest, "before": before.digest if before else None, "reason": reason.strip()}
    by = f"user:{user_id}"
    record(session, "flags:artefact:approved", by=by, at=at, subjects={"user": user_id}, payload=told)
    bring_into_force(session, at=at)
    if artefact.status is ArtefactStatus.WAITING:
        ask_for_missing(session, artefact, at=at, references=references)
    return artefact


def bring_into_force(session: Session, *, at: datetime) -> None:
    """Put in force what was approved and lacks no score; the one of its purpose before is retired.

    Records `flags:artefact:in_force`.
    """
    store.lock_artefacts(session)
    for artefact in store.list_waiting(session):
        if count_missing(session, artefact, at=at):
            continue
        before = store.find_approved(session, artefact.purpose)
        if before is not None:
            before.status, before.retired_at = ArtefactStatus.RETIRED, at
            session.flush()
        artefact.status = ArtefactStatus.APPROVED
        session.flush()
        told = {"digest": artefact.digest, "before": before.digest if before else None}
        by = f"user:{artefact.approved_by_id}"
        record(session, "flags:artefact:in_force", by=by, at=at, subjects={}, payload=told)


def ask_for_missing(
    session: Session, artefact: FlagArtefact, *, at: datetime, references: ReferenceSource
) -> JobRun:
    """Ask, in the name of who approved an artefact, for the scores that it lacks."""
    # In the words of who asks after a load: what both ask for is done once.
    by, arguments = f"user:{artefact.approved_by_id}", {"intake_run": store.newest_load(session)}
    return progress.ask(session, SCORE_NEW, by=by, at=at, references=references, arguments=arguments)


def withdraw(session: Session, digest: str, *, user_id: int, reason: str, at: datetime) -> FlagArtefact:
    """Put an artefact out of force in the name of a national lead, with none in its place.

    Records `flags:artefact:withdrawn`.
    """
    artefact = _locked(session, digest)
    _expect_reason_of_lead(session, user_id, reason, at=at)
    if artefact.status not in STANDING:
        raise Conflict(
            "This classifier is not in force, nor does it wait to be.", next_step="There is nothing to do."
        )
    artefact.status, artefact.retired_at = ArtefactStatus.RETIRED, at
    session.flush()
    told = {"digest": artefact.digest, "reason": reason.strip()}
    by, subjects = f"user:{user_id}", {"user": user_id}
    record(session, "flags:artefact:withdrawn", by=by, at=at, subjects=subjects, payload=told)
    return artefact


def _locked(session: Session, digest: str) -> FlagArtefact:
    """Find an artefact as it is once nobody else changes what is in force."""
    store.lock_artefacts(session)
    artefact = find_artefact(session, digest)
    session.refresh(artefact)
    return artefact


def _expect_reason_of_lead(session: Session, user_id: int, reason: str, *, at: datetime) -> None:
    lead = next((one for one in auth.accounts(session, at=at) if one.id == user_id), None)
    if lead is None or not lead.is_active or Role.NATIONAL_LEAD not in {grant.role for grant in lead.grants}:
        raise NotAllowed(
            "Only a national lead approves or withdraws a classifier.",
            next_step="Ask the national lead to look at it.",
        )
    if not reason.strip():
        raise Invalid("An approval or withdrawal needs its reason.", next_step="Say in a sentence why.")
