"""Cases as the rules see them: points, confirmed level, and whatever protects them from moving."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from qa_service.caseload.rules import CaseToPlace, HeldCase, Practitioner, load_placement_policy
from qa_service.caseload.store import moves as store
from qa_service.cases import service as cases
from qa_service.cases.tables import Case
from qa_service.core.clock import day_of
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.policy.numbers import Policy
from rubrics import Level


@dataclass(frozen=True)
class FailedCase:
    """The case of the failed check and the level it was found to have."""

    case_id: int
    level: Level


def cases_to_place(session: Session, found: Sequence[Case], policy: Policy) -> dict[int, CaseToPlace]:
    """Return cases with their last level, or the higher one of an open correction, and their points."""
    keys = [case.id for case in found]
    latest = store.list_latest_assessments(session, keys)
    higher = obligations.open_correction_levels(session, keys)
    excluded = store.list_exclusions(session, keys)
    return {
        key: CaseToPlace(
            case_id=key,
            points=cases.case_points(case, policy.workload),
            level=higher.get(key, latest[key].level if key in latest else None),
            mappa_level=case.mappa_level,
            is_sexual_offence=case.is_sexual_offence,
            excluded_people=excluded.get(key, frozenset()),
        )
        for key, case in zip(keys, found, strict=True)
    }


def held_cases(
    session: Session, officer: Practitioner, failed: FailedCase, *, at: datetime, policy: Policy
) -> list[HeldCase]:
    """Return the cases an officer holds and that are not on the move, with the dates that protect them."""
    codes = estate.staff_codes_of(session, officer.person_id)
    found = cases.cases_held_by(session, codes, day_of(at))
    moving = store.list_cases_on_the_move(session, [case.id for case in found])
    staying = [case for case in found if case.id not in moving]
    to_place = cases_to_place(session, staying, policy)
    return [_held(case, to_place[case.id], officer, failed) for case in staying]


def _held(case: Case, to_place: CaseToPlace, officer: Practitioner, failed: FailedCase) -> HeldCase:
    is_failed = case.id == failed.case_id
    highest = load_placement_policy().highest_level(officer.grade, officer.trainee_months)
    return HeldCase(
        case=to_place,
        started_on=case.started_on,
        released_on=case.released_on,
        release_due_on=case.release_due_on,
        ends_on=case.ends_on,
        next_hearing_on=case.next_hearing_on,
        high_risk_event_on=case.high_risk_event_on,
        is_failed_case=is_failed,
        is_limited_access=case.is_limited_access,
        needs_another_grade=is_failed and failed.level > highest,
    )


def other_cases_by_flag(
    session: Session, person_id: int, but: int, *, levels: Collection[Level], at: datetime
) -> list[int]:
    """Return an officer's other cases of some levels: by flag, then level, then the oldest assessment.

    Where a second score is in force, which also looks at what was recorded since the assessment, by that one.
    """
    codes = estate.staff_codes_of(session, person_id)
    keys = [case.id for case in cases.cases_held_by(session, codes, day_of(at)) if case.id != but]
    latest = [row for row in store.list_latest_assessments(session, keys).values() if row.level in levels]
    latest.sort(
        key=lambda row: (
            -(row.score_rate or 0.0),
            -(row.level.rank if row.level is not None else 0),
            row.completed_at,
            row.case_id,
        )
    )
    return [row.case_id for row in latest]
