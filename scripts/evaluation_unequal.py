"""Part (b), continued: reviews drawn with unequal chances, half of them by the label model's doubt."""

import numpy as np
from evaluation_parts import Part
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from models.ranker import MisclassificationClassifier
from models.synthetic import Floats, Pool, assess_with_errors

INTRODUCTION = """A twentieth of the mediums at random and as many again with chances that follow the recorded
levels' doubt, against a tenth at random. AUPRC over the mediums in neither.
"""


def report_unequal(pool: Pool, seeds: range) -> Part:
    """Compare weighted, unweighted and equal draws with no reviews at all."""
    lines = [
        INTRODUCTION,
        "| wrong | errors | weighted by 1 / chance | not weighted | as many at random | no reviews |",
        "|---|---|---|---|---|---|",
    ]
    for wrong in (0.066, 0.2):
        for noise in ("uniform", "feature"):
            found = np.mean([_auprcs(pool, wrong, noise, seed) for seed in seeds], axis=0)
            lines.append(
                f"| {wrong:.1%} | {noise} | " + " | ".join(f"{figure:.3f}" for figure in found) + " |"
            )
    return Part(lines)


def _auprcs(pool: Pool, wrong: float, noise: str, seed: int) -> list[float]:
    rng = np.random.default_rng([seed, 7, round(wrong * 1000)])
    assessed_high = assess_with_errors(pool, wrong_share=wrong, noise=noise, rng=rng)
    mediums = np.flatnonzero(~assessed_high)
    label = MisclassificationClassifier().fit(pool.features, assessed_high)
    chance = 1 / (1 + np.exp(-label.rank(pool.features[mediums])))
    doubt = np.sqrt(chance * (1 - chance))
    targeted = np.minimum(1, 0.05 * len(mediums) * doubt / doubt.sum())
    inclusion = 1 - 0.95 * (1 - targeted)
    unequal = rng.random(len(mediums)) < inclusion
    equal = rng.random(len(mediums)) < 0.10
    unread = mediums[~unequal & ~equal]
    weight = np.ones(len(assessed_high))
    weight[mediums] = 1 / inclusion

    def auprc(read: NDArray[np.bool_], weights: Floats | None = None) -> float:
        reviewed_high = np.full(len(assessed_high), np.nan)
        reviewed_high[mediums[read]] = pool.truly_high[mediums[read]]
        model = label.with_reviews(
            pool.features, assessed_high, reviewed_high=reviewed_high, sample_weight=weights
        )
        return float(average_precision_score(pool.truly_high[unread], model.rank(pool.features[unread])))

    nothing = np.zeros(len(mediums), dtype=bool)
    return [auprc(unequal, weight), auprc(unequal), auprc(equal), auprc(nothing)]
