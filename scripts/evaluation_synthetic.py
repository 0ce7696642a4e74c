"""Part (a): methods against the truth, what the page would have said, and what more checks buy."""

from collections.abc import Mapping

import numpy as np
from evaluation_area import SENSITIVITY, SPECIFICITY, SyntheticArea, Target
from evaluation_parts import Part, Parts
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from models.artefact import make_artefact, save
from models.benchmark import recall_at_budget
from models.errors import NotEnoughCasesError
from models.intervals import Estimate
from models.offset_ridge import DESIGN_CANDIDATES
from models.ranker import MisclassificationClassifier
from models.scorer import LinearScorer
from models.synthetic import Floats
from models.thresholds import threshold_by_recall
from models.training import TrainingReport, train
from models.validation import cross_validated_scores, fit_without_officers, fitted_on

BUDGETS = (0.05, 0.10)
CURVE = (0, 125, 250, 500, 1000, 2000, 4000, 8000)
N_SEEDS = 5
TRAINED_AT = "2026-11-22T06:00:00Z"
PAGE_INTRODUCTION = """Estimates rest on the checks alone. Readers' errors are in them, so they can
differ from the truth by more than their intervals say.
"""


def report_overall(area: SyntheticArea, parts: Parts) -> Part:
    """Train for the overall level; compare what the page would say with the truth, and keep the artefact."""
    target = area.of("overall")
    below = ~target.labels.assessed_high
    n_below, n_wrong = int(below.sum()), int((target.truly_high & below).sum())
    model, report = train(target.records, target.labels, target="overall", n_reviews=n_below // 10, seed=1)
    scorer = LinearScorer.of(model, tuple(target.features.columns), report.threshold.score)
    artefact = make_artefact(
        {"overall": scorer}, {"overall": report}, target.features, trained_at=TRAINED_AT, seed=1
    )
    save(artefact, parts.folder / "artefact-overall.json")
    scores = model.rank(target.features.to_numpy())
    return Part(
        [
            f"{len(target.features):,} cases of {target.records['officer'].nunique():,} officers;",
            f"{n_below:,} assessed below high, {n_wrong:,} of them wrongly ({n_wrong / n_below:.1%});",
            f"{report.n_reviewed:,} of these checked at random and {report.n_reviewed_high:,} called high,",
            f"by readers with sensitivity {SENSITIVITY:.0%} and specificity {SPECIFICITY:.0%}.",
            "Figures are over those not checked, against the truth.",
            "",
            "### What the page would say, and the truth",
            "",
            *_page(report, scores, target, n_below),
            *_recall_promise(target),
        ]
    )


def _page(report: TrainingReport, scores: Floats, target: Target, n_below: int) -> list[str]:
    truly_high, unread = target.truly_high, target.unread
    rows = [("wrong among those below high", report.wrong_rate, float(truly_high[unread].mean()))]
    for part in report.yields:
        recall = recall_at_budget(scores[unread], truly_high[unread], part.budget_share)
        precision = recall * truly_high[unread].sum() / (part.budget_share * unread.sum())
        rows.append((f"precision reading {part.budget_share:.0%}", part.precision, precision))
        rows.append((f"recall reading {part.budget_share:.0%}", part.recall, recall))
    return [
        PAGE_INTRODUCTION,
        "| figure | the page, 95% interval | truth |",
        "|---|---|---|",
        *(f"| {name} | {told(estimate)} | {truth:.1%} |" for name, estimate, truth in rows),
        "",
        f"- AUC of the recorded levels alone on checked cases: {told(report.label_auc)}.",
        f"- Belief in each trust in recorded levels: {_beliefs(report.trust_weights)}.",
        f"- Belief in each size of correction: {_beliefs(report.tau_weights)}.",
        f"- Calibration error: {report.calibration_error:.3f}.",
        f"- AUPRC with officers held out: {told(report.auprc)}.",
        f"- AUPRC on the latest quarter: {told(report.auprc_on_latest)}.",
        f"- {report.yields[2].sentence(n_below)}",
    ]


def told(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} ({estimate.low:.1%} to {estimate.high:.1%})"


def _beliefs(weights: Mapping[float, float]) -> str:
    return ", ".join(f"{value:g}: {belief:.0%}" for value, belief in weights.items())


def _recall_promise(target: Target) -> list[str]:
    scores, _ = cross_validated_scores(
        target.features, fit_without_officers(target.features, target.labels, target.officer)
    )
    found = np.flatnonzero(target.labels.judges & (target.labels.reviewed_high == 1))
    weight = target.labels.weight[found]
    try:
        line = threshold_by_recall(scores[found], recall=0.8, confidence=0.9, weight=weight)
    except NotEnoughCasesError as refusal:
        return [f"- A promise of recall: {refusal}"]
    flagged = scores[target.unread] >= line.score
    true_recall = flagged[target.truly_high[target.unread]].mean()
    return [
        f"- A line that {line.basis} found too low, flags {flagged.mean():.1%} of the pool:",
        f"  such a promise is costly. Its true recall is {true_recall:.1%}.",
    ]


def report_methods(area: SyntheticArea) -> Part:
    """Compare the ranker with each of its parts, its design and simpler ways."""
    target = area.of("overall")
    values, labels = target.features.to_numpy(), target.labels
    model = fitted_on(target.features, labels, np.ones(len(values), dtype=bool))
    standardised = (values - model.mean_) / model.scale_
    label = model.label_model_.out_of_fold(values, standardised)
    reviewed = ~np.isnan(labels.reviewed_high) & ~labels.assessed_high
    alone = LogisticRegression(max_iter=2000).fit(standardised[reviewed], labels.reviewed_high[reviewed])
    by_reviews = alone.decision_function(standardised)
    every_column = _fitted(target, MisclassificationClassifier())
    designed = _fitted(target, MisclassificationClassifier(candidates=DESIGN_CANDIDATES, n_trusted=0.0))
    register = target.records["register_level_at_completion"].fillna(0) - target.records["assessed_overall"]
    levels_of_all = every_column.label_model_.out_of_fold(values, standardised)
    scores: Mapping[str, Floats] = {
        "chance": np.random.default_rng(0).random(len(values)),
        "combined serious predictor (RSR or CSRP)": target.features[
            "serious_recidivism_predictor_pct"
        ].to_numpy(),
        "register above the assessment": register.to_numpy(dtype=float),
        "recorded levels alone, of every column (cleanlab's order)": levels_of_all,
        "recorded levels alone, gradient boosting of every column": _boosted(target),
        "recorded levels alone, of evidence": label,
        "reviews alone": by_reviews,
        "rank-average of the last two": rankdata(label) + rankdata(by_reviews),
        "ranker as designed (every column, full trust)": designed.rank(values),
        "ranker, recorded levels of every column": every_column.rank(values),
        "**ranker**": model.rank(values),
    }
    unread, truth = target.unread, target.truly_high[target.unread]
    header = " | ".join(f"precision, recall at {share:.0%}" for share in BUDGETS)
    return Part(
        [
            f"| method | AUPRC | {header} |",
            "|---" * (2 + len(BUDGETS)) + "|",
            *(f"| {name} | {_cells(score[unread], truth)} |" for name, score in scores.items()),
        ],
        {name: float(average_precision_score(truth, score[unread])) for name, score in scores.items()},
    )


def _fitted(target: Target, model: MisclassificationClassifier) -> MisclassificationClassifier:
    return model.fit(
        target.features.to_numpy(),
        target.labels.assessed_high,
        reviewed_high=target.labels.reviewed_high,
        sample_weight=target.labels.weight,
    )


def _cells(score: Floats, truth: np.ndarray) -> str:
    cells = [f"{average_precision_score(truth, score):.3f}"]
    for share in BUDGETS:
        recall = recall_at_budget(score, truth, share)
        precision = recall * truth.sum() / round(share * len(score))
        cells.append(f"{precision:.1%}, {recall:.1%}")
    return " | ".join(cells)


def _boosted(target: Target) -> Floats:
    values = target.features.to_numpy()
    scores = np.zeros(len(values))
    fold = np.unique(target.officer.astype(str), return_inverse=True)[1] % 5
    for number in range(5):
        kept = fold != number
        trees = HistGradientBoostingClassifier(max_iter=100, random_state=0).fit(
            values[kept], target.labels.assessed_high[kept]
        )
        scores[~kept] = trees.decision_function(values[~kept])
    return scores


def report_curve(area: SyntheticArea) -> Part:
    """Learn from fewer of the checks, several draws of each number."""
    target = area.of("overall")
    values, labels, truly_high, unread = (
        target.features.to_numpy(),
        target.labels,
        target.truly_high,
        target.unread,
    )
    checked = np.flatnonzero(~np.isnan(labels.reviewed_high) & ~labels.assessed_high)
    model = fitted_on(target.features, labels, np.ones(len(values), dtype=bool))
    lines = [
        "| checks | found high | AUPRC | recall reading 10% | average trust in levels |",
        "|---" * 5 + "|",
    ]
    for size in [size for size in CURVE if size < len(checked)] + [len(checked)]:
        figures = []
        for seed in range(N_SEEDS if 0 < size < len(checked) else 1):
            kept = np.random.default_rng(seed).choice(checked, size, replace=False)
            fewer = np.full(len(values), np.nan)
            fewer[kept] = labels.reviewed_high[kept]
            other = model.with_reviews(
                values, labels.assessed_high, reviewed_high=fewer, sample_weight=labels.weight
            )
            score, truth = other.rank(values[unread]), truly_high[unread]
            auprc, recall = average_precision_score(truth, score), recall_at_budget(score, truth)
            believed = sum(trust * belief for trust, belief in other.trust_weights_.items())
            figures.append((other.n_reviewed_high_, auprc, recall, believed))
        n_high, auprc, recall, trust = np.mean(figures, axis=0)
        lines.append(f"| {size:,} | {n_high:.0f} | {auprc:.3f} | {recall:.1%} | {trust:.2f} |")
    return Part(lines)
