"""Part (b): planted errors in public data, the protocol and the bars of the design."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from cleanlab.rank import get_label_quality_scores  # type: ignore[import-untyped] # no stubs
from evaluation_data import read_compas
from evaluation_parts import Part, Parts
from evaluation_unequal import report_unequal
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.benchmark import METHODS, Method, Trial, jackknife_error, ratio_to_better_part, run_cell
from models.synthetic import Floats, Pool

MEASURES = ("auprc", "recall")
BARS = {"auprc": (0.94, 0.990), "recall": (0.92, 1.00)}
STRESS_BARS = (0.75, 1.00)
SEEDS, STRESS_SEEDS, N_DRAWS = range(20), range(900, 924), 2
CELLS = [
    (wrong, noise, reviewed)
    for wrong in (0.066, 0.2)
    for noise in ("uniform", "feature")
    for reviewed in (0.0, 0.01, 0.05, 0.075, 0.25)
]
STRESS_CELLS = [
    (wrong, noise, reviewed)
    for wrong in (0.035, 0.12)
    for noise in ("reverse", "strong", "direction", "three")
    for reviewed in (0.005, 0.025, 0.15, 0.5)
]
STRESS_WORDS = {
    "reverse": "heavier records missed more",
    "strong": "light records missed, strongly",
    "direction": "any direction over all features",
    "three": "three features",
}
INTRODUCTION = """All methods see the same cases. AUPRC and recall (reading a tenth) are over the mediums
not reviewed. A ratio is a method's mean over the mean of the better of the ranker's two parts, the recorded
levels alone and the reviews alone; which one is better, nobody knows beforehand. In brackets the jackknife
error over plantings.
"""
STRESS_INTRODUCTION = f"""{len(STRESS_SEEDS)} other plantings, {N_DRAWS} draws of reviews each; shares wrong
of 3.5% and 12%, and reviewed of 0.5%, 2.5%, 15% and 50%. Ratios of AUPRC as above.
"""
NAMES = {
    "ranker": "ranker",
    "as_designed": "as designed",
    "label": "recorded levels alone",
    "cleanlab": "cleanlab",
    "reviewed": "reviews alone",
    "rank_average": "rank-average",
}


def cleanlab(trial: Trial) -> Floats:
    """Score by cleanlab's self-confidence of the recorded level, from cross-validated probabilities."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=1000))
    chance = cross_val_predict(model, trial.features, trial.assessed_high, cv=5, method="predict_proba")
    quality: Floats = get_label_quality_scores(trial.assessed_high.astype(int), chance)
    return -quality[trial.unreviewed]


def report_compas(folder: Path, parts: Parts) -> Part:
    """Run every cell and say how each bar was met."""
    pool = read_compas(folder)
    main = {cell: _trials(pool, cell, SEEDS, {**METHODS, "cleanlab": cleanlab}, parts) for cell in CELLS}
    stress = {cell: _trials(pool, cell, STRESS_SEEDS, METHODS, parts) for cell in STRESS_CELLS}
    cells, stressed = _cells(main), _stress(stress)
    lines = [
        f"{len(pool.truly_high)} mediums and highs, {int(pool.truly_high.sum())} of them high, with",
        f"{pool.features.shape[1]} features; {len(SEEDS)} plantings, {N_DRAWS} draws of reviews each.",
        INTRODUCTION,
        *cells.lines,
        "",
        "### Kinds of error it was not designed on",
        "",
        STRESS_INTRODUCTION,
        *stressed.lines,
        "",
        "### Reviews drawn with unequal chances",
        "",
        *parts.part("unequal", lambda: report_unequal(pool, SEEDS)).lines,
    ]
    return Part(lines, cells.figures | stressed.figures)


def _trials(
    pool: Pool,
    cell: tuple[float, str, float],
    seeds: range,
    methods: Mapping[str, Method],
    parts: Parts,
) -> pd.DataFrame:
    """Run a cell, or read it where it was finished; as a table of one row a trial and method."""
    wrong, noise, reviewed = cell
    path = parts.folder / f"compas-{noise}-{wrong:g}-{reviewed:g}.csv"
    if not path.exists():
        parts.say(f"COMPAS: {wrong:.1%} wrong, {noise}, {reviewed:.1%} reviewed")
        trials = run_cell(
            pool,
            wrong_share=wrong,
            noise=noise,
            reviewed_share=reviewed,
            seeds=seeds,
            n_draws=N_DRAWS,
            methods=methods,
        )
        whole = path.with_suffix(".partial")
        pd.DataFrame(trials).to_csv(whole, index=False)
        whole.replace(path)
    return pd.read_csv(path)


def _cells(trials: Mapping[tuple[float, str, float], pd.DataFrame]) -> Part:
    header = [*NAMES.values(), "AUPRC ratio", "recall ratio"]
    lines = [f"| wrong | errors | reviewed | {' | '.join(header)} |", "|---" * (3 + len(header)) + "|"]
    for (wrong, noise, reviewed), rows in trials.items():
        means = rows.groupby("method")["auprc"].mean()
        told = [f"{means[name]:.3f}" for name in NAMES]
        told += [
            f"{ratio_to_better_part(rows, measure):.3f} ({jackknife_error(rows, measure):.3f})"
            for measure in MEASURES
        ]
        lines.append(f"| {wrong:.1%} | {noise} | {reviewed:.1%} | {' | '.join(told)} |")
    reviewed_cells = {cell: rows for cell, rows in trials.items() if cell[2] > 0}
    ratios = {measure: _ratios(reviewed_cells, measure) for measure in MEASURES}
    lines += ["", *(_bar(measure, ratios[measure]["ranker"], *BARS[measure]) for measure in MEASURES), ""]
    lines += ["| method | AUPRC ratio, lowest | mean | recall ratio, lowest | mean |", "|---" * 5 + "|"]
    for name, said in NAMES.items():
        told = [f"{f(ratios[m][name]):.3f}" for m in MEASURES for f in (np.min, np.mean)]
        lines.append(f"| {said} | {' | '.join(told)} |")
    figures = {
        f"main_{name}_{said}": float(f(ratios["auprc"][name]))
        for name in NAMES
        for said, f in (("lowest", np.min), ("mean", np.mean))
    }
    by_cell = pd.DataFrame([rows.groupby("method")["auprc"].mean() for rows in trials.values()])
    figures["cleanlab_distance"] = float((by_cell["cleanlab"] - by_cell["label"]).abs().max())
    return Part(lines, figures)


def _ratios(trials: Mapping[tuple[float, str, float], pd.DataFrame], measure: str) -> pd.DataFrame:
    """Ratio to the better part: one row a cell, one column a method."""
    names = [name for name in NAMES if name in set(next(iter(trials.values()))["method"])]
    return pd.DataFrame(
        [[ratio_to_better_part(rows, measure, name) for name in names] for rows in trials.values()],
        columns=names,
        index=pd.MultiIndex.from_tuples(list(trials)),
    )


def _bar(name: str, ratios: "pd.Series[float]", worst: float, average: float) -> str:
    met = "met" if ratios.min() >= worst and ratios.mean() >= average else "**not met**"
    said = {"auprc": "AUPRC", "recall": "Recall"}[name]
    return (
        f"- {said}: lowest {ratios.min():.3f} (bar {worst:.2f}), mean {ratios.mean():.3f} "
        f"(bar {average:.3f}) over {len(ratios)} cells: {met}."
    )


def _stress(trials: Mapping[tuple[float, str, float], pd.DataFrame]) -> Part:
    ratios = _ratios(trials, "auprc")
    header = " | ".join(f"{NAMES[name]}, lowest | mean" for name in ratios.columns)
    lines = [f"| errors | {header} |", "|---" * (1 + 2 * len(ratios.columns)) + "|"]
    for noise, words in STRESS_WORDS.items():
        rows = ratios.xs(noise, level=1)
        told = [f"{f(rows[name]):.3f}" for name in ratios.columns for f in (np.min, np.mean)]
        lines.append(f"| {words} | {' | '.join(told)} |")
    worst = list(trials)[int(ratios["ranker"].to_numpy().argmin())]
    lines += [
        "",
        _bar("auprc", ratios["ranker"], *STRESS_BARS),
        f"- The weakest cell: {STRESS_WORDS[worst[1]]}, {worst[0]:.1%} wrong, {worst[2]:.1%} reviewed.",
    ]
    figures = {
        f"stress_{name}_{said}": float(f(ratios[name]))
        for name in ratios.columns
        for said, f in (("lowest", np.min), ("mean", np.mean))
    }
    return Part(lines, figures)
