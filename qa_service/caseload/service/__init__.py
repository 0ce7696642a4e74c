"""Caps, holds, cuts, reductions, the gate, overflow and moves: what limits and lightens a caseload."""

from qa_service.caseload.service.cuts import RecordedCut, is_repeated_recheck, record_cut_decision
from qa_service.caseload.service.gate import AllocationAnswer, AllocationQuestion, Override, check_allocation
from qa_service.caseload.service.held_cases import FailedCase
from qa_service.caseload.service.holds import (
    expire_holds,
    lift_hold,
    place_hold,
    renew_hold,
    until_when_renewed,
)
from qa_service.caseload.service.moves import (
    CannotTake,
    accept_move,
    ask_level_read,
    decline_move,
    note_level_read,
    record_handover,
)
from qa_service.caseload.service.overflow import PlannedOverflow, plan_overflow
from qa_service.caseload.service.people import PostedOfficer, posted_officer, posted_officers
from qa_service.caseload.service.reductions import (
    hand_over,
    mark_keyed,
    recognise_landed,
    request_reductions,
)
from qa_service.caseload.service.reviewing import (
    caseload_review,
    open_caseload_review,
    record_case_reviewed,
)
from qa_service.caseload.service.running import (
    activate_due_cuts,
    activate_if_due,
    cuts_to_restore,
    end_due_cuts,
    note_landings,
)

__all__ = [
    "AllocationAnswer",
    "AllocationQuestion",
    "CannotTake",
    "FailedCase",
    "Override",
    "PlannedOverflow",
    "PostedOfficer",
    "RecordedCut",
    "accept_move",
    "activate_due_cuts",
    "activate_if_due",
    "ask_level_read",
    "caseload_review",
    "check_allocation",
    "cuts_to_restore",
    "decline_move",
    "end_due_cuts",
    "expire_holds",
    "hand_over",
    "is_repeated_recheck",
    "lift_hold",
    "mark_keyed",
    "note_landings",
    "note_level_read",
    "open_caseload_review",
    "place_hold",
    "plan_overflow",
    "posted_officer",
    "posted_officers",
    "recognise_landed",
    "record_case_reviewed",
    "record_cut_decision",
    "record_handover",
    "renew_hold",
    "request_reductions",
    "until_when_renewed",
]
