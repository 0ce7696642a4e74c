"""Draw a seeded round into checks, replace a spoiled case, draw follow-ups, write the transcript."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from qa_service.audit.record import record
from qa_service.cases import service as cases
from qa_service.core.clock import day_of
from qa_service.core.errors import Conflict, Invalid
from qa_service.core.ids import ReferenceSource
from qa_service.estate import service as estate
from qa_service.policy.numbers import load_policy
from qa_service.rounds import service, store
from qa_service.rounds.rules.documents import check_step, design_of, seed_parts_of, seed_plan_of
from qa_service.rounds.rules.frame import why_left_out
from qa_service.rounds.tables import (
    Arm,
    Check,
    CheckStatus,
    FollowUpCause,
    Round,
    RoundStatus,
    RoundUnit,
)
from sampling import (
    Draw,
    Exclusion,
    Frame,
    Pick,
    SamplingError,
    Unit,
    combine_seed,
    draw_round,
    follow_up,
    write_transcript,
)


@dataclass(frozen=True)
class FollowUp:
    """Why an officer gets further random cases, after which check, and how many."""

    cause: FollowUpCause
    causing_check: Check
    n_cases: int
    assessed_after: datetime | None = None


def _redraw(session: Session, found: Round) -> Draw:
    """Draw again from what was frozen; the same tickets every time, spoiled cases replaced in order."""
    frame = Frame(
        found.reference,
        tuple(map(Unit._make, store.list_frame(session, found.id))),
        tuple(Exclusion("", officer, reason) for officer, reason in found.excluded_officers),
    )
    if frame.digest != found.frame_digest:
        raise Conflict(
            f"The frame of {found.reference} is not the one that was published.",
            next_step="Do not draw. Tell the national lead: somebody changed the frozen frame.",
        )
    drand, dice = seed_parts_of(found.seed or {})
    seed = combine_seed(seed_plan_of(found.seed_plan or {}), drand=drand, dice=dice)
    draw = draw_round(frame, design_of(found.design), seed)
    if draw.commitment != found.commitment_digest:
        raise Conflict(
            f"The design or announced seed of {found.reference} is not the one that was published.",
            next_step="Do not draw. Tell the national lead: somebody changed what was committed to.",
        )
    for arm, spoiled, reason in found.substitutions:
        draw = draw.substitute(spoiled, reason, arm=arm)
    return draw


def _one_for_each_case(picks: Sequence[Pick]) -> list[Pick]:
    """Keep one pick of a case that two arms drew, the random one: chance drew it, so its rules hold."""
    first = {pick.pseudonym: pick for pick in sorted(picks, key=lambda pick: pick.arm == Arm.RANDOM.value)}
    return [pick for pick in picks if first[pick.pseudonym] is pick]


def _drawn_units(session: Session, found: Round, picks: Sequence[Pick]) -> list[tuple[Pick, RoundUnit]]:
    units = store.units_by_pseudonym(session, found.id, [pick.pseudonym for pick in picks])
    return [(pick, units[pick.pseudonym]) for pick in picks]


def draw_checks(
    session: Session, reference: str, *, by: str, at: datetime, references: ReferenceSource
) -> list[Check]:
    """Draw a seeded round: one check for every case drawn, its assessment and case pack pinned now."""
    found = service.lock_round(session, reference)
    check_step(found.status.value, RoundStatus.DRAWN.value)
    draw = _redraw(session, found)
    picks = _one_for_each_case(draw.selected)
    drawn = _checks_of(session, found, _drawn_units(session, found, picks), at, references)
    found.transcript_digest = str(write_transcript(draw)["transcript_digest"])
    found.drawn_at = at
    found.status = RoundStatus.DRAWN
    record(
        session,
        "round:checks:drawn",
        by=by,
        at=at,
        subjects={"round": found.id},
        payload={
            "n_checks": len(drawn),
            "n_uncovered": len(draw.uncovered),
            "transcript_digest": found.transcript_digest,
        },
    )
    return drawn


def transcript(session: Session, reference: str) -> dict[str, object]:
    """Return the published record of a draw; `verify-draw` reads it."""
    found = service.find_round(session, reference)
    if found.drawn_at is None:
        raise Conflict(
            f"The round {reference} is not drawn yet.", next_step="The transcript is there after the draw."
        )
    draw = _redraw(session, found)
    return write_transcript(draw)


def substitute(
    session: Session, check: Check, reason: str, *, by: str, at: datetime, references: ReferenceSource
) -> Check | None:
    """Replace a spoiled case by the next ticket of its officer; None when no case is left to draw.

    The reason is published, so it must hold nothing about the person.
    """
    if check.round_id is None or check.status not in {
        CheckStatus.DRAWN,
        CheckStatus.ASSIGNED,
        CheckStatus.OPENED,
    }:
        raise Conflict(
            "This check cannot be substituted any more.", next_step="Void it, or let it be finished."
        )
    found = service.lock_round(session, _round_reference(session, check.round_id))
    draw = _redraw(session, found)
    spoiled = store.unit_of_case(session, found.id, check.case_id).pseudonym
    try:
        after = draw.substitute(spoiled, reason, arm=check.arm.value)
    except SamplingError as error:
        raise Invalid(str(error), next_step="Give a reason without personal facts.") from error
    found.substitutions = [*found.substitutions, [check.arm.value, spoiled, reason.strip()]]
    replacement = after.substitutions[-1].replacement
    check.status = CheckStatus.SUBSTITUTED
    check.status_reason = reason.strip()
    new = None
    if replacement:
        pick = next(
            p
            for chosen, spare in after.groups(check.arm.value)
            for p in (*chosen, *spare)
            if p.pseudonym == replacement
        )
        units = _drawn_units(session, found, [pick])
        case_id = units[0][1].case_id
        already = next((one for one in service.checks(session, found) if one.case_id == case_id), None)
        if already is None:
            [new] = _checks_of(session, found, units, at, references)
        # A case that another arm drew is checked already: that check stands for it.
        check.replaced_by_id = (new or already or check).id
    found.transcript_digest = str(write_transcript(after)["transcript_digest"])
    record(
        session,
        "round:check:substituted",
        by=by,
        at=at,
        subjects={"round": found.id, "check": check.id, "replacement": new.id if new else None},
        payload={"reason": reason.strip(), "transcript_digest": found.transcript_digest},
    )
    return new


def draw_follow_up(
    session: Session, person_id: int, wanted: FollowUp, *, at: datetime, references: ReferenceSource
) -> list[Check]:
    """Draw further random cases of one officer, by tickets under the round's public seed.

    Cases already checked are left out. Fewer are drawn when the officer holds fewer.
    """
    parent = wanted.causing_check
    found = (
        service.find_round(session, _round_reference(session, parent.round_id)) if parent.round_id else None
    )
    today = day_of(at)
    policy = load_policy(parent.policy_version)
    checked = store.list_checked_cases(session, person_id)
    known = (
        {unit.case_id: unit for unit in store.list_units_of_person(session, found.id, person_id)}
        if found
        else {}
    )
    units = []
    for facts in store.list_cases(session, [person_id], today, at):
        is_fresh = wanted.assessed_after is None or (
            facts.assessed_at is not None and facts.assessed_at > wanted.assessed_after
        )
        is_out = facts.case_id in checked or why_left_out(facts, today, policy) is not None
        if is_out or facts.assessment_id is None or not is_fresh:
            continue
        # The pseudonym published with the round, where the case was in it: the follow-up can be verified too.
        pseudonym = known[facts.case_id].pseudonym if facts.case_id in known else references.make()
        units.append(
            RoundUnit(
                round_id=(found.id if found else None) or 0,
                person_id=person_id,
                case_id=facts.case_id,
                assessment_id=facts.assessment_id,
                staff_code=facts.staff_code,
                team_code=facts.team_code,
                pdu_code=facts.pdu_code,
                pseudonym=pseudonym,
                officer_pseudonym="officer",
                stratum="",
            )
        )
    if not units:
        return []
    frame = Frame(
        f"{found.reference if found else 'no-round'}/{parent.reference}/{wanted.cause.value}",
        tuple(Unit(unit.pseudonym, "officer") for unit in units),
    )
    seed_value = str((found.seed or {}).get("value")) if found else parent.reference
    draw = draw_round(frame, follow_up(wanted.n_cases), seed_value)
    by_name = {unit.pseudonym: unit for unit in units}
    because = {"arm": Arm.FOLLOW_UP, "cause": wanted.cause, "causing_check_id": parent.id}
    picks = [(pick, by_name[pick.pseudonym]) for pick in draw.selected]
    return _checks_of(session, parent, picks, at, references, because)


def _round_reference(session: Session, round_id: int) -> str:
    found = session.get(Round, round_id)
    return found.reference if found is not None else ""


def _checks_of(
    session: Session,
    source: Round | Check,
    picks: list[tuple[Pick, RoundUnit]],
    at: datetime,
    references: ReferenceSource,
    because: Mapping[str, Any] | None = None,
) -> list[Check]:
    """Pin each drawn case: its assessment, its case pack so far, the officer's load at the time."""
    frozen_at = cases.last_pack_item_id(session)
    loads = store.list_workload_at_assessment(
        session, [unit.assessment_id for _, unit in picks], [unit.staff_code for _, unit in picks]
    )
    regions: Mapping[str, str] = {
        code: estate.find_pdu(session, code).region_code for code in {unit.pdu_code for _, unit in picks}
    }
    rows: list[dict[str, Any]] = []
    for pick, unit in picks:
        points: tuple[int, int] | tuple[None, None] = loads.get(unit.assessment_id, (None, None))
        values: dict[str, Any] = {
            "reference": references.make(),
            "round_id": source.id if isinstance(source, Round) else None,
            "arm": Arm(pick.arm),
            "status": CheckStatus.DRAWN,
            "case_id": unit.case_id,
            "assessment_id": unit.assessment_id,
            "person_id": unit.person_id,
            "staff_code": unit.staff_code,
            "team_code": unit.team_code,
            "drawn_pdu_code": unit.pdu_code,
            "drawn_region_code": regions[unit.pdu_code],
            "ticket": pick.ticket,
            "ticket_rank": pick.rank,
            "inclusion_probability": pick.inclusion_probability,
            "rubric_version": source.rubric_version,
            "policy_version": source.policy_version,
            "drawn_at": at,
            "pack_through_item_id": frozen_at,
            "workload_points": points[0],
            "available_points": points[1],
        }
        rows.append({**values, **(because or {})})
    return store.insert_checks(session, rows)
