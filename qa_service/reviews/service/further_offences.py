"""Serious further offences: the last check of the case is read again, blind, in another region."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.cases import service as cases
from qa_service.core.clock import day_of, end_of_day, in_full
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.core.ids import ReferenceSource
from qa_service.policy.numbers import load_policy
from qa_service.reviews.service.wanting import want_reads
from qa_service.reviews.statuses import ReadKind, ReviewStatus
from qa_service.reviews.store import further_offences as store
from qa_service.reviews.store import reads
from qa_service.reviews.tables import SeriousFurtherOffence


@dataclass(frozen=True)
class Notification:
    """What the quality lead enters; a day is empty where what was typed is no day."""

    crn: str
    occurred_on: date | None
    notified_on: date | None


@dataclass(frozen=True)
class Enterable:
    """A notification without a fault."""

    case_id: int
    crn: str
    occurred_on: date
    notified_on: date


def must_be_enterable(session: Session, notification: Notification, *, at: datetime) -> Enterable:
    """Return a notification about a case that whoever asks may see; every fault is named at once.

    Raises
    ------
    Invalid
        No such case in scope, a day that is missing or impossible, or one that was entered already.
    """
    crn = notification.crn.strip().upper()
    case = cases.case_of_crn(session, crn)
    faults = [] if case else [("crn", "Enter the CRN of a case in your area, such as X123456")]
    today, occurred, notified = day_of(at), notification.occurred_on, notification.notified_on
    if occurred is None or occurred > today:
        faults.append(("occurred_on", "Enter the day of the offence, up to today, such as 27 3 2026"))
    if notified is None or notified > today:
        faults.append(("notified_on", "Enter the day of the notification, up to today, such as 27 3 2026"))
    elif occurred is not None and notified < occurred:
        faults.append(("notified_on", f"Enter a day from {in_full(occurred)}, the day of the offence, on"))
    if case and occurred and store.find_offence(session, case.id, occurred):
        faults.append(("crn", "An offence of this day has been entered for this case already"))
    if faults or case is None or occurred is None or notified is None:
        raise Invalid(
            "The offence cannot be entered like this.", next_step="Put it right.", faults=tuple(faults)
        )
    return Enterable(case.id, crn, occurred, notified)


def enter_further_offence(
    session: Session, notification: Notification, *, at: datetime, by: str, references: ReferenceSource
) -> SeriousFurtherOffence:
    """Enter an offence; the last check of the case before that day, if there is one, is read again blind."""
    entered = must_be_enterable(session, notification, at=at)
    with seeing_everything(session):
        case = cases.find_case(session, entered.case_id)
        before = end_of_day(entered.occurred_on - timedelta(days=1))
        check = store.find_last_check(session, entered.case_id, final_before=before)
        offence = reads.insert(
            session,
            SeriousFurtherOffence(
                case_id=entered.case_id,
                occurred_on=entered.occurred_on,
                notified_on=entered.notified_on,
                region_code=case.region_code,
                pdu_code=case.pdu_code,
                check_id=check.id if check else None,
                entered_by=by,
                entered_at=at,
            ),
        )
        subjects = {"offence": offence.id, "case": entered.case_id, "check": offence.check_id}
        record(session, "case:further_offence:entered", by=by, at=at, subjects=subjects)
        want_reads_after_offences(session, at=at, references=references)
    return offence


def withdraw_further_offence(
    session: Session, offence_id: int, *, reason: str, at: datetime, by: str
) -> SeriousFurtherOffence:
    """Take back an offence entered by mistake: it counts no more, and a re-read nobody has begun is dropped.

    A re-read that somebody has begun goes on: what it finds may still protect somebody.

    Raises
    ------
    NotFound
        No such offence in what whoever asks may see.
    Conflict
        It has been withdrawn already.
    """
    offence = store.lock_offence(session, offence_id)
    if offence is None:
        raise NotFound("There is no such offence here.", next_step="Look at the list of offences.")
    if offence.withdrawn_at is not None:
        raise Conflict(
            "This offence has been withdrawn already.", next_step="Look at the list.", code="withdrawn"
        )
    offence.withdrawn_at, offence.withdrawn_reason = at, reason
    session.flush()
    with seeing_everything(session):
        if offence.check_id is not None and not store.has_offence_after(session, offence.check_id):
            for review in store.list_wanted_rereads(session, offence.check_id):
                review.status = ReviewStatus.WITHDRAWN
        subjects = {"offence": offence.id, "case": offence.case_id, "check": offence.check_id}
        record(session, "case:further_offence:withdrawn", by=by, at=at, subjects=subjects)
    return offence


def want_reads_after_offences(session: Session, *, at: datetime, references: ReferenceSource) -> int:
    """Ask for the blind re-reads that are missing, after a contaminated one too; return how many."""
    with seeing_everything(session):
        checks = store.lock_checks_without_a_read(session)
        for check in checks:
            policy = load_policy(check.policy_version)
            want_reads(session, [(check, ReadKind.SFO)], at=at, policy=policy, references=references)
    return len(checks)
