"""Asking for reads: each gets its kind, its dates and the region it may not go to, decided once."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache, partial

from sqlmodel import Session

from qa_service.core.clock import due_after_working_days
from qa_service.core.db import seeing_everything
from qa_service.core.ids import ReferenceSource
from qa_service.policy.numbers import Policy, load_policy
from qa_service.reviews import chances
from qa_service.reviews.statuses import ReadKind, ReviewStatus
from qa_service.reviews.store import reads as store
from qa_service.reviews.tables import Review
from qa_service.rounds.tables import Check, CheckStatus

_SOON_KINDS = frozenset({ReadKind.SECOND, ReadKind.REPLACEMENT})


def want_reads(
    session: Session,
    wanted: Sequence[tuple[Check, ReadKind]],
    *,
    at: datetime,
    policy: Policy,
    references: ReferenceSource,
) -> list[Review]:
    """Put wanted reads into the pool, where the server picks them for readers.

    A second or replacement read never goes to the region of the check; a share of the first reads neither
    (RULES 1), so that a reader from elsewhere learns nothing from being asked.
    """
    due_after = cache(partial(due_after_working_days, at))  # a national round wants 18,000 reads at once
    with seeing_everything(session):
        rows = [
            {
                "reference": references.make(),
                "check_id": check.id,
                "status": ReviewStatus.WANTED,
                "wanted_at": at,
                "due_at": due_after(shown_days(check, kind, policy)),
            }
            for check, kind in wanted
        ]
        reads = store.insert_reads(session, rows)
        kinds = [
            {
                "review_id": review.id,
                "kind": kind,
                "unwanted_region_code": check.drawn_region_code if _goes_away(check, kind, policy) else None,
                "true_due_at": due_after(_true_days(check, kind, policy)),
            }
            for review, (check, kind) in zip(reads, wanted, strict=True)
        ]
        store.insert_kinds(session, kinds)
        for check, kind in wanted:
            if kind in _SOON_KINDS and check.status is not CheckStatus.FINAL:
                check.status = CheckStatus.SECOND_READ
    return reads


def sample_for_an_expert(
    session: Session, check: Check, *, at: datetime, references: ReferenceSource
) -> None:
    """Have a random few finals read again by an expert: it measures the verdicts and changes none (RULES 2).

    What the expert finds higher still opens a level correction: the case comes first.
    """
    policy = load_policy(check.policy_version)
    if chances.is_sampled_for_expert_read(check.reference, policy.reads.expert_reads_of_finals_rate):
        want_reads(session, [(check, ReadKind.EXPERT)], at=at, policy=policy, references=references)


def _true_days(check: Check, kind: ReadKind, policy: Policy) -> int:
    clocks = policy.clocks_working_days
    if kind in _SOON_KINDS:
        return clocks.second_read_urgent if check.is_urgent else clocks.second_read
    return clocks.first_read_urgent if check.is_urgent else clocks.first_read


def shown_days(check: Check, kind: ReadKind, policy: Policy) -> int:
    """Return the working days of the date shown: the true ones, or for some reads an urgent date."""
    clocks = policy.clocks_working_days
    true_days = _true_days(check, kind, policy)
    rate = policy.reads.urgent_looking_dates_rate
    if check.is_urgent or not chances.looks_urgent(check.reference, kind.value, rate):
        return true_days
    urgent = (clocks.second_read, clocks.second_read_urgent)
    return min(true_days, urgent[chances.shows_the_shorter_date(check.reference)])


def _goes_away(check: Check, kind: ReadKind, policy: Policy) -> bool:
    # Where a serious further offence happened, everybody has heard of the case.
    return kind in _SOON_KINDS | {ReadKind.SFO} or (
        kind is ReadKind.FIRST
        and chances.goes_to_another_region(check.reference, policy.reads.other_region_first_reads_rate)
    )
