"""Plan, open, seed, pause and close a round; look at it. Drawing is in drawing.py."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.core.clock import day_of
from qa_service.core.errors import Conflict, Invalid, NotFound
from qa_service.core.ids import ReferenceSource
from qa_service.estate import service as estate
from qa_service.policy.numbers import Policy, load_policy
from qa_service.rounds import store
from qa_service.rounds.forecasting import forecast_of
from qa_service.rounds.rules.documents import check_step, design_of, seed_parts_of, seed_plan_of
from qa_service.rounds.rules.frame import (
    CaseFacts,
    FrozenFrame,
    OfficerFacts,
    build_frame,
    cadences_of,
    cases_to_draw,
    decide_who_is_due,
)
from qa_service.rounds.rules.targeting import chances_of, uses_scores
from qa_service.rounds.tables import Check, CheckStatus, Round, RoundExclusion, RoundKind, RoundStatus
from sampling import SamplingError, combine_seed, commitment_digest, window_on

T = TypeVar("T")

# One case of each officer's, by lowest ticket: what was announced.
ONE_PER_OFFICER: Mapping[str, Any] = {"arms": [{"kind": "per_officer", "k": 1}]}


@dataclass(frozen=True)
class RoundPlan:
    """What a quality lead decides before a round: where, how it draws, and how the seed will be made."""

    area_kind: str
    area_code: str
    rubric_version: str
    policy_version: str
    seed_plan: Mapping[str, Any]
    design: Mapping[str, Any] = field(default_factory=lambda: ONE_PER_OFFICER)


def pdu_codes_of(session: Session, area_kind: str, area_code: str) -> list[str]:
    """Return the PDUs of an area."""
    if area_kind == "pdu":
        return [estate.find_pdu(session, area_code).code]
    if area_kind == "region":
        found = [pdu.code for pdu in estate.pdus(session, area_code)]
    elif area_kind == "national":
        found = [pdu.code for pdu in estate.pdus(session)]
    else:
        raise Invalid(f"There is no kind of area {area_kind!r}.", next_step="Use pdu, region or national.")
    if not found:
        raise NotFound(
            f"The {area_kind} {area_code} has no PDU.", next_step="Load the estate of that area first."
        )
    return found


def plan_round(session: Session, plan: RoundPlan, *, by: str, at: datetime) -> Round:
    """Plan a round for an area and the window that holds today, once, with its forecast."""
    policy = load_policy(plan.policy_version)
    design = design_of(plan.design)
    announced = seed_plan_of(plan.seed_plan)
    today = day_of(at)
    pdus = pdu_codes_of(session, plan.area_kind, plan.area_code)
    region = "default" if plan.area_kind == "national" else estate.region_of_pdu(session, pdus[0]).code
    cadence = cadences_of(policy, [region])[region]
    window = window_on(cadence, today)
    reference = f"{plan.area_code}-{window.starts_on:%Y%m}-{window.ends_on:%Y%m}"
    if store.find_round(session, reference) is not None:
        raise Conflict(
            f"The round {reference} is already planned.",
            next_step="Open that round, or wait for the next window.",
        )
    officers = store.list_officers(session, pdus, today)
    drawable = _list_drawable(session, officers, today, at, policy)
    forecast = forecast_of(session, design, drawable, store.room_points(session, pdus, today), policy)
    planned = Round(
        reference=reference,
        kind=RoundKind.SPOT_CHECK,
        area_kind=plan.area_kind,
        area_code=plan.area_code,
        cadence="annual" if cadence.months == 12 else "six_monthly",
        window_from_on=window.starts_on,
        window_to_on=window.ends_on,
        status=RoundStatus.PLANNED,
        rubric_version=plan.rubric_version,
        policy_version=plan.policy_version,
        design=dict(plan.design),
        forecast=forecast,
        seed_plan=announced.describe(),
        planned_by=by,
        planned_at=at,
    )
    session.add(planned)
    session.flush()
    record(
        session,
        "round:round:planned",
        by=by,
        at=at,
        subjects={"round": planned.id},
        payload={"reference": reference, "n_due": forecast["n_checks"], "seed_plan": announced.describe()},
    )
    return planned


def _list_drawable(
    session: Session, officers: Sequence[OfficerFacts], on: date, at: datetime, policy: Policy
) -> list[CaseFacts]:
    """List the cases that can be drawn of the officers who are due; so many officers, so many checks."""
    due = [key for key, decision in decide_who_is_due(officers, on, policy).items() if decision.is_due]
    return cases_to_draw(store.list_cases(session, due, on, at), officers, on, policy)


def open_round(
    session: Session, reference: str, *, by: str, at: datetime, references: ReferenceSource
) -> FrozenFrame:
    """Freeze the frame: everybody due and every case of theirs, or the reason why not; digests to publish."""
    found = lock_round(session, reference)
    check_step(found.status.value, RoundStatus.OPEN.value)
    policy = load_policy(found.policy_version)
    today = day_of(at)
    officers = store.list_officers(session, pdu_codes_of(session, found.area_kind, found.area_code), today)
    cases = store.list_cases(session, [facts.person_id for facts in officers], today, at)
    design = design_of(found.design)
    frozen = build_frame(
        found.reference,
        officers,
        cases,
        on=today,
        policy=policy,
        new_pseudonym=references.make,
        with_scores=uses_scores(design),
    )
    if not frozen.units:
        raise Invalid(
            f"Nobody can be drawn in the round {reference}.",
            next_step="Look at the reasons on the round's page; load assessments or wait for the window.",
        )
    chances = chances_of(design, frozen.frame, policy.flags.least_unflagged_share)
    found.frame_digest = frozen.frame.digest
    found.commitment_digest = commitment_digest(frozen.frame, design, seed_plan_of(found.seed_plan or {}))
    found.frame_frozen_at = at
    found.status = RoundStatus.OPEN
    found.excluded_officers = [[out.officer, out.reason] for out in frozen.frame.exclusions]
    round_id = found.id
    store.insert_units(session, round_id, frozen.units, chances)
    store.insert_exclusions(session, round_id, frozen.left_out)
    record(
        session,
        "round:frame:frozen",
        by=by,
        at=at,
        subjects={"round": found.id},
        payload={
            "frame_digest": found.frame_digest,
            "commitment_digest": found.commitment_digest,
            "n_units": len(frozen.units),
            "n_officers_due": frozen.n_officers_due,
            "n_left_out": len(frozen.left_out),
        },
    )
    return frozen


def seed_round(session: Session, reference: str, parts: Mapping[str, Any], *, by: str, at: datetime) -> Round:
    """Record the public seed: exactly the announced drand round, the dice of two witnesses, or both."""
    found = lock_round(session, reference)
    check_step(found.status.value, RoundStatus.SEEDED.value)
    try:
        drand, dice = seed_parts_of(parts)
        seed = combine_seed(seed_plan_of(found.seed_plan or {}), drand=drand, dice=dice)
    except (SamplingError, TypeError) as error:
        raise Invalid(
            f"The seed was not recorded: {error}.", next_step="Correct it and send it again."
        ) from error
    found.seed = {
        "value": seed.value,
        "drand": vars(seed.drand) if seed.drand else None,
        "dice": [vars(reading) for reading in seed.dice],
    }
    found.seeded_at = at
    found.status = RoundStatus.SEEDED
    record(session, "round:seed:recorded", by=by, at=at, subjects={"round": found.id}, payload=found.seed)
    return found


def begin_review(session: Session, reference: str, *, by: str, at: datetime) -> Round:
    """Let reviewers start, after the draw or after a pause."""
    return _change_status(session, reference, RoundStatus.IN_REVIEW, None, by=by, at=at)


def pause_round(session: Session, reference: str, reason: str, *, by: str, at: datetime) -> Round:
    """Pause a round for the lead's decision (RULES 6)."""
    return _change_status(session, reference, RoundStatus.PAUSED, reason, by=by, at=at)


def close_round(session: Session, reference: str, *, by: str, at: datetime) -> Round:
    """Close a round in which every check is final, substituted or void."""
    found = lock_round(session, reference)
    counts = count_by_status(session, [found])
    n_open = sum(
        n
        for (_, status), n in counts.items()
        if status not in {CheckStatus.FINAL, CheckStatus.SUBSTITUTED, CheckStatus.VOID}
    )
    if n_open:
        raise Conflict(
            f"The round {reference} still has {n_open} open checks.",
            next_step="Finish, substitute or void them; the round's page lists them.",
        )
    closed = _change_status(session, reference, RoundStatus.CLOSED, None, by=by, at=at)
    closed.closed_at = at
    return closed


def _change_status(
    session: Session, reference: str, status: RoundStatus, reason: str | None, *, by: str, at: datetime
) -> Round:
    found = lock_round(session, reference)
    check_step(found.status.value, status.value)
    if status is RoundStatus.PAUSED and not (reason or "").strip():
        raise Invalid("A pause needs its reason.", next_step="Say why in one sentence.")
    found.status = status
    found.status_reason = reason
    record(
        session,
        f"round:round:{status.value}",
        by=by,
        at=at,
        subjects={"round": found.id},
        payload={"reason": reason},
    )
    return found


def lock_round(session: Session, reference: str) -> Round:
    """Lock a round, or say that there is none."""
    return _there(store.lock_round(session, reference), f"round {reference}")


def find_round(session: Session, reference: str) -> Round:
    """Return a round, or say that there is none."""
    return _there(store.find_round(session, reference), f"round {reference}")


def rounds(session: Session, area_codes: Collection[str] | None = None) -> list[Round]:
    """Return rounds, newest first."""
    return store.list_rounds(session, area_codes)


def exclusions(session: Session, found: Round) -> list[RoundExclusion]:
    """Return who and what was left out of a round, with reasons."""
    return store.list_exclusions(session, found.id)


def find_check(session: Session, reference: str) -> Check:
    """Return a check, or say that there is none."""
    return _there(store.find_check(session, reference), "such check")


def check_by_id(session: Session, check_id: int) -> Check:
    """Return a check by key."""
    return _there(store.get_check(session, check_id), "such check")


def lock_check(session: Session, check_id: int) -> Check:
    """Take the row lock under which a check's outcome is decided."""
    return _there(store.lock_check(session, check_id), "such check")


def checks(session: Session, found: Round) -> list[Check]:
    """Return a round's checks in the order they were drawn."""
    return store.list_checks(session, found.id)


def checks_answered_without_a_record(session: Session) -> list[int]:
    """Return the open checks whose duty to find a record is over."""
    return store.list_answered_without_a_record(session)


def count_by_status(session: Session, found: Sequence[Round]) -> dict[tuple[int, CheckStatus], int]:
    """Count checks by (round id, status)."""
    return store.count_by_status(session, [one.id for one in found])


def _there(found: T | None, what: str) -> T:
    if found is None:
        raise NotFound(f"There is no {what}.", next_step="Look at the list of rounds for the right name.")
    return found
