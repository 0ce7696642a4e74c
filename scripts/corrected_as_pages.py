"""The correction for reader error exactly as the pages make it, on simulated reads (docs/validity.md)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from simulated_service import EXPERT_READS, SECOND_READS, Reads

from qa_service.policy.numbers import load_policy
from qa_service.reporting.rates import Rate, RateName
from qa_service.reporting.reader_error import ReaderSkill, correct, skill_of
from qa_service.reporting.readers import ReadTwice

POLICY = load_policy()
READ_AGAIN = POLICY.reads.model_copy(
    update={
        "second_reads_of_other_verdicts_rate": SECOND_READS,
        "expert_reads_of_finals_rate": EXPERT_READS,
    }
)
NAME = RateName.MEDIUM_SHOULD_BE_HIGH
_LEVEL, _VERDICT = ("MEDIUM", "HIGH"), ("pass", "fail")


def skill(reads: Reads, expert: NDArray[np.bool_]) -> ReaderSkill:
    """Return what the pages learn about the readers from the checks that chance picked to be read again."""
    return skill_of(NAME, list(_read_twice(reads, expert)), READ_AGAIN)


def _read_twice(reads: Reads, expert: NDArray[np.bool_]) -> Iterator[ReadTwice]:
    for row in np.flatnonzero((reads.twice | reads.again) & reads.scorable).tolist():
        one, final, found = int(reads.one[row]), int(reads.final[row]), int(expert[row])
        yield ReadTwice(
            reference=str(row),
            assessed="MEDIUM",
            first_level=_LEVEL[one],
            first_verdict=_VERDICT[one],
            second_level=_LEVEL[int(reads.two[row])] if reads.twice[row] else None,
            expert_level=_LEVEL[found] if reads.again[row] else None,
            expert_verdict=_VERDICT[found] if reads.again[row] else None,
            final_level=_LEVEL[final],
            final_verdict=_VERDICT[final],
        )


def corrected(value: float, n_eff: float, readers: ReaderSkill) -> tuple[float, float, float] | None:
    """Return the corrected rate with its limits, or None where the pages say that too few were read again."""
    found = correct(
        Rate(None, round(n_eff), value, None, None, "", n_eff), readers, POLICY.rates.too_few_to_compare_n
    )
    if found.value is None or found.low is None or found.high is None:
        return None
    return found.value, found.low, found.high
