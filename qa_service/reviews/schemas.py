"""What goes into a read and what comes out of it: the same types for a click, the API and the demo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qa_service.reviews.rules import Outcome
from qa_service.reviews.statuses import ReadKind
from qa_service.reviews.tables import Moderation, Review
from qa_service.rounds.tables import Check
from rubrics import Answer, Grid, GridComparison, Scorecard, Severity, VerdictDecision

CONFIDENCES = ("low", "medium", "high")


@dataclass(frozen=True)
class OwnJudgement:
    """Stage 1: the reader's own levels, made before the officer's are shown."""

    grid: Grid
    confidence: str
    is_somebody_exposed: bool
    reasons: str


@dataclass(frozen=True)
class LockedJudgement:
    """What lock 1 found; for workflows only, never for the reader (it compares with the officer's grid)."""

    review: Review
    check: Check
    kind: ReadKind
    comparison: GridComparison
    provisional_severity: Severity | None
    is_replay: bool


@dataclass(frozen=True)
class SubmittedRead:
    """A submitted read; `is_replay` when the same submission was sent before."""

    review: Review
    check: Check
    kind: ReadKind
    scorecard: Scorecard
    decision: VerdictDecision
    outcome: Outcome
    is_replay: bool


@dataclass(frozen=True)
class SavedDraft:
    """What a save of a draft answers."""

    version: int
    saved_at: datetime


@dataclass(frozen=True)
class DraftSave:
    """One save of a draft: fields as typed, the version they change, and the window's own count."""

    fields: Mapping[str, str]
    version: int
    window_id: str = ""
    seq: int = 0


@dataclass(frozen=True)
class LineChoice:
    """Whose answer a moderator took for one line ("a", "b" or "other"), and why."""

    chosen: str
    reason: str = ""


@dataclass(frozen=True)
class SettledAnswers:
    """What a moderator settled, line by line."""

    grid: Grid
    is_somebody_exposed: bool
    answers: Mapping[str, Answer]
    choices: Mapping[str, LineChoice]
    colleague_would_have: str
    reasons: str


@dataclass(frozen=True)
class SettledCheck:
    """A decided moderation and what it comes to."""

    moderation: Moderation
    check: Check
    scorecard: Scorecard
    outcome: Outcome
    is_replay: bool


@dataclass(frozen=True)
class ReadInList:
    """A line of a reader's own worklist: nothing here tells a second read from a first."""

    reference: str
    check_reference: str
    stage: int
    status: str
    due_at: datetime
    claimed_until: datetime | None
    draft_saved_at: datetime | None


@dataclass(frozen=True)
class Receipt:
    """What a reader keeps of a submitted read."""

    reference: str
    check_reference: str
    submitted_at: datetime
    answers: Mapping[str, Any]
