"""Few findings move the order only a little, by a share that can be worked out by hand."""

import numpy as np
import pytest

from models.caution import Pool, lean_on_levels
from models.offset_ridge import Candidate, Correction

RNG = np.random.default_rng(4)
FEATURES = RNG.normal(size=(500, 3)) @ np.array([[1, 0.4, 0], [0, 1, 0.2], [0, 0, 1]])
LABEL = FEATURES @ [0.5, 0.1, -0.3] + RNG.normal(size=500)
FOUND = Correction(0.25, -1.5, np.array([0.8, 0.0, -0.6]), {Candidate(0.25, 1.0, 1.0): 1.0})


def _score(correction):
    return correction.trust * LABEL + correction.intercept + FEATURES @ correction.coef


def _reviews(n_high, n_lower=100):
    return np.repeat([1.0, 0.0], [n_high, n_lower])


def _mixed(n_high, n_trusted=5.0, **options):
    pool = Pool.of(LABEL, FEATURES)
    return lean_on_levels(FOUND, _reviews(n_high, **options), pool=pool, n_trusted=n_trusted)


@pytest.mark.parametrize(("n_high", "share"), [(1, 1 / 6), (5, 0.5), (45, 0.9)])
def test_the_order_mixes_both_scores_on_one_scale_by_how_many_were_found(n_high, share):
    both = _score(FOUND), LABEL
    found, label = ((score - score.mean()) / score.std() for score in both)

    mixed = _score(_mixed(n_high))

    expected = share * found + (1 - share) * label
    assert np.corrcoef(mixed, expected)[0, 1] == pytest.approx(1.0)
    assert mixed.mean() == pytest.approx(both[0].mean())


def test_findings_of_the_rarer_kind_count():
    np.testing.assert_array_equal(_mixed(300, n_lower=5).coef, _mixed(5, n_lower=300).coef)


def test_without_caution_the_correction_is_taken_as_it_is():
    np.testing.assert_allclose(_score(_mixed(3, n_trusted=0.0)), _score(FOUND))


def test_where_recorded_levels_do_not_differ_there_is_nothing_to_lean_on():
    pool = Pool.of(np.full(500, -2.0), FEATURES)

    assert lean_on_levels(FOUND, _reviews(3), pool=pool, n_trusted=5.0) is FOUND
