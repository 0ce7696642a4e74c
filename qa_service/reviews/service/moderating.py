"""A third person settles what two readers, or a reader and the officer, see differently (RULES 2)."""

from datetime import datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.cases import service as cases
from qa_service.core.clock import day_of, due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qa_service.core.ids import ReferenceSource
from qa_service.policy.numbers import Policy
from qa_service.reviews import documents
from qa_service.reviews.rules import Outcome
from qa_service.reviews.schemas import SettledAnswers, SettledCheck
from qa_service.reviews.service.deciding import decide_card
from qa_service.reviews.statuses import ModerationReason, ModerationStatus
from qa_service.reviews.store import claims, outcomes, reads
from qa_service.reviews.tables import Moderation
from qa_service.rounds.tables import Check, CheckStatus
from rubrics import Scorecard, load, score

COLLEAGUE_ANSWERS = ("yes", "no", "cannot_tell")
CHOICES = ("a", "b", "other")


def open_moderation(
    session: Session,
    check: Check,
    *,
    reason: ModerationReason,
    at: datetime,
    policy: Policy,
    references: ReferenceSource,
    is_urgent: bool = False,
) -> Moderation:
    """Ask for a moderator; a check has one moderation, however often it is asked for."""
    with seeing_everything(session):
        existing = outcomes.find_moderation_of_check(session, check.id)
        if existing is not None:
            return existing
        clocks = policy.clocks_working_days
        n_days = clocks.moderation_urgent if is_urgent or check.is_urgent else clocks.moderation
        moderation = Moderation(
            reference=references.make(),
            check_id=check.id,
            status=ModerationStatus.OPEN,
            reason=reason.value,
            opened_at=at,
            due_at=due_after_working_days(at, n_days),
        )
        reads.insert(session, moderation)
        check.status = CheckStatus.IN_MODERATION
        subjects = {"moderation": moderation.id, "check": check.id}
        record(session, "check:moderation:opened", by="job:verdict", at=at, subjects=subjects)
        return moderation


def take_moderation(session: Session, *, moderator_id: int, at: datetime) -> Moderation | None:
    """Give a moderator the next split read: never one they read, nor one they may not judge (RULES 8)."""
    with seeing_everything(session):
        taken = outcomes.find_open_moderation(session, moderator_id)
        if taken is not None:
            return taken
        user = claims.find_user(session, moderator_id)
        if user is None or not user.is_active:
            raise NotAllowed("This account moderates nothing.", next_step="Ask your quality lead.")
        facts = claims.facts_of_reader(session, user, day_of(at), at)
        found = claims.lock_next_moderation(session, moderator_id, facts)
        if found is None:
            return None
        moderation = outcomes.get_moderation(session, found)
        moderation.moderator_id = moderator_id
        session.flush()
        subjects = {"moderation": moderation.id, "check": moderation.check_id}
        record(session, "check:moderation:taken", by=f"user:{moderator_id}", at=at, subjects=subjects)
        return moderation


def lock_own_moderation(session: Session, reference: str, *, moderator_id: int) -> tuple[Moderation, Check]:
    """Lock a moderator's own moderation and its check (check first); another's does not exist for them."""
    found = outcomes.find_moderation(session, reference)
    if found is None or found.moderator_id != moderator_id:
        raise NotFound("There is no such moderation here.", next_step="Start again from your own list.")
    check = reads.lock_check(session, found.check_id)
    return outcomes.lock_moderation(session, found.id), check


def decide_moderation(
    session: Session, reference: str, settled: SettledAnswers, *, moderator_id: int, at: datetime
) -> SettledCheck:
    """Settle a check line by line; the settled answers are scored like a read.

    The same decision sent again gets the same result; a different one is a conflict.
    """
    with seeing_everything(session):
        moderation, check = lock_own_moderation(session, reference, moderator_id=moderator_id)
        _check_settled(settled)
        is_replay = moderation.status is ModerationStatus.DECIDED
        if is_replay and moderation.answers != documents.answers_to_document(settled.answers):
            raise Conflict("This is decided already.", next_step="Open it again to see the decision.")
        card = _score(session, check, settled)
        decision = decide_card(check, card, is_somebody_exposed=settled.is_somebody_exposed)
        if not is_replay:
            _keep(moderation, settled)
            moderation.decision = documents.decision_to_document(decision)
            moderation.decided_at = at
            session.flush()
            subjects = {"moderation": moderation.id, "check": check.id}
            record(session, "check:moderation:decided", by=f"user:{moderator_id}", at=at, subjects=subjects)
        outcome = Outcome.of(decision, card.comparison, check.rubric_version)
        return SettledCheck(moderation, check, card, outcome, is_replay)


def _check_settled(settled: SettledAnswers) -> None:
    faults = [
        (f"{line}_choice", f"{line}: choose Reviewer A's answer, Reviewer B's or your own.")
        for line, choice in settled.choices.items()
        if choice.chosen not in CHOICES
    ]
    faults += [
        (f"{line}_choice_reason", f"{line}: say why, in one line.")
        for line, choice in settled.choices.items()
        if choice.chosen in CHOICES and not choice.reason.strip()
    ]
    if settled.colleague_would_have not in COLLEAGUE_ANSWERS:
        message = "Answer whether a colleague with this load and this record would have done the same."
        faults.append(("colleague_would_have", message))
    if not settled.reasons.strip():
        faults.append(("reasons", "Give the reasons for your decision."))
    if faults:
        raise Invalid(
            f"{len(faults)} parts of the decision are missing.",
            next_step="Put these right and send it again; everything else is kept.",
            faults=tuple(faults),
        )


def _score(session: Session, check: Check, settled: SettledAnswers) -> Scorecard:
    assessed = cases.grid_of(cases.assessment(session, check.assessment_id))
    return score(load("rosh", check.rubric_version), settled.answers, assessed, settled.grid)


def _keep(moderation: Moderation, settled: SettledAnswers) -> None:
    moderation.status = ModerationStatus.DECIDED
    moderation.own_grid = settled.grid.to_record()
    moderation.is_somebody_exposed = settled.is_somebody_exposed
    moderation.answers = documents.answers_to_document(settled.answers)
    moderation.choices = {
        line: {"chosen": choice.chosen, "reason": choice.reason} for line, choice in settled.choices.items()
    }
    moderation.colleague_would_have = settled.colleague_would_have
    moderation.reasons = settled.reasons
