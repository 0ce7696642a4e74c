"""Part (a): a synthetic area whose truth is known, one year of checks, and what the pages would have said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from models.artefact import Artefact, make_artefact
from models.benchmark import recall_at_budget
from models.columns import GROUPS, TARGETS
from models.errors import NotEnoughCasesError
from models.features import build_features
from models.intervals import Estimate
from models.labels import Labels, build_labels, has_target
from models.ranker import MisclassificationClassifier
from models.scorer import LinearScorer
from models.synthetic import Floats
from models.thresholds import threshold_by_recall
from models.training import TrainingReport, train
from models.validation import cross_validated_scores, fitted_on

Say = Callable[[str], None]

# Design: two blind reads; set so that reviewers miss 15% of highs and call 3% of the others high.
SENSITIVITY, SPECIFICITY = 0.85, 0.97
BUDGETS = (0.05, 0.10)
PAGE_INTRODUCTION = """Estimates rest on the checks alone. Readers' errors are in them, so they can
differ from the truth by more than their intervals say.
"""
N_SEEDS = 5
HIGH = 2.0


@dataclass(frozen=True)
class Area:
    """An area's cases with their truth (0 low to 3 very high, by target), and its checks."""

    records: pd.DataFrame
    truth: pd.DataFrame
    reviews: pd.DataFrame


def check_area(records: pd.DataFrame, truth: pd.DataFrame, *, n_rounds: int, seed: int) -> Area:
    """Check one case of each officer at random in each round, with readers who can be wrong."""
    rng = np.random.default_rng(seed)
    officer = records["officer"].fillna("unknown").to_numpy()
    _, code, n_held = np.unique(officer, return_inverse=True, return_counts=True)
    drawn = np.zeros(len(records), dtype=bool)
    for _ in range(n_rounds):
        ticket = rng.random(len(records))
        order = np.lexsort((ticket, code))
        drawn[order[np.concatenate([[0], np.cumsum(n_held)[:-1]])]] = True
    reviews = pd.DataFrame({"assessment_id": records["assessment_id"], "arm": "random"})
    reviews["inclusion_probability"] = 1 - (1 - 1 / n_held[code]) ** n_rounds
    reviews["is_final"] = reviews["is_scorable"] = True
    for target in TARGETS:
        high = truth[target].to_numpy() >= HIGH
        said_high = np.where(high, rng.random(len(high)) < SENSITIVITY, rng.random(len(high)) > SPECIFICITY)
        reviews[f"reviewed_{target}"] = np.where(said_high, HIGH, np.minimum(truth[target], HIGH - 1))
    return Area(records, truth, reviews[drawn].reset_index(drop=True))


def report_area(area: Area, say: Say) -> tuple[list[str], Artefact]:
    """Compare methods with the truth, and the pages' figures too."""
    labels = build_labels(area.records, area.reviews)
    features = build_features(area.records)
    truly_high = area.truth["overall"].to_numpy() >= HIGH
    unread = ~labels.assessed_high & np.isnan(labels.reviewed_high)
    n_below, n_wrong = int((~labels.assessed_high).sum()), int((truly_high & ~labels.assessed_high).sum())
    say("synthetic: training")
    model, report = train(area.records, labels, target="overall", n_reviews=n_below // 10, seed=1)
    lines = [
        f"{len(features)} cases of {area.records['officer'].nunique()} officers.",
        f"{n_below} assessed below high, {n_wrong} of them wrongly ({n_wrong / n_below:.1%}).",
        f"{model.n_reviewed_} of these were checked at random and {model.n_reviewed_high_} called high,",
        f"by readers with sensitivity {SENSITIVITY:.0%} and specificity {SPECIFICITY:.0%}.",
        "Figures are over those not checked, against the truth.",
        "",
        *_methods(area, features, labels, model, truly_high, unread, say),
        "",
        "### What the page would say, and the truth",
        "",
        *_page(report, model.rank(features.to_numpy()), truly_high, unread, n_below),
        *_recall_promise(area, features, labels, truly_high, unread),
        "",
        "### How many more checks buy what",
        "",
        *_curve(features, labels, truly_high, say),
        "",
        "### Levels of each group of people at risk",
        "",
    ]
    table, scorers, reports = _groups(area, say)
    scorers = {"overall": LinearScorer.of(model, tuple(features.columns), report.threshold.score), **scorers}
    artefact = make_artefact(
        scorers, {"overall": report, **reports}, features, trained_at="2026-11-22T06:00:00Z", seed=1
    )
    return [*lines, *table], artefact


def _methods(
    area: Area,
    features: pd.DataFrame,
    labels: Labels,
    model: MisclassificationClassifier,
    truly_high: np.ndarray,
    unread: np.ndarray,
    say: Say,
) -> list[str]:
    say("synthetic: other methods")
    values = features.to_numpy()
    officer = area.records["officer"].fillna("unknown").to_numpy(dtype=object)
    standardised = (values - model.mean_) / model.scale_
    label = model.label_model_.out_of_fold(values, standardised)
    reviewed = ~np.isnan(labels.reviewed_high) & ~labels.assessed_high
    alone = LogisticRegression(max_iter=2000).fit(standardised[reviewed], labels.reviewed_high[reviewed])
    by_reviews = alone.decision_function(standardised)
    register = area.records["register_level_at_completion"].fillna(0) - area.records["assessed_overall"]
    scores: Mapping[str, Floats] = {
        "chance": np.random.default_rng(0).random(len(features)),
        "combined serious predictor (RSR or CSRP)": features["serious_recidivism_predictor_pct"].to_numpy(),
        "register above the assessment": register.to_numpy(dtype=float),
        "recorded levels alone (cleanlab's order is the same)": label,
        "recorded levels alone, gradient boosting": _boosted(values, labels, officer),
        "reviews alone": by_reviews,
        "rank-average of the two": rankdata(label) + rankdata(by_reviews),
        "ranker": model.rank(values),
    }
    header = (
        "| method | AUPRC | " + " | ".join(f"precision, recall at {share:.0%}" for share in BUDGETS) + " |"
    )
    return [
        header,
        "|---" * (2 + len(BUDGETS)) + "|",
        *(f"| {name} | {_told(score[unread], truly_high[unread])} |" for name, score in scores.items()),
    ]


def _told(score: Floats, truly_high: np.ndarray) -> str:
    cells = [f"{average_precision_score(truly_high, score):.3f}"]
    for share in BUDGETS:
        recall = recall_at_budget(score, truly_high, share)
        precision = recall * truly_high.sum() / round(share * len(score))
        cells.append(f"{precision:.1%}, {recall:.1%}")
    return " | ".join(cells)


def _boosted(values: Floats, labels: Labels, officer: np.ndarray) -> Floats:
    scores = np.zeros(len(values))
    fold = np.unique(officer.astype(str), return_inverse=True)[1] % 5
    for number in range(5):
        kept = fold != number
        trees = HistGradientBoostingClassifier(max_iter=100, random_state=0).fit(
            values[kept], labels.assessed_high[kept]
        )
        scores[~kept] = trees.decision_function(values[~kept])
    return scores


def _page(
    report: TrainingReport, scores: Floats, truly_high: np.ndarray, unread: np.ndarray, n_below: int
) -> list[str]:
    rows = [("wrong among those below high", report.wrong_rate, float(truly_high[unread].mean()))]
    for part in report.yields:
        recall = recall_at_budget(scores[unread], truly_high[unread], part.budget_share)
        precision = recall * truly_high[unread].sum() / (part.budget_share * unread.sum())
        rows.append((f"precision reading {part.budget_share:.0%}", part.precision, precision))
        rows.append((f"recall reading {part.budget_share:.0%}", part.recall, recall))
    taus, trusts = (
        ", ".join(f"{value:g}: {belief:.0%}" for value, belief in beliefs.items())
        for beliefs in (report.tau_weights, report.trust_weights)
    )
    return [
        PAGE_INTRODUCTION,
        "| figure | the page, 95% interval | truth |",
        "|---|---|---|",
        *(f"| {name} | {_estimate(estimate)} | {truth:.1%} |" for name, estimate, truth in rows),
        "",
        f"- AUC of the recorded levels alone on checked cases: {_estimate(report.label_auc)}.",
        f"- Belief in each trust in recorded levels: {trusts}; in each size of correction: {taus}.",
        f"- Calibration error: {report.calibration_error:.3f}.",
        f"- AUPRC with officers held out: {_estimate(report.auprc)}.",
        f"- AUPRC on the latest quarter: {_estimate(report.auprc_on_latest)}.",
        f"- {report.yields[2].sentence(n_below)}",
    ]


def _estimate(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} ({estimate.low:.1%} to {estimate.high:.1%})"


def _recall_promise(
    area: Area, features: pd.DataFrame, labels: Labels, truly_high: np.ndarray, unread: np.ndarray
) -> list[str]:
    officer = area.records["officer"].fillna("unknown").to_numpy(dtype=object)
    scores, _ = cross_validated_scores(features, labels, officer)
    found = np.flatnonzero(labels.judges & (labels.reviewed_high == 1))
    try:
        line = threshold_by_recall(scores[found], recall=0.8, confidence=0.9, weight=labels.weight[found])
    except NotEnoughCasesError as refusal:
        return [f"- A promise of recall: {refusal}"]
    flagged = scores[unread] >= line.score
    true_recall = flagged[truly_high[unread]].mean()
    return [
        f"- A line that {line.basis} found too low, flags {flagged.mean():.1%} of the pool.",
        f"- Its true recall is {true_recall:.1%}: such a promise is costly.",
    ]


def _curve(features: pd.DataFrame, labels: Labels, truly_high: np.ndarray, say: Say) -> list[str]:
    checked = np.flatnonzero(~np.isnan(labels.reviewed_high) & ~labels.assessed_high)
    unread = ~labels.assessed_high & np.isnan(labels.reviewed_high)
    lines = ["| checks | AUPRC | recall reading 10% |", "|---|---|---|"]
    sizes = [size for size in (0, 125, 250, 500, 1000, 2000, 4000) if size < len(checked)] + [len(checked)]
    for size in sizes:
        say(f"synthetic: {size} checks")
        found = []
        for seed in range(N_SEEDS if 0 < size < len(checked) else 1):
            kept = np.random.default_rng(seed).choice(checked, size, replace=False)
            fewer = np.full(len(labels.reviewed_high), np.nan)
            fewer[kept] = labels.reviewed_high[kept]
            model = fitted_on(
                features, replace(labels, reviewed_high=fewer), np.ones(len(features), dtype=bool)
            )
            score = model.rank(features.to_numpy())[unread]
            found.append(
                (
                    average_precision_score(truly_high[unread], score),
                    recall_at_budget(score, truly_high[unread]),
                )
            )
        auprc, recall = np.mean(found, axis=0)
        lines.append(f"| {size} | {auprc:.3f} | {recall:.1%} |")
    return lines


def _groups(area: Area, say: Say) -> tuple[list[str], dict[str, LinearScorer], dict[str, TrainingReport]]:
    lines = ["| group | assessed below high | wrong | AUPRC | recall reading 10% |", "|---|---|---|---|---|"]
    scorers, reports = {}, {}
    for group in GROUPS:
        say(f"synthetic: {group}")
        rated = has_target(area.records, group)
        records = area.records[rated].reset_index(drop=True)
        truly_high = area.truth.loc[rated, group].to_numpy() >= HIGH
        labels = build_labels(records, area.reviews, group)
        below = ~labels.assessed_high
        wrong = truly_high & below
        if not wrong.any() or below.all():
            lines.append(
                f"| {group.replace('_', ' ')} | {below.sum()} | {wrong.sum()} | none to learn from | |"
            )
            continue
        model, reports[group] = train(records, labels, target=group, n_reviews=int(below.sum()) // 10, seed=1)
        features = build_features(records)
        scorers[group] = LinearScorer.of(model, tuple(features.columns), reports[group].threshold.score)
        unread = below & np.isnan(labels.reviewed_high)
        score = model.rank(features.to_numpy())[unread]
        recall = recall_at_budget(score, truly_high[unread])
        auprc = average_precision_score(truly_high[unread], score)
        share = f"{wrong.sum()} ({wrong.sum() / below.sum():.1%})"
        lines.append(f"| {group.replace('_', ' ')} | {below.sum()} | {share} | {auprc:.3f} | {recall:.1%} |")
    return lines, scorers, reports
