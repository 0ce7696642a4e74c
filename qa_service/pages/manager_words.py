"""What managers read instead of codes."""

DUTY_KINDS = {
    "level_correction": "Level correction",
    "worry": "Worry about a case",
    "conversation": "Conversation",
    "support": "Support",
    "caseload_review": "Caseload review",
    "finding": "Finding",
    "paused_round": "Paused round",
    "list_somebody": "Somebody to list",
    "reduction": "Reduction to key in WMT",
    "escalation": "Escalation",
    "hold": "Hold on allocations",
    "late_read": "Late read",
    "restore_check": "Restore checks",
    "find_record": "Record to find",
}
CUT_DECISIONS = {
    "new": "New cut",
    "merged": "Merged into a live cut",
    "none": "No cut",
}
CUT_REASONS = {
    "confirmed_fail": "a confirmed fail",
    "live_cut_exists": "a cut was running already, its cap stays",
    "not_attributable": "the assessment was not this officer's",
    "arm_does_not_cut": "the case was not drawn at random, so it is corrected and nobody is cut",
    "left_the_service": "the officer has left the service",
    "on_long_leave": "the officer is on long leave",
}
MOVE_STATUS = {
    "proposed": "Proposed: the level is to be read again first",
    "level_confirmed": "Level confirmed, not yet accepted",
    "accepted": "Accepted, handover to be recorded",
    "handed_over": "Handed over",
    "declined": "Declined",
    "withdrawn": "Withdrawn",
}
ARMS = {
    "random": "drawn at random",
    "follow_up": "follow-up, drawn at random",
    "targeted": "targeted",
    "sweep": "sweep",
    "caseload_review": "from a caseload review",
    "self_referral": "referred by the officer",
    "appeal": "read on appeal",
}
SEVERITIES = {
    "S4": "Level too low, urgent",
    "S3": "Level too low",
    "S3s": "Safeguard missing",
}
ESCALATION_KINDS = {
    "cut": "What does not fit after a cut",
    "pdu": "Capacity of the PDU",
    "correction": "Overdue level correction",
    "reduction": "Overdue reduction",
}
RUNGS = {
    "spo": "Senior probation officer",
    "head_of_pdu": "Head of PDU",
    "regional_director": "Regional director",
    "national": "National",
    "quality_lead": "Quality lead",
}
ITEM_DECISIONS = {
    "transfer": "Transfer",
    "fund": "Fund",
    "stop_other_work": "Stop other work",
    "accept_risk": "Accept the risk",
    "done": "Done",
}
GATE_ANSWERS = {
    "allowed": ("Yes, this officer may take this case", "success"),
    "allowed_over_capacity": ("Only over 100%, with your name and reason", "warning"),
    "refused": ("No, this officer may not take this case", "error"),
}
RATE_NAMES = {
    "medium_should_be_high_rate": "Medium that should be high",
    "underclassified_rate": "Level too low",
    "overclassified_rate": "Level too high",
    "insufficient_rate": "Recheck or fail",
}
REVIEW_OUTCOMES = {
    "agreed": "The level is right",
    "corrected": "The level has been corrected",
    "sent_for_read": "Send it for a blind read",
}
