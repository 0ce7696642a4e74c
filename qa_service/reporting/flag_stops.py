"""Where reading a list made from flags could stop: how many wrong ones probably remain below the line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa_service.flags.rules import (
    Evaluation,
    Interval,
    measured_lines,
    remaining_below,
    scaled,
    wrong_rate_of_highs,
)


@dataclass(frozen=True)
class Rest:
    """Cases of one level below a line, and how many of them are probably wrong; None: nobody can say."""

    n: int
    wrong: Interval | None


@dataclass(frozen=True)
class Stop:
    """What is left when the first `n_read` are read.

    A wrong medium should be high; a wrong high has a group of people for whom it should be high too.
    """

    n_read: int
    score_rate: float | None
    mediums: Rest
    highs: Rest


def stops(found: Mapping[str, Any], evaluation: Evaluation, n_read: Sequence[int]) -> tuple[Stop, ...]:
    """Say for each length of reading what remains, from the counts of a ranked list.

    The rates are those of all random checks of the approved artefact's training, not of this area alone: an
    area has too few checks for a rate of its own.
    """
    lines = {rank: (score, n_mediums) for rank, score, n_mediums in found["lines"] or ()}
    n_mediums, n_highs = found["n_mediums"], found["n_all"] - found["n_mediums"]
    buckets = dict(found["mediums_by_line"] or ())
    below_lines = [
        sum(n for bucket, n in buckets.items() if bucket <= place)
        for place in range(len(measured_lines(evaluation)))
    ]
    rate_of_highs = wrong_rate_of_highs(evaluation)
    made = []
    for length in sorted(set(n_read)):
        score, n_mediums_read = lines.get(max(1, length), (None, n_mediums))
        n_mediums_read = n_mediums_read if length else 0
        n_left = n_mediums - n_mediums_read
        wrong = remaining_below(evaluation, score, n_left, below_lines) if score is not None else None
        n_highs_left = max(0, n_highs - (length - n_mediums_read))
        wrong_highs = scaled(rate_of_highs, n_highs_left) if rate_of_highs else None
        made.append(Stop(length, score, Rest(n_left, wrong), Rest(n_highs_left, wrong_highs)))
    return tuple(made)
