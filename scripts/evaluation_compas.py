"""Part (b): planted errors in public data, the protocol and the bars of the design."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from cleanlab.rank import get_label_quality_scores
from evaluation_data import read_compas
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.benchmark import METHODS, Trial, ratio_to_better_part, run_cell
from models.ranker import MisclassificationClassifier
from models.synthetic import Floats, Pool, assess_with_errors

Say = Callable[[str], None]

PARTS = {name: METHODS[name] for name in ("ranker", "as_designed", "label", "reviewed")}
BARS = {"auprc": (0.94, 0.990), "recall": (0.92, 1.00)}
STRESS_BARS = (0.75, 1.00)
STRESS_SEEDS = range(900, 910)
N_DRAWS = 2
INTRODUCTION = """All methods see the same cases. AUPRC and recall (reading a tenth) are over the mediums not
reviewed. A ratio is the ranker's mean over the mean of the better of its two parts, known to nobody.
"""
UNEQUAL_INTRODUCTION = """A twentieth of the mediums at random and as many again with chances that follow the
label model's doubt, against a tenth at random. AUPRC over the mediums in neither.
"""
NAMES = ("label", "reviewed", "ranker", "as_designed", "rank_average", "cleanlab")
HEADER = (
    "| wrong | errors | reviewed | levels | reviews | ranker | as designed | rank-average | cleanlab "
    "| AUPRC ratio | recall ratio |"
)


def cleanlab(trial: Trial) -> Floats:
    """Score by cleanlab's self-confidence of the recorded level, from cross-validated probabilities."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=1000))
    chance = cross_val_predict(model, trial.features, trial.assessed_high, cv=5, method="predict_proba")
    quality: Floats = get_label_quality_scores(trial.assessed_high.astype(int), chance)
    return -quality[trial.unreviewed]


def report_compas(folder: Path, seeds: range, say: Say) -> list[str]:
    """Run every cell and say how each bar was met."""
    pool = read_compas(folder)
    n_high = int(pool.truly_high.sum())
    return [
        f"Cases: {len(pool.truly_high)} mediums and highs, {n_high} of them high.",
        f"{pool.features.shape[1]} features; {len(seeds)} plantings, {N_DRAWS} draws of reviews each.",
        INTRODUCTION,
        *_cells(pool, seeds, say),
        "",
        "### Kinds of error it was not designed on",
        "",
        *_stress(pool, say),
        "",
        "### Reviews drawn with unequal chances",
        "",
        UNEQUAL_INTRODUCTION,
        *_weighted(pool, seeds, say),
    ]


def _cells(pool: Pool, seeds: range, say: Say) -> list[str]:
    methods = {**METHODS, "cleanlab": cleanlab}
    lines = [HEADER, "|---" * 11 + "|"]
    ratios: dict[str, list[float]] = {"auprc": [], "recall": []}
    for wrong in (0.066, 0.2):
        for noise in ("uniform", "feature"):
            for reviewed in (0.0, 0.01, 0.05, 0.075, 0.25):
                say(f"COMPAS: {wrong:.1%} wrong, {noise}, {reviewed:.1%} reviewed")
                trials = _trials(pool, wrong, noise, reviewed, seeds, methods)
                means = trials.groupby("method")["auprc"].mean()
                ratio = {measure: ratio_to_better_part(trials, measure) for measure in ratios}
                if reviewed:
                    for measure, found in ratio.items():
                        ratios[measure].append(found)
                figures = [
                    means[name] for name in ("label", "reviewed", "ranker", "rank_average", "cleanlab")
                ]
                figures += ratio.values()
                told = " | ".join(f"{figure:.3f}" for figure in figures)
                lines.append(f"| {wrong:.1%} | {noise} | {reviewed:.1%} | {told} |")
    return [*lines, "", *(_bar(name, ratios[name], *BARS[name]) for name in BARS)]


def _trials(
    pool: Pool,
    wrong: float,
    noise: str,
    reviewed: float,
    seeds: range,
    methods: dict[str, Callable[[Trial], Floats]],
) -> pd.DataFrame:
    return pd.DataFrame(
        run_cell(
            pool,
            wrong_share=wrong,
            noise=noise,
            reviewed_share=reviewed,
            seeds=seeds,
            n_draws=N_DRAWS,
            methods=methods,
        )
    )


def _bar(name: str, ratios: Iterable[float], worst: float, average: float) -> str:
    found = np.array(list(ratios))
    met = "met" if found.min() >= worst and found.mean() >= average else "**not met**"
    return (
        f"- {name}: lowest {found.min():.3f} (bar {worst:.2f}), mean {found.mean():.3f} (bar {average:.3f}) "
        f"over {len(found)} cells: {met}."
    )


def _stress(pool: Pool, say: Say) -> list[str]:
    ratios, designed = {}, {}
    for noise in ("reverse", "strong", "direction", "three"):
        for wrong in (0.035, 0.12):
            for reviewed in (0.005, 0.025, 0.15, 0.5):
                say(f"COMPAS stress: {wrong:.1%} wrong, {noise}, {reviewed:.1%} reviewed")
                trials = _trials(pool, wrong, noise, reviewed, STRESS_SEEDS, PARTS)
                ratios[noise, wrong, reviewed] = ratio_to_better_part(trials, "auprc")
                designed[noise, wrong, reviewed] = ratio_to_better_part(trials, "auprc", "as_designed")
    table, before = pd.Series(ratios), pd.Series(designed)
    lines = ["| errors | lowest | mean | as designed, lowest | mean |", "|---|---|---|---|---|"]
    for noise, rows in table.groupby(level=0):
        figures = (rows.min(), rows.mean(), before[noise].min(), before[noise].mean())
        lines.append(f"| {noise} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")
    worst = table.idxmin()
    return [
        *lines,
        "",
        _bar("auprc", ratios.values(), *STRESS_BARS),
        f"- The weakest: {worst[0]}, {worst[1]:.1%} wrong, {worst[2]:.1%} reviewed: {table.min():.3f}.",
    ]


def _weighted(pool: Pool, seeds: range, say: Say) -> list[str]:
    """Half of the reviews at random, half by the label model's doubt; weighted, unweighted, all at random."""
    lines = [
        "| wrong | errors | weighted by 1 / chance | not weighted | as many, all random | label alone |",
        "|---|---|---|---|---|---|",
    ]
    for wrong in (0.066, 0.2):
        for noise in ("uniform", "feature"):
            say(f"COMPAS unequal chances: {wrong:.1%} wrong, {noise}")
            found = np.mean([_unequal(pool, wrong, noise, seed) for seed in seeds], axis=0)
            lines.append(
                f"| {wrong:.1%} | {noise} | " + " | ".join(f"{figure:.3f}" for figure in found) + " |"
            )
    return lines


def _unequal(pool: Pool, wrong: float, noise: str, seed: int) -> list[float]:
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

    def auprc(read: np.ndarray | None, weights: Floats | None) -> float:
        reviewed_high = np.full(len(assessed_high), np.nan)
        if read is not None:
            reviewed_high[mediums[read]] = pool.truly_high[mediums[read]]
        model = MisclassificationClassifier().fit(
            pool.features, assessed_high, reviewed_high=reviewed_high, sample_weight=weights
        )
        return float(average_precision_score(pool.truly_high[unread], model.rank(pool.features[unread])))

    return [auprc(unequal, weight), auprc(unequal, None), auprc(equal, None), auprc(None, None)]
