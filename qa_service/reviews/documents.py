"""Judgements, answers, scorecards and decisions as the JSON documents that rows hold, and back."""

from collections.abc import Mapping
from typing import Any

from rubrics import (
    Answer,
    Grid,
    GridComparison,
    Group,
    Judgement,
    Kind,
    Level,
    Reason,
    ReasonCode,
    Scorecard,
    Severity,
    Verdict,
    VerdictDecision,
)

Document = dict[str, Any]


def answers_to_document(answers: Mapping[str, Answer]) -> Document:
    """Write answers by question."""
    return {
        name: {
            "judgement": answer.judgement.value,
            "evidence": answer.evidence,
            "cause": answer.cause,
            "reason": answer.reason,
        }
        for name, answer in answers.items()
    }


def answers_of(document: Mapping[str, Any] | None) -> dict[str, Answer]:
    """Read answers by question."""
    return {
        name: Answer(Judgement(part["judgement"]), part["evidence"], part["cause"], part["reason"])
        for name, part in (document or {}).items()
    }


def grid_of_document(document: Mapping[str, Any]) -> Grid:
    """Read a grid of levels."""
    return Grid.from_record(document)


def comparison_to_document(comparison: GridComparison) -> Document:
    """Write how far two grids are apart."""
    return {
        "assessed_overall": comparison.assessed_overall.value,
        "reviewed_overall": comparison.reviewed_overall.value,
        "group_gaps": {group.value: gap for group, gap in comparison.group_gaps.items()},
        "crossed_high_line": [group.value for group in comparison.crossed_high_line],
        "not_compared": [group.value for group in comparison.not_compared],
    }


def comparison_of(document: Mapping[str, Any]) -> GridComparison:
    """Read how far two grids are apart."""
    return GridComparison(
        assessed_overall=Level(document["assessed_overall"]),
        reviewed_overall=Level(document["reviewed_overall"]),
        group_gaps={Group(group): int(gap) for group, gap in document["group_gaps"].items()},
        crossed_high_line=tuple(Group(group) for group in document["crossed_high_line"]),
        not_compared=tuple(Group(group) for group in document["not_compared"]),
    )


def scorecard_to_document(card: Scorecard) -> Document:
    """Write a scorecard; it is read back only in its parts."""
    return {
        "rubric_id": card.rubric_id,
        "rubric_version": card.rubric_version,
        "rubric_digest": card.rubric_digest,
        "judgements": {name: judgement.value for name, judgement in card.judgements.items()},
        "comparison": comparison_to_document(card.comparison),
        "officer_score": card.officer_score,
        "all_score": card.all_score,
        "sections": [
            {
                "section": section.section,
                "score": section.score,
                "n_scored": section.n_scored,
                "n_not_applicable": section.n_not_applicable,
                "n_cannot_tell": section.n_cannot_tell,
            }
            for section in card.sections
        ],
        "critical_no": list(card.critical_no),
        "stop_items_no": list(card.stop_items_no),
        "safeguards_no": list(card.safeguards_no),
        "cannot_tell": list(card.cannot_tell),
        "stop_items_cannot_tell": list(card.stop_items_cannot_tell),
    }


def decision_to_document(decision: VerdictDecision) -> Document:
    """Write a decision with its reasons."""
    return {
        "severity": decision.severity.value,
        "verdict": decision.verdict.value,
        "kind": decision.kind.value,
        "is_urgent": decision.is_urgent,
        "is_overrated": decision.is_overrated,
        "reasons": [
            {"code": reason.code.value, "facts": dict(reason.facts), "questions": list(reason.questions)}
            for reason in decision.reasons
        ],
        "policy_version": decision.policy_version,
        "policy_digest": decision.policy_digest,
    }


def decision_of(document: Mapping[str, Any]) -> VerdictDecision:
    """Read a decision with its reasons."""
    return VerdictDecision(
        severity=Severity(document["severity"]),
        verdict=Verdict(document["verdict"]),
        kind=Kind(document["kind"]),
        is_urgent=bool(document["is_urgent"]),
        is_overrated=bool(document["is_overrated"]),
        reasons=tuple(
            Reason(ReasonCode(part["code"]), tuple(sorted(part["facts"].items())), tuple(part["questions"]))
            for part in document["reasons"]
        ),
        policy_version=str(document["policy_version"]),
        policy_digest=str(document["policy_digest"]),
    )
