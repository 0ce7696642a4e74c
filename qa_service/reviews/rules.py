"""What the reads of a check come to together, and whose assessment it was (RULES 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qa_service.core.clock import in_full
from qa_service.reviews.statuses import (
    DECIDING_KINDS,
    SUBMITTED,
    Attribution,
    ModerationReason,
    ReadKind,
    ReplyState,
    ReviewStatus,
)
from rubrics import GridComparison, Level, Severity, Verdict, VerdictDecision

# Gravest first: the order in which two failing reads are put.
_GRAVITY = (Severity.S4, Severity.S3, Severity.S3S)
_TWO = 2  # RULES 2: two uncontaminated blind reads


@dataclass(frozen=True)
class Outcome:
    """What one read, two reads together or a moderator come to; what a verdict records."""

    decision: VerdictDecision
    assessed_overall: Level
    reviewed_overall: Level
    is_urgent: bool
    rubric_version: str

    @classmethod
    def of(cls, decision: VerdictDecision, comparison: GridComparison, rubric_version: str) -> "Outcome":
        """Return the outcome of one scorecard."""
        return cls(
            decision=decision,
            assessed_overall=comparison.assessed_overall,
            reviewed_overall=comparison.reviewed_overall,
            is_urgent=decision.is_urgent,
            rubric_version=rubric_version,
        )

    @property
    def is_fail(self) -> bool:
        """Return whether the verdict is a fail."""
        return self.decision.verdict is Verdict.FAIL

    @property
    def is_underclassified(self) -> bool:
        """Return whether the overall level was found too low."""
        return self.reviewed_overall > self.assessed_overall

    @property
    def is_overclassified(self) -> bool:
        """Return whether the overall level was found too high."""
        return self.reviewed_overall < self.assessed_overall


@dataclass(frozen=True)
class ReadOfCheck:
    """One read as the rules see it; `outcome` once it is submitted."""

    review_id: int
    reference: str
    reader_id: int | None
    kind: ReadKind
    status: ReviewStatus
    is_contaminated: bool
    outcome: Outcome | None


class NextStep(StrEnum):
    """What a check needs next."""

    WAIT_FOR_READ = "wait_for_read"
    WAIT_FOR_REPLY = "wait_for_reply"
    WANT_READ = "want_read"
    MODERATE = "moderate"
    FINAL = "final"


@dataclass(frozen=True)
class CombinedReads:
    """The next step of a check, with what it needs: a kind of read, a moderator's reason, or the outcome."""

    step: NextStep
    reason: str
    wanted_kind: ReadKind | None = None
    moderation_reason: ModerationReason | None = None
    outcome: Outcome | None = None
    deciding: tuple[ReadOfCheck, ...] = ()


@dataclass(frozen=True)
class AttributionDecision:
    """Whose assessment it was, and why (RULES 2)."""

    attribution: Attribution
    person_id: int | None
    reason: str


def needs_second_read(outcome: Outcome, *, does_arm_cut: bool, is_sampled: bool) -> bool:
    """Decide whether a second blind read is needed: a would-be fail, or one of the random few."""
    return does_arm_cut and (outcome.is_fail or is_sampled)


def combine_reads(
    reads: Sequence[ReadOfCheck],
    *,
    does_arm_cut: bool,
    is_sampled: bool,
    reply: ReplyState = ReplyState.NOT_ASKED,
) -> CombinedReads:
    """Decide what a check needs next (RULES 2).

    A contaminated read counts for nothing here and is replaced. In an arm that cuts, a fail needs two blind
    reads by different people that both come to it; in the other arms one read corrects the case.
    """
    deciding = [read for read in reads if read.kind in DECIDING_KINDS]
    blind = [
        read
        for read in deciding
        if read.status in SUBMITTED and read.outcome is not None and not read.is_contaminated
    ]
    is_pending = any(
        read.status not in SUBMITTED and read.status is not ReviewStatus.WITHDRAWN for read in deciding
    )
    n_needed = _n_needed(blind, does_arm_cut=does_arm_cut, is_sampled=is_sampled)
    if len(blind) < n_needed:
        if is_pending:
            return CombinedReads(NextStep.WAIT_FOR_READ, "another read is not submitted yet")
        return _want_read(deciding)
    return _settle(blind[:n_needed], reply)


def _n_needed(blind: Sequence[ReadOfCheck], *, does_arm_cut: bool, is_sampled: bool) -> int:
    outcomes = [read.outcome for read in blind if read.outcome is not None]
    needs_two = any(
        needs_second_read(outcome, does_arm_cut=does_arm_cut, is_sampled=is_sampled) for outcome in outcomes
    )
    return _TWO if needs_two else 1


def _want_read(deciding: Sequence[ReadOfCheck]) -> CombinedReads:
    n_contaminated = sum(read.is_contaminated and read.status in SUBMITTED for read in deciding)
    n_replacements = sum(
        read.kind is ReadKind.REPLACEMENT and read.status is not ReviewStatus.WITHDRAWN for read in deciding
    )
    if n_contaminated > n_replacements:
        return CombinedReads(NextStep.WANT_READ, "a read is contaminated", wanted_kind=ReadKind.REPLACEMENT)
    if all(read.status is ReviewStatus.WITHDRAWN for read in deciding):
        return CombinedReads(NextStep.WANT_READ, "nobody reads it", wanted_kind=ReadKind.FIRST)
    return CombinedReads(NextStep.WANT_READ, "a second blind read is needed", wanted_kind=ReadKind.SECOND)


def _settle(blind: Sequence[ReadOfCheck], reply: ReplyState) -> CombinedReads:
    """Put the blind reads together: agreed, split, disputed, or waiting for the officer."""
    outcomes = [read.outcome for read in blind if read.outcome is not None]
    n_fails = sum(outcome.is_fail for outcome in outcomes)
    by = tuple(blind)
    if not n_fails or len(outcomes) < _TWO:
        return CombinedReads(NextStep.FINAL, "the read decides", outcome=outcomes[0], deciding=by)
    if n_fails < len(outcomes):
        split = ModerationReason.SPLIT
        return CombinedReads(NextStep.MODERATE, "the two reads differ", moderation_reason=split, deciding=by)
    if reply is ReplyState.DISPUTED:
        fact = ModerationReason.DISPUTED_FACT
        why = "the officer disputes a fact"
        return CombinedReads(NextStep.MODERATE, why, moderation_reason=fact, deciding=by)
    if reply is ReplyState.WAITING:
        return CombinedReads(NextStep.WAIT_FOR_REPLY, "the officer may still answer", deciding=by)
    return CombinedReads(NextStep.FINAL, "both reads agree", outcome=_agreed(outcomes), deciding=by)


def _agreed(outcomes: Sequence[Outcome]) -> Outcome:
    """Take the graver of two fails, urgent if either is; the agreed level is the one that both reach."""
    gravest = min(outcomes, key=lambda outcome: _GRAVITY.index(outcome.decision.severity))
    return Outcome(
        decision=gravest.decision,
        assessed_overall=gravest.assessed_overall,
        reviewed_overall=min(outcome.reviewed_overall for outcome in outcomes),
        is_urgent=any(outcome.is_urgent for outcome in outcomes),
        rubric_version=gravest.rubric_version,
    )


def decide_attribution(
    *,
    drawn_person_id: int,
    author_person_id: int | None,
    held: Sequence[tuple[date, date | None]],
    called_for_review_on: Sequence[date],
) -> AttributionDecision:
    """Decide whose assessment it was (RULES 2).

    `held` are the spans in which the drawn officer held the case; `called_for_review_on` are the days, after
    the assessment and up to the draw, on which a recorded trigger event or a due review called for a new one.
    """
    if author_person_id == drawn_person_id:
        return AttributionDecision(Attribution.AUTHOR, drawn_person_id, "the officer wrote the assessment")
    for day in sorted(called_for_review_on):
        if any(start <= day and (end is None or day <= end) for start, end in held):
            reason = f"the officer held the case when a new assessment was called for on {in_full(day)}"
            return AttributionDecision(Attribution.HOLDER, drawn_person_id, reason)
    reason = "somebody else wrote it, and no new assessment was called for while the officer held the case"
    return AttributionDecision(Attribution.NONE, None, reason)
