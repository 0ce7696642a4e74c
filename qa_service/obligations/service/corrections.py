"""The case first: a level that a reader found higher gets an owner and a clock (RULES 3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.core.clock import day_of, due_after_working_days, in_full
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.estate import service as estate
from qa_service.obligations import store
from qa_service.obligations.service.closing import close_obligation
from qa_service.obligations.service.duties import Duty, lock_open, open_obligation
from qa_service.obligations.tables import CorrectionOutcome, LevelCorrection, ObligationKind
from qa_service.outbox import service as outbox
from qa_service.policy.numbers import Policy
from rubrics import GridComparison, Level


@dataclass(frozen=True)
class HigherReading:
    """A read whose overall or any group is above the officer's."""

    check_id: int
    review_id: int
    case_id: int
    team_code: str
    comparison: GridComparison
    is_somebody_exposed: bool


@dataclass(frozen=True)
class Changed:
    """The level was changed, on a date, to a level."""

    to: Level
    on: date


@dataclass(frozen=True)
class Kept:
    """The level was kept, because of something."""

    because: str


def open_level_correction(
    session: Session, reading: HigherReading, *, at: datetime, by: str, policy: Policy
) -> LevelCorrection:
    """Open the correction of a check for the team's SPO; a check has one, whoever reads it again.

    Nothing undoes it: not the verdict, not its attribution, not an appeal. A later reader who finds somebody
    exposed makes it urgent.
    """
    existing = store.find_correction_of_check(session, reading.check_id)
    if existing is not None:
        soon = due_after_working_days(at, policy.clocks_working_days.level_correction_exposed)
        if reading.is_somebody_exposed and existing.outcome is None and not existing.is_somebody_exposed:
            _make_urgent(session, existing, due_at=soon, at=at, by=by)
        return existing
    groups = ", ".join(group.label for group in reading.comparison.groups_under) or "overall"
    duty = _duty(session, reading, groups, at=at, policy=policy)
    obligation = open_obligation(session, duty, at=at, by=by)
    correction = LevelCorrection(
        obligation_id=obligation.id,
        check_id=reading.check_id,
        review_id=reading.review_id,
        case_id=reading.case_id,
        assessed_overall=reading.comparison.assessed_overall,
        reviewed_overall=reading.comparison.reviewed_overall,
        groups=groups,
        is_somebody_exposed=reading.is_somebody_exposed,
        opened_at=at,
    )
    store.insert(session, [correction])
    record(
        session,
        "case:level_correction:opened",
        by=by,
        at=at,
        subjects={"level_correction": correction.id, "check": reading.check_id, "case": reading.case_id},
        payload={
            "assessed": correction.assessed_overall.value,
            "reviewed": correction.reviewed_overall.value,
        },
    )
    outbox.put(
        session,
        "rosh-qa.level-correction.opened",
        about={"levelCorrectionId": str(correction.id)},
        at=at,
        idempotency_key=f"level-correction:{correction.id}",
    )
    return correction


def _duty(session: Session, reading: HigherReading, groups: str, *, at: datetime, policy: Policy) -> Duty:
    clocks = policy.clocks_working_days
    n_days = clocks.level_correction_exposed if reading.is_somebody_exposed else clocks.level_correction
    return Duty(
        ObligationKind.LEVEL_CORRECTION,
        estate.spo_post(session, reading.team_code).id,
        f"Look at this case's level again: a reader found it higher ({groups})",
        due_after_working_days(at, n_days),
        is_urgent=reading.is_somebody_exposed,
        check_id=reading.check_id,
        case_id=reading.case_id,
    )


def _make_urgent(
    session: Session, correction: LevelCorrection, *, due_at: datetime, at: datetime, by: str
) -> None:
    obligation = lock_open(session, correction.obligation_id)
    correction.is_somebody_exposed = True
    obligation.is_urgent = True
    obligation.due_at = min(obligation.due_at, due_at)
    record(
        session,
        "case:level_correction:made_urgent",
        by=by,
        at=at,
        subjects={"level_correction": correction.id, "check": correction.check_id},
        payload={"due_at": obligation.due_at.isoformat()},
    )


def close_level_correction(
    session: Session, correction_id: int, closing: Changed | Kept, *, at: datetime, by: str
) -> LevelCorrection:
    """Close a correction, in one of the only two ways: changed on a date to a level, or kept, because.

    Raises
    ------
    Invalid
        The date is in the future, or no reason is given for keeping the level.
    Conflict
        It is closed already.
    """
    correction = store.lock_correction(session, correction_id)
    if correction is None:
        raise NotFound("There is no such level correction here.", next_step="Start again from your list.")
    if correction.outcome is not None:
        raise Conflict(
            f"This correction was closed already: {correction.outcome.value}.",
            next_step="Nothing is left to do here. Go back to your list.",
        )
    words = _write(correction, closing, day_of(at))
    close_obligation(session, correction.obligation_id, words, at=at, by=by)
    record(
        session,
        f"case:level_correction:{correction.outcome.value if correction.outcome else ''}",
        by=by,
        at=at,
        subjects={"level_correction": correction.id, "case": correction.case_id},
        payload={"decision": words},
    )
    return correction


def _write(correction: LevelCorrection, closing: Changed | Kept, today: date) -> str:
    if isinstance(closing, Changed):
        if closing.on > today:
            raise Invalid(
                "The level cannot have been changed in the future.",
                next_step="Enter the day on which it was changed.",
                faults=(("changed_on", "Enter a day up to today"),),
            )
        correction.outcome = CorrectionOutcome.CHANGED
        correction.changed_to, correction.changed_on = closing.to, closing.on
        return f"Changed on {in_full(closing.on)} to {closing.to.label}"
    if not closing.because.strip():
        raise Invalid(
            "Keeping the level needs its reason.",
            next_step="Say why the level is right as it is.",
            faults=(("kept_reason", "Enter why the level is kept"),),
        )
    correction.outcome, correction.kept_reason = CorrectionOutcome.KEPT, closing.because.strip()
    return f"Kept, because {closing.because.strip()}"[:1000]


def correction_of_check(session: Session, check_id: int) -> LevelCorrection | None:
    """Return the correction that a check opened, if any."""
    return store.find_correction_of_check(session, check_id)


def open_correction_levels(session: Session, case_ids: Collection[int]) -> dict[int, Level]:
    """Return the higher level found in cases whose correction is still open."""
    return {row.case_id: row.reviewed_overall for row in store.list_open_corrections(session, case_ids)}
