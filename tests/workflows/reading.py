"""Reads taken through the workflows, as a click does, for the tests of what follows from them."""

from datetime import datetime

from factories.reviews import HIGH, answers, claimed, judgement, references
from sqlmodel import Session

from qa_service.reviews import service as reviews
from qa_service.workflows.finalise_check import submit_read
from qa_service.workflows.lock_own_judgement import lock_own_judgement
from rubrics import Answer, Grid

# One group above the record and below the high line; the overall level is the officer's.
CHILDREN_MEDIUM = Grid.from_groups(
    {"children": "MEDIUM", "public": "MEDIUM", "known_adult": "MEDIUM", "staff": "LOW"}
)


def lock_1(session: Session, reader_id: int, *, at: datetime, grid=HIGH, exposed: bool = False):
    review = claimed(session, reader_id, at=at)
    return lock_own_judgement(
        session,
        review.reference,
        judgement(grid, exposed=exposed),
        reader_id=reader_id,
        at=at,
        references=references(),
    )


def go_on(
    session: Session,
    reference: str,
    reader_id: int,
    *,
    at: datetime,
    given: dict[str, str] | None = None,
    causes: dict[str, str] | None = None,
):
    """Lock 2 and submit; `causes` are the cause codes of answers given as no or partly."""
    two, three = (_caused(answers(stage), given or {}, causes or {}) for stage in (2, 3))
    reviews.lock_quality(session, reference, two, reader_id=reader_id, at=at)
    return submit(session, reference, three, reader_id, at=at)


def submit(session: Session, reference: str, three: dict[str, Answer], reader_id: int, *, at: datetime):
    return submit_read(
        session,
        reference,
        three,
        reader_id=reader_id,
        at=at,
        submission_key=f"key-{reference}",
        references=references(f"{reference}-{at.isoformat()}"),
    )


def read(session: Session, reader_id: int, *, at: datetime, grid=HIGH, exposed: bool = False, **options):
    locked = lock_1(session, reader_id, at=at, grid=grid, exposed=exposed)
    return go_on(session, locked.review.reference, reader_id, at=at, **options)


def _caused(found: dict[str, Answer], given: dict[str, str], causes: dict[str, str]) -> dict[str, Answer]:
    return {
        item: Answer(given[item], "R10.2", causes.get(item, "officer"), "Not weighed.")
        if item in given
        else answer
        for item, answer in found.items()
    }
