"""A whole evaluation of a classifier as training keeps it: one level, with groups of which two are not shown."""

from dataclasses import replace
from typing import Any

from factories.flags import TRAINED_AT, estimate, evaluation

from models.artefact import Artefact, to_text
from models.card import write_card
from models.columns import Purpose, columns_digest
from qa_service.flags.tables import ArtefactStatus, FlagArtefact, ScorePurpose

RATES = ("flag_rate", "wrong_rate", "precision", "recall", "false_flag_rate")


def group(name: str, n: int | None, *, note: str = "") -> dict[str, Any]:
    """Of 100 cases 10 are flagged; under 10 nothing is given."""
    value = None if n is None or note else 0.1
    figures = {rate + end: value for rate in RATES for end in ("", "_low", "_high")}
    return {"group": name, "n": n, "note": note, **figures}


def whole_evaluation(**changes: Any) -> dict[str, Any]:
    return evaluation(
        **{
            "target": "overall",
            "seed": 1,
            "label_auc": estimate(0.88, 0.71, 0.98, 385),
            "auprc_on_latest": estimate(0.25, 0.12, 0.44),
            "trust_weights": {"1.0": 0.97, "0.5": 0.03, "0.0": 0.0},
            "tau_weights": {"0.0": 0.3, "0.25": 0.7},
            "growth": [
                {
                    "n_reviews": 98,
                    "n_found_high": 7,
                    "label_auc": estimate(0.9, 0.6, 0.99, 97),
                    "trust_weights": {"1.0": 1.0},
                    "tau_weights": {"0.0": 1.0},
                }
            ],
            "to_find": {
                "target": {"recall": 0.8, "confidence": 0.9},
                "flagged_share": 0.43,
                "n_found": 26,
                "sentence": "To find at least 80% of the wrong mediums with 90% confidence, 43% of mediums "
                "would have to be flagged.",
            },
            "curve": {
                "sentence": "Reading a tenth finds about 45 of 100 wrong ones with all 391 reviews.",
                "points": [
                    {
                        "n_reviews": n,
                        "n_found_high": n // 15,
                        "auprc": estimate(0.31, 0.22, 0.41),
                        "recall": estimate(recall, recall - 0.1, recall + 0.1),
                        "gain": gain,
                    }
                    for n, recall, gain in [
                        (0, 0.35, {"value": None, "low": None, "high": None, "n": 385}),
                        (196, 0.41, estimate(0.06, -0.01, 0.12)),
                        (391, 0.45, estimate(0.04, 0.01, 0.08)),
                    ]
                ],
            },
            "reliability": [
                {
                    "n": 40,
                    "stated_rate": 0.05,
                    "observed_rate": 0.1,
                    "low": 0.04,
                    "high": 0.23,
                    "weight_share": 1.0,
                }
            ],
            "calibration_error": 0.01,
            "baselines": [
                {
                    "method": "recorded levels alone",
                    "auprc": 0.2,
                    "low": 0.1,
                    "high": 0.3,
                    "precision": 0.2,
                    "recall": 0.3,
                }
            ],
            "fairness": {
                "region_code": [group("N07", 385)],
                "sex": [group("F", 35), group("M", 350)],
                "ethnicity": [group("ASIAN", None), group("OTHER", None), group("WHITE", 175)],
            },
            **changes,
        }
    )


def whole_artefact(
    *,
    status: ArtefactStatus = ArtefactStatus.CANDIDATE,
    approved_by_id: int | None = None,
    seed: int = 1,
    not_trained: dict[str, str] | None = None,
    purpose: ScorePurpose = ScorePurpose.FLAG,
    targets: tuple[str, ...] = ("overall",),
    **changes: Any,
) -> FlagArtefact:
    """An artefact with its file and its card, ready to be added; each seed gives another digest."""
    reports = dict.fromkeys(targets, whole_evaluation(**changes)["reports"]["overall"])
    artefact = Artefact(
        scorers={},
        reports=reports,
        drift_bins={},
        data_fingerprint="f" * 64,
        columns_digest=columns_digest(Purpose(purpose.value)),
        trained_at="2026-10-01T10:00:00Z",
        seed=seed,
        versions={"python": "3.11"},
        purpose=Purpose(purpose.value),
    )
    digest, content = to_text(artefact)
    is_approved = approved_by_id is not None
    return FlagArtefact(
        digest=digest,
        purpose=purpose,
        status=status,
        content=content,
        evaluation={"reports": reports, "not_trained": not_trained or {}},
        card=write_card(replace(artefact, reports={})),  # its figures have tests of their own
        provenance={"data_fingerprint": "f" * 64, "seed": seed, "versions": {"python": "3.11"}},
        trained_at=TRAINED_AT,
        trained_by="cli",
        approved_by_id=approved_by_id,
        approved_at=TRAINED_AT if is_approved else None,
        approval_reason="Better than chance." if is_approved else None,
    )
