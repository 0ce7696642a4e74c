"""Who is due and what can be drawn: every case of everybody due is in the frame, or it is said why not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from qa_service.policy.numbers import Policy
from qa_service.rounds.rules.targeting import stratum_of
from sampling import (
    COOL_OFF_STRATUM,
    Cadence,
    DueDecision,
    Exclusion,
    Frame,
    OfficerRecord,
    Spell,
    Unit,
    who_is_due,
    window_on,
)


@dataclass(frozen=True)
class OfficerFacts:
    """What decides whether somebody is due; one for each practitioner of the area."""

    person_id: int
    in_post_on: date
    regions: tuple[tuple[str, date, date | None], ...]
    left_on: date | None
    long_leave: tuple[tuple[date, date | None], ...]
    last_checked_on: date | None


@dataclass(frozen=True)
class CaseFacts:
    """A case held by somebody in the area, and what decides whether it can be drawn."""

    case_id: int
    person_id: int
    staff_code: str
    team_code: str
    pdu_code: str
    assessment_id: int | None
    assessed_at: datetime | None
    score_rate: float | None
    last_checked_on: date | None
    is_being_checked: bool
    is_flagged: bool = False


@dataclass(frozen=True)
class FrameUnit:
    """A case in the frame with its pseudonyms of this round."""

    facts: CaseFacts
    pseudonym: str
    officer_pseudonym: str
    stratum: str


@dataclass(frozen=True)
class LeftOut:
    """Somebody or something not in the frame, and why."""

    person_id: int
    case_id: int | None
    reason: str
    detail: str


@dataclass(frozen=True)
class FrozenFrame:
    """The frame, its units in order of pseudonym, who was left out, and officers with nothing to draw."""

    frame: Frame
    units: tuple[FrameUnit, ...]
    left_out: tuple[LeftOut, ...]
    n_officers_due: int


def cadences_of(policy: Policy, region_codes: Iterable[str]) -> dict[str, Cadence]:
    """Return each region's cadence under a policy."""
    months = policy.cadence_months
    return {
        code: Cadence(months.get(code, months["default"]), policy.cadence_anchor_on) for code in region_codes
    }


def decide_who_is_due(officers: Sequence[OfficerFacts], on: date, policy: Policy) -> dict[int, DueDecision]:
    """Decide for every practitioner of an area whether a check is due."""
    records = [
        OfficerRecord(
            officer=str(facts.person_id),
            in_post_on=facts.in_post_on,
            regions=tuple(Spell(start, end, region) for region, start, end in facts.regions),
            left_on=facts.left_on,
            long_leave=tuple(Spell(start, end) for start, end in facts.long_leave),
            last_checked_on=facts.last_checked_on,
        )
        for facts in officers
    ]
    regions = {region for facts in officers for region, _, _ in facts.regions}
    decisions = who_is_due(
        records, on, cadences_of(policy, regions), joiner_weeks=policy.frame.joiner_weeks_in_post
    )
    return {int(decision.officer): decision for decision in decisions}


def why_left_out(case: CaseFacts, on: date, policy: Policy) -> tuple[str, str] | None:
    """Say why a case cannot be drawn, as (reason code, in words); None when it can."""
    oldest = on - timedelta(weeks=policy.frame.assessment_within_weeks)
    if case.assessment_id is None or case.assessed_at is None:
        return "no_assessment", "no completed assessment with a level"
    if case.assessed_at.date() < oldest:
        return "assessment_out_of_date", f"last assessed on {case.assessed_at.date()}"
    if case.is_being_checked:
        return "being_checked", "a check of this case is still open"
    return None


def cool_off_starts(officers: Iterable[OfficerFacts], on: date, policy: Policy) -> dict[int, date]:
    """Map officers in post to the day since when a case of theirs that was checked is in cool-off.

    As many rounds before this one as the policy says, by their region's cadence; in two regions the shorter.
    """
    began = {}
    for facts in officers:
        now = {code for code, start, end in facts.regions if start <= on and (end is None or on <= end)}
        if now:
            cadence = min(cadences_of(policy, now).values(), key=lambda one: one.months)
            began[facts.person_id] = _rounds_before(cadence, on, policy.frame.cool_off_rounds)
    return began


def cases_to_draw(
    cases: Iterable[CaseFacts], officers: Iterable[OfficerFacts], on: date, policy: Policy
) -> list[CaseFacts]:
    """List the cases of officers in post that have a chance of being drawn."""
    starts = cool_off_starts(officers, on, policy)
    return [
        case for case in cases if why_left_out(case, on, policy) is None and not _is_in_cool_off(case, starts)
    ]


def _is_in_cool_off(case: CaseFacts, starts: Mapping[int, date]) -> bool:
    """Tell whether a case of an officer in post was checked too lately to be drawn again."""
    return case.last_checked_on is not None and case.last_checked_on >= starts[case.person_id]


@lru_cache(maxsize=16)  # every officer of a region asks the same
def _rounds_before(cadence: Cadence, on: date, n_rounds: int) -> date:
    window = window_on(cadence, on)
    for _ in range(n_rounds):
        window = window_on(cadence, window.starts_on - timedelta(days=1))
    return window.starts_on


def build_frame(
    reference: str,
    officers: Sequence[OfficerFacts],
    cases: Sequence[CaseFacts],
    *,
    on: date,
    policy: Policy,
    new_pseudonym: Callable[[], str],
    with_scores: bool = False,
) -> FrozenFrame:
    """Put every case of everybody due into the frame, or say why not; nobody due is silently missed.

    Scores and flags are frozen in it only for a design that draws by them: a frame is public.
    """
    due = decide_who_is_due(officers, on, policy)
    names = {person_id: new_pseudonym() for person_id in sorted(due)}
    left_out = [
        LeftOut(person_id, None, "not_due", decision.reason)
        for person_id, decision in due.items()
        if not decision.is_due
    ]
    units = []
    cool_off_from = cool_off_starts(officers, on, policy)
    for case in sorted(cases, key=lambda facts: facts.case_id):
        if case.person_id not in due or not due[case.person_id].is_due:
            continue
        why = why_left_out(case, on, policy)
        if why is not None:
            left_out.append(LeftOut(case.person_id, case.case_id, *why))
            continue
        stratum = stratum_of(is_flagged=case.is_flagged) if with_scores else ""
        if _is_in_cool_off(case, cool_off_from):
            stratum, told = COOL_OFF_STRATUM, f"checked on {case.last_checked_on}"
            left_out.append(LeftOut(case.person_id, case.case_id, stratum, told))
        facts = case if with_scores else replace(case, score_rate=None)
        units.append(FrameUnit(facts, new_pseudonym(), names[case.person_id], stratum))
    people_due = [person_id for person_id, decision in due.items() if decision.is_due]
    left_out += _nothing_to_draw(people_due, units)
    units.sort(key=lambda unit: unit.pseudonym)
    frame = Frame(
        reference,
        tuple(
            Unit(unit.pseudonym, unit.officer_pseudonym, unit.stratum, unit.facts.score_rate)
            for unit in units
        ),
        tuple(Exclusion("", names[out.person_id], out.reason) for out in left_out if out.case_id is None),
    )
    return FrozenFrame(frame, tuple(units), tuple(left_out), len(people_due))


def _nothing_to_draw(people_due: Iterable[int], units: Iterable[FrameUnit]) -> list[LeftOut]:
    drawable = {unit.facts.person_id for unit in units if unit.stratum != COOL_OFF_STRATUM}
    return [
        LeftOut(person_id, None, "nothing_to_draw", "due, but none of their cases can be drawn")
        for person_id in people_due
        if person_id not in drawable
    ]
