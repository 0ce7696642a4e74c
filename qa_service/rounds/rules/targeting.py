"""The targeted arm: what the frame says of flags, and how many unflagged cases it must draw (POLICY 9)."""

import math
from typing import Any

from qa_service.core.errors import Invalid
from sampling import Combined, Frame, SamplingError, draw_round

TARGETED = "targeted"
FLAGGED_STRATUM = "flagged"
NOT_FLAGGED_STRATUM = "not_flagged"


def design_with_targeted(n_targeted: int, least_unflagged_share: float) -> dict[str, Any]:
    """Return one case of each officer's at random and n more: the highest scores, and unflagged ones.

    The unflagged ones show what the flags miss, and keep a targeted check from giving a flag away.
    """
    n_unflagged = math.ceil(n_targeted * least_unflagged_share)
    if not 0 < n_unflagged < n_targeted:
        raise Invalid(
            f"{n_targeted} targeted checks are too few: some of them must be cases without a flag.",
            next_step="Ask for two or more.",
        )
    top = {
        "kind": "take_all_top",
        "n": n_targeted - n_unflagged,
        "n_rest": n_unflagged,
        "rest_stratum": NOT_FLAGGED_STRATUM,
    }
    return {"arms": [{"kind": "per_officer", "k": 1}, top]}


def uses_scores(design: Combined) -> bool:
    """Tell whether a design draws by score: only then does its frame hold any."""
    return any(arm.arm == TARGETED for arm in design.arms)


def stratum_of(*, is_flagged: bool) -> str:
    """Return the stratum that tells whether the approved artefact flags a case."""
    return FLAGGED_STRATUM if is_flagged else NOT_FLAGGED_STRATUM


def chances_of(design: Combined, frame: Frame, least_unflagged_share: float) -> list[float]:
    """Return every unit's chance of being drawn by any arm.

    Raises
    ------
    Invalid
        The design does not fit the frame, or too few of its targeted cases would be unflagged.
    """
    try:
        _check_unflagged(design, frame, least_unflagged_share)
        return list(map(float, draw_round(frame, design, "probabilities only").inclusion_probabilities))
    except SamplingError as error:
        raise Invalid(
            f"The design does not fit the frame: {error}.", next_step="Change the design."
        ) from error


def _check_unflagged(design: Combined, frame: Frame, least_unflagged_share: float) -> None:
    is_unflagged = [unit.stratum == NOT_FLAGGED_STRATUM for unit in frame.units]
    for arm in design.arms:
        if arm.arm != TARGETED:
            continue
        chances = arm.inclusion_probabilities(frame).tolist()
        n_unflagged = math.fsum(
            chance for chance, counts in zip(chances, is_unflagged, strict=True) if counts
        )
        n_all = math.fsum(chances)
        if n_unflagged < least_unflagged_share * n_all - 1e-9:
            raise Invalid(
                f"Only {n_unflagged / n_all:.1%} of the targeted cases would be unflagged; at least "
                f"{least_unflagged_share:.0%} must be, or nobody can say what the flags miss.",
                next_step=f"Draw more at random: n_rest with rest_stratum {NOT_FLAGGED_STRATUM!r}.",
            )
