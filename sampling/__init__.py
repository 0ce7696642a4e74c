"""Audit sampling and estimation: verifiable draws, and rates that say how sure they are.

Pure: standard library, numpy and scipy; time and seed are parameters; nothing is read or written.
"""

from sampling.agreement import cohen_kappa, observed_agreement, positive_agreement
from sampling.cadence import Cadence, DueDecision, OfficerRecord, Spell, Window, who_is_due, window_on
from sampling.charts import PChart, p_chart
from sampling.designs import Combined, Design, PerOfficer, PoissonTargeted, TakeAllTop, follow_up
from sampling.difference import difference_estimate
from sampling.discoveries import Discoveries, benjamini_hochberg, excess_p_values
from sampling.draw import Draw, Pick, Substitution, commitment_digest, draw_round, extend_draw
from sampling.errors import (
    CadenceError,
    DesignError,
    DrawError,
    EstimationError,
    FrameError,
    SamplingError,
    SeedError,
)
from sampling.estimate import Estimate, Interval
from sampling.estimators import estimate_mean, estimate_ratio, estimate_total
from sampling.frame import COOL_OFF_STRATUM, Exclusion, Frame, Unit
from sampling.funnel import FunnelLimits, funnel_curves, funnel_limits, funnel_power
from sampling.groups import GroupRates, estimate_rates_by_group
from sampling.inclusion import inclusion_probabilities, multiplicity_weights, union_probability
from sampling.intervals import (
    clopper_pearson_interval,
    jeffreys_interval,
    korn_graubard_interval,
    logit_interval,
    rate_interval,
    wilson_interval,
)
from sampling.planning import ReadingTimes, detection_probability, reviewer_hours, sample_size
from sampling.pooling import ScorableBounds, in_rolling_window, not_scorable_bounds, pool_rates
from sampling.reliability import gwet_ac1, krippendorff_alpha
from sampling.reviewer_error import correct_for_reviewer_error, rogan_gladen
from sampling.secondary import Known, hide_more
from sampling.seed import DiceReading, DrandRecord, Seed, SeedPlan, combine_seed
from sampling.shrinkage import ShrunkRates, shrink_rates
from sampling.suppression import (
    NCHS_2017,
    PresentationRule,
    decide_presentation,
    hide_beside,
    suppressed_cells,
)
from sampling.tickets import TICKET_SCHEME, ticket_numbers, ticket_prefix
from sampling.transcript import Verification, transcript_json, verify_draw, write_transcript

__all__ = [
    "COOL_OFF_STRATUM",
    "NCHS_2017",
    "TICKET_SCHEME",
    "Cadence",
    "CadenceError",
    "Combined",
    "Design",
    "DesignError",
    "DiceReading",
    "Discoveries",
    "DrandRecord",
    "Draw",
    "DrawError",
    "DueDecision",
    "Estimate",
    "EstimationError",
    "Exclusion",
    "Frame",
    "FrameError",
    "FunnelLimits",
    "GroupRates",
    "Interval",
    "Known",
    "OfficerRecord",
    "PChart",
    "PerOfficer",
    "Pick",
    "PoissonTargeted",
    "PresentationRule",
    "ReadingTimes",
    "SamplingError",
    "ScorableBounds",
    "Seed",
    "SeedError",
    "SeedPlan",
    "ShrunkRates",
    "Spell",
    "Substitution",
    "TakeAllTop",
    "Unit",
    "Verification",
    "Window",
    "benjamini_hochberg",
    "clopper_pearson_interval",
    "cohen_kappa",
    "combine_seed",
    "commitment_digest",
    "correct_for_reviewer_error",
    "decide_presentation",
    "detection_probability",
    "difference_estimate",
    "draw_round",
    "estimate_mean",
    "estimate_rates_by_group",
    "estimate_ratio",
    "estimate_total",
    "excess_p_values",
    "extend_draw",
    "follow_up",
    "funnel_curves",
    "funnel_limits",
    "funnel_power",
    "gwet_ac1",
    "hide_beside",
    "hide_more",
    "in_rolling_window",
    "inclusion_probabilities",
    "jeffreys_interval",
    "korn_graubard_interval",
    "krippendorff_alpha",
    "logit_interval",
    "multiplicity_weights",
    "not_scorable_bounds",
    "observed_agreement",
    "p_chart",
    "pool_rates",
    "positive_agreement",
    "rate_interval",
    "reviewer_hours",
    "rogan_gladen",
    "sample_size",
    "shrink_rates",
    "suppressed_cells",
    "ticket_numbers",
    "ticket_prefix",
    "transcript_json",
    "union_probability",
    "verify_draw",
    "who_is_due",
    "wilson_interval",
    "window_on",
    "write_transcript",
]
