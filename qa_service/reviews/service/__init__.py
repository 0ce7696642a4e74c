"""Reads of checks, from being wanted to being submitted, and the verdicts they lead to.

Everything a page, the API, a workflow or the demo's simulated readers call; each function does its own
row locks and sees what it needs, whoever's transaction it runs in.
"""

from qa_service.reviews.service.accuracy import (
    ask_accuracy_reply,
    checks_with_lapsed_replies,
    reply_on_accuracy,
    reply_state,
)
from qa_service.reviews.service.case_views import blind_case, revealed_flag, revealed_level
from qa_service.reviews.service.claiming import claim_next, declare_conflict, open_read, own_read
from qa_service.reviews.service.declaring import mark_contaminated, raise_worry
from qa_service.reviews.service.drafts import (
    draft_of,
    moderation_draft_of,
    save_draft,
    save_moderation_draft,
)
from qa_service.reviews.service.further_offences import (
    Notification,
    enter_further_offence,
    must_be_enterable,
    want_reads_after_offences,
    withdraw_further_offence,
)
from qa_service.reviews.service.judging import answer_flag, lock_own_judgement, lock_quality, submit_read
from qa_service.reviews.service.locked import expect_as_locked
from qa_service.reviews.service.moderating import decide_moderation, open_moderation, take_moderation
from qa_service.reviews.service.moderation_views import (
    moderation_view,
    moderations_of,
)
from qa_service.reviews.service.verdicts import (
    attribute_check,
    combine_reads,
    reads_of_check,
    record_verdict,
    standing_verdict,
)
from qa_service.reviews.service.wanting import sample_for_an_expert, want_reads
from qa_service.reviews.service.worklist import (
    cases_of_reader,
    reading_now,
    receipt,
    rubric_version_of,
    worklist,
)

__all__ = [
    "Notification",
    "answer_flag",
    "ask_accuracy_reply",
    "attribute_check",
    "blind_case",
    "cases_of_reader",
    "checks_with_lapsed_replies",
    "claim_next",
    "combine_reads",
    "decide_moderation",
    "declare_conflict",
    "draft_of",
    "enter_further_offence",
    "expect_as_locked",
    "lock_own_judgement",
    "lock_quality",
    "mark_contaminated",
    "moderation_draft_of",
    "moderation_view",
    "moderations_of",
    "must_be_enterable",
    "open_moderation",
    "open_read",
    "own_read",
    "raise_worry",
    "reading_now",
    "reads_of_check",
    "receipt",
    "record_verdict",
    "reply_on_accuracy",
    "reply_state",
    "revealed_flag",
    "revealed_level",
    "rubric_version_of",
    "sample_for_an_expert",
    "save_draft",
    "save_moderation_draft",
    "standing_verdict",
    "submit_read",
    "take_moderation",
    "want_reads",
    "want_reads_after_offences",
    "withdraw_further_offence",
    "worklist",
]
