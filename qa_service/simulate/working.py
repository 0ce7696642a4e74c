"""Simulated people at work: readers empty the pool, moderators settle splits, as a click would."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlmodel import Session

from qa_service.cases import service as cases
from qa_service.core.clock import Clock
from qa_service.core.db import SYSTEM, transaction
from qa_service.core.ids import ReferenceSource
from qa_service.reviews import documents
from qa_service.reviews import service as reviews
from qa_service.reviews.schemas import LineChoice, SettledAnswers
from qa_service.reviews.tables import Moderation, Review
from qa_service.rounds import service as rounds
from qa_service.rounds.tables import Check
from qa_service.simulate.readers import SimulatedReader
from qa_service.simulate.truth import Truth, Truths
from qa_service.workflows.finalise_check import settle_moderation, submit_read
from qa_service.workflows.lock_own_judgement import lock_own_judgement
from rubrics import Definition, load


@dataclass
class Desk:
    """What simulated people work with."""

    engine: Engine
    clock: Clock
    references: ReferenceSource
    truths: Truths
    definition: Definition = field(default_factory=lambda: load("rosh", "1"))

    def truth_of(self, session: Session, check: Check) -> Truth:
        """Return the truth of the assessment a check pins."""
        return self.truths[cases.assessment(session, check.assessment_id).outside_id]


def empty_pool(desk: Desk, readers: Sequence[SimulatedReader], *, most: int) -> int:
    """Let the readers take turns until the pool is empty or `most` reads are done; return how many."""
    n_done = 0
    idle = 0
    while n_done < most and idle < len(readers):
        reader = readers[(n_done + idle) % len(readers)]
        if read_next(desk, reader):
            n_done += 1
            idle = 0
        else:
            idle += 1
    return n_done


def read_next(desk: Desk, reader: SimulatedReader) -> bool:
    """Claim the next read and take it through its four stages; False when there is none for this reader."""
    with transaction(desk.engine, SYSTEM) as session:
        review = reviews.claim_next(session, reader_id=reader.user_id, at=desk.clock.now())
        if review is None:
            return False
        _read(desk, session, reader, review)
    return True


def _read(desk: Desk, session: Session, reader: SimulatedReader, review: Review) -> None:
    at = desk.clock.now()
    check = rounds.check_by_id(session, review.check_id)
    truth = desk.truth_of(session, check)
    assessed = cases.grid_of(cases.assessment(session, check.assessment_id))
    me, ref = reader.user_id, review.reference
    reviews.open_read(session, ref, reader_id=me, at=at)
    if reader.chance(check.reference, "contaminated") < reader.errors.contaminated_rate:
        reviews.mark_contaminated(session, ref, reader_id=me, at=at)
    judgement = reader.judge(check.reference, truth, assessed)
    lock_own_judgement(session, ref, judgement, reader_id=me, at=at, references=desk.references)
    is_worried = reader.chance(check.reference, "worry") < reader.errors.worried_when_exposed_rate
    if judgement.is_somebody_exposed and is_worried:
        reviews.raise_worry(
            session, ref, "Somebody at the address may be at risk today.", reader_id=me, at=at
        )
    quality = reader.answer(check.reference, truth, desk.definition, 2)
    reviews.lock_quality(session, ref, quality, reader_id=me, at=at)
    submit_read(
        session,
        ref,
        reader.answer(check.reference, truth, desk.definition, 3),
        reader_id=me,
        at=at,
        submission_key=f"simulated-{ref}",
        references=desk.references,
    )
    reviews.answer_flag(
        session, ref, changes_view=False, reason="The record decides it.", reader_id=me, at=at
    )


def settle_splits(desk: Desk, moderators: Sequence[SimulatedReader]) -> int:
    """Let the moderators take turns until nothing is split; return how many they settled."""
    n_settled = 0
    idle = 0
    while idle < len(moderators):
        moderator = moderators[(n_settled + idle) % len(moderators)]
        with transaction(desk.engine, SYSTEM) as session:
            taken = reviews.take_moderation(session, moderator_id=moderator.user_id, at=desk.clock.now())
            if taken is not None:
                _settle(desk, session, moderator, taken)
        n_settled += taken is not None
        idle = 0 if taken is not None else idle + 1
    return n_settled


def _settle(desk: Desk, session: Session, moderator: SimulatedReader, moderation: Moderation) -> None:
    check = rounds.check_by_id(session, moderation.check_id)
    truth = desk.truth_of(session, check)
    first = next(read for read in reviews.reads_of_check(session, moderation.check_id) if read.outcome)
    receipt = reviews.receipt(session, first.reference, reader_id=first.reader_id or 0)
    answers = documents.answers_of(receipt.answers if receipt else {})
    settled = SettledAnswers(
        grid=truth.grid,
        is_somebody_exposed=truth.is_somebody_exposed,
        answers=answers,
        choices={item: LineChoice("a", "The record supports Reviewer A.") for item in answers},
        colleague_would_have="yes" if moderator.chance(check.reference, "colleague") < 0.5 else "no",
        reasons=truth.why or "The record bears this out.",
    )
    settle_moderation(
        session,
        moderation.reference,
        settled,
        moderator_id=moderator.user_id,
        at=desk.clock.now(),
        references=desk.references,
    )
