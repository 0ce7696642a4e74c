"""How figures are said: in plain words, and not at all where there are too few to say them."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from qa_service.pages.rate_tables import NOTHING_TO_DRAW_TO, pdu_rows, reading_rows
from qa_service.pages.rate_words import agreement_in_words, comparison_in_words
from qa_service.reporting.areas import Area, AreaLevel
from qa_service.reporting.comparison import compare_areas, shrink
from qa_service.reporting.dashboard import AreaLine
from qa_service.reporting.rates import NamedRate, Rate, RateName, share_of
from qa_service.reporting.readers import ReadTwice, agreement_of

NAME = RateName.MEDIUM_SHOULD_BE_HIGH


def _read_twice(n: int, first: str, second: str) -> list[ReadTwice]:
    verdict = "pass" if first == "MEDIUM" else "fail"
    reads = ReadTwice("R", "MEDIUM", first, verdict, second, None, None, first, verdict)
    return [reads] * n


def _areas(n: int, k: int) -> dict[str, NamedRate]:
    return {f"P{number}": NamedRate(NAME, share_of(k, 100), share_of(k, 100)) for number in range(n)}


def test_from_eleven_double_reads_no_measure_of_agreement_is_said():
    found = agreement_of([*_read_twice(10, "MEDIUM", "MEDIUM"), *_read_twice(1, "HIGH", "MEDIUM")])

    assert agreement_in_words(found, 20) == (
        "Two people have read 11 cases that chance picked, nationally: too few to say how far readers agree."
    )


def test_agreement_is_said_with_positive_agreement_once_enough_levels_were_found_too_low():
    found = agreement_of(
        [
            *_read_twice(100, "MEDIUM", "MEDIUM"),
            *_read_twice(10, "HIGH", "HIGH"),
            *_read_twice(10, "HIGH", "MEDIUM"),
        ]
    )

    told = agreement_in_words(found, 20)

    # 2 a / (2 a + b + c) = 20 / 30; Wilson's interval of 10 of 20 is 29.9% to 70.1%, and 2 j / (1 + j) of it.
    assert "so did the other in 66.7% (46.1% to 82.4%; positive agreement, from 20 cases" in told
    assert "Gwet's AC1" in told
    assert "weighted kappa" in told


def test_with_few_levels_found_too_low_positive_agreement_is_not_said_and_no_small_count_told():
    found = agreement_of([*_read_twice(60, "MEDIUM", "MEDIUM"), *_read_twice(3, "HIGH", "HIGH")])

    assert "In fewer than 20 of them did either find the level too low" in agreement_in_words(found, 20)


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (1, "1 PDU is compared with England and Wales"),
        (3, "luck of the draw would put hardly any beyond those or the 95% limits"),
        (100, "luck of the draw would put hardly any beyond those and about 3 beyond the 95% limits"),
    ],
)
def test_what_luck_alone_would_do_is_said_as_a_count_that_can_be_seen(n, words):
    told = comparison_in_words(compare_areas(_areas(n, 6), share_of(60, 1000), least=20), {}, "since May")

    assert words in told
    assert "Higher than luck explains: none." in told


@pytest.mark.parametrize(("k", "is_told"), [(0, True), (5, False)])
def test_the_page_says_why_no_rate_is_drawn_to_the_average(k, is_told):
    rates = {
        code: replace(rate, by_case=replace(rate.by_case, n_eff=100.0)) for code, rate in _areas(5, k).items()
    }
    drawn = shrink(rates)
    lines = [
        AreaLine(Area(AreaLevel.PDU, code, code, (code,)), rate, is_too_few=False, shrunk=drawn.get(code))
        for code, rate in rates.items()
    ]

    rows = pdu_rows(
        SimpleNamespace(pdus=lines, comparison=None), SimpleNamespace(can_open=lambda _: True), 20
    )

    assert {row["shrunk"] == NOTHING_TO_DRAW_TO for row in rows} == {is_told}


@pytest.mark.parametrize(("high", "is_told"), [(0.0, True), (0.02, False)])
def test_a_corrected_rate_without_width_is_not_left_to_be_read_as_certainty(high, is_told):
    rate = NamedRate(NAME, share_of(2, 100), share_of(2, 100))
    corrected = Rate(2, 100, 0.0, 0.0, high, "corrected", 100)
    own = AreaLine(Area(AreaLevel.PDU, "P", "P", ("P",)), rate, is_too_few=False, corrected=corrected)
    found = SimpleNamespace(own=own, bounds=None, unfinished=None, n_read_again=(40, 400))

    [row] = [row for row in reading_rows(found, 20) if row["reading"] == "Corrected for reader error"]

    assert ("Readers' errors alone explain what was found" in row["meaning"]) == is_told
