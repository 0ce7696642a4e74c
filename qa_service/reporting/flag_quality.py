"""How good the approved classifier's flags have been since it was trained, and what has drifted.

Only checks decided after the training judge it: it has learnt from the ones before, whose figures (officers
held out) lie in its evaluation. Rates count every check where it was drawn, limited-access cases too: they
are numbers, and who may see which area's numbers is decided by whoever shows them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlmodel import Session

from qa_service.core.db import seeing_everything
from qa_service.flags.tables import FlagArtefact
from qa_service.reporting.queries import HALF, IS_HALF_YEAR
from qa_service.reporting.rows import list_rows
from sampling import estimate_rates_by_group


@dataclass(frozen=True)
class Share:
    """A weighted share with its 95% interval (Wilson on the effective n) and the checks it rests on."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class SinceTraining:
    """Random checks decided since an artefact was trained, of cases assessed below high and scored by it.

    Precision is the share of the flagged that reviewers found high, recall the share of those found high that
    were flagged; None where there was nothing to take a share of.
    """

    n_checks: int
    n_flagged: int
    n_found_high: int
    precision: Share | None
    recall: Share | None


@dataclass(frozen=True)
class Drift:
    """What the latest scorings found to have changed since the training: feature, index, reading."""

    measured_at: datetime
    n_cases: int
    features: list[Mapping[str, Any]]


_JUDGED = text(
    f"""
    SELECT f.is_flagged, v.reviewed_overall IN ('HIGH', 'VERY_HIGH') AS found_high,
      CASE WHEN {IS_HALF_YEAR} THEN {HALF} ELSE 1 END / k.inclusion_probability AS weight,
      k.person_id AS officer
    FROM check_record k JOIN round n ON n.id = k.round_id
    JOIN verdict v ON v.check_id = k.id AND NOT EXISTS (SELECT 1 FROM verdict w WHERE w.supersedes_id = v.id)
    JOIN flag f ON f.assessment_id = k.assessment_id AND f.artefact_digest = :digest
    WHERE k.arm = 'random' AND k.purpose = 'live' AND k.status = 'final' AND k.inclusion_probability > 0
      AND v.verdict <> 'not_scorable' AND v.reviewed_overall IS NOT NULL
      AND v.assessed_overall IN ('LOW', 'MEDIUM') AND f.target = 'overall'
      AND v.decided_at > :since AND v.decided_at <= :at AND k.drawn_pdu_code = ANY(:pdus)
    """  # noqa: S608 - constants only
)
_DRIFT = text(
    """
    SELECT scored_at AS measured_at, n_measured AS n_cases, drift AS features FROM flag_scoring
    WHERE artefact_digest = :digest AND n_measured > 0 ORDER BY id DESC LIMIT 1
    """
)


def quality_since_training(
    session: Session, artefact: FlagArtefact, pdus: Collection[str], *, at: datetime
) -> SinceTraining:
    """Measure the flags of an area on the random checks decided since the training."""
    values = {"digest": artefact.digest, "since": artefact.trained_at, "at": at, "pdus": list(pdus)}
    with seeing_everything(session):
        rows = session.connection().execute(_JUDGED, values).all()
    flagged, found = (np.array([row[place] for row in rows], dtype=bool) for place in (0, 1))
    weight = np.array([row.weight for row in rows], dtype=np.float64)
    officer = np.array([row.officer for row in rows], dtype=np.int64)
    return measured(flagged, found, weight, officer)


def measured(
    flagged: NDArray[np.bool_],
    found: NDArray[np.bool_],
    weight: NDArray[np.float64],
    officer: NDArray[np.int64],
) -> SinceTraining:
    """Measure flags on some checks.

    Parameters
    ----------
    flagged, found, weight, officer : ndarray of shape (n_checks,)
        Whether it was flagged, whether reviewers found it high, how many cases it stands for, whose it is.
    """
    return SinceTraining(
        n_checks=len(flagged),
        n_flagged=int(flagged.sum()),
        n_found_high=int(found.sum()),
        precision=_share(found[flagged], weight[flagged], officer[flagged]),
        recall=_share(flagged[found], weight[found], officer[found]),
    )


def _share(hits: NDArray[np.bool_], weight: NDArray[np.float64], officer: NDArray[np.int64]) -> Share | None:
    if not len(hits):
        return None
    all_in_one = np.zeros(len(hits), dtype=np.int64)
    found = estimate_rates_by_group(hits, all_in_one, weights=weight, clusters=officer)
    return Share(float(found.value[0]), float(found.low[0]), float(found.high[0]), len(hits))


def latest_drift(session: Session, digest: str) -> Drift | None:
    """Return what the latest scorings found to have changed; None before there were enough to tell."""
    return next(iter(list_rows(session, _DRIFT, {"digest": digest}, Drift)), None)
