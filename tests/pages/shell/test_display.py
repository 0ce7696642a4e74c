from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from qa_service.pages import display
from qa_service.pages.status_tags import STATUS_TAGS, status_tag


@dataclass(frozen=True)
class Rate:
    n_hits: int
    n_cases: int
    rate: float = 0.0
    low_rate: float = 0.0
    high_rate: float = 0.0


def test_a_day_is_written_in_full():
    assert display.day(date(2026, 11, 2)) == "2 November 2026"


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026 at 12:30am"),
        (datetime(2026, 11, 22, 14, 5, tzinfo=UTC), "22 November 2026 at 2:05pm"),
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), "22 November 2026 at 12:00pm"),
    ],
    ids=["summer time: after midnight in London", "winter time", "noon"],
)
def test_a_moment_is_written_in_london_time(at, written):
    assert display.moment(at) == written


def test_a_rate_is_never_said_without_its_counts_and_its_interval():
    sentence = display.stat_sentence(
        Rate(132, 2122, 132 / 2122, 0.053, 0.073), "of checked medium cases should have been high"
    )

    assert sentence == (
        "6.2% of checked medium cases should have been high (132 of 2,122; 95% interval 5.3% to 7.3%)."
    )


def test_without_a_checked_case_no_rate_is_said():
    sentence = display.stat_sentence(Rate(0, 0), "of checked medium cases should have been high")

    assert "%" not in sentence
    assert sentence.startswith("No checked cases yet")


def test_of_a_finished_period_without_a_checked_case_it_is_not_said_that_one_may_come():
    period = "from 1 July 2025 to 30 June 2026"

    sentence = display.stat_sentence(Rate(0, 0), "of checked cases were assessed too low", period)

    assert (
        sentence
        == f"No case was checked {period}, so it is not known how many checked cases were assessed too low."
    )


def test_a_status_reads_the_same_on_every_page():
    assert status_tag("check", "second_read").text == "Second read"
    assert status_tag("verdict", "pass_with_actions").text == "Pass with actions"
    assert status_tag("level", "VERY_HIGH").text == "Very high"


def test_a_page_cannot_invent_a_status():
    with pytest.raises(LookupError, match="Add it to STATUS_TAGS"):
        status_tag("round", "nearly done")


def test_only_colours_that_the_stylesheet_has_are_used():
    known = {"grey", "blue", "green", "teal", "purple", "magenta", "red", "orange", "yellow"}

    assert {tag.colour for tags in STATUS_TAGS.values() for tag in tags.values()} <= known
