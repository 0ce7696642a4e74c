"""Audit sampling and estimation: verifiable draws, and rates that say how sure they are.

Pure: standard library, numpy and scipy; time and seed are parameters; nothing is read or written.
"""

from sampling.cadence import Cadence, DueDecision, OfficerRecord, Spell, Window, who_is_due, window_on
from sampling.designs import Combined, Design, PerOfficer, PoissonTargeted, TakeAllTop, follow_up
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
from sampling.frame import COOL_OFF_STRATUM, Exclusion, Frame, Unit
from sampling.inclusion import inclusion_probabilities, multiplicity_weights, union_probability
from sampling.seed import DiceReading, DrandRecord, Seed, SeedPlan, combine_seed
from sampling.tickets import TICKET_SCHEME, ticket_numbers, ticket_prefix
from sampling.transcript import Verification, transcript_json, verify_draw, write_transcript

__all__ = [
    "COOL_OFF_STRATUM",
    "TICKET_SCHEME",
    "Cadence",
    "CadenceError",
    "Combined",
    "Design",
    "DesignError",
    "DiceReading",
    "DrandRecord",
    "Draw",
    "DrawError",
    "DueDecision",
    "EstimationError",
    "Exclusion",
    "Frame",
    "FrameError",
    "OfficerRecord",
    "PerOfficer",
    "Pick",
    "PoissonTargeted",
    "SamplingError",
    "Seed",
    "SeedError",
    "SeedPlan",
    "Spell",
    "Substitution",
    "TakeAllTop",
    "Unit",
    "Verification",
    "Window",
    "combine_seed",
    "commitment_digest",
    "draw_round",
    "extend_draw",
    "follow_up",
    "inclusion_probabilities",
    "multiplicity_weights",
    "ticket_numbers",
    "ticket_prefix",
    "transcript_json",
    "union_probability",
    "verify_draw",
    "who_is_due",
    "window_on",
    "write_transcript",
]
