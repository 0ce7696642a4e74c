"""From a scorecard to a verdict: the outcome table of RULES 2, read from the top, first match wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rubrics.grids import Grid, GridComparison, compare_grids
from rubrics.policy import Condition, Kind, Severity, Verdict, VerdictPolicy
from rubrics.reasons import Reason, ReasonCode
from rubrics.scoring import Scorecard

Reasons = tuple[Reason, ...]


@dataclass(frozen=True)
class VerdictDecision:
    """What one scorecard comes to, and why.

    Parameters
    ----------
    is_overrated : bool
        Whether the reviewer's overall level is below the officer's, whatever the verdict.
    reasons : tuple of Reason
        At least one; `rubrics.explain` puts each into words.
    policy_version, policy_digest : str
        The outcome policy that decided.
    """

    severity: Severity
    verdict: Verdict
    kind: Kind
    is_urgent: bool
    is_overrated: bool
    reasons: Reasons
    policy_version: str
    policy_digest: str


@dataclass(frozen=True)
class _Facts:
    card: Scorecard
    is_exposed: bool
    policy: VerdictPolicy
    is_extra_case: bool


def decide(
    scorecard: Scorecard, *, somebody_exposed: bool, policy: VerdictPolicy, is_extra_case: bool = False
) -> VerdictDecision:
    """Decide the verdict of one read.

    Parameters
    ----------
    scorecard : Scorecard
    somebody_exposed : bool
        The reviewer's answer at lock 1: is somebody exposed now?
    policy : VerdictPolicy
    is_extra_case : bool
        Whether the case was drawn because of an earlier verdict; then any level under is a fail.

    Returns
    -------
    VerdictDecision
        The first row of the policy's table whose condition holds.
    """
    facts = _Facts(scorecard, somebody_exposed, policy, is_extra_case)
    row, reasons = next((row, found) for row in policy.rows if (found := _CONDITIONS[row.when](facts)))
    return VerdictDecision(
        severity=row.severity,
        verdict=row.verdict,
        kind=row.kind,
        is_urgent=row.is_urgent,
        is_overrated=scorecard.comparison.is_overall_over,
        reasons=reasons,
        policy_version=policy.version,
        policy_digest=policy.digest,
    )


def decide_provisional_severity(
    assessed: Grid, reviewed: Grid, *, somebody_exposed: bool, is_extra_case: bool = False
) -> Severity | None:
    """Say at lock 1, from the grids alone, whether the read would be a fail for the level (RULES 4, hold).

    Parameters
    ----------
    assessed, reviewed : Grid
        The officer's levels as recorded, and the reviewer's own.
    somebody_exposed : bool
    is_extra_case : bool
        As for `decide`.

    Returns
    -------
    Severity or None
        S4 or S3 as `decide` will say at submit; None where the grids alone are no fail.
    """
    comparison = compare_grids(assessed, reviewed)
    if _grave(comparison, is_exposed=somebody_exposed):
        return Severity.S4
    is_fail = comparison.is_under if is_extra_case else bool(_under(comparison))
    return Severity.S3 if is_fail else None


def _under(comparison: GridComparison) -> Reasons:
    """Under overall, or in a group across the high line."""
    reasons = []
    if comparison.is_overall_under:
        reasons.append(_overall(ReasonCode.OVERALL_UNDER, comparison))
    if comparison.crossed_high_line:
        named = ", ".join(group.label for group in comparison.crossed_high_line)
        reasons.append(Reason(ReasonCode.GROUPS_CROSS_HIGH_LINE, (("groups", named),)))
    return tuple(reasons)


def _grave(comparison: GridComparison, *, is_exposed: bool) -> Reasons:
    """Under in that sense, and by two levels or with somebody exposed now."""
    worse = [Reason(ReasonCode.TWO_LEVELS)] if comparison.is_two_levels else []
    worse += [Reason(ReasonCode.SOMEBODY_EXPOSED)] if is_exposed else []
    under = _under(comparison)
    return (*under, *worse) if under and worse else ()


def _overall(code: ReasonCode, comparison: GridComparison) -> Reason:
    levels = (
        ("assessed", comparison.assessed_overall.label),
        ("reviewed", comparison.reviewed_overall.label),
    )
    return Reason(code, levels)


def _safeguard_missing(facts: _Facts) -> Reasons:
    if not (facts.card.safeguards_no and facts.is_exposed):
        return ()
    exposed = Reason(ReasonCode.SOMEBODY_EXPOSED)
    return (Reason(ReasonCode.SAFEGUARD_NO, questions=facts.card.safeguards_no), exposed)


def _level_over(facts: _Facts) -> Reasons:
    comparison = facts.card.comparison
    return (_overall(ReasonCode.OVERALL_OVER, comparison),) if comparison.is_overall_over else ()


def _record_missing(facts: _Facts) -> Reasons:
    card, limit = facts.card, facts.policy.thresholds.max_cannot_tell.value
    reasons = []
    if card.stop_items_cannot_tell:
        reasons.append(Reason(ReasonCode.STOP_ITEM_CANNOT_TELL, questions=card.stop_items_cannot_tell))
    if len(card.cannot_tell) > limit:
        counts = (("n", str(len(card.cannot_tell))), ("limit", str(limit)))
        reasons.append(Reason(ReasonCode.TOO_MANY_CANNOT_TELL, counts, card.cannot_tell))
    return tuple(reasons)


def _quality_recheck(facts: _Facts) -> Reasons:
    card, thresholds = facts.card, facts.policy.thresholds
    stop = (Reason(ReasonCode.STOP_ITEM_NO, questions=card.stop_items_no),) if card.stop_items_no else ()
    return stop + _quality(card, thresholds.critical_no_for_recheck.value, thresholds.recheck_score_pct.value)


def _quality_actions(facts: _Facts) -> Reasons:
    card, thresholds = facts.card, facts.policy.thresholds
    reasons = _quality(card, thresholds.critical_no_for_actions.value, thresholds.pass_score_pct.value)
    return reasons + _groups_under(card.comparison)


def _extra_case_under(facts: _Facts) -> Reasons:
    """Under in an extra case: a group below the high line counts too, the rest `_under` has taken already."""
    under = _groups_under(facts.card.comparison)
    return (*under, Reason(ReasonCode.EXTRA_CASE)) if facts.is_extra_case and under else ()


def _groups_under(comparison: GridComparison) -> Reasons:
    if not comparison.groups_under:
        return ()
    named = ", ".join(group.label for group in comparison.groups_under)
    return (Reason(ReasonCode.GROUPS_UNDER, (("groups", named),)),)


def _quality(card: Scorecard, n_critical: int, limit_pct: int) -> Reasons:
    """Enough critical "no" answers, or a score below the limit."""
    reasons = []
    if len(card.critical_no) >= n_critical:
        reasons.append(Reason(ReasonCode.CRITICAL_NO, questions=card.critical_no))
    if card.officer_score < limit_pct:
        figures = (("score", f"{card.officer_score:.1f}"), ("limit", str(limit_pct)))
        reasons.append(Reason(ReasonCode.SCORE_BELOW, figures))
    return tuple(reasons)


def _otherwise(facts: _Facts) -> Reasons:
    return (Reason(ReasonCode.LEVEL_AND_QUALITY_STAND, (("score", f"{facts.card.officer_score:.1f}"),)),)


_CONDITIONS: dict[Condition, Callable[[_Facts], Reasons]] = {
    Condition.LEVEL_UNDER_AND_GRAVE: lambda facts: _grave(facts.card.comparison, is_exposed=facts.is_exposed),
    Condition.LEVEL_UNDER: lambda facts: _under(facts.card.comparison),
    Condition.EXTRA_CASE_UNDER: _extra_case_under,
    Condition.SAFEGUARD_MISSING: _safeguard_missing,
    Condition.LEVEL_OVER: _level_over,
    Condition.RECORD_MISSING: _record_missing,
    Condition.QUALITY_RECHECK: _quality_recheck,
    Condition.QUALITY_ACTIONS: _quality_actions,
    Condition.OTHERWISE: _otherwise,
}
