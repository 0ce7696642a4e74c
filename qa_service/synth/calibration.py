"""The dated figures that synthetic areas are calibrated on."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

CURRENT = "calibration_2026_11.toml"

Rates = tuple[float, ...]


class _Section(BaseModel):
    """A part of the file; misspelt or missing figures are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str


class ReductionRates(_Section):
    """WMT reductions held from the start."""

    nqo_share: float
    nqo_days: int
    trainee_shares: Rates
    trainee_step_days: int
    other_reasons: tuple[str, ...]
    other_hours: Rates


class Practitioners(_Section):
    """Who works in an area."""

    grades: tuple[str, ...]
    grade_rates: Rates
    caseholder_rates: Rates
    mean_tenure_years: Rates
    part_time_rate: float
    part_time_hours: Rates
    two_teams_rate: float
    leaver_rate: float
    long_leave_rate: float
    joiner_rate: float
    transferred_rate: float
    other_reduction_rate: float
    sex_offence_trained_rate: float
    female_rate: float
    spo_team_size: int
    reductions: ReductionRates


class Workload(_Section):
    """How loaded they are by WMT."""

    mean_pct: float
    sd_pct: float
    low_pct: float
    high_pct: float
    case_share: float
    grade_shift_pct: Rates
    case_points: Rates
    n_weeks: int


class Points(_Section):
    """WMT's points per tier."""

    nominal_target: int
    default_hours: float
    tiers: tuple[str, ...]
    community: tuple[int, ...]
    licence: tuple[int, ...]
    custody: tuple[int, ...]


class LevelMix(_Section):
    """Recorded levels by grade of the officer."""

    by_grade: tuple[Rates, ...]


class LevelErrors(_Section):
    """How often a recorded level is wrong."""

    medium_too_low_rate: float
    pdu_sd: float
    low_too_low_rate: float
    high_too_high_rate: float
    two_levels_rate: float
    group_too_low_rate: float
    group_below_rates: Rates
    others_too_low_rate: float
    london_factor: float
    overload_factor: float
    overload_pct: float
    new_officer_factor: float
    new_officer_years: float
    copied_factor: float
    mean_factor: float


class CaseMix(_Section):
    """Who is supervised."""

    types: tuple[str, ...]
    type_rates: Rates
    families: tuple[str, ...]
    family_rates: tuple[Rates, ...]
    domestic_abuse_rate_others: Rates
    child_rates: Rates
    limited_access_rate: float
    suspended_rate: float
    t2a_rate: float
    exclusion_rate: float
    closed_rate: float
    untiered_rate: float
    former_crn_rate: float
    hearing_rate: float
    high_risk_event_rate: float
    mappa_violence_rate: float
    mappa_higher_level_rate: float
    female_rate: float
    ethnicities: tuple[str, ...]
    ethnicity_rates: Rates
    london_ethnicity_rates: Rates


class FactRates(_Section):
    """How often the record holds each telling fact, by true level."""

    violent_history: Rates
    police_callouts: Rates
    child_concern: Rates
    custody_violence: Rates
    intelligence: Rates
    earlier_high: Rates
    order_breached: Rates
    circumstances_changed: Rates
    mentioned_rate: float
    mentioned_rate_when_wrong: float


class ItemRates(_Section):
    """How often each part of the work is missing."""

    police_states: Rates
    children_states: Rates
    copied_rate: float
    missed_review_rate: float
    trigger_event_rate: float
    no_victim_safety_rate: float
    no_contingency_rate: float
    no_supervision_rate: float
    missed_trigger_rate: float
    no_analysis_rate: float
    no_address_check_rate: float
    residence_requirement_rate: float
    late_first_assessment_rate: float
    no_sara_rate: float
    no_home_visit_rate: float
    no_countersignature_rate: float
    late_enforcement_rate: float
    absences_rate: float
    no_names_rate: float
    no_names_rate_when_wrong: float
    other_no_rates: Mapping[str, float]
    partly_share: float


class AssessmentRates(_Section):
    """What assessments look like."""

    mean_age_days: float
    out_of_date_rate: float
    unattributable_rate: float
    previous_author_rate: float
    open_rate: float
    san_rate: float
    version_2_predictors_rate: float
    register_disagrees_rate: float
    register_disagrees_when_too_low_rate: float
    register_missing_rate: float
    level_words_rate: float
    template_officer_rate: float
    verbatim_copy_rate: float
    layer_1_rate: float
    locked_incomplete_rate: float


class EntryRates(_Section):
    """How often an entry is made, by its code or question."""

    rates: Mapping[str, float]


class PackRates(_Section):
    """What else a case pack holds; of pairs, the second is for the briefer national areas."""

    order_rate: float
    victim_contact_rate: float
    meeting_rate: float
    level_words_rate: float
    home_visit_rates: Rates
    supervision_rates: Rates
    document_rates: Rates
    n_contacts: tuple[int, int]


class Calibration(_Section):
    """All figures of one dated file."""

    version: str
    practitioners: Practitioners
    workload: Workload
    points: Points
    levels: LevelMix
    errors: LevelErrors
    caseload: CaseMix
    facts: FactRates
    items: ItemRates
    assessments: AssessmentRates
    registrations: EntryRates
    packs: PackRates
    screening: EntryRates


@cache
def load_calibration(name: str = CURRENT) -> Calibration:
    """Load a packaged calibration by its file name."""
    text = files("qa_service.synth").joinpath(name).read_text(encoding="utf-8")
    return Calibration.model_validate(tomllib.loads(text))
