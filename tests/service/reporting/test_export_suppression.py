"""No small count leaves the service, and none can be worked out from what does."""

from datetime import UTC, datetime
from itertools import product

import pytest

from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import AreaLevel
from qa_service.reporting.exports.rates import rows_of
from qa_service.reporting.rates import AreaRates, NamedRate, RateName, share_of

AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
POLICY = load_policy().rates
UNDER, MEDIUM = RateName.UNDERCLASSIFIED.value, RateName.MEDIUM_SHOULD_BE_HIGH.value


def _area(code, *, n, under, medium=0, n_medium=None, over=0, insufficient=0):
    counts = {
        RateName.MEDIUM_SHOULD_BE_HIGH: (medium, n if n_medium is None else n_medium),
        RateName.UNDERCLASSIFIED: (under, n),
        RateName.OVERCLASSIFIED: (over, n),
        RateName.INSUFFICIENT: (insufficient, n),
    }
    rates = tuple(NamedRate(name, share_of(*told), share_of(*told)) for name, told in counts.items())
    return AreaRates(code, f"PDU {code}", AT, rates, 0, n, n, is_too_few=n < POLICY.too_few_to_compare_n)


def _published(areas, rate):
    return [row for row in _rows(areas) if row["rate"] == rate and row["reading"] == "by_officer"]


def _rows(areas):
    return rows_of(areas, AreaLevel.PDU, to_on=AT.date(), least=POLICY.suppress_below)


def _is_small(k, n):
    return 0 < k < POLICY.suppress_below or 0 < n - k < POLICY.suppress_below


# A total that is small is suppressed in the file of the area around, so nobody knows it.
@pytest.mark.parametrize(
    "unders", [told for told in product((0, 1, 4, 5, 9, 12), repeat=3) if not _is_small(sum(told), 36)]
)
def test_whoever_knows_the_total_cannot_work_out_a_small_count(unders):
    rows = _published([_area(str(i), n=12, under=k) for i, k in enumerate(unders)], UNDER)
    ways = [
        told
        for told in product(range(13), repeat=3)
        if sum(told) == sum(unders) and all(row["k"] in {None, k} for row, k in zip(rows, told, strict=True))
    ]

    for place, k in enumerate(unders):
        if _is_small(k, 12):
            assert rows[place]["k"] is None
            assert len({told[place] for told in ways}) > 1


def test_large_counts_are_all_given_with_their_intervals():
    rows = _published([_area("A", n=40, under=6), _area("B", n=50, under=9)], UNDER)

    assert [(row["n"], row["k"]) for row in rows] == [(40, 6), (50, 9)]
    assert all(row["low_rate"] < row["value_rate"] < row["high_rate"] for row in rows)


def test_no_count_is_given_away_by_the_rate_it_is_part_of():
    # 9 rated too low, 7 of them medium: the other 2 would be known.
    areas = [
        _area("A", n=60, under=9, medium=7, n_medium=50),
        _area("B", n=60, under=30, medium=20, n_medium=50),
    ]

    mediums, unders = _published(areas, MEDIUM), _published(areas, UNDER)

    assert unders[0]["k"] == 9
    assert [row["k"] for row in mediums] == [
        None,
        None,
    ]  # the second, because the total gives a lone one away


def test_a_hidden_rate_gives_neither_its_value_nor_its_interval_in_either_reading():
    hidden = [row for row in _rows([_area("A", n=40, under=2)]) if row["rate"] == UNDER]

    figures = ("k", "value_rate", "low_rate", "high_rate")
    assert {tuple(row[name] for name in figures) for row in hidden} == {(None,) * 4}
    assert {row["reading"] for row in hidden} == {"by_officer", "by_case"}


def test_so_few_checks_that_their_number_is_small_are_not_counted_out():
    areas = [_area("A", n=3, under=0), _area("B", n=30, under=0), _area("C", n=40, under=0)]

    ns = [row["n"] for row in _published(areas, UNDER)]

    assert ns[0] is None
    assert ns.count(None) == 2
