"""SQL of the cases an officer holds, moves, places kept, the gate's answers and review lists."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, SQLModel, col, select

from qa_service.caseload.tables import CaseloadReviewCase, Move, MoveStatus, PlaceKept
from qa_service.cases.tables import CaseExclusion
from rubrics import Level

OPEN = (MoveStatus.PROPOSED, MoveStatus.LEVEL_CONFIRMED, MoveStatus.ACCEPTED)

_LATEST = text(
    """
    SELECT DISTINCT ON (a.case_id) a.case_id, a.overall_derived AS level, a.completed_at,
      coalesce((SELECT n.score_rate FROM approved_review_now n WHERE n.assessment_id = a.id),
        (SELECT f.score_rate FROM approved_flag f WHERE f.assessment_id = a.id)) AS score_rate
    FROM assessment a WHERE a.case_id = ANY(:cases) AND a.completed_at IS NOT NULL
    ORDER BY a.case_id, a.completed_at DESC, a.id DESC
    """
)


@dataclass(frozen=True)
class LatestAssessment:
    """The last level of a case, when it was assessed, and its score: what came since included where known."""

    case_id: int
    level: Level | None
    completed_at: datetime
    score_rate: float | None


def insert(session: Session, rows: Iterable[SQLModel]) -> None:
    """Insert rows and give them their keys."""
    session.add_all(rows)
    session.flush()


def list_latest_assessments(session: Session, cases: Collection[int]) -> dict[int, LatestAssessment]:
    """Map cases to their last completed assessment."""
    rows = session.connection().execute(_LATEST, {"cases": list(cases)})
    return {
        row["case_id"]: LatestAssessment(**row | {"level": Level(row["level"]) if row["level"] else None})
        for row in (dict(mapping) for mapping in rows.mappings())
    }


def list_exclusions(session: Session, cases: Collection[int]) -> dict[int, frozenset[int]]:
    """Map cases to the people who must not hold them."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in session.exec(select(CaseExclusion).where(col(CaseExclusion.case_id).in_(cases))):
        found[row.case_id].add(row.person_id)
    return {case: frozenset(people) for case, people in found.items()}


def list_moves_of_cut(session: Session, cut_id: int) -> list[Move]:
    """List a cut's moves, ended ones too."""
    return list(session.exec(select(Move).where(Move.cut_id == cut_id).order_by(col(Move.id))))


def list_cases_on_the_move(session: Session, cases: Collection[int]) -> set[int]:
    """List which of some cases have an open move."""
    return set(
        session.exec(select(Move.case_id).where(col(Move.case_id).in_(cases), col(Move.status).in_(OPEN)))
    )


def lock_move(session: Session, move_id: int) -> Move | None:
    """Lock a move as it is now."""
    statement = select(Move).where(Move.id == move_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def find_move_of_level_check(session: Session, check_id: int) -> Move | None:
    """Lock the move that an SPO's own read of a level belongs to."""
    return session.exec(select(Move).where(Move.level_check_id == check_id).with_for_update()).one_or_none()


def find_place(session: Session, person_id: int, crn: str, at: datetime) -> PlaceKept | None:
    """Find the place that an officer keeps for a case."""
    return session.exec(
        select(PlaceKept).where(
            PlaceKept.person_id == person_id, PlaceKept.crn == crn, PlaceKept.expires_at > at
        )
    ).one_or_none()


def lock_review_case(session: Session, row_id: int) -> CaseloadReviewCase | None:
    """Lock one case of a caseload review."""
    statement = select(CaseloadReviewCase).where(CaseloadReviewCase.id == row_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def list_review_cases(session: Session, verdict_id: int) -> list[CaseloadReviewCase]:
    """List the caseload review of a fail in its order."""
    return list(
        session.exec(
            select(CaseloadReviewCase)
            .where(CaseloadReviewCase.verdict_id == verdict_id)
            .order_by(col(CaseloadReviewCase.rank))
        )
    )
