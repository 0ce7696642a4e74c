"""Part (a), continued: each group's level, and the score that looks at what came since."""

from collections.abc import Mapping

import numpy as np
from evaluation_area import SyntheticArea, Target
from evaluation_parts import Part, Parts
from evaluation_synthetic import TRAINED_AT
from sklearn.metrics import average_precision_score

from models.artefact import make_artefact, save
from models.benchmark import recall_at_budget
from models.columns import Purpose
from models.errors import NotEnoughCasesError
from models.features import build_features
from models.scorer import LinearScorer
from models.training import train
from models.validation import fitted_on

GROUP_HEADER = [
    "| group | assessed below high | wrong | AUPRC | recall reading 10% |",
    "|---|---|---|---|---|",
]


def report_group(area: SyntheticArea, group: str, parts: Parts) -> Part:
    """Train for one group's level and keep its artefact; one line of the table."""
    target = area.of(group)
    below = ~target.labels.assessed_high
    n_wrong = int((target.truly_high & below).sum())
    name = group.replace("_", " ")
    counts = f"{name} | {below.sum():,} | {n_wrong:,} ({n_wrong / max(1, below.sum()):.1%})"
    try:
        model, report = train(
            target.records, target.labels, target=group, n_reviews=int(below.sum()) // 10, seed=1
        )
    except NotEnoughCasesError as refusal:
        untrained = make_artefact(
            {}, {}, target.features, trained_at=TRAINED_AT, seed=1, not_trained={group: str(refusal)}
        )
        save(untrained, parts.folder / f"artefact-{group}.json")
        return Part([f"| {counts} | {refusal} | |"])
    scorer = LinearScorer.of(model, tuple(target.features.columns), report.threshold.score)
    artefact = make_artefact({group: scorer}, {group: report}, target.features, trained_at=TRAINED_AT, seed=1)
    save(artefact, parts.folder / f"artefact-{group}.json")
    score = model.rank(target.features.to_numpy())
    return Part([f"| {counts} | {_measured(score, target)} |"])


def _measured(score: np.ndarray, target: Target) -> str:
    truth = target.truly_high[target.unread]
    if not truth.any():
        return "nothing to find | "
    auprc = average_precision_score(truth, score[target.unread])
    return f"{auprc:.3f} | {recall_at_budget(score[target.unread], truth):.1%}"


def report_since(area: SyntheticArea) -> Part:
    """Compare the flag with the score that also looks at what was recorded since the assessment."""
    target = area.of("overall")
    later = build_features(area.records_since, Purpose.REVIEW_NOW)
    everyone = np.ones(len(later), dtype=bool)
    scores: Mapping[str, np.ndarray] = {
        "flag": fitted_on(target.features, target.labels, everyone).rank(target.features.to_numpy()),
        "needs a review now": fitted_on(later, target.labels, everyone).rank(later.to_numpy()),
    }
    n_with_events = int((area.records_since["since_n_trigger_events"] > 0).sum())
    return Part(
        [
            f"{n_with_events:,} cases have an event since their assessment that calls for a review. In these",
            "synthetic cases such events come by chance, whatever the level, so nothing can be gained; the",
            "table shows whether anything is lost. Whether it helps on real records is not known.",
            "",
            "| score | AUPRC | recall reading 10% |",
            "|---|---|---|",
            *(f"| {name} | {_measured(score, target)} |" for name, score in scores.items()),
        ]
    )
