"""Artefacts and flags as rows, for tests that only read them; no classifier is trained here."""

from datetime import UTC, datetime
from typing import Any

from factories.accounts import make_account
from sqlmodel import Session

from qa_service.auth.roles import Role
from qa_service.flags.tables import ArtefactStatus, Flag, FlagArtefact, ScorePurpose

TRAINED_AT = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)


def estimate(value: float, low: float, high: float, n: int = 400) -> dict[str, float]:
    return {"value": value, "low": low, "high": high, "n": n}


def evaluation(**changes: Any) -> dict[str, Any]:
    """Of 100 flagged about 30 need a higher level; 6.6% of all are wrong; 12 of 400 checks judge."""
    overall = {
        "n_cases": 1000,
        "n_assessed_high": 200,
        "n_judging": 400,
        "n_judging_high": 26,
        "n_reviewed": 391,
        "n_reviewed_high": 26,
        "auprc": estimate(0.31, 0.22, 0.41),
        "wrong_rate": estimate(0.066, 0.045, 0.095),
        "threshold": {"score": -0.8, "basis": "the 80 highest of 800 cases, for 80 reviews"},
        "yields": [
            {
                "budget_share": 0.10,
                "precision": estimate(0.30, 0.20, 0.41),
                "recall": estimate(0.45, 0.33, 0.58),
            }
        ],
        # Below log odds -3 (5%) two in a hundred mediums are wrong, below 0 (50%) four.
        "remaining": [
            {"score": -3.0, "wrong_rate": estimate(0.02, 0.01, 0.04, 120)},
            {"score": 0.0, "wrong_rate": estimate(0.04, 0.02, 0.06, 300)},
        ],
    }
    return {"reports": {"overall": {**overall, **changes}}}


def make_artefact_row(
    session: Session,
    digest: str = "a" * 64,
    *,
    status: ArtefactStatus = ArtefactStatus.APPROVED,
    purpose: ScorePurpose = ScorePurpose.FLAG,
    trained_at: datetime = TRAINED_AT,
) -> FlagArtefact:
    """Add an artefact; unless it is a candidate, the national lead `nadia` approved it when it was trained."""
    is_approved = status is not ArtefactStatus.CANDIDATE
    row = FlagArtefact(
        digest=digest,
        status=status,
        purpose=purpose,
        content="{}",
        evaluation=evaluation(),
        card="# Classifier card\n",
        provenance={"data_fingerprint": "f" * 64, "seed": 1},
        trained_at=trained_at,
        trained_by="cli",
        approved_by_id=make_account(session, Role.NATIONAL_LEAD, username="nadia") if is_approved else None,
        approved_at=trained_at if is_approved else None,
        approval_reason="Better than the one before." if is_approved else None,
    )
    session.add(row)
    session.flush()
    return row


def make_flag(
    session: Session,
    assessment_id: int | None,
    score_rate: float,
    *,
    digest: str = "a" * 64,
    is_flagged: bool | None = None,
    target: str = "overall",
    sentence: str = "Two unanswered police enquiries.",
) -> Flag:
    """Score an assessment; it is flagged from 0.5 unless said otherwise."""
    row = Flag(
        assessment_id=assessment_id or 0,
        artefact_digest=digest,
        target=target,
        score_rate=score_rate,
        is_flagged=score_rate >= 0.5 if is_flagged is None else is_flagged,
        reasons=[{"sentence": sentence, "item": "A2", "column": "police_enquiry_state", "contribution": 0.9}],
        scored_at=TRAINED_AT,
    )
    session.add(row)
    session.flush()
    return row
