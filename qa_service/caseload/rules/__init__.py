"""Decide caps, cuts, holds, the gate's answer and what moves; every answer carries its reasons."""

from qa_service.caseload.rules.capacity import (
    PostingCap,
    PostingHours,
    available_points,
    cap_posting,
    workload_pct,
)
from qa_service.caseload.rules.cuts import (
    CutDecided,
    CutDecisionValue,
    CutReason,
    FailFacts,
    LiveCut,
    decide_cut,
    decide_end,
)
from qa_service.caseload.rules.gate import (
    CaseToPlace,
    GateAnswer,
    GateDecided,
    GateReason,
    Practitioner,
    decide_gate,
    placement_reasons,
)
from qa_service.caseload.rules.holds import HoldDecided, decide_hold
from qa_service.caseload.rules.overflow import HeldCase, OverflowList, list_overflow
from qa_service.caseload.rules.placement import Nearness, Placement, PlacementPlan, Receiver, place
from qa_service.caseload.rules.placement_policy import PlacementPolicy, load_placement_policy

__all__ = [
    "CaseToPlace",
    "CutDecided",
    "CutDecisionValue",
    "CutReason",
    "FailFacts",
    "GateAnswer",
    "GateDecided",
    "GateReason",
    "HeldCase",
    "HoldDecided",
    "LiveCut",
    "Nearness",
    "OverflowList",
    "Placement",
    "PlacementPlan",
    "PlacementPolicy",
    "PostingCap",
    "PostingHours",
    "Practitioner",
    "Receiver",
    "available_points",
    "cap_posting",
    "decide_cut",
    "decide_end",
    "decide_gate",
    "decide_hold",
    "list_overflow",
    "load_placement_policy",
    "place",
    "placement_reasons",
    "workload_pct",
]
