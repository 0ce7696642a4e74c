"""One file per trained classifier: readable JSON whose digest is checked; nothing in it can run.

A pickle can run anything when it is loaded, so it is refused. Trees would need skops with an allow-list; they
are not shipped, since they were not measurably better (docs/classifier.md).
"""

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.columns import Purpose, columns_digest
from models.drift import bin_counts, bins_of, drift_from_counts
from models.errors import ArtefactRefusedError
from models.scorer import LinearScorer
from models.training import TrainingReport

FORMAT = "qa-service-classifier"
FORMAT_VERSION = 1
LARGEST_BYTES = 50_000_000


@dataclass(frozen=True)
class Artefact:
    """Everything needed to score, explain, watch and describe a classifier.

    Attributes
    ----------
    scorers : dict of str to LinearScorer
        By target: overall, and each group that had enough cases.
    reports : dict of str to dict
        Each target's figures, for pages and the card.
    drift_bins : dict of str to dict
        Edges and shares of each feature at training.
    data_fingerprint, columns_digest : str
        SHA-256 of the training data, and of the input contract.
    trained_at : str
        UTC, ISO 8601; given by the caller.
    seed : int
        Of the intervals.
    versions : dict of str to str
        Python and the libraries.
    purpose : Purpose
        What its scores are for.
    not_trained : dict of str to str
        Why a target has no scorer, by target.
    """

    scorers: dict[str, LinearScorer]
    reports: dict[str, dict[str, Any]]
    drift_bins: dict[str, dict[str, list[float]]]
    data_fingerprint: str
    columns_digest: str
    trained_at: str
    seed: int
    versions: dict[str, str]
    purpose: Purpose = Purpose.FLAG
    not_trained: dict[str, str] = field(default_factory=dict)

    def drift(self, features: pd.DataFrame) -> pd.DataFrame:
        """Compare present features with those at training: see :func:`models.drift.drift_table`."""
        return drift_from_counts(self.drift_bins, bin_counts(self.drift_bins, features))


def make_artefact(
    scorers: dict[str, LinearScorer],
    reports: dict[str, TrainingReport],
    features: pd.DataFrame,
    *,
    trained_at: str,
    seed: int,
    purpose: Purpose = Purpose.FLAG,
    not_trained: Mapping[str, str] | None = None,
) -> Artefact:
    """Gather what one training made.

    Parameters
    ----------
    scorers : dict of str to LinearScorer
        By target.
    reports : dict of str to TrainingReport
        By target.
    features : DataFrame of shape (n_cases, n_features)
        Of the training: for its fingerprint and for drift.
    trained_at : str
        UTC, ISO 8601.
    seed : int
        Of the intervals.
    purpose : Purpose
        What the scores are for.
    not_trained : mapping of str to str, optional
        Why a target has no scorer, by target.

    Returns
    -------
    Artefact
        Ready to be saved.
    """
    return Artefact(
        scorers=scorers,
        reports={target: _plain(report) for target, report in reports.items()},
        drift_bins=bins_of(features),
        data_fingerprint=fingerprint(features),
        columns_digest=columns_digest(purpose),
        trained_at=trained_at,
        seed=seed,
        versions={
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "pandas", "scipy", "scikit-learn")},
        },
        purpose=purpose,
        not_trained=dict(not_trained or {}),
    )


def fingerprint(features: pd.DataFrame) -> str:
    """Return the SHA-256 of a table's rows, whatever their order."""
    rows = np.sort(pd.util.hash_pandas_object(features, index=False).to_numpy())
    return sha256(rows.tobytes()).hexdigest()


def save(artefact: Artefact, path: Path) -> str:
    """Write an artefact and return its digest.

    Parameters
    ----------
    artefact : Artefact
        What to write.
    path : Path
        Where; its folder must exist.

    Returns
    -------
    str
        SHA-256 of its content, which the file carries too.
    """
    digest, written = to_text(artefact)
    path.write_text(written, encoding="utf-8")
    return digest


def to_text(artefact: Artefact) -> tuple[str, str]:
    """Write an artefact as :func:`save` does, for a place that is no file; return its digest and the text."""
    content = {"format": FORMAT, "version": FORMAT_VERSION, **_plain(artefact)}
    digest = _digest(content)
    return digest, json.dumps({"sha256": digest, "content": content}, indent=1)


def load(path: Path, *, expected_digest: str | None = None, purpose: Purpose = Purpose.FLAG) -> Artefact:
    """Read an artefact, or say why not.

    Parameters
    ----------
    path : Path
        The file.
    expected_digest : str, optional
        The digest that was approved.
    purpose : Purpose
        What its scores are to be used for.

    Returns
    -------
    Artefact
        As it was saved.

    Raises
    ------
    ArtefactRefusedError
        When the file is not an artefact (a pickle never is), was changed after it was written, is not the
        approved one, serves another purpose, or belongs to another input contract.
    """
    if path.stat().st_size > LARGEST_BYTES:
        raise ArtefactRefusedError(f"{path.name} is too large to be an artefact of this service.")
    return from_text(path.read_bytes(), path.name, expected_digest=expected_digest, purpose=purpose)


def from_text(
    written: str | bytes, name: str, *, expected_digest: str | None = None, purpose: Purpose = Purpose.FLAG
) -> Artefact:
    """Read an artefact as :func:`load` does, from what :func:`to_text` wrote; the name is for messages."""
    try:
        return _read(written, name, expected_digest, purpose)
    except ArtefactRefusedError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ArtefactRefusedError(
            f"{name} is not a whole classifier of this service. Restore it or train again."
        ) from error


def _read(written: str | bytes, name: str, expected_digest: str | None, purpose: Purpose) -> Artefact:
    try:
        read = json.loads(written)
        digest, content = read["sha256"], read["content"]
        is_ours = (content.pop("format"), content.pop("version")) == (FORMAT, FORMAT_VERSION)
    except (ValueError, KeyError, TypeError, AttributeError):
        is_ours = False
    if not is_ours:
        raise ArtefactRefusedError(
            f"{name} is not a classifier of this service. Only its own JSON is read, never a pickle: "
            "train again with `qa-service flags train`."
        )
    if digest != _digest({"format": FORMAT, "version": FORMAT_VERSION, **content}):
        raise ArtefactRefusedError(f"{name} was changed after it was written. Restore it or train again.")
    if expected_digest not in {None, digest}:
        raise ArtefactRefusedError(f"{name} is not the approved classifier. Approve it first.")
    if content.pop("purpose", None) != purpose:
        raise ArtefactRefusedError(f"{name} was trained for another purpose than {purpose}.")
    if content["columns_digest"] != columns_digest(purpose):
        raise ArtefactRefusedError(f"{name} was trained on other columns than this version's. Train again.")
    scorers = {target: _scorer(numbers) for target, numbers in content.pop("scorers").items()}
    return Artefact(scorers=scorers, **content, purpose=purpose)


def _scorer(numbers: dict[str, Any]) -> LinearScorer:
    names = tuple(numbers["feature_names"])
    mean, label_weight, correction_weight = (
        np.array(numbers[part], dtype=np.float64) for part in ("mean", "label_weight", "correction_weight")
    )
    if any(
        part.shape != (len(names),) or not np.isfinite(part).all()
        for part in (mean, label_weight, correction_weight)
    ):
        raise ValueError("a number for each feature is missing")
    return LinearScorer(
        feature_names=names,
        mean=mean,
        label_weight=label_weight,
        correction_weight=correction_weight,
        average_score=float(numbers["average_score"]),
        threshold=np.inf if numbers["threshold"] is None else float(numbers["threshold"]),
    )


def _digest(content: dict[str, Any]) -> str:
    return sha256(json.dumps(content, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a report
    """Turn reports into what JSON can hold; what is not a finite number becomes null."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {name: getattr(value, name) for name in asdict(value)}
    if isinstance(value, pd.DataFrame):
        index = [] if isinstance(value.index, pd.RangeIndex) else [value.index.name]
        value = value.reset_index().to_dict("records") if index else value.to_dict("records")
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(part) for part in value]
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return None if value is pd.NA else value
