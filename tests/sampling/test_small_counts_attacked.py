"""No small count of a table follows from what is shown of it: each is asked the least and the most it can be.

The attack is a whole-number programme over everything that is shown, made apart from what hides.
"""

import numpy as np
import pytest
from factories.attack import Attack
from hypothesis import given, settings
from hypothesis import strategies as st

from sampling import EstimationError, Known, hide_beside, hide_more, suppressed_cells

MOST = 400
SIZES = st.sampled_from([0, 0, 1, 2, 3, 6, 9, 15, 40])
TABLES = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(SIZES, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)
# The last group is all that two of the regions recorded.
ALL_OF_ONE_GROUP = [[2, 15], [40, 0]]


def _with_totals(inner):
    counts = np.array(inner)
    return np.block([[counts, counts.sum(1)[:, None]], [counts.sum(0), counts.sum()]])


def _small(counts):
    return np.flatnonzero((counts > 0) & (counts < 5))


def _worked_out(counts, hidden, sums):
    """List the small counts that can be one number only, given what is shown and what adds up to what."""
    cells = np.eye(counts.size)
    shown = [*((cells[place], counts.flat[place]) for place in np.flatnonzero(~hidden)), *sums]
    attack = Attack(shown, list(cells), most=MOST)
    ranges = {int(place): attack.range_of(cells[place]) for place in _small(counts)}
    return [place for place, (least, most) in ranges.items() if least == most]


def _lines(shape):
    places = np.arange(np.prod(shape)).reshape(shape)
    return [np.isin(np.arange(places.size), line).astype(float) for line in (*places, *places.T)]


def _totals_that_add_up(table):
    """Weigh each row and column of a table with totals: its cells less its total are nought."""
    shape = table.shape
    totals = np.zeros(shape, dtype=bool)
    rows, columns = _lines(shape)[: shape[0]], _lines(shape)[shape[0] :]
    totals[:, -1] = True
    of_rows = [np.where(totals.reshape(-1), -line, line) for line in rows]
    totals = np.zeros(shape, dtype=bool)
    totals[-1] = True
    return [
        (line, 0) for line in (*of_rows, *(np.where(totals.reshape(-1), -line, line) for line in columns))
    ]


def _totals_that_are_known(counts):
    return [(line, float(line @ counts.reshape(-1))) for line in _lines(counts.shape)]


@settings(max_examples=60)
@given(TABLES)
def test_no_small_count_of_a_table_with_totals_follows_exactly_from_what_is_shown(inner):
    table = _with_totals(inner)

    hidden = suppressed_cells(table, 5)

    assert hidden.flat[_small(table)].all()
    assert not hidden[table == 0].any()
    assert _worked_out(table, hidden, _totals_that_add_up(table)) == []


def test_a_small_count_does_not_follow_round_a_corner_of_hidden_rows_and_columns():
    table = _with_totals([[2, 3, 40], [0, 3, 0], [2, 40, 6], [2, 40, 6]])

    hidden = suppressed_cells(table, 5)

    assert _worked_out(table, hidden, _totals_that_add_up(table)) == []


@settings(max_examples=60)
@given(TABLES)
def test_where_all_totals_are_known_a_small_count_follows_only_if_it_does_with_every_cell_hidden(inner):
    counts = np.array(inner)
    known = _totals_that_are_known(counts)

    hidden = hide_beside((counts > 0) & (counts < 5), [counts], 5)

    assert hidden.flat[_small(counts)].all()
    everything = np.ones(counts.shape, dtype=bool)
    assert _worked_out(counts, hidden, known) == _worked_out(counts, everything, known)


def test_a_nought_is_hidden_where_nothing_else_keeps_a_small_count_from_following():
    counts = np.array(ALL_OF_ONE_GROUP)

    hidden = hide_beside(counts == 2, [counts], 5)

    assert hidden.all()
    assert _worked_out(counts, hidden, _totals_that_are_known(counts)) == []


def test_the_attack_works_out_a_small_count_beside_a_nought_that_is_shown():
    """So that the tests above would see one."""
    counts = np.array(ALL_OF_ONE_GROUP)

    assert _worked_out(counts, counts > 0, _totals_that_are_known(counts)) == [0]


def test_a_count_that_is_known_anyway_is_never_hidden():
    known = Known(np.array([3.0, 20, 30]), np.ones((1, 3)), np.eye(3))

    hidden = hide_more(np.array([True, False, False]), known, np.eye(3)[:1], np.array([3, np.inf, 30]))

    assert hidden.tolist() == [True, False, True]


@pytest.mark.parametrize("threshold", [np.nan, 2.5, 0])
def test_a_threshold_that_would_hide_nothing_is_refused(threshold):
    with pytest.raises(EstimationError, match="threshold"):
        suppressed_cells(_with_totals(ALL_OF_ONE_GROUP), threshold)
    with pytest.raises(EstimationError, match="threshold"):
        hide_beside([True, False], [[3, 20]], threshold)


def test_counts_with_gaps_and_weights_of_other_counts_are_refused_by_name():
    with pytest.raises(EstimationError, match="table must be whole numbers"):
        suppressed_cells([[np.nan, 1], [1, 1]], 5)
    with pytest.raises(EstimationError, match="counts, sums and people"):
        Known(np.array([3.0, 20]), np.ones((1, 3)), np.eye(2))
