"""What reading so much of the pool finds: precision and recall at each budget, with intervals."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.evaluation import ReviewedScores, precision_and_recall
from models.intervals import Estimate, Floats, bootstrap_all, weighted_share
from models.natural_frequencies import of_hundred

BUDGET_SHARES = (0.02, 0.05, 0.10, 0.20, 0.40)


@dataclass(frozen=True)
class BudgetYield:
    """What reading a share of the pool is expected to find.

    Attributes
    ----------
    budget_share : float
        Cases read over cases in the pool.
    precision, recall : Estimate
        Of the flagged, the share too low; of those too low, the share flagged.
    """

    budget_share: float
    precision: Estimate
    recall: Estimate

    def sentence(self, n_pool: int) -> str:
        """Say it in words for a pool of that many cases."""
        n_flagged = round(self.budget_share * n_pool)
        right, found = self.precision, self.recall
        if not np.isfinite(right.value):
            return f"Of {n_flagged} flagged, nobody can say how many need a higher level: too few reviews."
        told = (
            f"Of 100 flagged, about {of_hundred(right.value, right.low, right.high)} will need a higher level"
        )
        if not np.isfinite(found.value):
            return f"{told}; how many wrong ones are not flagged nobody can say: no review found any."
        missed = of_hundred(1 - found.value, 1 - found.high, 1 - found.low, "%")
        return f"{told}; about {missed} of all wrong ones are not among the {n_flagged} flagged."


def yield_at_budgets(
    cases: ReviewedScores, *, seed: int, budget_shares: Iterable[float] = BUDGET_SHARES
) -> list[BudgetYield]:
    """Estimate precision and recall at each budget, with bootstrap intervals over officers.

    Parameters
    ----------
    cases : ReviewedScores
        A probability sample of the pool.
    seed : int
        Of the bootstrap.
    budget_shares : iterable of float
        Cases read over cases in the pool, each in (0, 1].

    Returns
    -------
    list of BudgetYield
        One for each budget. Where all read or none were found high, every resample says the same: there the
        interval is Wilson's, on the effective number of cases it rests on.
    """
    shares = list(budget_shares)

    def measures(rows: NDArray[np.intp]) -> list[float]:
        drawn = cases.among(rows)
        return [figure for share in shares for figure in precision_and_recall(drawn, share)]

    estimates = bootstrap_all(measures, cases.officer, seed=seed)
    found_high = cases.weight[cases.found_high]
    return [
        BudgetYield(
            share,
            _unless_unanimous(precision, _weight_read(cases, share)),
            _unless_unanimous(recall, found_high),
        )
        for share, precision, recall in zip(shares, estimates[::2], estimates[1::2], strict=True)
    ]


def _weight_read(cases: ReviewedScores, budget_share: float) -> Floats:
    """Weights of the highest-scored cases that fill the budget."""
    weight = cases.weight[np.argsort(-cases.score, kind="stable")]
    read: Floats = weight[np.cumsum(weight) - weight < budget_share * weight.sum()]
    return read


def _unless_unanimous(found: Estimate, weight: Floats) -> Estimate:
    if found.low < found.high or found.value not in {0.0, 1.0} or not len(weight):
        return found
    exact = weighted_share(np.full(len(weight), found.value == 1), weight)
    return Estimate(found.value, exact.low, exact.high, found.n)
