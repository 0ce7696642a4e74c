"""Everything with an owner and a clock: opened with a cause, closed only by a decision, rising by itself."""

from qa_service.obligations.service.closing import (
    close_duty_of_check,
    close_duty_of_verdict,
    close_obligation,
    overdue_duties,
)
from qa_service.obligations.service.corrections import (
    Changed,
    HigherReading,
    Kept,
    close_level_correction,
    correction_of_check,
    open_correction_levels,
    open_level_correction,
)
from qa_service.obligations.service.duties import (
    Duty,
    has_open_obligation,
    obligations_of_posts,
    open_obligation,
)
from qa_service.obligations.service.escalations import (
    CutOverflow,
    Item,
    add_standing_item,
    decide_items,
    escalate_cut,
    items_of,
)
from qa_service.obligations.service.findings import Cause, FailedCheck, open_findings
from qa_service.obligations.service.hidden import hand_to_listed, hidden_duties
from qa_service.obligations.service.ladder import rise_overdue
from qa_service.obligations.service.plans import PassedThreshold, open_improvement_plan

__all__ = [
    "Cause",
    "Changed",
    "CutOverflow",
    "Duty",
    "FailedCheck",
    "HigherReading",
    "Item",
    "Kept",
    "PassedThreshold",
    "add_standing_item",
    "close_duty_of_check",
    "close_duty_of_verdict",
    "close_level_correction",
    "close_obligation",
    "correction_of_check",
    "decide_items",
    "escalate_cut",
    "hand_to_listed",
    "has_open_obligation",
    "hidden_duties",
    "items_of",
    "obligations_of_posts",
    "open_correction_levels",
    "open_findings",
    "open_improvement_plan",
    "open_level_correction",
    "open_obligation",
    "overdue_duties",
    "rise_overdue",
]
