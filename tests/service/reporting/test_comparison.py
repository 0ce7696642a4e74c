"""Which PDUs stand out: published limits, and what an analyst may not work out."""

import math

import pytest

from qa_service.reporting.comparison import Standing, compare_areas, shrink
from qa_service.reporting.rates import NamedRate, RateName, share_of

NAME = RateName.MEDIUM_SHOULD_BE_HIGH


def _area(k: int, n: int) -> NamedRate:
    return NamedRate(NAME, share_of(k, n), share_of(k, n))


def test_of_167_checks_at_66_in_a_thousand_18_is_the_last_count_within_95_and_22_within_998():
    # The design's statistics page, section 2: 108 PDUs of 167 checks at 6.6%; exact binomial limits.
    areas = {f"k{k}": _area(k, 167) for k in (11, 18, 19, 22, 23)}

    found = compare_areas(areas, share_of(66, 1000), least=20)

    assert found.standing == {
        "k11": Standing.WITHIN,
        "k18": Standing.WITHIN,
        "k19": Standing.LOOK_ABOVE,
        "k22": Standing.LOOK_ABOVE,
        "k23": Standing.ABOVE,
    }


def test_108_pdus_that_do_not_differ_give_1_6_false_alarms_above_the_95_limit():
    areas = {str(number): _area(11, 167) for number in range(108)}

    found = compare_areas(areas, share_of(66, 1000), least=20)

    # Exact binomial chances, added up by hand: more than 18 of 167 (1.6 PDUs), and fewer than 5.
    chances = [math.comb(167, k) * 0.066**k * 0.934 ** (167 - k) for k in range(168)]
    assert 108 * sum(chances[19:]) == pytest.approx(1.6, abs=0.05)
    assert found.expected_beyond_95 == pytest.approx(108 * (sum(chances[19:]) + sum(chances[:5])))
    assert 108 * sum(chances[23:]) == pytest.approx(0.07, abs=0.01)


def test_an_area_with_fewer_than_20_checks_is_not_compared_and_not_listed():
    found = compare_areas({"small": _area(10, 19), "large": _area(2, 100)}, share_of(66, 1000), least=20)

    assert found.standing["small"] is Standing.TOO_FEW
    assert set(found.is_listed) == {"large"}


def test_rates_are_drawn_together_for_display_with_limits_that_say_how_surely():
    alike = {str(number): _area(8 + number % 2, 100) for number in range(40)}
    unlike = {str(number): _area(2 + number, 100) for number in range(40)}

    shrunk, as_one = shrink(unlike), shrink(alike)

    assert all(shrunk[code].value < rate.by_case.value for code, rate in unlike.items() if int(code) > 30)
    assert "90 times of 100" in shrunk["0"].method
    assert all(0.04 < rate.low < 0.085 < rate.high < 0.13 for rate in as_one.values())


def test_no_rates_are_drawn_together_where_no_area_found_anything():
    assert shrink({str(number): _area(0, 60) for number in range(109)}) == {}
    assert shrink({str(number): _area(30, 30) for number in range(5)}) == {}


def test_nothing_is_compared_where_nothing_was_found():
    assert compare_areas({"large": _area(0, 100)}, share_of(0, 1000), least=20) is None
