"""The policy in force: frozen, typed numbers read from a dated file (definitions/)."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from qa_service.core.errors import NotFound

CURRENT_VERSION = "2026-11-01"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CutPolicy(_Frozen):
    """RULES 4."""

    cap_pct: Decimal
    length_weeks: int
    second_fail_within_months: int
    n_restore_checks: int
    reduction_keyed_within_working_days: int
    reduction_reason: str


class HoldPolicy(_Frozen):
    """RULES 4."""

    grace_working_days: int


class ClockPolicy(_Frozen):
    """Working days for each duty; see the file for sources."""

    first_read: int
    first_read_urgent: int
    second_read: int
    second_read_urgent: int
    moderation: int
    moderation_urgent: int
    accuracy_reply: int
    accuracy_reply_urgent: int
    level_correction: int
    level_correction_exposed: int
    conversation: int
    find_the_record: int
    appeal_lodged: int
    appeal_decided: int
    escalation_step: int
    escalation_step_urgent: int
    finding: int
    support: int
    caseload_review: int
    paused_round: int
    worry_rises: int


class WorryPolicy(_Frozen):
    """RULES 1; hours are working hours in London."""

    acknowledge_within_hours: int
    working_day_starts_hour: int
    working_day_ends_hour: int


class ReadPolicy(_Frozen):
    """RULES 1 and 2; rates are shares of reads, 0-1."""

    other_region_first_reads_rate: float
    urgent_looking_dates_rate: float
    second_reads_of_other_verdicts_rate: float
    expert_reads_of_finals_rate: float
    claim_hours: int


class FollowUpPolicy(_Frozen):
    """RULES 2."""

    n_cases_after_recheck: int
    within_weeks: int


class FramePolicy(_Frozen):
    """Who and what is in a frame."""

    joiner_weeks_in_post: int
    assessment_within_weeks: int
    cool_off_rounds: int


class OverflowPolicy(_Frozen):
    """RULES 5."""

    natural_ends_within_weeks: int
    most_people_moved: int
    not_within_weeks_of_release_or_start: int
    capacity_limit_pct: Decimal


class GatePolicy(_Frozen):
    """RULES 5."""

    place_kept_working_days: int


class CapacityPolicy(_Frozen):
    """RULES 6."""

    over_pct: Decimal
    over_weeks: int
    workload_cause_share_limit: float
    workload_cause_min_fails: int
    risen_share_limit: float
    risen_min_escalations: int
    threshold_window_months: int


class PausePolicy(_Frozen):
    """RULES 6."""

    after_share_of_round: float
    forecast_confidence: float


class FlagPolicy(_Frozen):
    """What the classifier may be used for (RULES 2; POLICY 9)."""

    flagged_share: float
    least_unflagged_share: float
    recall_target: float
    recall_confidence: float


class ForecastPolicy(_Frozen):
    """Planning figures until the service has its own."""

    first_read_hours: float
    second_read_hours: float
    moderation_hours: float
    fail_rate: float
    fail_rate_low: float
    fail_rate_high: float
    would_be_fail_rate: float
    points_per_cut_over_cap: int
    cases_moved_per_cut: int


class RatePolicy(_Frozen):
    """RULES 10."""

    pdu_window_months: int
    region_window_months: int
    too_few_to_compare_n: int
    suppress_below: int
    suppress_equality_below: int
    release_months: int
    release_pdu_months: int
    copied_from_share: float
    export_days: int


class CostPolicy(_Frozen):
    """What the programme's hours are compared with."""

    officer_year_hours: float


class WorkloadPolicy(_Frozen):
    """WMT's arithmetic (FORMATS 3)."""

    nominal_target_points: int
    default_hours: Decimal
    points: dict[str, dict[str, int]]
    tier_when_level_is: dict[str, str]


class Policy(_Frozen):
    """All numbers of one version."""

    version: str
    in_force_from: date
    source: str
    cadence_anchor_on: date
    cut: CutPolicy
    hold: HoldPolicy
    clocks_working_days: ClockPolicy
    worry: WorryPolicy
    reads: ReadPolicy
    follow_up: FollowUpPolicy
    cadence_months: dict[str, int]
    frame: FramePolicy
    overflow: OverflowPolicy
    gate: GatePolicy
    capacity: CapacityPolicy
    pause: PausePolicy
    flags: FlagPolicy
    forecast: ForecastPolicy
    rates: RatePolicy
    cost: CostPolicy
    workload: WorkloadPolicy


@cache
def load_policy(version: str = CURRENT_VERSION) -> Policy:
    """Read one version of the policy.

    Raises
    ------
    NotFound
        No policy of that version is packaged.
    """
    path = files("qa_service.policy") / "definitions" / f"{version}.toml"
    if not path.is_file():
        raise NotFound(
            f"There is no policy of version {version!r}.",
            next_step="Use a version that is in qa_service/policy/definitions.",
        )
    return Policy.model_validate(tomllib.loads(path.read_text("utf-8")))
